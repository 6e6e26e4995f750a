//! Packets of the client before the login.

use super::{
    ASKS, CANCEL, Failure, GSS_REQUEST, Outcome, Script, Settings, TLS_REQUEST, V3, WELCOME,
    message, rejection, run, run_in_pieces, script, settings, sized, startup, token, with_password,
};

fn sends(client: &[&[u8]]) -> Script {
    Script {
        client: client.concat(),
        ..script()
    }
}

/// Checks that a client was rejected before anything was dialed.
#[track_caller]
fn is_rejected(outcome: &Outcome, code: &str, text: &str) {
    let (got, message) = outcome.error();
    assert_eq!(got, code, "{message}");
    assert!(message.contains(text), "{message}");
    assert!(outcome.servers.is_empty() && outcome.signed.is_empty());
    assert!(!outcome.is_relayed);
}

#[test]
fn a_client_is_logged_in_with_a_token() {
    let outcome = run(&settings(), &script());
    let sent = [script().client, token()].concat();
    assert_eq!(outcome.servers, [(TLS_REQUEST.to_vec(), sent)]);
    assert_eq!(outcome.client, WELCOME);
    assert_eq!(outcome.signed, ["app"]);
    assert_eq!(outcome.key.as_deref(), Some(&b"\0\0\x01\x02abcd"[..]));
    assert!(outcome.is_relayed);
}

#[test]
fn where_the_bytes_are_split_makes_no_difference() {
    let script = sends(&[
        TLS_REQUEST,
        GSS_REQUEST,
        &script().client,
        &message(b'p', b"local\0"),
    ]);
    let whole = run(&with_password(), &script);
    assert!(whole.is_relayed);
    for first in 1..script.client.len() {
        assert_eq!(
            run_in_pieces(&with_password(), &script, first, usize::MAX),
            whole,
            "{first}"
        );
    }
}

#[test]
fn a_startup_packet_is_passed_on_byte_for_byte() {
    let parameters = &[
        ("_pq_.test", "x"),
        ("user", "report"),
        ("options", "-c a=b"),
        ("replication", "database"),
    ];
    for version in [V3, V3 + 2, V3 + 9999, V3 + 0xffff] {
        let packet = startup(version, parameters);
        let outcome = run(&settings(), &sends(&[&packet]));
        assert!(outcome.servers[0].1.starts_with(&packet), "{version:x}");
        assert_eq!(outcome.signed, ["report"]);
        assert!(outcome.is_relayed);
    }
}

/// What comes before the startup packet without local TLS, and its answer.
const BEFORE: &[(&[&[u8]], &[u8])] = &[
    (&[], b""),
    (&[TLS_REQUEST], b"N"),
    (&[GSS_REQUEST], b"N"),
    (&[TLS_REQUEST, GSS_REQUEST], b"NN"),
    (&[GSS_REQUEST, TLS_REQUEST], b"NN"),
];

#[test]
fn encryption_may_be_requested_once_each_in_either_order() {
    for (before, answer) in BEFORE {
        let start = startup(V3, &[("user", "app")]);
        let outcome = run(&settings(), &sends(&[&before.concat(), &start]));
        assert_eq!(outcome.client, [*answer, WELCOME].concat(), "{before:?}");
        // A second time.
        for request in *before {
            let script = sends(&[&before.concat(), *request, &start]);
            is_rejected(
                &run(&settings(), &script),
                "08P01",
                "invalid startup packet",
            );
        }
    }
}

#[test]
fn a_request_for_encryption_has_no_more_than_its_code() {
    for request in [TLS_REQUEST, GSS_REQUEST] {
        let longer = sized(&[&request[4..], b"\0"].concat());
        is_rejected(
            &run(&settings(), &sends(&[&longer])),
            "08P01",
            "invalid startup packet",
        );
    }
}

#[test]
fn a_startup_packet_has_8_to_10000_bytes() {
    let with_length = |length: usize| {
        let fixed = startup(V3, &[("user", "app"), ("options", "")]).len();
        startup(
            V3,
            &[("user", "app"), ("options", &"x".repeat(length - fixed))],
        )
    };
    assert_eq!(with_length(10_000).len(), 10_000);
    assert!(run(&settings(), &sends(&[&with_length(10_000)])).is_relayed);
    for packet in [
        with_length(10_001),
        b"\0\0\0\x07\0\x03\0".to_vec(),
        vec![0; 8],
        vec![0xff; 8],
    ] {
        let outcome = run(&settings(), &sends(&[&packet]));
        is_rejected(&outcome, "08P01", "invalid length");
    }
    // A packet of 8 bytes names no user.
    is_rejected(
        &run(&settings(), &sends(&[b"\0\0\0\x08\0\x03\0\0"])),
        "28000",
        "names no user",
    );
}

