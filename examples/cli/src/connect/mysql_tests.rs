//! Logins between a client and a database that are scripts.

mod hostile;
mod local;
mod logins;
mod recorded;

use zeroize::Zeroizing;

use super::{
    mysql::MySql,
    step::{Event, Failure, Login, Settings, Side, Step},
};

/// What each side sends, whatever it gets, and how the steps of the proxy end.
#[derive(Clone, Copy)]
struct Script<'a> {
    client: &'a [u8],
    client_in_tls: &'a [u8],
    server: &'a [u8],
    server_in_tls: &'a [u8],
    dial: Result<(), &'a str>,
    tls: Result<(), &'a str>,
    token: Result<&'a str, &'a str>,
}

const SCRIPT: Script<'static> = Script {
    client: &[],
    client_in_tls: &[],
    server: &[],
    server_in_tls: &[],
    dial: Ok(()),
    tls: Ok(()),
    token: Ok(TOKEN),
};

const TOKEN: &str = "db.c1a2b3.eu-west-1.rds.amazonaws.com:3306/?Action=connect&DBUser=app";

/// What each side gets, and what happens.
#[derive(Debug, Default, Eq, PartialEq)]
struct Outcome {
    client: Vec<u8>,
    client_in_tls: Vec<u8>,
    server: Vec<u8>,
    server_in_tls: Vec<u8>,
    signed: Vec<String>,
    /// What had arrived of the client's TLS when it was accepted.
    early: Vec<u8>,
    failure: Option<Failure>,
}

impl Outcome {
    /// Returns the packets that the client gets, without their frames.
    fn packets(&self) -> Vec<Vec<u8>> {
        packets(&[&self.client[..], &self.client_in_tls].concat())
    }

    /// Returns the code, the SQLSTATE and the message of the error that is the last packet for the client.
    fn error(&self) -> (u16, Option<String>, String) {
        let packets = self.packets();
        let Some([0xff, low, high, message @ ..]) = packets.last().map(|packet| &packet[..]) else {
            panic!("no error: {self:?}");
        };
        let message = String::from_utf8(message.to_vec()).unwrap();
        let code = u16::from_le_bytes([*low, *high]);
        match message.strip_prefix('#') {
            Some(message) => (code, Some(message[..5].to_owned()), message[5..].to_owned()),
            None => (code, None, message),
        }
    }
}

/// Performs a login with everything that a side sends at once, and in pieces, which makes no difference.
fn run(settings: &Settings, random: [u8; 20], script: Script<'_>) -> Outcome {
    let whole = run_in_pieces(settings, random, script, usize::MAX);
    for size in [1, 2, 3, 5, 33, 1000] {
        let outcome = run_in_pieces(settings, random, script, size);
        assert_eq!(outcome, whole, "in pieces of {size}");
    }
    whole
}

fn run_in_pieces(
    settings: &Settings,
    random: [u8; 20],
    mut script: Script<'_>,
    length: usize,
) -> Outcome {
    let mut login = MySql::new(settings.clone(), random);
    let mut outcome = Outcome::default();
    let (mut accepted, mut started) = (false, false);
    for _ in 0..1_000_000 {
        match login.step() {
            Step::Read(side) => {
                let bytes = match (side, accepted, started) {
                    (Side::Client, false, _) => &mut script.client,
                    (Side::Client, true, _) => &mut script.client_in_tls,
                    (Side::Server, _, false) => &mut script.server,
                    (Side::Server, _, true) => &mut script.server_in_tls,
                };
                let (piece, rest) = bytes.split_at(length.min(bytes.len()));
                *bytes = rest;
                login.answer(if piece.is_empty() {
                    Event::Ended
                } else {
                    Event::Received(piece)
                });
            }
            Step::Write(side, bytes) => {
                let sent = match (side, accepted, started) {
                    (Side::Client, false, _) => &mut outcome.client,
                    (Side::Client, true, _) => &mut outcome.client_in_tls,
                    (Side::Server, _, false) => &mut outcome.server,
                    (Side::Server, _, true) => &mut outcome.server_in_tls,
                };
                sent.extend_from_slice(bytes.expose());
            }
            Step::Dial => login.answer(done(script.dial)),
            Step::StartTls => {
                started = true;
                login.answer(done(script.tls));
            }
            Step::AcceptTls(early) => {
                accepted = true;
                outcome.early = early.expose().to_vec();
                login.answer(Event::Done);
            }
            Step::Sign(user) => {
                outcome.signed.push(user);
                login.answer(match script.token {
                    Ok(token) => Event::Token(token),
                    Err(text) => Event::Failed(text.to_owned()),
                });
            }
            Step::Renew => login.answer(Event::Done),
            Step::Relay => return outcome,
            Step::DialAgain(_) => panic!("not for MySQL"),
            Step::Close(failure) => {
                outcome.failure = Some(failure);
                return outcome;
            }
        }
    }
    panic!("the login does not end: {outcome:?}");
}

fn done<'a>(result: Result<(), &str>) -> Event<'a> {
    match result {
        Ok(()) => Event::Done,
        Err(text) => Event::Failed(text.to_owned()),
    }
}

/// Returns a packet with a number.
fn framed(sequence: u8, payload: &[u8]) -> Vec<u8> {
    let [low, middle, high, ..] = payload.len().to_le_bytes();
    [&[low, middle, high, sequence], payload].concat()
}

/// Returns the payloads of packets, which are numbered without a gap.
fn packets(mut bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut payloads = Vec::new();
    while let [low, middle, high, _, rest @ ..] = bytes {
        let length = usize::from(*low) | usize::from(*middle) << 8 | usize::from(*high) << 16;
        payloads.push(rest[..length].to_vec());
        bytes = &rest[length..];
    }
    assert!(bytes.is_empty());
    payloads
}

/// A client that is made up.
#[derive(Clone, Copy)]
struct Client<'a> {
    capabilities: u32,
    user: &'a str,
    proof: &'a [u8],
    /// Everything after the proof.
    tail: &'a [u8],
}

impl Client<'_> {
    fn payload(&self) -> Vec<u8> {
        let length = u8::try_from(self.proof.len()).unwrap();
        [
            &self.capabilities.to_le_bytes()[..],
            &[0, 0, 0, 1, 45],
            &[0; 23],
            self.user.as_bytes(),
            &[0, length],
            self.proof,
            self.tail,
        ]
        .concat()
    }
}

/// Without TLS, compression, a database and attributes, as the `mysql` program of MySQL 8 sends them.
const CAPABILITIES: u32 = 0x0faf_a685 & !(1 << 11) & !(1 << 20);

/// The greeting of a MySQL 8 with these capabilities, after the documentation.
fn mysql(capabilities: u32) -> Vec<u8> {
    let [a, b, c, d] = capabilities.to_le_bytes();
    let payload = [
        &b"\x0a8.4.5\0"[..],
        &[0x0b, 0, 0, 0],
        b"theirs8b\0",
        &[a, b, 0xff, 2, 0, c, d, 21],
        &[0; 10],
        b"theirs12byte\0caching_sha2_password\0",
    ]
    .concat();
    framed(0, &payload)
}

/// What MySQL 8 can do with TLS.
const MYSQL: u32 = 0xdfff_ffff;

/// Settings for `app` and `report`.
fn settings(password: Option<&str>) -> Settings {
    Settings {
        users: vec!["app".to_owned(), "report".to_owned()],
        password: password.map(|password| Zeroizing::new(password.to_owned())),
        local_tls: false,
        is_full: false,
    }
}

/// Random bytes that are a scramble as they are.
const RANDOM: [u8; 20] = *b"ours-ours-ours-ours-";
