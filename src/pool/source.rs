//! The trait through which drivers and pools get tokens.

use alloc::{boxed::Box, sync::Arc};
use core::{
    fmt,
    panic::{RefUnwindSafe, UnwindSafe},
};

use crate::{pool::error::SourceError, request::TokenRequest, timestamp::Timestamp, token::Token};

/// A source of tokens for one user at one endpoint: a driver or pool calls it for the password of each
/// connection.
///
/// The pool reads the clock, calls [`token`](Self::token) and connects with that token at once: a
/// token that waits in a queue ages.
///
/// [`TokenCache`](crate::TokenCache) is the source for most programs, and
/// [`TokenStore::source`](crate::TokenStore::source) for several requests. [`from_fn`] makes a
/// source of a closure. A reference to a source, a `Box` and an [`Arc`] of one are sources too. A configuration
/// that is cloned, printed and compared holds a [`SharedTokenSource`].
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
/// use rds_iam_token::{
///     Credentials, Endpoint, Region, SourceError, Timestamp, TokenRequest, TokenSource, from_fn,
/// };
///
/// struct Pool {
///     passwords: Box<dyn TokenSource>,
/// }
///
/// let endpoint = Endpoint::new("orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com", 5432)?;
/// let request = TokenRequest::new(endpoint, Region::new("eu-west-1")?, "app")?;
/// let credentials = Credentials::new("AKIDEXAMPLE", "not-a-real-secret")?;
/// // This source signs for each connection; a `TokenCache` signs every 14 minutes.
/// let signing = from_fn(move |now| Ok(Arc::new(request.sign(&credentials, now))));
///
/// let pool = Pool { passwords: Box::new(signing) };
/// let token = pool.passwords.token(Timestamp::from_unix_seconds(1_440_938_160)?)?;
/// assert_eq!(token.expires_at(), Timestamp::from_unix_seconds(1_440_939_060)?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait TokenSource: Send + Sync {
    /// Returns a token that opens a connection now: one that is not dated after `now` and has not
    /// expired by then.
    ///
    /// An implementation returns at once, without I/O, because asynchronous drivers call it in place. Log
    /// the chain of sources of its error: [`SourceError::other`] shows its cause only there.
    ///
    /// # Errors
    ///
    /// [`SourceError`], if no token is available.
    fn token(&self, now: Timestamp) -> Result<Arc<Token>, SourceError>;

    /// Reports that the database rejected a token, so that the source does not return it again.
    ///
    /// Within the second of its date, a new token would have the same text: try again in the next
    /// second. By default this does nothing, which is right for a source that keeps no tokens.
    fn invalidate(&self, token: &Token) {
        let _ = token;
    }

    /// Returns the request that the tokens are signed for, if the source has one.
    ///
    /// A driver can compare it with its own settings, and so notice a source for a different host
    /// or user before the server does. By default there is none.
    fn request(&self) -> Option<&TokenRequest> {
        None
    }
}

macro_rules! forward_to_pointee {
    ($($pointer:ty),*) => {$(
        impl<S: TokenSource + ?Sized> TokenSource for $pointer {
            fn token(&self, now: Timestamp) -> Result<Arc<Token>, SourceError> {
                (**self).token(now)
            }

            fn invalidate(&self, token: &Token) {
                (**self).invalidate(token);
            }

            fn request(&self) -> Option<&TokenRequest> {
                (**self).request()
            }
        }
    )*};
}

forward_to_pointee!(&S, Arc<S>, Box<S>);

