//! Servers and clients that do not keep to the protocol: no byte of a token leaves.

use super::{
    recorded::{MARIADB, OK, SWITCH},
    *,
};

/// A client that is in order.
fn client() -> Vec<u8> {
    let client = Client {
        capabilities: CAPABILITIES,
        user: "app",
        proof: &[],
        tail: b"mysql_native_password\0",
    };
    framed(1, &client.payload())
}

/// What a database sends first, and the error that its client gets.
const GREETINGS: &[(&[u8], u16, &str)] = &[
    // Nothing, and no greeting.
    (b"", 2013, LOST),
    (b"\x05\0\0\0\x0a8", 2013, LOST),
    (b"\x04\0\0\0\x0a8.0", 2027, NO_GREETING),
    (b"\x04\0\0\0\x098.0", 2027, NO_GREETING),
    (b"\0\0\0\0", 2027, NO_GREETING),
    (b"HTTP/1.1 400 Bad Request\r\n\r\n", 2027, TOO_LONG),
    (b"SSH-2.0-OpenSSH_9.2\r\n", 2027, TOO_LONG),
    // Out of order, too long, and a request for the token before TLS.
    (
        b"\x01\0\0\x01\x0a",
        2027,
        "the database sent packet 1 of the login; expected 0",
    ),
    (b"\x01\0\x01\0\x0a", 2027, TOO_LONG),
    (b"\x16\0\0\0\xfemysql_clear_password\0", 2027, NO_GREETING),
    (b"\x07\0\0\0\0\0\0\x02\0\0\0", 2027, NO_GREETING),
];

const LOST: &str = "the database closed the connection during the login";
const NO_GREETING: &str = "the database sent no greeting of MySQL or MariaDB";
const TOO_LONG: &str = "the database sent a packet of over 65536 bytes in the login";
const UNEXPECTED: &str = "the database sent an unexpected packet during the login";

#[test]
fn a_server_that_is_no_database_with_tls_gets_nothing() {
    for &(greeting, code, message) in GREETINGS {
        let script = Script {
            client: &client(),
            server: greeting,
            ..SCRIPT
        };
        let outcome = run(&settings(None), RANDOM, script);
        // The client has not said that it knows SQLSTATEs.
        assert_eq!(outcome.error(), (code, None, message.to_owned()));
        assert_eq!((outcome.packets().len(), outcome.client[3]), (1, 0));
        assert!(outcome.server.is_empty() && outcome.server_in_tls.is_empty());
        assert!(outcome.signed.is_empty());
    }
}

#[test]
fn a_server_without_tls_or_plugins_gets_nothing() {
    let without_tls = mysql(MYSQL & !0x0800);
    let old = mysql(0x0000_ffff);
    for (greeting, code, message) in [
        (
            without_tls,
            2026,
            "the database does not offer TLS; a token is sent in TLS only",
        ),
        (
            old,
            2027,
            "the database has no authentication plugins, which IAM needs",
        ),
    ] {
        let script = Script {
            client: &client(),
            server: &greeting,
            server_in_tls: &[SWITCH, OK].concat(),
            ..SCRIPT
        };
        let outcome = run(&settings(None), RANDOM, script);
        assert_eq!(outcome.error(), (code, None, message.to_owned()));
        assert!(outcome.server.is_empty() && outcome.server_in_tls.is_empty());
    }
}

#[test]
fn bytes_after_the_greeting_are_not_taken_into_tls() {
    let server = [MARIADB, SWITCH].concat();
    let script = Script {
        client: &client(),
        server: &server,
        server_in_tls: OK,
        ..SCRIPT
    };
    let outcome = run_in_pieces(&settings(None), RANDOM, script, usize::MAX);
    let message = "the database sent more than its greeting before TLS";
    assert_eq!(outcome.error(), (2026, None, message.to_owned()));
    assert!(outcome.server.is_empty() && outcome.server_in_tls.is_empty());
}

/// Errors instead of a greeting, as they are sent and with a number of a packet that clients do not expect.
const ERRORS: &[&[u8]] = &[
    b"\x17\0\0\0\xff\x10\x04Too many connections",
    b"\x1d\0\0\0\xff\x10\x04#08004Too many connections",
    b"\x1d\0\0\x01\xff\x10\x04#08004Too many connections",
    b"\x5b\0\0\0\xffi\x04Host '10.0.0.7' is blocked because of many connection errors; unblock with 'mysqladmin flush-hosts'",
    b"\x03\0\0\0\xff\x10\x04",
];

