//! Answers of the database.

use super::{
    ASKS, Failure, OK, Outcome, Script, TLS_REQUEST, TOKEN, WELCOME, holds, message, rejection,
    run, script, settings, token,
};

/// A database that sends this before and in TLS.
fn answers(plain: &[u8], in_tls: &[&[u8]]) -> Script {
    Script {
        servers: vec![(plain.to_vec(), in_tls.concat())],
        ..script()
    }
}

/// Checks that the client got an error of the program, and the database no token.
#[track_caller]
fn ends_without_a_token(outcome: &Outcome, code: &str, text: &str) {
    let (got, message) = outcome.error();
    assert_eq!(got, code, "{message}");
    assert!(message.contains(text), "{message}");
    for (plain, in_tls) in &outcome.servers {
        assert!(!holds(plain, b"Action=") && !holds(in_tls, b"Action="));
    }
    assert!(!outcome.is_relayed && matches!(outcome.failure, Some(Failure::Server(_))));
}

/// Answers to the request for TLS, and a part of the error.
const NO_TLS: &[(&[u8], &str)] = &[
    (b"N", "does not offer TLS"),
    (
        b"E\0\0\0\x10SFATAL\0Mtext\0\0",
        "anybody could have sent it",
    ),
    (b"H", "does not speak PostgreSQL's protocol"),
    (b"\x16", "does not speak PostgreSQL's protocol"),
    (b"R", "does not speak PostgreSQL's protocol"),
    (b"\0", "does not speak PostgreSQL's protocol"),
    (b"", "closed the connection"),
];

#[test]
fn nothing_is_sent_to_a_database_without_tls() {
    for (answer, text) in NO_TLS {
        let outcome = run(&settings(), &answers(answer, &[ASKS, WELCOME]));
        ends_without_a_token(
            &outcome,
            if answer.is_empty() { "08006" } else { "08001" },
            text,
        );
        assert_eq!(outcome.servers, [(TLS_REQUEST.to_vec(), vec![])]);
        // Text that nobody has authenticated is not passed on.
        assert!(!holds(&outcome.client, b"Mtext"));
    }
}

#[test]
fn bytes_that_arrive_with_the_answer_for_tls_end_the_login() {
    let script = answers(&[b"S", ASKS].concat(), &[ASKS, WELCOME]);
    let outcome = super::run_in_pieces(&settings(), &script, usize::MAX, usize::MAX);
    ends_without_a_token(&outcome, "08001", "unencrypted data before TLS");
}

#[test]
fn a_database_that_cannot_be_reached_or_verified_gets_nothing() {
    let dial = Script {
        dial: Err("db:5432 cannot be reached"),
        ..script()
    };
    ends_without_a_token(&run(&settings(), &dial), "08001", "cannot be reached");
    let tls = Script {
        tls: Err("unknown CA"),
        ..script()
    };
    let outcome = run(&settings(), &tls);
    ends_without_a_token(&outcome, "08001", "unknown CA");
    assert_eq!(outcome.servers, [(TLS_REQUEST.to_vec(), vec![])]);
}

#[test]
fn credentials_that_are_missing_are_an_error_of_the_login() {
    let script = Script {
        token: Err("run: aws sso login"),
        ..script()
    };
    ends_without_a_token(&run(&settings(), &script), "28000", "aws sso login");
}

/// First requests that no token answers, and the code and a part of the error.
const OTHER_METHODS: &[(&[u8], &str, &str)] = &[
    (OK, "28000", "asked for no password"),
    (
        b"R\0\0\0\x0c\0\0\0\x05salt",
        "28000",
        "GRANT rds_iam TO \"app\"",
    ),
    (
        b"R\0\0\0\x17\0\0\0\x0aSCRAM-SHA-256\0\0",
        "28000",
        "GRANT rds_iam TO \"app\"",
    ),
    (b"R\0\0\0\x08\0\0\0\x07", "28000", "GRANT rds_iam"),
    (b"R\0\0\0\x04", "28000", "GRANT rds_iam"),
    (b"R\0\0\0\x03", "08P01", "malformed"),
    (b"R\x7f\0\0\0", "08P01", "malformed or too long"),
    (b"S\0\0\0\x08a\0b\0", "08P01", "unexpected message"),
    (
        b"K\0\0\0\x0c\0\0\x01\x02abcd",
        "08P01",
        "unexpected message",
    ),
    (b"Z\0\0\0\x05I", "08P01", "unexpected message"),
    (b"", "08006", "closed the connection"),
];

#[test]
fn a_token_answers_a_request_for_a_password_only() {
    for (request, code, text) in OTHER_METHODS {
        let outcome = run(&settings(), &answers(b"S", &[request]));
        ends_without_a_token(&outcome, code, text);
        assert!(outcome.signed.is_empty(), "{text}");
    }
}

