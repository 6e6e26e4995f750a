//! A cache for one request, for threads.

use alloc::sync::Arc;
use core::time::Duration;

use crate::{
    credentials::Credentials,
    pool::{
        error::SourceError, local::LocalTokenCache, lock::Lock, schedule::MarginError,
        source::TokenSource,
    },
    request::TokenRequest,
    timestamp::Timestamp,
    token::Token,
};

/// A cache of the token for one request, shared by threads: the source of passwords for a pool.
///
/// Credentials are fetched elsewhere, since that needs I/O, and passed to
/// [`set_credentials`](Self::set_credentials). [`LocalTokenCache`] describes when a token is replaced.
///
/// A call holds a lock for tens of nanoseconds, or for the microseconds of a signature when one is
/// due. The threads that wait for it then need that very token.
///
/// # Examples
///
/// ```
/// use std::{sync::Arc, time::{Duration, SystemTime}};
/// use rds_iam_token::{Credentials, Endpoint, Region, Timestamp, TokenCache, TokenRequest};
///
/// let endpoint = Endpoint::new("orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com", 5432)?;
/// let request = TokenRequest::new(endpoint, Region::new("eu-west-1")?, "app")?;
/// let credentials = Credentials::new("AKIDEXAMPLE", "not-a-real-secret")?;
/// let cache = Arc::new(TokenCache::new(request, credentials)?);
///
/// // For each connection that is opened:
/// let now = Timestamp::try_from(SystemTime::now())?;
/// let token = cache.token(now)?;
/// let password: &str = token.expose_secret();
///
/// // If the database rejects it:
/// cache.invalidate(&token);
///
/// // In a task beside the pool, twice a minute:
/// if cache.credentials_due(now, Duration::from_secs(240)) {
///     cache.set_credentials(Credentials::new("AKIDEXAMPLE2", "not-a-real-secret")?);
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct TokenCache {
    /// That of the cache, outside the lock.
    request: TokenRequest,
    cache: Lock<LocalTokenCache>,
}

impl TokenCache {
    /// Creates a cache from a request and the first credentials. The margin is 60 s.
    ///
    /// # Errors
    ///
    /// [`MarginError`] if the request's lifetime is 60 s or less, so that no token could be returned
    /// twice.
    pub fn new(request: TokenRequest, credentials: Credentials) -> Result<Self, MarginError> {
        LocalTokenCache::new(request, credentials).map(Self::from)
    }

    /// Creates a cache that has no credentials yet: see [`LocalTokenCache::without_credentials`].
    ///
    /// # Errors
    ///
    /// [`MarginError`], as for [`new`](Self::new).
    pub fn without_credentials(request: TokenRequest) -> Result<Self, MarginError> {
        LocalTokenCache::without_credentials(request).map(Self::from)
    }

    /// Sets the margin: see [`LocalTokenCache::with_margin`].
    ///
    /// # Errors
    ///
    /// [`MarginError`] if `margin` is under 30 s, or not less than the request's lifetime.
    pub fn with_margin(self, margin: Duration) -> Result<Self, MarginError> {
        self.cache.into_inner().with_margin(margin).map(Self::from)
    }

    /// Sets the jitter: see [`LocalTokenCache::with_jitter`].
    #[must_use]
    pub fn with_jitter(self, jitter: u32) -> Self {
        Self::from(self.cache.into_inner().with_jitter(jitter))
    }

    /// Returns the kept token if it is still good, or signs and keeps a new one.
    ///
    /// A new token is dated `now`, so read the clock before the call and never after it.
    ///
    /// # Errors
    ///
    /// [`SourceError::CredentialsMissing`] until credentials are set, and
    /// [`SourceError::CredentialsExpiring`] or [`SourceError::CredentialsExpired`] from
    /// [`credentials_needed_by`](Self::credentials_needed_by) on.
    pub fn token(&self, now: Timestamp) -> Result<Arc<Token>, SourceError> {
        self.cache.lock().token(now)
    }

    /// Sets the credentials that sign from now on. A token of different ones is dropped: see
    /// [`LocalTokenCache::set_credentials`].
    pub fn set_credentials(&self, credentials: Credentials) {
        self.cache.lock().set_credentials(credentials);
    }

    /// Drops a token that the database rejected. Within the second of its date, the next one has the same
    /// text: see [`LocalTokenCache::invalidate`].
    pub fn invalidate(&self, token: &Token) {
        self.cache.lock().invalidate(token);
    }

    /// Returns how long the kept token will still be returned; zero without one: see
    /// [`LocalTokenCache::refresh_in`].
    #[must_use]
    pub fn refresh_in(&self, now: Timestamp) -> Duration {
        self.cache.lock().refresh_in(now)
    }

    /// Returns `true` if new credentials are due within `lead`, which counts from the margin before the
    /// expiry: see [`LocalTokenCache::credentials_due`].
    #[must_use]
    pub fn credentials_due(&self, now: Timestamp, lead: Duration) -> bool {
        self.cache.lock().credentials_due(now, lead)
    }

    /// Returns the time from which the credentials sign no more tokens: see
    /// [`LocalTokenCache::credentials_needed_by`].
    #[must_use]
    pub fn credentials_needed_by(&self) -> Option<Timestamp> {
        self.cache.lock().credentials_needed_by()
    }

    /// Returns the request.
    #[must_use]
    pub fn request(&self) -> &TokenRequest {
        &self.request
    }
}

impl From<LocalTokenCache> for TokenCache {
    /// Shares a cache, with the token that it keeps.
    fn from(cache: LocalTokenCache) -> Self {
        Self {
            request: cache.request().clone(),
            cache: Lock::new(cache),
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

    fn request(&self) -> Option<&TokenRequest> {
        Some(&self.request)
    }
}