#[test]
fn an_error_instead_of_a_greeting_reaches_the_client() {
    for error in ERRORS {
        let mut error = error.to_vec();
        error[0] = u8::try_from(error.len() - 4).unwrap();
        let script = Script {
            client: &client(),
            server: &error,
            ..SCRIPT
        };
        let outcome = run(&settings(None), RANDOM, script);
        error[3] = 0;
        assert_eq!(outcome.client, error);
        assert!(
            matches!(outcome.failure, Some(Failure::Refused { .. })),
            "{outcome:?}"
        );
    }
}

/// What a database sends in TLS, the error for the client, and whether the token is sent.
const ANSWERS: &[(&[u8], u16, &str, bool)] = &[
    (
        OK_AT_ONCE,
        1045,
        "this account does not use IAM: the database accepted user \"app\" without a password; create it with IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS'",
        false,
    ),
    (b"\x0c\0\0\x03\xfedialog\0\x04abc", 1045, DIALOG, false),
    (
        b"\x2b\0\0\x03\xfecaching_sha2_password\0theirs8btheirs12byte\0",
        1045,
        CACHING,
        false,
    ),
    (
        b"\x16\0\0\x03\xfesha256_password\0theirs",
        1045,
        SHA256,
        false,
    ),
    (b"\x01\0\0\x03\xfe", 1045, OLD, false),
    (b"\x02\0\0\x03\xfe\0", 1045, EMPTY, false),
    (
        b"\x16\0\0\x03\xfemysql_clear_passwordX",
        1045,
        LONGER,
        false,
    ),
    (
        b"\x15\0\0\x03\xfemysql_clear_passwor\0",
        1045,
        SHORTER,
        false,
    ),
    (b"\x02\0\0\x03\x01\x04", 2027, UNEXPECTED, false),
    (b"\0\0\0\x03", 2027, UNEXPECTED, false),
    (
        b"\x16\0\0\x04\xfemysql_clear_password\0",
        2027,
        "the database sent packet 4 of the login; expected 3",
        false,
    ),
    (b"\x01\0\x01\x03\xfe", 2027, TOO_LONG, false),
    (b"", 2013, LOST, false),
    // After the token.
    (
        b"\x16\0\0\x03\xfemysql_clear_password\0\x16\0\0\x05\xfemysql_clear_password\0",
        2027,
        "the database asked for a password twice",
        true,
    ),
    (
        b"\x16\0\0\x03\xfemysql_clear_password\0\x07\0\0\x05\xfedialog",
        2027,
        "the database asked for a password twice",
        true,
    ),
    (
        b"\x16\0\0\x03\xfemysql_clear_password\0\x02\0\0\x05\x01\x04",
        2027,
        UNEXPECTED,
        true,
    ),
    (
        b"\x16\0\0\x03\xfemysql_clear_password\0\x02\0\0\x04\0\0",
        2027,
        "the database sent packet 4 of the login; expected 5",
        true,
    ),
    (
        b"\x16\0\0\x03\xfemysql_clear_password\0\0\0\0\x05",
        2027,
        UNEXPECTED,
        true,
    ),
    (b"\x16\0\0\x03\xfemysql_clear_password\0", 2013, LOST, true),
    // MySQL's own client does not insist on the NUL either.
    (b"\x15\0\0\x03\xfemysql_clear_password", 2013, LOST, true),
];

const OK_AT_ONCE: &[u8] = b"\x07\0\0\x03\0\0\0\x02\0\0\0";
const DIALOG: &str = "this account does not use IAM: the database asked user \"app\" for \"dialog\"; expected \"mysql_clear_password\"; create it with IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS'";
const CACHING: &str = "this account does not use IAM: the database asked user \"app\" for \"caching_sha2_password\"; expected \"mysql_clear_password\"; create it with IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS'";
const SHA256: &str = "this account does not use IAM: the database asked user \"app\" for \"sha256_password\"; expected \"mysql_clear_password\"; create it with IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS'";
const OLD: &str = "this account does not use IAM: the database asked user \"app\" for \"mysql_old_password\"; expected \"mysql_clear_password\"; create it with IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS'";
const EMPTY: &str = "this account does not use IAM: the database asked user \"app\" for \"\"; expected \"mysql_clear_password\"; create it with IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS'";
const LONGER: &str = "this account does not use IAM: the database asked user \"app\" for \"mysql_clear_passwordX\"; expected \"mysql_clear_password\"; create it with IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS'";
const SHORTER: &str = "this account does not use IAM: the database asked user \"app\" for \"mysql_clear_passwor\"; expected \"mysql_clear_password\"; create it with IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS'";

