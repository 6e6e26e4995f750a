//! The login of the client here: passwords, users and TLS.

use super::{
    recorded::{OK, SWITCH},
    *,
};

/// Proofs for RANDOM, computed by PyMySQL 1.2.4.
const NATIVE: &[u8] =
    b"\x32\x6b\x42\x7b\x27\xd8\x3b\xed\x6a\x18\xb1\x2f\xbd\xe3\xf5\x95\x27\x2a\xb0\x94";
const SHA2: &[u8] = b"\xe4\x47\x51\x6f\x03\x45\xac\xa9\xb4\xf4\xaa\xfe\x66\xf1\x5f\x88\x70\x49\xa4\x09\xc6\xb2\x01\xa0\x5a\x33\x4d\xac\xae\xfd\x99\xda";

/// How a client begins, whether it is asked again and answers, and what it gets.
struct Row {
    plugin: Option<&'static str>,
    proof: &'static [u8],
    switched: Option<(&'static str, &'static [u8])>,
    gets: Gets,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Gets {
    Accepted,
    /// After the word that `caching_sha2_password` expects.
    AcceptedTwice,
    Denied,
}

use Gets::{Accepted, AcceptedTwice, Denied};

const CACHING: Option<&str> = Some("caching_sha2_password");
const NATIVELY: Option<&str> = Some("mysql_native_password");
const TO_SHA2: &str = "caching_sha2_password";
const TO_NATIVE: &str = "mysql_native_password";

const fn row(plugin: Option<&'static str>, proof: &'static [u8], gets: Gets) -> Row {
    Row {
        plugin,
        proof,
        switched: None,
        gets,
    }
}

const fn switched(
    plugin: Option<&'static str>,
    proof: &'static [u8],
    to: &'static str,
    answer: &'static [u8],
    gets: Gets,
) -> Row {
    Row {
        plugin,
        proof,
        switched: Some((to, answer)),
        gets,
    }
}

/// With the local password `secret`.
const WITH_PASSWORD: &[Row] = &[
    row(NATIVELY, NATIVE, Accepted),
    row(None, NATIVE, Accepted),
    row(CACHING, SHA2, AcceptedTwice),
    // Wrong, or none.
    row(NATIVELY, b"01234567890123456789", Denied),
    row(NATIVELY, b"", Denied),
    row(None, b"", Denied),
    row(CACHING, b"01234567890123456789012345678901", Denied),
    // The greeting named a plugin that is not the client's first choice: libmysqlclient 8 and 9.
    switched(CACHING, b"", TO_SHA2, SHA2, AcceptedTwice),
    switched(CACHING, b"\0", TO_SHA2, SHA2, AcceptedTwice),
    switched(CACHING, b"", TO_SHA2, b"", Denied),
    switched(CACHING, b"", TO_SHA2, b"\0", Denied),
    switched(CACHING, b"", TO_SHA2, NATIVE, Denied),
    switched(
        CACHING,
        b"",
        TO_SHA2,
        b"01234567890123456789012345678901",
        Denied,
    ),
    // Connector/C without a plugin that it knows, and clients that are set up for IAM.
    switched(
        Some("dummy_fallback_auth"),
        b"",
        TO_NATIVE,
        NATIVE,
        Accepted,
    ),
    switched(
        Some("mysql_clear_password"),
        b"secret\0",
        TO_NATIVE,
        NATIVE,
        Accepted,
    ),
    switched(
        Some("mysql_clear_password"),
        b"secret\0",
        TO_NATIVE,
        b"secret\0",
        Denied,
    ),
    switched(Some(""), b"", TO_NATIVE, b"", Denied),
    // A proof of a form that is not the plugin's.
    switched(NATIVELY, SHA2, TO_NATIVE, NATIVE, Accepted),
    switched(CACHING, NATIVE, TO_SHA2, SHA2, AcceptedTwice),
    switched(None, b"12345678", TO_NATIVE, NATIVE, Accepted),
];

/// Without a local password, any is accepted.
const WITHOUT_PASSWORD: &[Row] = &[
    row(NATIVELY, b"", Accepted),
    row(NATIVELY, b"01234567890123456789", Accepted),
    row(None, b"", Accepted),
    row(CACHING, SHA2, AcceptedTwice),
    switched(CACHING, b"", TO_SHA2, b"", Accepted),
    switched(CACHING, b"\0", TO_SHA2, b"\0", Accepted),
    switched(CACHING, b"", TO_SHA2, SHA2, AcceptedTwice),
    switched(Some("dummy_fallback_auth"), b"", TO_NATIVE, b"", Accepted),
    switched(
        Some("mysql_clear_password"),
        b"typed\0",
        TO_NATIVE,
        b"01234567890123456789",
        Accepted,
    ),
];

#[test]
fn each_client_proves_the_local_password_in_its_way() {
    check_rows(&settings(Some("secret")), WITH_PASSWORD);
}

#[test]
fn without_a_local_password_any_is_accepted() {
    check_rows(&settings(None), WITHOUT_PASSWORD);
}

fn check_rows(settings: &Settings, rows: &[Row]) {
    for row in rows {
        let name = format!("{:?} {}", row.plugin, row.proof.escape_ascii());
        let tail = row
            .plugin
            .map(|plugin| format!("{plugin}\0"))
            .unwrap_or_default();
        let client = Client {
            capabilities: CAPABILITIES,
            user: "app",
            proof: row.proof,
            tail: tail.as_bytes(),
        };
        let mut sent = framed(1, &client.payload());
        let mut expected = Vec::new();
        if let Some((plugin, answer)) = row.switched {
            sent.extend(framed(3, answer));
            expected.push([b"\xfe", plugin.as_bytes(), b"\0", &RANDOM, b"\0"].concat());
        }
        let script = Script {
            client: &sent,
            server: &mysql(MYSQL),
            server_in_tls: &[SWITCH, OK].concat(),
            ..SCRIPT
        };
        let outcome = run(settings, RANDOM, script);
        let got = outcome.packets();
        if row.gets == Denied {
            assert_eq!(got[1..got.len() - 1], expected, "{name}");
            let denied = (
                1045,
                Some("28000".to_owned()),
                "the local password is wrong; expected the one that rds-iam-token printed, or the one in --password-file".to_owned(),
            );
            assert_eq!(outcome.error(), denied, "{name}");
            assert!(
                outcome.server.is_empty() && outcome.signed.is_empty(),
                "{name}"
            );
            continue;
        }
        if row.gets == AcceptedTwice {
            expected.push(vec![1, 3]);
        }
        expected.push(OK[4..].to_vec());
        assert_eq!(got[1..], expected, "{name}");
        let mut numbers = numbers(&outcome.client);
        // The client has the numbers between.
        let gaps = [1, 3];
        numbers.extend(&gaps[..=usize::from(row.switched.is_some())]);
        numbers.sort_unstable();
        assert_eq!(
            numbers,
            (0..u8::try_from(numbers.len()).unwrap()).collect::<Vec<_>>(),
            "{name}"
        );
    }
}

/// Returns the numbers of packets.
fn numbers(bytes: &[u8]) -> Vec<u8> {
    let mut start = 0;
    packets(bytes)
        .iter()
        .map(|payload| {
            let number = bytes[start + 3];
            start += 4 + payload.len();
            number
        })
        .collect()
}

#[test]
fn a_client_without_plugins_is_not_asked_again() {
    for (proof, is_let_in) in [
        (NATIVE, true),
        (b"", false),
        (SHA2, false),
        (b"12345678", false),
    ] {
        let client = Client {
            capabilities: 0x0006_f3cf & !8,
            user: "app",
            proof,
            tail: b"",
        };
        let script = Script {
            client: &framed(1, &client.payload()),
            server: &mysql(MYSQL),
            server_in_tls: &[SWITCH, OK].concat(),
            ..SCRIPT
        };
        let outcome = run(&settings(Some("secret")), RANDOM, script);
        assert_eq!(
            outcome.failure.is_none(),
            is_let_in,
            "{}",
            proof.escape_ascii()
        );
        assert_eq!(outcome.packets().len(), 2);
    }
}

#[test]
fn only_configured_users_are_logged_in() {
    for user in ["admin", "", "App", "app ", "ap", "apps", "rds\nsuperuser"] {
        let client = Client {
            capabilities: CAPABILITIES,
            user,
            proof: &[],
            tail: b"mysql_native_password\0",
        };
        let script = Script {
            client: &framed(1, &client.payload()),
            server: &mysql(MYSQL),
            server_in_tls: &[SWITCH, OK].concat(),
            ..SCRIPT
        };
        let outcome = run(&settings(None), RANDOM, script);
        let (code, state, message) = outcome.error();
        assert_eq!((code, state.as_deref()), (1045, Some("28000")));
        assert_eq!(
            message,
            format!("user {user:?} may not log in here; expected app, report")
        );
        assert!(outcome.server.is_empty() && outcome.signed.is_empty());
    }
}

#[test]
fn a_scramble_has_neither_nul_nor_dollar_nor_a_high_bit() {
    for byte in 0..=255 {
        let script = Script {
            server: &mysql(MYSQL),
            ..SCRIPT
        };
        let greeting = run_in_pieces(&settings(None), [byte; 20], script, usize::MAX)
            .packets()
            .remove(0);
        let scramble = [&greeting[11..19], &greeting[38..50]].concat();
        assert!(
            scramble
                .iter()
                .all(|byte| !matches!(byte, 0 | b'$' | 128..)),
            "{byte}"
        );
        assert!(greeting[50..].starts_with(b"\0mysql_native_password\0"));
    }
}

#[test]
fn a_client_may_have_tls() {
    let with_tls = Settings {
        local_tls: true,
        ..settings(Some("secret"))
    };
    let client = Client {
        capabilities: CAPABILITIES | 1 << 11,
        user: "app",
        proof: NATIVE,
        tail: b"mysql_native_password\0",
    };
    let request = framed(1, &client.payload()[..32]);
    let script = Script {
        client: &request,
        client_in_tls: &framed(2, &client.payload()),
        server: &mysql(MYSQL),
        server_in_tls: &[SWITCH, OK].concat(),
        ..SCRIPT
    };
    let outcome = run(&with_tls, RANDOM, script);
    assert_eq!(outcome.failure, None);
    assert_eq!(outcome.client_in_tls, framed(3, &OK[4..]));
    assert_eq!(outcome.packets().len(), 2);

    // TLS may arrive with the request for it.
    let script = Script {
        client: &[&request[..], b"\x16\x03\x01"].concat(),
        ..script
    };
    let outcome = run_in_pieces(&with_tls, RANDOM, script, usize::MAX);
    assert_eq!(outcome.early, b"\x16\x03\x01");
    assert_eq!(outcome.failure, None);

    // Not twice.
    let script = Script {
        client_in_tls: &framed(2, &client.payload()[..32]),
        ..script
    };
    let outcome = run_in_pieces(&with_tls, RANDOM, script, usize::MAX);
    assert_eq!(outcome.error().0, 1045);
}

#[test]
fn a_client_without_tls_is_let_in_if_tls_is_offered() {
    let client = Client {
        capabilities: CAPABILITIES,
        user: "app",
        proof: NATIVE,
        tail: b"mysql_native_password\0",
    };
    let script = Script {
        client: &framed(1, &client.payload()),
        server: &mysql(MYSQL),
        server_in_tls: &[SWITCH, OK].concat(),
        ..SCRIPT
    };
    let with_tls = Settings {
        local_tls: true,
        ..settings(Some("secret"))
    };
    assert_eq!(run(&with_tls, RANDOM, script).failure, None);
}

#[test]
fn tls_that_is_not_offered_is_refused() {
    let client = Client {
        capabilities: CAPABILITIES | 1 << 11,
        user: "app",
        proof: NATIVE,
        tail: b"mysql_native_password\0",
    };
    for payload in [&client.payload()[..32], &client.payload()] {
        let script = Script {
            client: &framed(1, payload),
            server: &mysql(MYSQL),
            ..SCRIPT
        };
        let outcome = run(&settings(Some("secret")), RANDOM, script);
        let (code, state, message) = outcome.error();
        assert_eq!((code, state.as_deref()), (1043, Some("08S01")));
        assert!(
            message.starts_with("the client wants TLS on this side; "),
            "{message}"
        );
        assert!(outcome.server.is_empty());
    }
}

#[test]
fn nothing_is_dialed_when_there_are_too_many_connections() {
    let full = Settings {
        is_full: true,
        ..settings(None)
    };
    let outcome = run(
        &full,
        RANDOM,
        Script {
            server: &mysql(MYSQL),
            ..SCRIPT
        },
    );
    let (code, state, _) = outcome.error();
    assert_eq!((code, state, outcome.client[3]), (1040, None, 0));
}
