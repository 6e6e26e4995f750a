//! Clients and servers of PostgreSQL.

use std::{
    io::{Read as _, Write as _},
    net::Shutdown,
    os::unix::net::UnixStream,
};

use crate::{
    program::{HOST, Home, KEYS, Program},
    server::{CANCEL, Certificate, Received, Server, message, verify},
};

#[test]
fn each_connection_has_a_token_of_its_own() {
    let home = Home::new();
    let certificate = Certificate::new(HOST);
    let server = Server::postgres(&certificate, b"S", &[ASKS, WELCOME]);
    let program = start(&home, &server, &certificate.pem());
    for user in ["app", "report", "app"] {
        let mut client = log_in(&program, user);
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
        assert_eq!(received.plain, TLS_REQUEST);
        let (token, rest) = token(&received, user);
        verify(&token, 5432, user);
        assert!(rest == sent);
    }
    assert_eq!(program.stop(), "");
    assert!(home.runs().is_empty());
}

#[test]
fn the_endpoint_is_signed_and_verified_although_a_different_address_is_dialed() {
    let home = Home::new();
    let certificate = Certificate::new(HOST);
    let server = Server::postgres(&certificate, b"S", &[ASKS, WELCOME]);
    assert_ne!(server.port, 5432);
    let program = start(&home, &server, &certificate.pem());
    drop(log_in(&program, "app"));
    let received = server.received();
    assert_eq!(received.name.as_deref(), Some(HOST));
    let (token, _) = token(&received, "app");
    assert!(token.starts_with(&format!("{HOST}:5432/?")));
    verify(&token, 5432, "app");
    assert_eq!(program.stop(), "");

    // The certificate of the address is not the endpoint's.
    for name in ["127.0.0.1", "localhost"] {
        let certificate = Certificate::new(name);
        let server = Server::postgres(&certificate, b"S", &[ASKS, WELCOME]);
        let program = start(&home, &server, &certificate.pem());
        let (code, text) = error(program.connect());
        assert_eq!(code, "08001", "{text}");
        assert!(text.starts_with(&format!("TLS with {HOST} failed: ")));
        assert!(!server.received().has_any_of_a_token());
    }
}

/// Servers that get no token: the name in their certificate, their answer to the request for TLS, their first answer
/// in TLS, and the SQLSTATE and the start of the error.
type Hostile = (
    &'static str,
    &'static [u8],
    &'static [u8],
    &'static str,
    &'static str,
);

const HOSTILE: &[Hostile] = &[
    (HOST, b"N", ASKS, "08001", "the database does not offer TLS"),
    (
        HOST,
        b"S\x16\x03\x03",
        ASKS,
        "08001",
        "the database sent unencrypted data before TLS",
    ),
    (
        HOST,
        b"SR\0\0\0\x08\0\0\0\x03",
        ASKS,
        "08001",
        "the database sent unencrypted data before TLS",
    ),
    (
        HOST,
        b"R\0\0\0\x08\0\0\0\x03",
        ASKS,
        "08001",
        "the server does not speak PostgreSQL's protocol",
    ),
    (
        HOST,
        b"E\0\0\0\x18SFATAL\0C57P03\0Mgo to x\0\0",
        ASKS,
        "08001",
        "the database answered the request for TLS with an error",
    ),
    ("db.example.com", b"S", ASKS, "08001", "TLS with "),
    (
        HOST,
        b"S",
        b"R\0\0\0\x17\0\0\0\x0aSCRAM-SHA-256\0\0",
        "28000",
        "the database does not use IAM for user \"app\"",
    ),
    (
        HOST,
        b"S",
        b"R\0\0\0\x0c\0\0\0\x05salt",
        "28000",
        "the database does not use IAM for user \"app\"",
    ),
    (
        HOST,
        b"S",
        WELCOME,
        "28000",
        "the database asked for no password",
    ),
    (
        HOST,
        b"S",
        b"Z\0\0\0\x05I",
        "08P01",
        "the database sent an unexpected message",
    ),
    (
        HOST,
        b"S",
        b"R\x7f\xff\xff\xff",
        "08P01",
        "the database sent a message that is malformed",
    ),
];

#[test]
fn no_byte_of_a_token_leaves_to_a_hostile_server() {
    for &(name, tls, answer, code, text) in HOSTILE {
        let home = Home::new();
        let certificate = Certificate::new(name);
        let server = Server::postgres(&certificate, tls, &[answer, WELCOME]);
        let program = start(&home, &server, &certificate.pem());
        let (got, message) = error(program.connect());
        assert_eq!(got, code, "{text}: {message}");
        assert!(message.starts_with(text), "{message}");
        let received = server.received();
        assert_eq!(received.plain, TLS_REQUEST, "{text}");
        let is_started = tls == b"S" && name == HOST;
        let expected = if is_started {
            startup("app")
        } else {
            Vec::new()
        };
        assert_eq!(received.in_tls, expected, "{text}");
        let printed = program.stop();
        assert!(printed.contains(text), "{printed}");
    }
}

