//! Clients and servers of MySQL.

use std::{
    io::{Read as _, Write as _},
    os::unix::net::UnixStream,
};

use crate::{
    program::{HOST, Home, KEYS, Program},
    server::{Certificate, Server, packet, verify},
};

#[test]
fn each_connection_has_a_token_of_its_own() {
    let home = Home::new();
    let certificate = Certificate::new(HOST);
    let server = Server::start(&certificate, GREETING, &[SWITCH, OK]);
    let program = start(&home, &server, &certificate.pem());
    for user in ["app", "report"] {
        let mut client = program.connect();
        let greeting = packet(&mut client).expect("it is greeted");
        assert!(greeting[4..].starts_with(b"\x0a8.4.5\0\x0b\0\0\0"));
        client.write_all(&response(user)).expect("it is read");
        assert_eq!(
            packet(&mut client).as_deref(),
            Some(&b"\x07\0\0\x02\0\0\0\x02\0\0\0"[..])
        );
        // From here on, bytes are copied.
        let sent: Vec<u8> = (0..=255).cycle().take(300_000).collect();
        let mut writer = client.try_clone().expect("it can be cloned");
        let copy = sent.clone();
        let thread = std::thread::spawn(move || writer.write_all(&copy));
        let mut got = vec![0; sent.len()];
        client.read_exact(&mut got).expect("it comes back");
        thread.join().expect("it ends").expect("it is read");
        assert!(got == sent);
        drop(client);

        let received = server.received();
        assert_eq!(received.plain.len(), 36);
        let token = received.token().expect("it was sent");
        verify(token, 3306, user);
        // What it got in TLS is the client's answer, after the capabilities.
        assert_eq!(received.in_tls[8..36], response(user)[8..36]);
        assert!(received.in_tls[36..].starts_with(&response(user)[36..]));
    }
    assert_eq!(program.stop(), "");
    assert!(home.runs().is_empty());
}

/// Servers that get no token: their name, their greeting and answers, and the code and the start of the error.
type Hostile = (
    &'static str,
    &'static [u8],
    &'static [&'static [u8]],
    u16,
    &'static str,
);

const HOSTILE: &[Hostile] = &[
    (HOST, b"\x49\0\0\0\x0a8.4.5\0\x0b\0\0\0theirs8b\0\xff\xf7\xff\x02\0\xff\xdf\x15\0\0\0\0\0\0\0\0\0\0theirs12byte\0caching_sha2_password\0\0", &[], 2026, "the database does not offer TLS"),
    (HOST, b"HTTP/1.1 400 Bad Request\r\n\r\n", &[], 2027, "the database sent"),
    (HOST, b"\x17\0\0\0\xff\x10\x04Too many connections", &[], 1040, "Too many connections"),
    ("db.example.com", GREETING, &[SWITCH, OK], 2026, "TLS with "),
    (HOST, GREETING, &[b"\x0c\0\0\x03\xfedialog\0\x04abc"], 1045, "this account does not use IAM"),
    (HOST, GREETING, &[b"\x01\0\0\x03\xfe"], 1045, "this account does not use IAM"),
    (HOST, GREETING, &[b"\x07\0\0\x03\0\0\0\x02\0\0\0"], 1045, "this account does not use IAM"),
    (HOST, GREETING, &[b"\x11\0\0\x03\xff\x15\x04#28000denied"], 1045, "denied"),
];

#[test]
fn no_byte_of_a_token_leaves_to_a_hostile_server() {
    for &(name, greeting, answers, code, message) in HOSTILE {
        let home = Home::new();
        let certificate = Certificate::new(name);
        let mut greeting = greeting.to_vec();
        if greeting[3] == 0 {
            greeting[0] = u8::try_from(greeting.len() - 4).unwrap();
        }
        let answers: Vec<Vec<u8>> = answers
            .iter()
            .map(|answer| [&[u8::try_from(answer.len() - 4).unwrap()], &answer[1..]].concat())
            .collect();
        let answers: Vec<_> = answers.iter().map(|answer| &answer[..]).collect();
        let server = Server::start(&certificate, &greeting, &answers);
        let program = start(&home, &server, &certificate.pem());
        let (got, text) = error(program.connect());
        assert_eq!(got, code, "{message}: {text}");
        assert!(text.starts_with(message), "{text}");
        assert!(!server.received().has_any_of_a_token(), "{message}");
        let printed = program.stop();
        assert!(printed.contains(message), "{printed}");
    }
}

#[test]
fn no_byte_of_a_token_leaves_to_a_server_of_a_different_ca() {
    let home = Home::new();
    let server = Server::start(&Certificate::new(HOST), GREETING, &[SWITCH, OK]);
    let program = start(&home, &server, &Certificate::new(HOST).pem());
    let (code, text) = error(program.connect());
    assert_eq!(code, 2026, "{text}");
    assert!(!server.received().has_any_of_a_token());
    assert!(program.stop().contains("TLS with "));
}

#[test]
fn a_token_is_sent_once() {
    let home = Home::new();
    let certificate = Certificate::new(HOST);
    let again = b"\x16\0\0\x05\xfemysql_clear_password\0";
    let server = Server::start(&certificate, GREETING, &[SWITCH, again]);
    let program = start(&home, &server, &certificate.pem());
    let (code, text) = error(program.connect());
    assert_eq!(
        (code, &text[..]),
        (2027, "the database asked for a password twice")
    );
    let received = server.received();
    assert_eq!(
        String::from_utf8_lossy(&received.in_tls)
            .matches("Action=")
            .count(),
        1
    );
}

