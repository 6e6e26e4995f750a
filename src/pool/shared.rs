//! A kept token that threads share.

use alloc::sync::Arc;
use core::time::Duration;

use crate::{
    credentials::Credentials,
    error::Error,
    pool::{
        local::LocalTokenCache,
        lock::Lock,
        source::{SourceError, TokenSource},
    },
    request::TokenRequest,
    timestamp::Timestamp,
    token::Token,
};

/// A [`LocalTokenCache`] that threads share: what a pool takes its passwords from.
///
/// Credentials are fetched elsewhere, since that takes I/O, and pushed in with
/// [`set_credentials`](Self::set_credentials).
///
/// A call holds a lock for tens of nanoseconds, or for the microseconds of a signature when one is
/// due. The threads that wait for it then need that very token.
///
/// # Examples
///
/// ```
/// use std::{sync::Arc, thread, time::SystemTime};
/// use rds_iam_token::{Credentials, Endpoint, Region, Timestamp, TokenCache, TokenRequest};
///
/// let endpoint = Endpoint::new("orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com", 5432)?;
/// let request = TokenRequest::new(endpoint, Region::new("eu-west-1")?, "app")?;
/// let credentials = Credentials::new("AKIDEXAMPLE", "not-a-real-secret")?;
/// let cache = Arc::new(TokenCache::new(request, credentials)?);
///
/// // Where a connection is opened:
/// let now = Timestamp::try_from(SystemTime::now())?;
/// let token = cache.token(now)?;
/// let password: &str = token.expose_secret();
///
/// // Where the database refuses it:
/// cache.invalidate(&token);
///
/// // Where credentials are fetched, in time for:
/// assert_eq!(cache.credentials_needed_by(), None);
/// cache.set_credentials(Credentials::new("AKIDEXAMPLE2", "not-a-real-secret")?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct TokenCache {
    keeper: Lock<LocalTokenCache>,
}

impl TokenCache {
    /// Takes what to ask for, and what to sign with at first. The margin is 60 s.
    ///
    /// # Errors
    ///
    /// [`Error::Margin`] when the request's lifetime is 60 s or less: nothing would be left to keep
    /// a token for.
    pub fn new(request: TokenRequest, credentials: Credentials) -> Result<Self, Error> {
        LocalTokenCache::new(request, credentials).map(Self::from)
    }

    /// Sets the margin: see [`LocalTokenCache::with_margin`].
    ///
    /// # Errors
    ///
    /// [`Error::Margin`] when `margin` is under 30 s, or is not less than the request's lifetime.
    pub fn with_margin(self, margin: Duration) -> Result<Self, Error> {
        self.keeper.into_inner().with_margin(margin).map(Self::from)
    }

    /// Sets the jitter: see [`LocalTokenCache::with_jitter`].
    #[must_use]
    pub fn with_jitter(self, jitter: u32) -> Self {
        Self::from(self.keeper.into_inner().with_jitter(jitter))
    }

    /// Gives the kept token while it is good, or else signs and keeps another.
    ///
    /// A token is dated `now`, so read the clock before the call and never after it.
    ///
    /// # Errors
    ///
    /// [`SourceError::CredentialsExpired`] and [`SourceError::CredentialsExpiring`], from
    /// [`credentials_needed_by`](Self::credentials_needed_by) on.
    pub fn token(&self, now: Timestamp) -> Result<Arc<Token>, SourceError> {
        self.keeper.lock().token(now)
    }

    /// Signs with other credentials from now on: see [`LocalTokenCache::set_credentials`].
    pub fn set_credentials(&self, credentials: Credentials) {
        self.keeper.lock().set_credentials(credentials);
    }

    /// Stops handing out a token that the database refused: see [`LocalTokenCache::invalidate`].
    pub fn invalidate(&self, token: &Token) {
        self.keeper.lock().invalidate(token);
    }

    /// Says how long the kept token is still handed out: see [`LocalTokenCache::refresh_in`].
    #[must_use]
    pub fn refresh_in(&self, now: Timestamp) -> Duration {
        self.keeper.lock().refresh_in(now)
    }

    /// Gives the moment from which the credentials no longer give tokens, if their expiry is known:
    /// see [`LocalTokenCache::credentials_needed_by`].
    #[must_use]
    pub fn credentials_needed_by(&self) -> Option<Timestamp> {
        self.keeper.lock().credentials_needed_by()
    }
}

impl From<LocalTokenCache> for TokenCache {
    /// Shares a keeper, with the token it has.
    fn from(keeper: LocalTokenCache) -> Self {
        Self {
            keeper: Lock::new(keeper),
        }
    }
}

impl TokenSource for TokenCache {
    fn token(&self, now: Timestamp) -> Result<Arc<Token>, SourceError> {
        Self::token(self, now)
    }

    fn invalidate(&self, token: &Token) {
        Self::invalidate(self, token);
    }
}