/// Creates a source that calls a closure for each token.
///
/// The closure does not learn of rejected tokens, so pass a [`TokenCache`](crate::TokenCache) on as it
/// is, and not in a closure. `?` converts an [`Error`](crate::Error) to a [`SourceError`], and
/// [`SourceError::other`] any other error.
///
/// # Examples
///
/// ```
/// use rds_iam_token::{SourceError, Timestamp, TokenSource, from_fn};
///
/// let failing = from_fn(|_now| Err(SourceError::other("the sidecar does not answer")));
/// let error = failing.token(Timestamp::MIN).unwrap_err();
/// assert_eq!(error.to_string(), "no token available");
/// ```
pub fn from_fn<F>(token: F) -> impl TokenSource
where
    F: Fn(Timestamp) -> Result<Arc<Token>, SourceError> + Send + Sync,
{
    FromFn(token)
}

struct FromFn<F>(F);

impl<F> TokenSource for FromFn<F>
where
    F: Fn(Timestamp) -> Result<Arc<Token>, SourceError> + Send + Sync,
{
    fn token(&self, now: Timestamp) -> Result<Arc<Token>, SourceError> {
        (self.0)(now)
    }
}

/// A shared source of any kind, for the configuration of a driver: it can be cloned, printed and
/// compared.
///
/// Clones are equal, and sources that were created separately are not. `{:?}` shows the request and no
/// secret.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
/// use rds_iam_token::{SharedTokenSource, SourceError, from_fn};
///
/// #[derive(Clone, Debug, PartialEq, Eq)]
/// struct Config {
///     user: String,
///     passwords: SharedTokenSource,
/// }
///
/// let passwords = SharedTokenSource::new(from_fn(|_now| Err(SourceError::other("offline"))));
/// let config = Config { user: "app".to_owned(), passwords };
/// assert_eq!(config.clone(), config);
/// ```
#[derive(Clone)]
pub struct SharedTokenSource(Arc<dyn TokenSource>);

impl SharedTokenSource {
    /// Creates a shared source.
    ///
    /// To keep a cache at hand for new credentials, clone its [`Arc`] and convert that with `from`. `new` makes a
    /// different source of each clone, and `from` the same.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[cfg(not(feature = "std"))]
    /// # fn main() {}
    /// # #[cfg(feature = "std")]
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use std::sync::Arc;
    /// use rds_iam_token::{
    ///     Credentials, Endpoint, Region, SharedTokenSource, TokenCache, TokenRequest, TokenSource,
    /// };
    ///
    /// let endpoint = Endpoint::new("orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com", 5432)?;
    /// let request = TokenRequest::new(endpoint, Region::new("eu-west-1")?, "app")?;
    /// let cache = Arc::new(TokenCache::without_credentials(request)?);
    ///
    /// let source = SharedTokenSource::from(Arc::clone(&cache));
    /// assert_eq!(source.request().map(TokenRequest::user), Some("app"));
    /// cache.set_credentials(Credentials::new("AKIDEXAMPLE", "not-a-real-secret")?);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn new(source: impl TokenSource + 'static) -> Self {
        Self(Arc::new(source))
    }
}

// A configuration with a source is as safe to unwind through as one without.
impl UnwindSafe for SharedTokenSource {}
impl RefUnwindSafe for SharedTokenSource {}

impl<S: TokenSource + 'static> From<Arc<S>> for SharedTokenSource {
    fn from(source: Arc<S>) -> Self {
        Self(source)
    }
}

impl From<Arc<dyn TokenSource>> for SharedTokenSource {
    fn from(source: Arc<dyn TokenSource>) -> Self {
        Self(source)
    }
}

impl TokenSource for SharedTokenSource {
    fn token(&self, now: Timestamp) -> Result<Arc<Token>, SourceError> {
        self.0.token(now)
    }

    fn invalidate(&self, token: &Token) {
        self.0.invalidate(token);
    }

    fn request(&self) -> Option<&TokenRequest> {
        self.0.request()
    }
}

impl PartialEq for SharedTokenSource {
    /// Returns `true` if both are clones of one source.
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for SharedTokenSource {}

impl fmt::Debug for SharedTokenSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedTokenSource")
            .field("request", &self.request())
            .finish_non_exhaustive()
    }
}