#[test]
fn a_protocol_other_than_3_is_rejected_by_its_number() {
    for (version, text) in [
        (2 << 16, "2.0"),
        (1 << 16, "1.0"),
        ((4 << 16) + 1, "4.1"),
        (0, "0.0"),
    ] {
        let packet = startup(version, &[("user", "app")]);
        is_rejected(&run(&settings(), &sends(&[&packet])), "0A000", text);
    }
}

/// Parameters that name no user who may log in, and a part of the error.
const USERS: &[(&[(&str, &str)], &str)] = &[
    (&[], "names no user"),
    (&[("database", "app")], "names no user"),
    (&[("database", "user"), ("options", "app")], "names no user"),
    (&[("user", "")], "names no user"),
    (&[("user", "app"), ("user", "")], "names no user"),
    (
        &[("user", "root")],
        "user \"root\" may not log in here; expected app, report",
    ),
    (&[("user", "App")], "user \"App\" may not log in here"),
    (&[("user", "app ")], "may not log in here"),
    // Of two, the database uses the second.
    (
        &[("user", "app"), ("user", "root")],
        "user \"root\" may not log in here",
    ),
    (&[("user", "a\x1b[2J\n")], "a\\u{1b}[2J\\n"),
];

#[test]
fn a_client_may_name_only_a_user_of_the_settings() {
    for (parameters, text) in USERS {
        let outcome = run(&settings(), &sends(&[&startup(V3, parameters)]));
        is_rejected(&outcome, "28000", text);
    }
    // Not UTF-8.
    let packet = sized(b"\0\x03\0\0user\0app\xff\0\0");
    is_rejected(
        &run(&settings(), &sends(&[&packet])),
        "28000",
        "may not log in here",
    );
}

#[test]
fn the_local_password_is_checked_before_anything_is_dialed() {
    let start = script().client;
    let outcome = run(
        &with_password(),
        &sends(&[&start, &message(b'p', b"local\0")]),
    );
    assert_eq!(outcome.client, [ASKS, WELCOME].concat());
    for wrong in [
        &b""[..],
        b"\0",
        b"local",
        b"loca\0",
        b"local1\0",
        b"LOCAL\0",
        b"local\0\0",
        b"localx",
    ] {
        let outcome = run(&with_password(), &sends(&[&start, &message(b'p', wrong)]));
        is_rejected(&outcome, "28P01", "the local password is wrong");
    }
    for invalid in [
        message(b'Q', b"local\0"),
        message(b'p', &[b'x'; 1021]),
        b"p\0\0\0\x03".to_vec(),
    ] {
        let outcome = run(&with_password(), &sends(&[&start, &invalid]));
        is_rejected(&outcome, "08P01", "password");
    }
    // The user is not named to those who do not know the password.
    let root = startup(V3, &[("user", "root")]);
    let outcome = run(&with_password(), &sends(&[&root, &message(b'p', b"x\0")]));
    is_rejected(&outcome, "28P01", "the local password is wrong");
    let outcome = run(
        &with_password(),
        &sends(&[&root, &message(b'p', b"local\0")]),
    );
    is_rejected(&outcome, "28000", "root");
}

#[test]
fn a_client_that_leaves_is_not_answered() {
    for client in [&b""[..], b"\0\0", b"\0\0\0\x20\0\x03\0\0user"] {
        let outcome = run(&settings(), &sends(&[client]));
        let left = Outcome {
            failure: Some(Failure::Left),
            ..Outcome::default()
        };
        assert_eq!(outcome, left);
    }
    let outcome = run(&with_password(), &sends(&[&script().client, b"p\0"]));
    assert_eq!(
        (&outcome.client[..], outcome.failure),
        (ASKS, Some(Failure::Left))
    );
}