#[test]
fn no_byte_of_a_token_leaves_to_a_server_of_a_different_ca() {
    let home = Home::new();
    let server = Server::postgres(&Certificate::new(HOST), b"S", &[ASKS, WELCOME]);
    let program = start(&home, &server, &Certificate::new(HOST).pem());
    let (code, text) = error(program.connect());
    assert_eq!(code, "08001", "{text}");
    let received = server.received();
    assert_eq!(received.plain, TLS_REQUEST);
    assert!(received.in_tls.is_empty());
    assert!(program.stop().contains("TLS with "));
}

#[test]
fn a_token_is_sent_once() {
    let home = Home::new();
    let certificate = Certificate::new(HOST);
    for again in [ASKS, b"R\0\0\0\x0c\0\0\0\x05salt"] {
        let server = Server::postgres(&certificate, b"S", &[ASKS, again, WELCOME]);
        let program = start(&home, &server, &certificate.pem());
        let (code, text) = error(program.connect());
        assert_eq!(
            (&code[..], &text[..]),
            ("08P01", "the database asked for a password twice")
        );
        let received = server.received();
        let (token, rest) = token(&received, "app");
        verify(&token, 5432, "app");
        assert_eq!(rest, b"");
    }
}

#[test]
fn an_error_of_the_database_reaches_the_client_and_its_causes_are_printed() {
    let home = Home::new();
    let certificate = Certificate::new(HOST);
    let denied = error_response("28000", "PAM authentication failed for user \"app\"");
    let server = Server::postgres(&certificate, b"S", &[ASKS, &denied]);
    let program = start(&home, &server, &certificate.pem());
    let mut client = program.connect();
    client.write_all(&startup("app")).expect("it is read");
    assert_eq!(message(&mut client), Some(denied));
    assert_eq!(message(&mut client), None);
    let printed = program.stop();
    for text in [
        "PAM authentication failed for user \"app\" (28000)",
        "no IAM policy allows rds-db:connect",
    ] {
        assert!(printed.contains(text), "{printed}");
    }
    assert!(!printed.contains("X-Amz-Signature"), "{printed}");
}

#[test]
fn a_client_may_name_configured_users_only() {
    let home = Home::new();
    let certificate = Certificate::new(HOST);
    let server = Server::postgres(&certificate, b"S", &[ASKS, WELCOME]);
    let program = start(&home, &server, &certificate.pem());
    let mut client = program.connect();
    client.write_all(&startup("admin")).expect("it is read");
    let (code, text) = error_in(&mut client);
    assert_eq!(
        (&code[..], &text[..]),
        (
            "28000",
            "user \"admin\" may not log in here; expected app, report"
        )
    );
    // Nothing was dialed for it: the first connection is the next client's.
    drop(log_in(&program, "app"));
    token(&server.received(), "app");
}

#[test]
fn requests_for_encryption_on_this_side_are_answered_with_no() {
    let home = Home::new();
    let certificate = Certificate::new(HOST);
    let server = Server::postgres(&certificate, b"S", &[ASKS, WELCOME]);
    let program = start(&home, &server, &certificate.pem());
    let mut client = program.connect();
    for request in [b"\0\0\0\x08\x04\xd2\x16\x30", TLS_REQUEST] {
        client.write_all(request).expect("it is read");
        let mut answer = [0];
        client.read_exact(&mut answer).expect("it is answered");
        assert_eq!(&answer, b"N");
    }
    greeted(client, "app");
    token(&server.received(), "app");
}

#[test]
fn bytes_that_a_client_sends_too_early_arrive_after_the_login() {
    let home = Home::new();
    let certificate = Certificate::new(HOST);
    let server = Server::postgres(&certificate, b"S", &[ASKS, WELCOME]);
    let program = start(&home, &server, &certificate.pem());
    let mut client = program.connect();
    let query = b"Q\0\0\0\x0dSELECT 1\0";
    let sent = [&startup("app")[..], query].concat();
    client.write_all(&sent).expect("it is read");
    let mut got = vec![0; WELCOME.len() + query.len()];
    client.read_exact(&mut got).expect("it is let in");
    assert_eq!(got, [WELCOME, query].concat());
    drop(client);
    let (_, rest) = token(&server.received(), "app");
    assert_eq!(rest, query);
}