#[test]
fn an_error_of_the_database_reaches_the_client_and_its_causes_are_printed() {
    let home = Home::new();
    let certificate = Certificate::new(HOST);
    let denied = b"\x2b\0\0\x05\xff\x15\x04#28000Access denied for user 'app'@'%'.";
    let denied = [&[u8::try_from(denied.len() - 4).unwrap()], &denied[1..]].concat();
    let server = Server::start(&certificate, GREETING, &[SWITCH, &denied]);
    let program = start(&home, &server, &certificate.pem());
    let (code, text) = error(program.connect());
    assert_eq!(
        (code, &text[..]),
        (1045, "Access denied for user 'app'@'%'.")
    );
    let printed = program.stop();
    assert!(
        printed.contains("Access denied for user 'app'@'%'. (1045)"),
        "{printed}"
    );
    assert!(
        printed.contains("no IAM policy allows rds-db:connect"),
        "{printed}"
    );
}

#[test]
fn a_client_may_name_configured_users_only() {
    let home = Home::new();
    let certificate = Certificate::new(HOST);
    let server = Server::start(&certificate, GREETING, &[SWITCH, OK]);
    let program = start(&home, &server, &certificate.pem());
    let mut client = program.connect();
    packet(&mut client).expect("it is greeted");
    client.write_all(&response("admin")).expect("it is read");
    let (code, text) = error_in(&packet(&mut client).expect("it is answered"));
    assert_eq!(
        (code, &text[..]),
        (
            1045,
            "user \"admin\" may not log in here; expected app, report"
        )
    );
    assert!(server.received().plain.is_empty());
}

#[test]
fn the_command_finds_the_socket_and_no_secret() {
    let home = Home::new();
    let certificate = Certificate::new(HOST);
    let server = Server::start(&certificate, GREETING, &[SWITCH, OK]);
    let ca = home.write("ca.pem", &certificate.pem());
    let via = format!("127.0.0.1:{}", server.port);
    let arguments = [
        "--hostname",
        HOST,
        "--port",
        "3306",
        "--username",
        "a\"b\\c",
        "--via",
        &via,
        "--ca",
        &ca,
        "--dbname",
        "orders",
    ];
    let variables = [
        KEYS,
        &[
            ("MYSQL_PWD", "x"),
            ("MYSQL_HOST", "h"),
            ("MYSQL_TCP_PORT", "1"),
        ],
    ]
    .concat();
    let program = Program::start(&home, &arguments, &variables);
    let folder = program.variable("MYSQL_HOME").expect("it is set");
    let socket = program.variable("MYSQL_UNIX_PORT").expect("it is set");
    assert_eq!(socket, format!("{folder}/mysql.sock"));
    let options = std::fs::read_to_string(format!("{folder}/my.cnf")).expect("it can be read");
    let expected = format!(
        "[client]\nhost=localhost\nprotocol=socket\nsocket=\"{socket}\"\nuser=\"a\\\"b\\\\c\"\n[mysql]\ndatabase=\"orders\"\n"
    );
    assert_eq!(options, expected);
    for name in ["MYSQL_PWD", "MYSQL_HOST", "MYSQL_TCP_PORT", "PGHOST"] {
        assert_eq!(program.variable(name), None, "{name}");
    }
    assert!(
        !program
            .variables
            .iter()
            .any(|(_, value)| value.contains("Action=") || value.contains("X-Amz"))
    );
}

#[test]
fn what_a_killed_run_has_left_is_removed() {
    let home = Home::new();
    let certificate = Certificate::new(HOST);
    let server = Server::start(&certificate, GREETING, &[SWITCH, OK]);
    let killed = start(&home, &server, &certificate.pem());
    let left = home.runs();
    killed.kill();
    assert_eq!(home.runs(), left);
    let program = start(&home, &server, &certificate.pem());
    assert!(home.runs().len() == 1 && home.runs() != left);
    program.stop();
    assert!(home.runs().is_empty());
}

/// Starts the program for two users.
fn start(home: &Home, server: &Server, pem: &str) -> Program {
    Program::start_for((server, pem), "3306", &["app", "report"], home, KEYS)
}

/// Returns the error that a client gets, at once or after its answer to the greeting.
fn error(mut client: UnixStream) -> (u16, String) {
    let mut packets = packet(&mut client).expect("it is answered");
    if packets[4] == 0x0a {
        client.write_all(&response("app")).expect("it is read");
        packets = packet(&mut client).expect("it is answered");
    }
    error_in(&packets)
}

/// Returns the code and the message of an error, without its SQLSTATE.
fn error_in(packet: &[u8]) -> (u16, String) {
    assert_eq!(packet[4], 0xff, "{packet:?}");
    let text = String::from_utf8(packet[7..].to_vec()).expect("it is UTF-8");
    let text = text.strip_prefix('#').map_or(&text[..], |text| &text[5..]);
    (u16::from_le_bytes([packet[5], packet[6]]), text.to_owned())
}

/// Returns the answer of a client without a password and a database.
fn response(user: &str) -> Vec<u8> {
    let payload = [
        &0x000a_a285_u32.to_le_bytes()[..],
        &[0, 0, 0, 1, 45],
        &[0; 23],
        user.as_bytes(),
        b"\0\0mysql_native_password\0",
    ]
    .concat();
    [
        &[u8::try_from(payload.len()).unwrap(), 0, 0, 1],
        &payload[..],
    ]
    .concat()
}

/// As MySQL 8 sends it.
const GREETING: &[u8] = b"\x49\0\0\0\x0a8.4.5\0\x0b\0\0\0theirs8b\0\xff\xff\xff\x02\0\xff\xdf\x15\0\0\0\0\0\0\0\0\0\0theirs12byte\0caching_sha2_password\0";
const SWITCH: &[u8] = b"\x16\0\0\x03\xfemysql_clear_password\0";
const OK: &[u8] = b"\x07\0\0\x05\0\0\0\x02\0\0\0";