#[test]
fn tls_without_local_tls_is_closed_with_a_word_to_the_log() {
    let outcome = run(&settings(), &sends(&[b"\x16\x03\x01\0\x05hello"]));
    assert!(outcome.client.is_empty() && outcome.servers.is_empty());
    let text = outcome.failure.map(|failure| failure.to_string());
    assert!(text.is_some_and(|text| text.contains("--local-tls")));
}

#[test]
fn local_tls_starts_by_request_or_at_once() {
    let settings = Settings {
        local_tls: true,
        ..with_password()
    };
    let in_tls = [script().client, message(b'p', b"local\0")].concat();
    // The bytes of TLS itself are read by the one who accepts it.
    for (client, answer) in [(TLS_REQUEST, &b"S"[..]), (b"\x16", b"")] {
        let script = Script {
            client_in_tls: in_tls.clone(),
            ..sends(&[client])
        };
        let outcome = run(&settings, &script);
        assert_eq!(outcome.client, answer);
        assert_eq!(outcome.client_in_tls, [ASKS, WELCOME].concat());
    }
    // TLS is not started in TLS.
    let again = Script {
        client_in_tls: b"\x16".to_vec(),
        ..sends(&[TLS_REQUEST])
    };
    assert!(matches!(
        run(&settings, &again).failure,
        Some(Failure::Client(_))
    ));
    let again = Script {
        client_in_tls: [TLS_REQUEST, &in_tls].concat(),
        ..sends(&[TLS_REQUEST])
    };
    is_rejected(&run(&settings, &again), "08P01", "invalid startup packet");
}

#[test]
fn what_came_before_tls_is_not_taken_for_what_comes_in_it() {
    let settings = Settings {
        local_tls: true,
        ..settings()
    };
    let script = sends(&[TLS_REQUEST, &script().client]);
    let outcome = run_in_pieces(&settings, &script, usize::MAX, usize::MAX);
    assert!(outcome.client.is_empty() && outcome.servers.is_empty());
    let text = outcome.failure.map(|failure| failure.to_string());
    assert_eq!(
        text.as_deref(),
        Some("received unencrypted data after SSL request")
    );
}

#[test]
fn a_request_to_cancel_is_passed_on_as_it_came() {
    for (length, before) in [(4, &b""[..]), (32, TLS_REQUEST), (256, GSS_REQUEST)] {
        let key = [b"\0\0\x01\x02".to_vec(), vec![b'k'; length]].concat();
        let packet = sized(&[CANCEL, &key].concat());
        let script = Script {
            servers: vec![(b"S".to_vec(), b"ignored".to_vec())],
            ..sends(&[before, &packet])
        };
        let outcome = run(&settings(), &script);
        assert_eq!(outcome.dialed_again, Some(key));
        assert_eq!(outcome.servers, [(TLS_REQUEST.to_vec(), packet)]);
        assert_eq!(outcome.failure, Some(Failure::Canceled));
        assert_eq!(
            outcome.client,
            if before.is_empty() { &b""[..] } else { b"N" }
        );
        assert!(outcome.signed.is_empty());
    }
}

#[test]
fn a_request_to_cancel_needs_a_key_of_4_to_256_bytes() {
    for length in [0, 3, 257] {
        let key = [b"\0\0\x01\x02".to_vec(), vec![b'k'; length]].concat();
        let packet = sized(&[CANCEL, &key].concat());
        is_rejected(
            &run(&settings(), &sends(&[&packet])),
            "08P01",
            "invalid startup packet",
        );
    }
}

#[test]
fn a_request_to_cancel_is_never_answered() {
    let packet = sized(&[CANCEL, b"\0\0\x01\x02abcd"].concat());
    let unknown = Script {
        dial: Err("unknown"),
        ..sends(&[&packet])
    };
    let no_tls = Script {
        tls: Err("wrong name"),
        ..sends(&[&packet])
    };
    let refused = Script {
        servers: vec![(b"N".to_vec(), vec![])],
        ..sends(&[&packet])
    };
    let error = rejection("58000", "x");
    let text = Script {
        servers: vec![(error, vec![])],
        ..sends(&[&packet])
    };
    for script in [unknown, no_tls, refused, text] {
        let outcome = run(&settings(), &script);
        assert!(outcome.client.is_empty() && !outcome.is_relayed);
        // The key is not sent without TLS.
        for (plain, in_tls) in &outcome.servers {
            assert!(plain.is_empty() || plain == TLS_REQUEST);
            assert!(in_tls.is_empty());
        }
    }
}
