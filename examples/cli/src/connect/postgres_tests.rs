//! Logins of PostgreSQL between a client and a database that are scripts.

mod client;
mod database;

use zeroize::Zeroizing;

use super::{
    postgres::Postgres,
    step::{Event, Failure, Login, Settings, Side, Step},
};

/// What each side sends, whatever it gets, and how the steps of the proxy end.
#[derive(Clone)]
struct Script {
    client: Vec<u8>,
    client_in_tls: Vec<u8>,
    /// Before and in TLS, of each connection to the database.
    servers: Vec<(Vec<u8>, Vec<u8>)>,
    dial: Result<(), &'static str>,
    tls: Result<(), &'static str>,
    token: Result<&'static str, &'static str>,
    renew: Result<(), &'static str>,
}

/// What each side gets, and what happens.
#[derive(Debug, Default, Eq, PartialEq)]
struct Outcome {
    client: Vec<u8>,
    client_in_tls: Vec<u8>,
    servers: Vec<(Vec<u8>, Vec<u8>)>,
    signed: Vec<String>,
    renewed: usize,
    /// The key of a request to cancel.
    dialed_again: Option<Vec<u8>>,
    key: Option<Vec<u8>>,
    is_relayed: bool,
    failure: Option<Failure>,
}

impl Outcome {
    /// Returns the SQLSTATE and the text of the error that ends what the client gets.
    fn error(&self) -> (String, String) {
        let sent = [&self.client[..], &self.client_in_tls].concat();
        let start = sent
            .windows(7)
            .rposition(|bytes| &bytes[5..] == b"SF" && bytes[0] == b'E');
        let start = start.unwrap_or_else(|| panic!("no error: {self:?}"));
        let fields = sent[start + 5..].split(|byte| *byte == 0);
        let mut values = [const { String::new() }; 2];
        for field in fields {
            match field.split_first() {
                Some((b'C', value)) => values[0] = String::from_utf8(value.to_vec()).unwrap(),
                Some((b'M', value)) => values[1] = String::from_utf8(value.to_vec()).unwrap(),
                _ => {}
            }
        }
        let [code, text] = values;
        (code, text)
    }
}

/// Performs a login with everything that a side sends at once, and in pieces, which makes no difference.
fn run(settings: &Settings, script: &Script) -> Outcome {
    let whole = run_in_pieces(settings, script, usize::MAX, usize::MAX);
    for size in [1, 2, 3, 5, 33, 1000] {
        let outcome = run_in_pieces(settings, script, size, size);
        assert_eq!(outcome, whole, "in pieces of {size}");
    }
    whole
}

/// The first piece of each text has `first` bytes, and the others have `length`.
fn run_in_pieces(settings: &Settings, script: &Script, first: usize, length: usize) -> Outcome {
    let mut login = Postgres::new(settings.clone());
    let mut outcome = Outcome::default();
    let (mut client, mut client_in_tls) = (&script.client[..], &script.client_in_tls[..]);
    let mut server: (&[u8], &[u8]) = (&[], &[]);
    let (mut accepted, mut started, mut asked) = (false, false, false);
    let mut servers = script.servers.iter();
    let mut length_now = first;
    for _ in 0..1_000_000 {
        match login.step() {
            Step::Read(side) => {
                let bytes = match (side, accepted, started) {
                    (Side::Client, false, _) => &mut client,
                    (Side::Client, true, _) => &mut client_in_tls,
                    (Side::Server, _, false) => &mut server.0,
                    (Side::Server, _, true) => &mut server.1,
                };
                let (piece, rest) = bytes.split_at(length_now.min(bytes.len()));
                length_now = length;
                *bytes = rest;
                if side == Side::Server && started {
                    asked = true;
                }
                login.answer(if piece.is_empty() {
                    Event::Ended
                } else {
                    Event::Received(piece)
                });
            }
            Step::Write(Side::Client, bytes) => {
                assert!(
                    !holds(bytes.expose(), TOKEN.as_bytes()),
                    "the client gets the token"
                );
                let sent = if accepted {
                    &mut outcome.client_in_tls
                } else {
                    &mut outcome.client
                };
                sent.extend_from_slice(bytes.expose());
            }
            Step::Write(Side::Server, bytes) => {
                let sent = outcome.servers.last_mut().expect("it is dialed");
                if holds(bytes.expose(), TOKEN.as_bytes()) {
                    assert!(started && asked, "the token is sent too early");
                    assert!(!holds(&sent.1, TOKEN.as_bytes()), "the token is sent twice");
                }
                let sent = if started { &mut sent.1 } else { &mut sent.0 };
                sent.extend_from_slice(bytes.expose());
            }
            step @ (Step::Dial | Step::DialAgain(_)) => {
                if let Step::DialAgain(key) = step {
                    outcome.dialed_again = Some(key.expose().to_vec());
                }
                (started, asked) = (false, false);
                outcome.servers.push(<_>::default());
                server = servers
                    .next()
                    .map_or((&[], &[]), |(plain, in_tls)| (plain, in_tls));
                login.answer(done(script.dial));
            }
            Step::StartTls => {
                started = script.tls.is_ok();
                login.answer(done(script.tls));
            }
            Step::AcceptTls(early) => {
                assert_eq!(
                    early.expose(),
                    &script.client[script.client.len() - client.len() - early.expose().len()..]
                        [..early.expose().len()]
                );
                accepted = true;
                login.answer(Event::Done);
            }
            Step::Sign(user) => {
                assert!(started, "a token is signed before TLS");
                outcome.signed.push(user);
                login.answer(match script.token {
                    Ok(token) => Event::Token(token),
                    Err(text) => Event::Failed(text.to_owned()),
                });
            }
            Step::Renew => {
                outcome.renewed += 1;
                login.answer(done(script.renew));
            }
            Step::Relay => {
                outcome.is_relayed = true;
                outcome.key = login.cancel_key().map(<[u8]>::to_vec);
                // Bytes that are not read yet are copied.
                outcome.client.extend_from_slice(server.1);
                return outcome;
            }
            Step::Close(failure) => {
                outcome.failure = Some(failure);
                return outcome;
            }
        }
    }
    panic!("it does not end");
}

