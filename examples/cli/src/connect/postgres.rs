//! The login of PostgreSQL: what to do next, from the bytes that have arrived, without I/O.
//!
//! The client speaks first. Its startup packet goes to the database byte for byte, in TLS, and the password
//! that the database asks for is the token. What the database answers goes to the client unchanged, until
//! it is ready for queries. A request to cancel goes to the server that gave out its key.
//!
//! Numbers and layouts are those of the PostgreSQL documentation, "Message Formats" and "Message Flow".

use std::collections::VecDeque;

use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::step::{Bytes, Event, Failure, Login, Settings, Side, Step};

/// A login.
pub(crate) struct Postgres {
    settings: Settings,
    state: State,
    writes: VecDeque<(Side, Bytes)>,
    /// What has arrived from the client and the database, and is not handled.
    client: Zeroizing<Vec<u8>>,
    server: Vec<u8>,
    /// The requests of the client that may come once.
    seen: Vec<u32>,
    /// The packet for the database: the startup, or a request to cancel.
    packet: Vec<u8>,
    user: String,
    /// The key of a request to cancel.
    cancels: Option<Vec<u8>>,
    /// The key that the database gave out.
    key: Option<Vec<u8>>,
    /// The rejection by the database, until it is known whether there are other credentials.
    rejection: Option<(Vec<u8>, Failure)>,
    has_renewed: bool,
    failure: Option<Failure>,
}

/// What has to happen next.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum State {
    Startup,
    AcceptingTls,
    Password,
    Dialing,
    TlsAnswer,
    StartingTls,
    Request,
    Signing,
    Verdict,
    Renewing,
    Ready,
    Canceling,
    Relaying,
    Closed,
}