#[test]
fn a_token_is_sent_once_and_in_clear_only() {
    for &(answers, code, message, is_sent) in ANSWERS {
        let mut answers = answers.to_vec();
        if answers.get(4) == Some(&0xfe) && answers[2] == 0 && !is_sent {
            answers[0] = u8::try_from(answers.len() - 4).unwrap();
        }
        let script = Script {
            client: &client(),
            server: &mysql(MYSQL),
            server_in_tls: &answers,
            ..SCRIPT
        };
        let outcome = run(&settings(None), RANDOM, script);
        let (got_code, state, got) = outcome.error();
        assert_eq!((got_code, &got[..]), (code, message));
        assert_eq!(
            state.as_deref(),
            Some(if code == 1045 { "28000" } else { "HY000" })
        );
        let sent = outcome
            .server_in_tls
            .windows(TOKEN.len())
            .filter(|part| *part == TOKEN.as_bytes());
        assert_eq!(sent.count(), usize::from(is_sent), "{message}");
        assert_eq!(outcome.signed.len(), usize::from(is_sent), "{message}");
        for other in [&outcome.server, &outcome.client] {
            assert!(!other.windows(6).any(|part| part == b"DBUser"));
        }
    }
}

#[test]
fn an_error_of_the_database_reaches_the_client_as_it_is() {
    let error = b"\xff\x15\x04#28000Access denied for user 'app'@'10.0.0.7' (using password: YES)";
    for (before, number) in [(&b""[..], 3), (SWITCH, 5), (SWITCH, 0)] {
        let script = Script {
            client: &client(),
            server: MARIADB,
            server_in_tls: &[before, &framed(number, error)].concat(),
            ..SCRIPT
        };
        let outcome = run(&settings(None), RANDOM, script);
        assert!(outcome.client.ends_with(&framed(2, error)), "{outcome:?}");
    }
}

#[test]
fn without_verified_tls_nothing_but_the_request_for_it_is_sent() {
    let script = Script {
        client: &client(),
        server: MARIADB,
        server_in_tls: &[SWITCH, OK].concat(),
        tls: Err("invalid peer certificate: UnknownIssuer"),
        ..SCRIPT
    };
    let outcome = run(&settings(None), RANDOM, script);
    assert_eq!(
        outcome.error(),
        (
            2026,
            Some("HY000".to_owned()),
            "invalid peer certificate: UnknownIssuer".to_owned()
        )
    );
    assert_eq!(outcome.server.len(), 36);
    assert!(outcome.server_in_tls.is_empty() && outcome.signed.is_empty());
}

#[test]
fn a_step_that_fails_is_an_error_for_the_client() {
    let script = Script {
        client: &client(),
        server: MARIADB,
        server_in_tls: &[SWITCH, OK].concat(),
        ..SCRIPT
    };
    let unreachable = Script {
        dial: Err("connection refused"),
        ..script
    };
    let outcome = run(&settings(None), RANDOM, unreachable);
    assert_eq!(
        outcome.error(),
        (2003, None, "connection refused".to_owned())
    );

    let unsigned = Script {
        token: Err("no credentials:\ntry: aws sso login\0"),
        ..script
    };
    let outcome = run(&settings(None), RANDOM, unsigned);
    assert_eq!(
        outcome.error(),
        (
            1105,
            Some("HY000".to_owned()),
            "no credentials: try: aws sso login ".to_owned()
        )
    );
    assert!(
        !outcome
            .server_in_tls
            .windows(6)
            .any(|part| part == b"DBUser")
    );

    let text = "é".repeat(1000);
    let outcome = run(
        &settings(None),
        RANDOM,
        Script {
            token: Err(&text),
            ..script
        },
    );
    assert_eq!(outcome.error().2, "é".repeat(250));

    let token = "t".repeat(70_000);
    let outcome = run(
        &settings(None),
        RANDOM,
        Script {
            token: Ok(&token),
            ..script
        },
    );
    assert_eq!(
        outcome.error().2,
        "the token has 70000 bytes; expected fewer than 65536"
    );
}

