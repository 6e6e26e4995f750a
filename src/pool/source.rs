//! What a driver or pool takes tokens from.

use alloc::sync::Arc;

use thiserror::Error;

use crate::{signer::Signer, timestamp::Timestamp, token::Token};

/// Where a driver or pool gets a token for each connection that it opens.
///
/// It stands for one user at one endpoint. The pool reads the clock, calls
/// [`token`](Self::token), and connects with the token as the password at once: a token that waits
/// in a queue ages.
///
/// A [`TokenCache`](crate::TokenCache) is the source to take. A [`Signer`] is one as well, which signs
/// anew for each connection at the cost of [`TokenRequest::sign`](crate::TokenRequest::sign), and so is
/// each closure of this shape. A closure takes no note of tokens that are refused, so hand a cache on
/// as it is and not in one.
///
/// An [`Arc`] of a source is a source, so keep one as `Arc<dyn TokenSource>`. A `Box` or a reference of
/// one is not, because a `Box` or a reference of a closure is a closure.
///
/// Whoever implements this wraps what this crate signs: no one else makes a [`Token`].
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
/// use rds_iam_token::{
///     Credentials, Endpoint, Region, Signer, SourceError, Timestamp, TokenRequest, TokenSource,
/// };
///
/// struct Pool {
///     passwords: Arc<dyn TokenSource>,
/// }
///
/// let endpoint = Endpoint::new("orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com", 5432)?;
/// let request = TokenRequest::new(endpoint, Region::new("eu-west-1")?, "app")?;
/// let credentials = Credentials::new("AKIDEXAMPLE", "not-a-real-secret")?;
/// let pool = Pool { passwords: Arc::new(Signer::new(request, credentials)) };
///
/// let token = pool.passwords.token(Timestamp::from_unix_seconds(1_440_938_160)?)?;
/// assert_eq!(token.expires_at(), Timestamp::from_unix_seconds(1_440_939_060)?);
///
/// let none = Pool { passwords: Arc::new(|_: Timestamp| Err(SourceError::Unavailable)) };
/// # let _ = none;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait TokenSource: Send + Sync {
    /// Gives a token that opens a connection now: one that is not dated after `now` and has not
    /// expired by then.
    ///
    /// It returns at once, without I/O, because asynchronous drivers call it in place.
    ///
    /// # Errors
    ///
    /// [`SourceError`] says why there is none.
    fn token(&self, now: Timestamp) -> Result<Arc<Token>, SourceError>;

    /// Takes note that the database refused a token, so that it is not handed out again from the
    /// next second on. (Within the second of its date, a new token would have the same text: try
    /// again in the next.)
    ///
    /// A source that keeps no tokens has nothing to do.
    fn invalidate(&self, token: &Token) {
        let _ = token;
    }
}

impl TokenSource for Signer {
    /// Signs, unless the credentials have expired. There is no margin.
    fn token(&self, now: Timestamp) -> Result<Arc<Token>, SourceError> {
        match self.credentials().expiry() {
            Some(since) if now >= since => Err(SourceError::CredentialsExpired { since }),
            _ => Ok(Arc::new(self.request().sign(self.credentials(), now))),
        }
    }
}

impl<F> TokenSource for F
where
    F: Fn(Timestamp) -> Result<Arc<Token>, SourceError> + Send + Sync,
{
    fn token(&self, now: Timestamp) -> Result<Arc<Token>, SourceError> {
        self(now)
    }
}

impl<S: TokenSource + ?Sized> TokenSource for Arc<S> {
    fn token(&self, now: Timestamp) -> Result<Arc<Token>, SourceError> {
        (**self).token(now)
    }

    fn invalidate(&self, token: &Token) {
        (**self).invalidate(token);
    }
}

/// Why a source has no token.
#[derive(Clone, Copy, Debug, Eq, Error, Hash, PartialEq)]
#[non_exhaustive]
pub enum SourceError {
    /// The credentials have expired.
    #[error("credentials expired at {since}: new ones are needed")]
    CredentialsExpired {
        /// When they did.
        since: Timestamp,
    },
    /// The credentials expire before a token would have lived for its margin.
    #[error(
        "credentials expire at {expiry}, so since {since} no token lives for its margin: new ones are \
         needed"
    )]
    CredentialsExpiring {
        /// When they do.
        expiry: Timestamp,
        /// The moment from which no token has its margin left.
        since: Timestamp,
    },
    /// The request's lifetime is no longer than the margin, so its tokens cannot be kept.
    #[error("lifetime is {seconds} s: it must be more than the margin, {margin} s")]
    Lifetime {
        /// The lifetime.
        seconds: u64,
        /// The margin, in seconds.
        margin: u64,
    },
    /// The source is not one of this crate, and has no token for reasons of its own, which it should
    /// log itself.
    #[error("no token is to be had")]
    Unavailable,
}