fn done(result: Result<(), &str>) -> Event<'static> {
    match result {
        Ok(()) => Event::Done,
        Err(text) => Event::Failed(text.to_owned()),
    }
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// A login that succeeds.
fn script() -> Script {
    Script {
        client: startup(V3, &[("user", "app"), ("database", "orders")]),
        client_in_tls: Vec::new(),
        servers: vec![(b"S".to_vec(), [ASKS, WELCOME].concat())],
        dial: Ok(()),
        tls: Ok(()),
        token: Ok(TOKEN),
        renew: Ok(()),
    }
}

/// Without a local password or TLS.
fn settings() -> Settings {
    Settings {
        users: vec!["app".to_owned(), "report".to_owned()],
        password: None,
        local_tls: false,
        is_full: false,
    }
}

fn with_password() -> Settings {
    Settings {
        password: Some(Zeroizing::new("local".to_owned())),
        ..settings()
    }
}

fn startup(version: u32, parameters: &[(&str, &str)]) -> Vec<u8> {
    let mut body = version.to_be_bytes().to_vec();
    for (name, value) in parameters {
        body.extend([name.as_bytes(), &[0], value.as_bytes(), &[0]].concat());
    }
    body.push(0);
    sized(&body)
}

/// Returns a packet without a type.
fn sized(body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len() + 4).unwrap();
    [&length.to_be_bytes()[..], body].concat()
}

fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    [&[kind][..], &sized(body)].concat()
}

/// The message with the token.
fn token() -> Vec<u8> {
    message(b'p', &[TOKEN.as_bytes(), &[0]].concat())
}

fn rejection(code: &str, text: &str) -> Vec<u8> {
    let body = format!("SFATAL\0VFATAL\0C{code}\0M{text}\0Fauth.c\0\0");
    message(b'E', body.as_bytes())
}

const TOKEN: &str = "db.c1a2b3.eu-west-1.rds.amazonaws.com:5432/?Action=connect&DBUser=app";

const V3: u32 = 3 << 16;
const TLS_REQUEST: &[u8] = b"\0\0\0\x08\x04\xd2\x16\x2f";
const GSS_REQUEST: &[u8] = b"\0\0\0\x08\x04\xd2\x16\x30";
const CANCEL: &[u8] = b"\x04\xd2\x16\x2e";

/// `AuthenticationCleartextPassword`.
const ASKS: &[u8] = b"R\0\0\0\x08\0\0\0\x03";
/// `AuthenticationOk`.
const OK: &[u8] = b"R\0\0\0\x08\0\0\0\0";
/// `AuthenticationOk`, a parameter, the key to cancel with, `ReadyForQuery`.
const WELCOME: &[u8] =
    b"R\0\0\0\x08\0\0\0\0S\0\0\0\x0da\0b\0c\0\0\0\0K\0\0\0\x0c\0\0\x01\x02abcdZ\0\0\0\x05I";