/// The end of a login: what the log gets, and the client's SQLSTATE, if it gets an error.
struct Refusal(Failure, Option<&'static str>);

impl Postgres {
    pub(crate) fn new(settings: Settings) -> Self {
        Self {
            settings,
            state: State::Startup,
            writes: VecDeque::new(),
            client: Zeroizing::default(),
            server: Vec::new(),
            seen: Vec::new(),
            packet: Vec::new(),
            user: String::new(),
            cancels: None,
            key: None,
            rejection: None,
            has_renewed: false,
            failure: None,
        }
    }

    fn write(&mut self, side: Side, bytes: impl Into<Zeroizing<Vec<u8>>>) {
        self.writes.push_back((side, Bytes::new(bytes)));
    }

    /// Handles what the client has sent.
    fn read_client(&mut self) -> Result<(), Refusal> {
        loop {
            let is_handled = match self.state {
                State::Startup if self.client.first() == Some(&TLS_RECORD) => self.direct_tls()?,
                State::Startup => self.startup()?,
                State::Password => self.password()?,
                _ => false,
            };
            if !is_handled {
                return Ok(());
            }
        }
    }

    /// A client may start TLS without a request, and nothing else starts with this byte.
    fn direct_tls(&mut self) -> Result<bool, Refusal> {
        if !self.settings.local_tls || self.seen.contains(&DIRECT_TLS) {
            return Err(Refusal(Failure::Client(NO_LOCAL_TLS.to_owned()), None));
        }
        self.seen.push(DIRECT_TLS);
        self.state = State::AcceptingTls;
        Ok(false)
    }

    /// Handles one packet before the login. It has a length and a code, and no type.
    fn startup(&mut self) -> Result<bool, Refusal> {
        let Some(length) = self.client.first_chunk().map(|bytes| size(*bytes)) else {
            return Ok(false);
        };
        if !(8..=MAX_STARTUP).contains(&length) {
            return Err(client("08P01", "invalid length of startup packet"));
        }
        let Some(packet) = self.client.get(..length).map(<[u8]>::to_vec) else {
            return Ok(false);
        };
        self.client.drain(..length);
        let code = packet.get(4..).and_then(<[u8]>::first_chunk);
        match code.map_or(0, |bytes| u32::from_be_bytes(*bytes)) {
            TLS_REQUEST if length == 8 && !self.seen.contains(&TLS_REQUEST) => {
                self.seen.push(TLS_REQUEST);
                if !self.settings.local_tls || self.seen.contains(&DIRECT_TLS) {
                    self.write(Side::Client, vec![b'N']);
                    return Ok(true);
                }
                if !self.client.is_empty() {
                    // What comes before TLS could be somebody else's.
                    let text = "received unencrypted data after SSL request".to_owned();
                    return Err(Refusal(Failure::Client(text), None));
                }
                self.write(Side::Client, vec![b'S']);
                self.state = State::AcceptingTls;
                Ok(false)
            }
            GSS_REQUEST if length == 8 && !self.seen.contains(&GSS_REQUEST) => {
                self.seen.push(GSS_REQUEST);
                self.write(Side::Client, vec![b'N']);
                Ok(true)
            }
            CANCEL_REQUEST if (16..=12 + MAX_KEY).contains(&length) => {
                self.cancels = packet.get(8..).map(<[u8]>::to_vec);
                self.packet = packet;
                self.state = State::Dialing;
                Ok(false)
            }
            code if code >> 16 == 3 => {
                self.user = user(&packet)
                    .ok_or_else(|| client("28000", "the startup packet names no user"))?;
                self.packet = packet;
                self.begin()
            }
            TLS_REQUEST | GSS_REQUEST | CANCEL_REQUEST => {
                Err(client("08P01", "invalid startup packet"))
            }
            code => Err(client(
                "0A000",
                format!(
                    "unsupported frontend protocol {}.{}: expected 3.x",
                    code >> 16,
                    code & 0xffff
                ),
            )),
        }
    }

    /// Decides about the user, and asks for the local password.
    fn begin(&mut self) -> Result<bool, Refusal> {
        if self.settings.password.is_some() {
            self.write(Side::Client, message(b'R', &CLEARTEXT.to_be_bytes()));
            self.state = State::Password;
            return Ok(true);
        }
        self.check_user()?;
        Ok(false)
    }

    fn password(&mut self) -> Result<bool, Refusal> {
        let Some((kind, body)) = frame(&self.client, MAX_PASSWORD)
            .map_err(|()| client("08P01", "invalid password packet"))?
        else {
            return Ok(false);
        };
        if kind != b'p' {
            return Err(client("08P01", "expected password response"));
        }
        let expected = self.settings.password.as_deref().map_or("", String::as_str);
        let is_right = match body.split_last() {
            Some((0, password)) => bool::from(password.ct_eq(expected.as_bytes())),
            _ => false,
        };
        if !is_right {
            return Err(client(
                "28P01",
                "the local password is wrong; expected the one that rds-iam-token printed, or the one in --password-file",
            ));
        }
        let length = 5 + body.len();
        self.client.drain(..length);
        self.check_user()?;
        Ok(false)
    }

    /// Nothing is dialed for a user who may not log in here.
    fn check_user(&mut self) -> Result<(), Refusal> {
        if self.settings.is_full {
            return Err(client(
                "53300",
                "too many connections; --max-connections sets the limit",
            ));
        }
        if !self.settings.users.contains(&self.user) {
            let users = self.settings.users.join(", ");
            return Err(client(
                "28000",
                format!(
                    "user \"{}\" may not log in here; expected {users}",
                    self.user.escape_debug()
                ),
            ));
        }
        self.state = State::Dialing;
        Ok(())
    }

    /// Handles what the database has sent.
    fn read_server(&mut self) -> Result<(), Refusal> {
        if self.state == State::TlsAnswer {
            return self.tls_answer();
        }
        if self.state == State::Canceling {
            // Nothing is answered to a request to cancel.
            self.server.clear();
            return Ok(());
        }
        while matches!(self.state, State::Request | State::Verdict | State::Ready) {
            let malformed = |()| {
                server(
                    "08P01",
                    "the database sent a message that is malformed or too long",
                )
            };
            let Some((kind, body)) = frame(&self.server, MAX_MESSAGE).map_err(malformed)? else {
                return Ok(());
            };
            let body = body.to_vec();
            let message: Vec<u8> = self.server.drain(..5 + body.len()).collect();
            self.handle(kind, &body, message)?;
        }
        Ok(())
    }

    /// Handles the one byte that answers the request for TLS. Nobody has authenticated it.
    fn tls_answer(&mut self) -> Result<(), Refusal> {
        let refusal = match *self.server {
            [b'S'] => {
                self.server.clear();
                self.state = State::StartingTls;
                return Ok(());
            }
            [b'S', ..] => {
                "the database sent unencrypted data before TLS; the connection may be attacked"
            }
            [b'N', ..] => "the database does not offer TLS, and a token is sent in TLS only",
            [b'E', ..] => {
                "the database answered the request for TLS with an error, which is not passed on: anybody could have sent it"
            }
            _ => "the server does not speak PostgreSQL's protocol",
        };
        Err(server("08001", refusal))
    }

    /// Handles one message of the database.
    fn handle(&mut self, kind: u8, body: &[u8], message: Vec<u8>) -> Result<(), Refusal> {
        match (kind, self.state) {
            (b'R', State::Request | State::Verdict) => {
                let code = body.first_chunk().map(|bytes| u32::from_be_bytes(*bytes));
                self.authentication(code, message)?;
            }
            (b'E', state) => {
                let has_token = state != State::Request;
                let (code, text) = error(body);
                let failure = Failure::Refused {
                    code: code.clone(),
                    message: text,
                    asked: has_token,
                };
                // The credentials may have been replaced meanwhile; a second rejection is the database's answer.
                if state == State::Verdict && code.starts_with("28") && !self.has_renewed {
                    self.has_renewed = true;
                    self.rejection = Some((message, failure));
                    self.state = State::Renewing;
                } else {
                    self.write(Side::Client, message);
                    return Err(Refusal(failure, None));
                }
            }
            (b'Z', State::Ready) => {
                self.write(Side::Client, message);
                let rest = std::mem::take(&mut self.server);
                if !rest.is_empty() {
                    self.write(Side::Client, rest);
                }
                let rest = std::mem::take(&mut self.client);
                if !rest.is_empty() {
                    self.write(Side::Server, rest);
                }
                self.state = State::Relaying;
            }
            (b'K', State::Ready) => {
                self.key = Some(body.to_vec());
                self.write(Side::Client, message);
            }
            // libpq ends a login in which it comes twice, and so it comes from the first connection only.
            (b'v', _) if self.has_renewed => {}
            (_, State::Ready) | (b'N' | b'v', _) => self.write(Side::Client, message),
            _ => {
                return Err(server(
                    "08P01",
                    "the database sent an unexpected message in the login",
                ));
            }
        }
        Ok(())
    }

    /// Handles a request for a password, or the end of them.
    fn authentication(&mut self, code: Option<u32>, message: Vec<u8>) -> Result<(), Refusal> {
        match (code, self.state) {
            (Some(CLEARTEXT), State::Request) => self.state = State::Signing,
            (Some(OK), State::Verdict) => {
                self.write(Side::Client, message);
                self.state = State::Ready;
            }
            (Some(OK), _) => {
                let text = "the database asked for no password: it does not use IAM for this user";
                return Err(server("28000", text));
            }
            (_, State::Verdict) => {
                return Err(server("08P01", "the database asked for a password twice"));
            }
            _ => {
                let text = format!(
                    "the database does not use IAM for user \"{0}\": it asked for a stored password. Run GRANT \
                     rds_iam TO \"{0}\", and turn IAM authentication on for the instance",
                    self.user.escape_debug()
                );
                return Err(server("28000", text));
            }
        }
        Ok(())
    }

    /// Sends the token, once for each connection to the database.
    fn send(&mut self, token: &str) {
        let body = Zeroizing::new([token.as_bytes(), &[0]].concat());
        self.write(Side::Server, message(b'p', &body));
        self.state = State::Verdict;
    }

    /// The database closed the connection.
    fn server_ended(&mut self) -> Result<(), Refusal> {
        if self.state == State::Canceling {
            return Err(Refusal(Failure::Canceled, None));
        }
        Err(server(
            "08006",
            "the database closed the connection during the login",
        ))
    }

    fn refuse(&mut self, Refusal(failure, code): Refusal) {
        // A program that cancels expects no answer.
        if let Some(code) = code.filter(|_| self.cancels.is_none()) {
            let text = error_response(code, &failure.to_string());
            self.write(Side::Client, text);
        }
        self.failure = Some(failure);
        self.state = State::Closed;
    }
}

impl Login for Postgres {
    fn step(&mut self) -> Step {
        if let Some((side, bytes)) = self.writes.pop_front() {
            return Step::Write(side, bytes);
        }
        match self.state {
            State::Startup | State::Password => Step::Read(Side::Client),
            State::TlsAnswer
            | State::Request
            | State::Verdict
            | State::Ready
            | State::Canceling => Step::Read(Side::Server),
            State::AcceptingTls => Step::AcceptTls(Bytes::new(std::mem::take(&mut self.client))),
            State::Dialing => match &self.cancels {
                Some(key) => Step::DialAgain(Bytes::new(key.clone())),
                None => Step::Dial,
            },
            State::StartingTls => Step::StartTls,
            State::Signing => Step::Sign(self.user.clone()),
            State::Renewing => Step::Renew,
            State::Relaying => Step::Relay,
            State::Closed => Step::Close(self.failure.take().unwrap_or(Failure::Left)),
        }
    }

    fn answer(&mut self, event: Event<'_>) {
        let result = match (self.state, event) {
            (State::Startup | State::Password, Event::Received(bytes)) => {
                self.client.extend_from_slice(bytes);
                self.read_client()
            }
            (State::Startup | State::Password, Event::Ended) => Err(Refusal(Failure::Left, None)),
            (
                State::TlsAnswer
                | State::Request
                | State::Verdict
                | State::Ready
                | State::Canceling,
                Event::Received(bytes),
            ) => {
                self.server.extend_from_slice(bytes);
                self.read_server()
            }
            (State::AcceptingTls, Event::Done) => {
                self.seen.push(DIRECT_TLS);
                self.state = State::Startup;
                Ok(())
            }
            (State::Dialing, Event::Done) => {
                self.server.clear();
                self.write(
                    Side::Server,
                    [8_u32.to_be_bytes(), TLS_REQUEST.to_be_bytes()].concat(),
                );
                self.state = State::TlsAnswer;
                Ok(())
            }
            (State::Dialing, Event::Failed(text)) if self.cancels.is_some() => Err(Refusal(
                Failure::Client(if text.is_empty() {
                    "a request to cancel has an unknown key".to_owned()
                } else {
                    format!("a request to cancel is lost: {text}")
                }),
                None,
            )),
            (State::Dialing | State::StartingTls, Event::Failed(text)) => {
                Err(server("08001", text))
            }
            (State::StartingTls, Event::Done) => {
                let packet = self.packet.clone();
                self.write(Side::Server, packet);
                self.state = if self.cancels.is_some() {
                    State::Canceling
                } else {
                    State::Request
                };
                Ok(())
            }
            (State::Signing, Event::Token(token)) => {
                self.send(token);
                self.read_server()
            }
            (State::Signing, Event::Failed(text)) => Err(server("28000", text)),
            (State::Renewing, Event::Done) => {
                self.state = State::Dialing;
                Ok(())
            }
            (State::Renewing, _) => {
                let (message, failure) =
                    self.rejection.take().unwrap_or((Vec::new(), Failure::Left));
                self.write(Side::Client, message);
                Err(Refusal(failure, None))
            }
            (State::AcceptingTls, Event::Failed(text)) => Err(Refusal(Failure::Client(text), None)),
            (_, Event::Failed(text)) => Err(server("08006", text)),
            (_, Event::Ended) => self.server_ended(),
            _ => Err(Refusal(Failure::Left, None)),
        };
        if let Err(refusal) = result {
            self.refuse(refusal);
        }
    }

    fn user(&self) -> String {
        self.user.clone()
    }

    fn cancel_key(&self) -> Option<&[u8]> {
        self.key.as_deref()
    }
}

fn client(code: &'static str, text: impl Into<String>) -> Refusal {
    Refusal(Failure::Client(text.into()), Some(code))
}

fn server(code: &'static str, text: impl Into<String>) -> Refusal {
    Refusal(Failure::Server(text.into()), Some(code))
}

fn size(bytes: [u8; 4]) -> usize {
    usize::try_from(u32::from_be_bytes(bytes)).unwrap_or(usize::MAX)
}

/// Returns the type and the body of the first message, if it is there as a whole.
fn frame(bytes: &[u8], most: usize) -> Result<Option<(u8, &[u8])>, ()> {
    let Some((kind, rest)) = bytes.split_first() else {
        return Ok(None);
    };
    let Some(length) = rest.first_chunk().map(|bytes| size(*bytes)) else {
        return Ok(None);
    };
    if !(4..=most).contains(&length) {
        return Err(());
    }
    Ok(rest.get(4..length).map(|body| (*kind, body)))
}

/// Returns a message. Its length counts itself.
fn message(kind: u8, body: &[u8]) -> Zeroizing<Vec<u8>> {
    let length = u32::try_from(body.len())
        .unwrap_or(u32::MAX)
        .saturating_add(4);
    Zeroizing::new([&[kind], &length.to_be_bytes()[..], body].concat())
}

/// Returns the user of a startup packet: pairs of texts after the length and the version, up to an empty
/// name. Of two users, the database uses the second.
fn user(packet: &[u8]) -> Option<String> {
    let mut texts = packet.get(8..)?.split(|byte| *byte == 0);
    let mut user = None;
    while let (Some(name @ [_, ..]), Some(value)) = (texts.next(), texts.next()) {
        if name == b"user" {
            user = Some(value);
        }
    }
    let user = user.filter(|user| !user.is_empty());
    user.map(|user| String::from_utf8_lossy(user).into_owned())
}

/// Returns the SQLSTATE and the text of an error.
fn error(body: &[u8]) -> (String, String) {
    let field = |kind| {
        let mut fields = body.split(|byte| *byte == 0);
        let field = fields.find_map(|field| field.strip_prefix(&[kind]))?;
        Some(String::from_utf8_lossy(field).into_owned())
    };
    (
        field(b'C').unwrap_or_default(),
        field(b'M').unwrap_or_default(),
    )
}

fn error_response(code: &str, text: &str) -> Zeroizing<Vec<u8>> {
    let fields = [("S", "FATAL"), ("V", "FATAL"), ("C", code), ("M", text)];
    let mut body: Vec<u8> = Vec::new();
    for (kind, value) in fields {
        body.extend_from_slice(kind.as_bytes());
        body.extend(value.bytes().filter(|byte| *byte != 0));
        body.push(0);
    }
    body.push(0);
    message(b'E', &body)
}

/// Codes of packets before the login.
const CANCEL_REQUEST: u32 = 80_877_102;
pub(crate) const TLS_REQUEST: u32 = 80_877_103;
const GSS_REQUEST: u32 = 80_877_104;
/// Stands for TLS without a request; no packet has it.
const DIRECT_TLS: u32 = 0;

/// The first byte of a TLS handshake.
const TLS_RECORD: u8 = 0x16;

/// Codes of authentication messages.
const OK: u32 = 0;
const CLEARTEXT: u32 = 3;

/// `MAX_STARTUP_PACKET_LENGTH` of the server.
const MAX_STARTUP: usize = 10_000;
/// Of a key to cancel with, since protocol 3.2.
const MAX_KEY: usize = 256;
const MAX_PASSWORD: usize = 1024;
/// Of a message of the database in a login.
const MAX_MESSAGE: usize = 64 * 1024;

const NO_LOCAL_TLS: &str = "the client wants TLS on this side; set its sslmode to disable, or use --local-tls: the \
                            connection to the database is encrypted and verified";
