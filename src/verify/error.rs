//! Why a token is not accepted.

use thiserror::Error;

use crate::{timestamp::Timestamp, token::ParseTokenError};

/// A token that is not accepted, and why: for the log and not for the client.
#[derive(Clone, Copy, Debug, Eq, Error, Hash, PartialEq)]
#[non_exhaustive]
pub enum VerifyError {
    /// The access key is not known.
    #[error("access key is not known")]
    AccessKeyId,
    /// The action is not `connect`.
    #[error("action is not connect")]
    Action,
    /// The algorithm is not `AWS4-HMAC-SHA256`.
    #[error("algorithm is not AWS4-HMAC-SHA256")]
    Algorithm,
    /// The temporary credentials are no longer valid.
    #[error("credentials are no longer valid since {since}")]
    CredentialsExpired {
        /// The first moment at which they were not.
        since: Timestamp,
    },
    /// The lifetime is over.
    #[error("token has expired at {since}")]
    Expired {
        /// The first moment at which it was.
        since: Timestamp,
    },
    /// The host is none of the endpoints'.
    #[error("host is not an endpoint of this server")]
    Host,
    /// The lifetime is not from 1 s to 900 s.
    #[error("lifetime is {seconds} s: it must be from 1 s to 900 s")]
    Lifetime {
        /// The lifetime.
        seconds: u64,
    },
    /// The key is temporary, and there is no session token.
    #[error("session token is missing")]
    MissingSessionToken,
    /// The lifetime begins further ahead than is tolerated.
    #[error("token is not valid before {from}")]
    NotYetValid {
        /// When the lifetime begins.
        from: Timestamp,
    },
    /// The text is no token.
    #[error(transparent)]
    Parse(#[from] ParseTokenError),
    /// The port is not that of an endpoint with this host.
    #[error("port is not that of the endpoint")]
    Port,
    /// The region is another.
    #[error("region is not that of this server")]
    Region,
    /// The day of the scope is not the day on which the token was signed.
    #[error("date of the credential scope is not the date of signing")]
    ScopeDate,
    /// The service is not `rds-db`.
    #[error("service is not rds-db")]
    Service,
    /// The session token is another.
    #[error("session token is not that of the access key")]
    SessionToken,
    /// The signature is wrong: another secret, or another request.
    #[error("signature is wrong")]
    Signature,
    /// The signed headers are not `host` alone.
    #[error("signed headers are not host alone")]
    SignedHeaders,
    /// The key is long-lived, and there is a session token.
    #[error("session token is not expected with this access key")]
    UnexpectedSessionToken,
    /// The user is not the one who logs in, or one that no database has.
    #[error("user is not the one who logs in")]
    User,
}
