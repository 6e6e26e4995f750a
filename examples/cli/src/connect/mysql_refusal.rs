//! Why a MySQL login ends, for the client and for the log.

use rds_iam_token::diagnose::Server;

use super::{
    mysql_packet::{self as packet, Flaw, ServerError},
    step::{Failure, Side},
};

/// The end of a login that has failed.
pub(crate) struct Refusal {
    /// What the log gets.
    pub(crate) failure: Failure,
    /// What the client gets, if it is still there.
    pub(crate) error: Option<ErrorForClient>,
}

pub(crate) enum ErrorForClient {
    /// The database's own packet.
    Passed(Vec<u8>),
    /// A code and its SQLSTATE; the message is the failure's.
    Own(u16, &'static str),
}

impl Refusal {
    fn new(failure: Failure, (code, state): (u16, &'static str)) -> Self {
        Self {
            failure,
            error: Some(ErrorForClient::Own(code, state)),
        }
    }

    /// Returns an error if the database sent one, which goes to the client as it is.
    pub(crate) fn by_database(payload: &[u8], has_token: bool) -> Result<(), Self> {
        match ServerError::parse(payload) {
            None => Ok(()),
            Some(ServerError { code, message }) => Err(Self {
                failure: Failure::Refused {
                    code: code.to_string(),
                    message,
                    asked: has_token,
                },
                error: Some(ErrorForClient::Passed(payload.to_vec())),
            }),
        }
    }

    /// Returns `true` if the database denied the login.
    pub(crate) fn is_denied(&self) -> bool {
        match &self.failure {
            Failure::Refused { code, .. } => {
                code.parse::<u16>().is_ok_and(Server::is_refused_login)
            }
            _ => false,
        }
    }

    /// There are too many connections.
    pub(crate) fn full() -> Self {
        let text = "too many connections; --max-connections sets the limit";
        Self::new(Failure::Client(text.to_owned()), (1040, "08004"))
    }

    /// The client may not log in.
    pub(crate) fn denied(text: impl Into<String>) -> Self {
        Self::new(Failure::Client(text.into()), (1045, "28000"))
    }

    /// The database did not ask for a token.
    pub(crate) fn without_iam(fact: &str) -> Self {
        Self::denied(format!(
            "this account does not use IAM: {fact}; \
             create it with IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS'"
        ))
    }

    /// The client does not keep to the protocol, or to what it was offered.
    pub(crate) fn handshake(text: impl Into<String>) -> Self {
        Self::new(Failure::Client(text.into()), (1043, "08S01"))
    }

    /// The database cannot be reached.
    pub(crate) fn unreachable(text: String) -> Self {
        Self::new(Failure::Server(text), (2003, "HY000"))
    }

    /// The database has no TLS, or none that is trusted.
    pub(crate) fn tls(text: impl Into<String>) -> Self {
        Self::new(Failure::Server(text.into()), (2026, "HY000"))
    }

    /// The database left, or took too long.
    pub(crate) fn lost(text: impl Into<String>) -> Self {
        Self::new(Failure::Server(text.into()), (2013, "HY000"))
    }

    /// The database does not keep to the protocol.
    pub(crate) fn malformed(text: impl Into<String>) -> Self {
        Self::new(Failure::Server(text.into()), (2027, "HY000"))
    }

    /// There is no token.
    pub(crate) fn unsigned(text: String) -> Self {
        Self::new(Failure::Server(text), (1105, "HY000"))
    }

    /// The client left, or nothing can be said to it.
    pub(crate) fn silent(failure: Failure) -> Self {
        Self {
            failure,
            error: None,
        }
    }

    /// The bytes of a side are no packet of a login.
    pub(crate) fn flaw(side: Side, flaw: Flaw) -> Self {
        let sender = match side {
            Side::Client => "client",
            Side::Server => "database",
        };
        let (text, client) = match flaw {
            Flaw::OutOfOrder { sequence, expected } => (
                format!("the {sender} sent packet {sequence} of the login; expected {expected}"),
                (1156, "08S01"),
            ),
            Flaw::TooLong => (
                format!(
                    "the {sender} sent a packet of over {} bytes in the login",
                    packet::MAX_PAYLOAD
                ),
                (1153, "08S01"),
            ),
        };
        match side {
            Side::Client => Self::new(Failure::Client(text), client),
            Side::Server => Self::malformed(text),
        }
    }
}