/// What a client sends after the greeting, and the error that it gets.
const RESPONSES: &[(&[u8], u16, &str)] = &[
    (
        b"\x01\0\0\x01\0",
        1043,
        "the client does not speak protocol 4.1",
    ),
    (
        b"\0\0\0\x01",
        1043,
        "the client does not speak protocol 4.1",
    ),
    // Before 4.1.
    (
        b"\x0a\0\0\x01\x85\xa4\0\0\0app\0\0",
        1043,
        "the client does not speak protocol 4.1",
    ),
    (
        b"\x02\0\0\x01\0\x02",
        1043,
        "the client's answer to the greeting is malformed",
    ),
    (
        b"\x01\0\0\0\0",
        1156,
        "the client sent packet 0 of the login; expected 1",
    ),
    (
        b"\x01\0\0\xff\0",
        1156,
        "the client sent packet 255 of the login; expected 1",
    ),
    (
        b"\x01\0\x01\x01\0",
        1153,
        "the client sent a packet of over 65536 bytes in the login",
    ),
    (
        b"GET / HTTP/1.1\r\n\r\n",
        1153,
        "the client sent a packet of over 65536 bytes in the login",
    ),
];

#[test]
fn a_client_that_is_none_gets_an_error() {
    for &(response, code, message) in RESPONSES {
        let script = Script {
            client: response,
            server: MARIADB,
            ..SCRIPT
        };
        let outcome = run(&settings(None), RANDOM, script);
        let (got_code, _, got) = outcome.error();
        assert_eq!((got_code, &got[..]), (code, message));
        assert_eq!(outcome.packets().len(), 2);
        assert!(outcome.server.is_empty() && outcome.server_in_tls.is_empty());
    }
}

#[test]
fn a_client_that_leaves_is_told_nothing() {
    for end in 0..client().len() {
        let client = &client()[..end];
        let outcome = run(
            &settings(None),
            RANDOM,
            Script {
                client,
                server: MARIADB,
                ..SCRIPT
            },
        );
        assert_eq!(
            (outcome.packets().len(), outcome.failure),
            (1, Some(Failure::Left)),
            "{end}"
        );
        assert!(outcome.server.is_empty());
    }
}

#[test]
fn a_proof_that_is_longer_than_its_packet_is_malformed() {
    for (capabilities, length) in [
        (0x0028_8200, &b"\xfe\xff\xff\xff\xff\xff\xff\xff\xff"[..]),
        (0x0028_8200, b"\xfb"),
        (0x0028_8200, b"\xfc\xff"),
        (0x0008_8200, b"\xff"),
    ] {
        let mut payload = Client {
            capabilities,
            user: "app",
            proof: &[],
            tail: &[],
        }
        .payload();
        payload.pop();
        payload.extend_from_slice(length);
        let script = Script {
            client: &framed(1, &payload),
            server: MARIADB,
            ..SCRIPT
        };
        let (code, _, message) = run(&settings(None), RANDOM, script).error();
        assert_eq!(
            (code, &message[..]),
            (1043, "the client's answer to the greeting is malformed")
        );
    }
}

#[test]
fn noise_of_64_kib_ends_the_login() {
    let mut state = 1_u64;
    for _ in 0..200 {
        let noise: Vec<u8> = (0..64 * 1024)
            .map(|_| {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                (state >> 56) as u8
            })
            .collect();
        let from_client = Script {
            client: &noise,
            server: MARIADB,
            ..SCRIPT
        };
        let from_server = Script {
            client: &client(),
            server: &noise,
            ..SCRIPT
        };
        let in_tls = Script {
            client: &client(),
            server: MARIADB,
            server_in_tls: &noise,
            ..SCRIPT
        };
        for script in [from_client, from_server, in_tls] {
            let outcome = run_in_pieces(&settings(None), RANDOM, script, 1024);
            assert!(outcome.failure.is_some() && outcome.signed.is_empty());
        }
    }
}
