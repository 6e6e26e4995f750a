//! The error of the constructors of signing's inputs.

use core::fmt;

use thiserror::Error;

use crate::fault::Flaw;

/// An input of signing that is rejected, and the rule that it breaks.
///
/// No variant holds a piece of the rejected text, so that an error can be logged whatever the
/// text was.
#[derive(Clone, Copy, Debug, Eq, Error, Hash, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// The access key ID is not 1 to 128 bytes of printable ASCII without spaces and slashes.
    #[error(
        "invalid access key ID: {0}; expected at most 128 printable ASCII characters, no space or slash"
    )]
    AccessKeyId(Flaw),
    /// The host is not a DNS name of at most 253 bytes.
    #[error("invalid host: {0}; expected a DNS name without scheme, port or path")]
    Host(Flaw),
    /// The lifetime is 0 s, or longer than the service accepts.
    #[error("invalid lifetime: {seconds} s; expected 1 s to {max} s")]
    Lifetime {
        /// The rejected lifetime in whole seconds.
        seconds: u64,
        /// The longest lifetime in seconds: 900 for RDS, 604,800 for a presigned request.
        max: u32,
    },
    /// The name of a query parameter is empty, used twice, or does not sort before `X-Amz-`.
    #[error("invalid parameter: expected a name that is used once and sorts before X-Amz-")]
    Parameter,
    /// The port is 0, or its text is missing or not a number from 1 to 65535.
    #[error("invalid port: expected a number from 1 to 65535")]
    Port,
    /// The region is not lowercase ASCII letters, digits and hyphens.
    #[error("invalid region: {0}; expected lowercase ASCII letters, digits and hyphens")]
    Region(Flaw),
    /// The secret access key is not printable ASCII without spaces.
    #[error("invalid secret access key: {0}; expected printable ASCII without spaces")]
    SecretAccessKey(Flaw),
    /// The service is not lowercase ASCII letters, digits and hyphens.
    #[error("invalid service: {0}; expected lowercase ASCII letters, digits and hyphens")]
    Service(Flaw),
    /// The session token is not printable ASCII without spaces.
    #[error(
        "invalid session token: {0}; expected printable ASCII without spaces, or no session token"
    )]
    SessionToken(Flaw),
    /// The time is not in the years 1970 to 9999.
    #[error("invalid time: {unix_seconds} s since 1970; expected the years 1970 to 9999")]
    Timestamp {
        /// The rejected time in whole seconds since 1970-01-01T00:00:00Z.
        unix_seconds: i64,
    },
    /// The text is not a time in RFC 3339.
    #[error("invalid time: {0}; expected RFC 3339, such as 2015-08-30T12:36:00Z")]
    TimestampText(Flaw),
    /// The user is not 1 to 512 bytes without NUL, CR and LF.
    #[error("invalid user: {0}; expected 1 to 512 bytes of UTF-8 without NUL, CR and LF")]
    User(Flaw),
}

impl Error {
    /// Returns the input that is rejected.
    ///
    /// # Examples
    ///
    /// ```
    /// use rds_iam_token::{Endpoint, Input};
    ///
    /// let rejected = Endpoint::new("db.example.com", 0).map_err(|error| error.input());
    /// assert_eq!(rejected, Err(Input::Port));
    /// ```
    #[must_use]
    pub fn input(&self) -> Input {
        match self {
            Self::AccessKeyId(_) => Input::AccessKeyId,
            Self::Host(_) => Input::Host,
            Self::Lifetime { .. } => Input::Lifetime,
            Self::Parameter => Input::Parameter,
            Self::Port => Input::Port,
            Self::Region(_) => Input::Region,
            Self::SecretAccessKey(_) => Input::SecretAccessKey,
            Self::Service(_) => Input::Service,
            Self::SessionToken(_) => Input::SessionToken,
            Self::Timestamp { .. } | Self::TimestampText(_) => Input::Timestamp,
            Self::User(_) => Input::User,
        }
    }
}

/// An input of signing.
///
/// `Display` writes its name in words, `access key ID`.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Input {
    /// The ID of an access key.
    AccessKeyId,
    /// A host.
    Host,
    /// A lifetime.
    Lifetime,
    /// A parameter of a presigned request.
    Parameter,
    /// A port.
    Port,
    /// A region.
    Region,
    /// A secret access key.
    SecretAccessKey,
    /// The service of a presigned request.
    Service,
    /// A session token.
    SessionToken,
    /// A time.
    Timestamp,
    /// A database user.
    User,
}

impl fmt::Display for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AccessKeyId => "access key ID",
            Self::Host => "host",
            Self::Lifetime => "lifetime",
            Self::Parameter => "parameter",
            Self::Port => "port",
            Self::Region => "region",
            Self::SecretAccessKey => "secret access key",
            Self::Service => "service",
            Self::SessionToken => "session token",
            Self::Timestamp => "time",
            Self::User => "user",
        })
    }
}