#[test]
fn a_second_request_ends_the_login() {
    for second in [ASKS, b"R\0\0\0\x0c\0\0\0\x05salt", b"R\0\0\0\x08\0\0\0\x0c"] {
        let outcome = run(&settings(), &answers(b"S", &[ASKS, second]));
        let (code, text) = outcome.error();
        assert_eq!(
            (&code[..], &text[..]),
            ("08P01", "the database asked for a password twice")
        );
        assert_eq!(outcome.signed.len(), 1);
        assert_eq!(outcome.servers[0].1, [script().client, token()].concat());
    }
}

#[test]
fn an_error_of_the_database_is_passed_on_unchanged() {
    let error = rejection("28000", "no pg_hba.conf entry");
    let late = rejection("3D000", "database \"orders\" does not exist");
    let full = rejection("53300", "sorry, too many clients already");
    for (in_tls, error, asked, code) in [
        (vec![&error[..]], &error, false, "28000"),
        (vec![&full[..]], &full, false, "53300"),
        (vec![ASKS, &full[..]], &full, true, "53300"),
    ] {
        let outcome = run(&settings(), &answers(b"S", &in_tls));
        assert_eq!(&outcome.client, error);
        assert_eq!(outcome.renewed, 0);
        assert!(
            matches!(&outcome.failure, Some(Failure::Refused { asked: got, code: same, .. }) if *got == asked && same == code)
        );
    }
    // The login is over only when the database is ready.
    let outcome = run(&settings(), &answers(b"S", &[ASKS, OK, &late]));
    assert_eq!(outcome.client, [OK, &late].concat());
    assert!(!outcome.is_relayed && outcome.renewed == 0);
}

#[test]
fn a_rejected_token_is_tried_again_once_if_there_are_other_credentials() {
    let error = rejection("28P01", "PAM authentication failed for user \"app\"");
    let rejects = (b"S".to_vec(), [ASKS, &error].concat());
    let accepts = (b"S".to_vec(), [ASKS, WELCOME].concat());
    let both = [script().client, token()].concat();

    let heals = Script {
        servers: vec![rejects.clone(), accepts.clone()],
        ..script()
    };
    let outcome = run(&settings(), &heals);
    assert_eq!(outcome.client, WELCOME);
    assert_eq!((outcome.renewed, outcome.signed.len()), (1, 2));
    assert_eq!(outcome.servers, vec![(TLS_REQUEST.to_vec(), both); 2]);

    let same = Script {
        renew: Err("no different credentials"),
        ..heals
    };
    let outcome = run(&settings(), &same);
    assert_eq!((&outcome.client, outcome.servers.len()), (&error, 1));

    let twice = Script {
        servers: vec![rejects.clone(), rejects, accepts],
        ..script()
    };
    let outcome = run(&settings(), &twice);
    assert_eq!(
        (&outcome.client, outcome.servers.len(), outcome.renewed),
        (&error, 2, 1)
    );
}

#[test]
fn a_client_learns_once_that_its_protocol_is_not_supported() {
    let version = message(b'v', b"\0\x03\0\0\0\0\0\x01_pq_.test\0");
    let notice = message(b'N', b"SNOTICE\0Mhello\0\0");
    let outcome = run(
        &settings(),
        &answers(b"S", &[&version, &notice, ASKS, WELCOME]),
    );
    assert_eq!(outcome.client, [&version[..], &notice, WELCOME].concat());

    // libpq ends a login in which it comes twice.
    let error = rejection("28P01", "PAM authentication failed");
    let script = Script {
        servers: vec![
            (b"S".to_vec(), [&version[..], ASKS, &error].concat()),
            (b"S".to_vec(), [&version[..], ASKS, WELCOME].concat()),
        ],
        ..script()
    };
    assert_eq!(
        run(&settings(), &script).client,
        [&version[..], WELCOME].concat()
    );
}

#[test]
fn what_follows_the_login_is_passed_on() {
    let notification = message(b'A', b"\0\0\0\x01channel\0\0");
    let outcome = run(
        &settings(),
        &answers(b"S", &[ASKS, WELCOME, &notification, b"Z\0"]),
    );
    assert_eq!(outcome.client, [WELCOME, &notification, b"Z\0"].concat());
    assert!(!holds(&outcome.client, TOKEN.as_bytes()));
}

#[test]
fn a_database_without_a_key_to_cancel_with_is_used_without() {
    let outcome = run(&settings(), &answers(b"S", &[ASKS, OK, b"Z\0\0\0\x05I"]));
    assert_eq!(outcome.key, None);
    assert!(outcome.is_relayed);
    let key = [7; 260];
    let outcome = run(
        &settings(),
        &answers(b"S", &[ASKS, OK, &message(b'K', &key), b"Z\0\0\0\x05I"]),
    );
    assert_eq!(outcome.key.as_deref(), Some(&key[..]));
}
