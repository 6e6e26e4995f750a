//! What a login asks of the program around it, and how it is answered.
//!
//! The logins of PostgreSQL and MySQL are state machines without I/O: `step` returns what is wanted next, and
//! `answer` passes the result in.

use std::fmt;

use zeroize::Zeroizing;

/// One end of a connection.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Side {
    /// The program on this machine.
    Client,
    /// The database.
    Server,
}

/// The next thing to do.
#[derive(Debug)]
pub(crate) enum Step {
    /// Read some bytes of a side, and answer with [`Event::Received`] or [`Event::Ended`].
    Read(Side),
    /// Write all of these bytes to a side. There is no answer.
    Write(Side, Bytes),
    /// Open a TCP connection to the database, and answer with [`Event::Done`] or [`Event::Failed`].
    Dial,
    /// Open a TCP connection to the server that gave out this key to cancel with, and answer in the same way.
    DialAgain(Bytes),
    /// Start TLS with the database and verify its certificate, and answer in the same way.
    StartTls,
    /// Accept TLS from the client, who has sent these bytes of it, and answer in the same way.
    AcceptTls(Bytes),
    /// Sign a token for this user, and answer with [`Event::Token`] or [`Event::Failed`].
    Sign(String),
    /// Look for new credentials, and answer with [`Event::Done`] if there are any, else with
    /// [`Event::Failed`].
    Renew,
    /// The login is over: copy what follows, both ways.
    Relay,
    /// The login has failed, or needs no more: close both sides.
    Close(Failure),
}

/// The answer to a step.
pub(crate) enum Event<'a> {
    /// At least one byte from the side that was to be read.
    Received(&'a [u8]),
    /// The side that was to be read has ended.
    Ended,
    /// The step is done.
    Done,
    /// The token.
    Token(&'a str),
    /// The step failed, for this reason in words for the client.
    Failed(String),
}

/// A login that asks for steps.
pub(crate) trait Login {
    /// Returns the next step. A step but `Write`, `Relay` and `Close` is answered before the next call.
    fn step(&mut self) -> Step;

    /// Passes the result of the last step in.
    fn answer(&mut self, event: Event<'_>);

    /// Returns the user whom the client named, for the log.
    fn user(&self) -> String;

    /// Returns the key with which the client can cancel, after the login.
    fn cancel_key(&self) -> Option<&[u8]> {
        None
    }
}

/// Who may log in, and how.
#[derive(Clone)]
pub(crate) struct Settings {
    /// The users of the database that a client may name.
    pub(crate) users: Vec<String>,
    /// The local password. Without one, a client of PostgreSQL is asked for none, and any of MySQL is accepted.
    pub(crate) password: Option<Zeroizing<String>>,
    /// Whether clients are offered TLS.
    pub(crate) local_tls: bool,
    /// Whether there are too many connections for another one.
    pub(crate) is_full: bool,
}

/// Why a connection was closed before anything could be copied.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Failure {
    /// The client left.
    Left,
    /// A request to cancel was passed on.
    Canceled,
    /// The client is not let in.
    Client(String),
    /// The database rejected the login, in its own words.
    Refused {
        code: String,
        message: String,
        /// Whether it had asked for a token.
        asked: bool,
    },
    /// Anything else between this program and the database.
    Server(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Left => f.write_str("the client left"),
            Self::Canceled => f.write_str("a request to cancel was passed on"),
            Self::Client(text) | Self::Server(text) => f.write_str(text),
            Self::Refused { code, message, .. } => {
                write!(f, "the database rejected the login: {message} ({code})")
            }
        }
    }
}

/// Bytes that may contain a secret: wiped, and not shown by `Debug`.
pub(crate) struct Bytes(Zeroizing<Vec<u8>>);

impl Bytes {
    pub(crate) fn new(bytes: impl Into<Zeroizing<Vec<u8>>>) -> Self {
        Self(bytes.into())
    }

    pub(crate) fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bytes({})", self.0.len())
    }
}
