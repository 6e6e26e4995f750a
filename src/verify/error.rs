//! The error of a token that is not accepted.

use thiserror::Error;

use crate::{timestamp::Timestamp, token::ParseTokenError};

/// A reason not to accept a token: for the log and not for the client.
#[derive(Clone, Copy, Debug, Eq, Error, Hash, PartialEq)]
#[non_exhaustive]
pub enum VerifyError {
    /// The access key is unknown, or its ID is malformed.
    #[error("the access key is unknown")]
    AccessKeyId,
    /// The action is not `connect`.
    #[error("the action is not connect")]
    Action,
    /// The algorithm is not `AWS4-HMAC-SHA256`.
    #[error("the algorithm is not AWS4-HMAC-SHA256")]
    Algorithm,
    /// The temporary credentials have expired.
    #[error("the credentials expired at {since}")]
    CredentialsExpired {
        /// The time at which they expired.
        since: Timestamp,
    },
    /// The token has expired.
    #[error("the token expired at {since}")]
    Expired {
        /// The time at which it expired.
        since: Timestamp,
    },
    /// The host belongs to no endpoint.
    #[error("the host is not an endpoint of this server")]
    Host,
    /// The lifetime is not from 1 s to 900 s.
    #[error("the lifetime is {seconds} s; expected 1 s to 900 s")]
    Lifetime {
        /// The lifetime.
        seconds: u64,
    },
    /// The key is temporary, and there is no session token.
    #[error("the session token is missing")]
    MissingSessionToken,
    /// The lifetime begins further ahead than is tolerated.
    #[error("the token is not valid before {from}")]
    NotYetValid {
        /// When the lifetime begins.
        from: Timestamp,
    },
    /// The text is not a token.
    #[error(transparent)]
    Parse(#[from] ParseTokenError),
    /// The port differs from that of each endpoint with this host.
    #[error("the port is not the port of an endpoint with this host")]
    Port,
    /// The region is a different one.
    #[error("the region is not the region of this server")]
    Region,
    /// The day of the scope is not the day on which the token was signed.
    #[error("the date of the credential scope is not the date of signing")]
    ScopeDate,
    /// The service is not `rds-db`.
    #[error("the service is not rds-db")]
    Service,
    /// The session token is a different one.
    #[error("the session token does not belong to the access key")]
    SessionToken,
    /// The signature does not match: a different secret, or a different request.
    #[error("the signature does not match")]
    Signature,
    /// The signed headers are not `host` alone.
    #[error("the signed headers are not host alone")]
    SignedHeaders,
    /// The key is long-lived, and there is a session token.
    #[error("the access key has no session token, and the token has one")]
    UnexpectedSessionToken,
    /// The user is not the one who is logging in, or one that no database has.
    #[error("the user is not the one who is logging in, or no database can have it")]
    User,
}