#[test]
fn a_request_to_cancel_reaches_the_server_that_gave_out_its_key() {
    let home = Home::new();
    let certificate = Certificate::new(HOST);
    let server = Server::postgres(&certificate, b"S", &[ASKS, WELCOME]);
    let program = start(&home, &server, &certificate.pem());
    let mut logged_in = log_in(&program, "app");
    cancel(&program, KEY);
    let received = server.received();
    assert_eq!(received.plain, TLS_REQUEST);
    assert_eq!(received.name.as_deref(), Some(HOST));
    assert_eq!(received.in_tls, request_to_cancel(KEY));

    // A key that is not known reaches nobody, and one is known until its connection ends.
    cancel(&program, b"\0\0\x01\x02abce");
    logged_in
        .shutdown(Shutdown::Write)
        .expect("it can be ended");
    let mut rest = Vec::new();
    logged_in.read_to_end(&mut rest).expect("it ends");
    assert_eq!(rest, b"");
    token(&server.received(), "app");
    cancel(&program, KEY);
    drop(log_in(&program, "report"));
    token(&server.received(), "report");
    let printed = program.stop();
    let unknown = "a request to cancel has an unknown key\n";
    assert_eq!(printed.matches(unknown).count(), 2, "{printed}");
    assert_eq!(printed.lines().count(), 2, "{printed}");
}

/// Sends a request to cancel, and waits for the end of the connection, in which nothing is answered.
fn cancel(program: &Program, key: &[u8]) {
    let mut client = program.connect();
    client
        .write_all(&request_to_cancel(key))
        .expect("it is read");
    let mut answer = Vec::new();
    client.read_to_end(&mut answer).expect("it ends");
    assert_eq!(answer, b"");
}

fn request_to_cancel(key: &[u8]) -> Vec<u8> {
    [b"\0\0\0\x10", &CANCEL[..], key].concat()
}

/// Starts the program for two users.
fn start(home: &Home, server: &Server, pem: &str) -> Program {
    Program::start_for((server, pem), "5432", &["app", "report"], home, KEYS)
}

/// Logs a client in.
fn log_in(program: &Program, user: &str) -> UnixStream {
    greeted(program.connect(), user)
}

/// Logs a client in that is connected, and asserts that it gets what the database answered.
fn greeted(mut client: UnixStream, user: &str) -> UnixStream {
    client.write_all(&startup(user)).expect("it is read");
    let mut welcome = vec![0; WELCOME.len()];
    client.read_exact(&mut welcome).expect("it is let in");
    assert_eq!(welcome, WELCOME);
    client
}

/// Returns the SQLSTATE and the text of the error that a client gets, which is all that it gets.
fn error(mut client: UnixStream) -> (String, String) {
    client.write_all(&startup("app")).expect("it is read");
    error_in(&mut client)
}

fn error_in(client: &mut UnixStream) -> (String, String) {
    let got = message(client).expect("it is answered");
    assert_eq!(got[0], b'E', "{got:?}");
    let fields = got[5..].split(|byte| *byte == 0);
    let fields: Vec<_> = fields
        .map(|field| str::from_utf8(field).expect("it is UTF-8"))
        .collect();
    let ["SFATAL", "VFATAL", code, text, "", ""] = fields[..] else {
        panic!("{fields:?}");
    };
    assert_eq!(message(client), None);
    (code[1..].to_owned(), text[1..].to_owned())
}

/// Returns the token that a server got after the client's own packet, and what it got after the token.
#[track_caller]
fn token(received: &Received, user: &str) -> (String, Vec<u8>) {
    assert_eq!(received.plain, TLS_REQUEST);
    let rest = received.in_tls.strip_prefix(&startup(user)[..]);
    let mut rest = rest.expect("the packet of the client is first");
    let password = message(&mut rest).expect("a password follows");
    assert_eq!((password[0], password.last()), (b'p', Some(&0)));
    let token = str::from_utf8(&password[5..password.len() - 1]).expect("it is UTF-8");
    let (_, signature) = token
        .rsplit_once("&X-Amz-Signature=")
        .expect("it is signed");
    assert!(signature.len() == 64 && signature.bytes().all(|byte| byte.is_ascii_hexdigit()));
    (token.to_owned(), rest.to_vec())
}

/// Returns the first packet of a client.
fn startup(user: &str) -> Vec<u8> {
    let body = [
        &b"\0\x03\0\0user\0"[..],
        user.as_bytes(),
        b"\0database\0orders\0\0",
    ]
    .concat();
    sized(&body)
}

fn error_response(code: &str, text: &str) -> Vec<u8> {
    let body = format!("SFATAL\0VFATAL\0C{code}\0M{text}\0\0");
    [b"E", &sized(body.as_bytes())[..]].concat()
}

/// Returns bytes after their length, which counts itself.
fn sized(body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len() + 4).expect("it is short");
    [&length.to_be_bytes()[..], body].concat()
}

const TLS_REQUEST: &[u8; 8] = b"\0\0\0\x08\x04\xd2\x16\x2f";

/// `AuthenticationCleartextPassword`.
const ASKS: &[u8] = b"R\0\0\0\x08\0\0\0\x03";
/// `AuthenticationOk`, a parameter, the key to cancel with, `ReadyForQuery`.
const WELCOME: &[u8] =
    b"R\0\0\0\x08\0\0\0\0S\0\0\0\x08a\0b\0K\0\0\0\x0c\0\0\x01\x02abcdZ\0\0\0\x05I";
const KEY: &[u8] = b"\0\0\x01\x02abcd";
