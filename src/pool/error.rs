//! The reasons why no token is available.

use alloc::{boxed::Box, sync::Arc};
use core::{
    error, fmt,
    panic::{RefUnwindSafe, UnwindSafe},
};

use crate::{
    error::Error, pool::schedule::MarginError, timestamp::Timestamp, token::ParseTokenError,
};

/// An error of a token source: why no token is available.
///
/// # Examples
///
/// ```
/// use rds_iam_token::SourceError;
/// use std::error::Error;
///
/// let error = SourceError::other("the sidecar does not answer");
/// assert_eq!(error.to_string(), "no token available");
/// assert_eq!(error.source().unwrap().to_string(), "the sidecar does not answer");
/// assert_eq!(format!("{error:?}"), "Other([redacted])");
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub enum SourceError {
    /// The credentials expired.
    CredentialsExpired {
        /// The time at which they expired.
        since: Timestamp,
    },
    /// The credentials expire before a token would have lived for its margin.
    CredentialsExpiring {
        /// The time at which they expire.
        expiry: Timestamp,
        /// The time at which their margin began.
        since: Timestamp,
    },
    /// No credentials have been set yet.
    CredentialsMissing,
    /// The request's lifetime is not longer than the margin, so its tokens cannot be kept.
    Margin(MarginError),
    /// A source that is not one of this crate failed.
    ///
    /// The cause is the [`source`](error::Error::source) of this error. `{:?}` shows nothing of it.
    Other(Arc<dyn error::Error + Send + Sync>),
}

impl SourceError {
    /// Creates an error from any other, or from a message. `{:?}` does not show it, so a test prints its
    /// [`source`](error::Error::source).
    ///
    /// # Examples
    ///
    /// ```
    /// # use rds_iam_token::{SourceError, from_fn};
    /// let source = from_fn(|_now| {
    ///     let _password = std::fs::read_to_string("/no/such/file").map_err(SourceError::other)?;
    ///     Err(SourceError::other("the file holds no token"))
    /// });
    /// # let _ = source;
    /// ```
    #[must_use]
    pub fn other(cause: impl Into<Box<dyn error::Error + Send + Sync>>) -> Self {
        Self::Other(Arc::from(cause.into()))
    }
}

impl From<Error> for SourceError {
    fn from(error: Error) -> Self {
        Self::Other(Arc::new(error))
    }
}

impl From<ParseTokenError> for SourceError {
    fn from(error: ParseTokenError) -> Self {
        Self::Other(Arc::new(error))
    }
}

// A configuration with an error is as safe to unwind through as one without.
impl UnwindSafe for SourceError {}
impl RefUnwindSafe for SourceError {}

impl From<MarginError> for SourceError {
    fn from(error: MarginError) -> Self {
        Self::Margin(error)
    }
}

impl error::Error for SourceError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Other(cause) => Some(&**cause),
            _ => None,
        }
    }
}

impl fmt::Display for SourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CredentialsExpired { since } => {
                write!(f, "credentials expired at {since}; new ones are needed")
            }
            Self::CredentialsExpiring { expiry, since } => write!(
                f,
                "credentials expire at {expiry}, and their margin began at {since}; new ones are needed"
            ),
            Self::CredentialsMissing => f.write_str("credentials are missing; none were set yet"),
            Self::Margin(error) => error.fmt(f),
            Self::Other(_) => f.write_str("no token available"),
        }
    }
}

impl fmt::Debug for SourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CredentialsExpired { since } => f
                .debug_struct("CredentialsExpired")
                .field("since", since)
                .finish(),
            Self::CredentialsExpiring { expiry, since } => f
                .debug_struct("CredentialsExpiring")
                .field("expiry", expiry)
                .field("since", since)
                .finish(),
            Self::CredentialsMissing => f.write_str("CredentialsMissing"),
            Self::Margin(error) => f.debug_tuple("Margin").field(error).finish(),
            // The cause may print anything, such as the answer of a server that has credentials in it.
            Self::Other(_) => f.write_str("Other([redacted])"),
        }
    }
}
