//! A store of tokens for several requests, for threads.

use alloc::sync::Arc;
use core::{num::NonZero, time::Duration};

use crate::{
    credentials::Credentials,
    pool::{
        entries::Entries,
        error::SourceError,
        lock::Lock,
        schedule::{MarginError, Schedule},
        source::{SharedTokenSource, TokenSource},
    },
    rds,
    request::TokenRequest,
    timestamp::Timestamp,
    token::Token,
};

/// A store of tokens for several requests, signed by the same credentials and shared by threads: for a
/// writer and its readers, proxies, and several users.
///
/// It does for each request what a [`TokenCache`](crate::TokenCache) does for one. A kept token is returned
/// for the request that it was signed for (endpoint, region, user and lifetime), and while the credentials are
/// those that signed it in all their parts. For several credentials at a time, create a store for each.
///
/// The limit bounds the memory, which matters if requests come from somewhere else, as in a proxy. For
/// each request the store keeps about 2 KB, and five times the length of a session token. If there is
/// one request too many, it drops the one that was not used for the longest time. That costs a signature when
/// that request comes again, so set the limit well above the number of requests in use. It may be
/// tens of thousands: no call looks at all requests while it holds the lock.
///
/// # Examples
///
/// ```
/// use core::num::NonZero;
/// use std::sync::Arc;
/// use rds_iam_token::{
///     Credentials, Endpoint, Region, Timestamp, TokenRequest, TokenSource, TokenStore,
/// };
///
/// let region = Region::new("eu-west-1")?;
/// let writer = Endpoint::new("orders.cluster-c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com", 5432)?;
/// let reader = Endpoint::new("orders.cluster-ro-c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com", 5432)?;
/// let writer = TokenRequest::new(writer, region.clone(), "app")?;
/// let reader = TokenRequest::new(reader, region, "app")?;
///
/// let credentials = Credentials::new("AKIDEXAMPLE", "not-a-real-secret")?;
/// let limit = NonZero::new(16).ok_or("16 is not 0")?;
/// let store = Arc::new(TokenStore::new(credentials, limit));
/// let now = Timestamp::from_unix_seconds(1_440_938_160)?;
/// let token = store.token(&reader, now)?;
///
/// // For one pool:
/// let source = store.source(writer)?;
/// let token = source.token(now)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct TokenStore {
    entries: Lock<Entries>,
}

impl TokenStore {
    /// Creates a store from the first credentials and the number of requests that it keeps a token for at
    /// most. The margin is 60 s.
    #[must_use]
    pub fn new(credentials: Credentials, limit: NonZero<usize>) -> Self {
        Self::from_entries(Entries::new(Some(credentials), limit))
    }

    /// Creates a store that has no credentials yet: see
    /// [`LocalTokenCache::without_credentials`](crate::LocalTokenCache::without_credentials).
    #[must_use]
    pub fn without_credentials(limit: NonZero<usize>) -> Self {
        Self::from_entries(Entries::new(None, limit))
    }

    /// Sets the margin for all requests: see
    /// [`LocalTokenCache::with_margin`](crate::LocalTokenCache::with_margin).
    ///
    /// # Errors
    ///
    /// [`MarginError`] if `margin` is under 30 s, or not less than 900 s, the longest lifetime of
    /// a request.
    pub fn with_margin(self, margin: Duration) -> Result<Self, MarginError> {
        let entries = self.entries.into_inner();
        let longest = Duration::from_secs(rds::MAX_LIFETIME.into());
        let schedule = entries.schedule().with_margin(margin, longest)?;
        Ok(Self::from_entries(entries.with_schedule(schedule)))
    }

    /// Sets the jitter for all requests: see
    /// [`LocalTokenCache::with_jitter`](crate::LocalTokenCache::with_jitter).
    #[must_use]
    pub fn with_jitter(self, jitter: u32) -> Self {
        let entries = self.entries.into_inner();
        let schedule = entries.schedule().with_jitter(jitter);
        Self::from_entries(entries.with_schedule(schedule))
    }

    /// Returns the kept token for a request if it is still good, or signs and keeps a new one.
    ///
    /// A new token is dated `now`, so read the clock before the call and never after it.
    ///
    /// # Errors
    ///
    /// [`SourceError::CredentialsMissing`] until credentials are set, and
    /// [`SourceError::CredentialsExpiring`] or [`SourceError::CredentialsExpired`] from
    /// [`credentials_needed_by`](Self::credentials_needed_by) on. [`SourceError::Margin`] if the
    /// request's lifetime is not longer than the margin.
    pub fn token(&self, request: &TokenRequest, now: Timestamp) -> Result<Arc<Token>, SourceError> {
        self.entries.lock().token(request, now)
    }

    /// Returns a source of the tokens of one request, for one pool.
    ///
    /// # Errors
    ///
    /// [`MarginError`] if the request's lifetime is not longer than the margin.
    pub fn source(
        self: &Arc<Self>,
        request: TokenRequest,
    ) -> Result<SharedTokenSource, MarginError> {
        self.entries.lock().schedule().fit(request.lifetime())?;
        let store = Arc::clone(self);
        Ok(SharedTokenSource::new(StoreSource { store, request }))
    }

    /// Sets the credentials that sign from now on, and drops the tokens that other credentials signed.
    ///
    /// Credentials that are the same in all their parts change nothing.
    pub fn set_credentials(&self, credentials: Credentials) {
        // The lock is free again before the old entries are dropped: there may be many.
        let old_entries = self.entries.lock().set_credentials(credentials);
        drop(old_entries);
    }

    /// Drops a token that the database rejected: see
    /// [`LocalTokenCache::invalidate`](crate::LocalTokenCache::invalidate).
    pub fn invalidate(&self, token: &Token) {
        self.entries.lock().invalidate(token);
    }

    /// Returns how long the kept token for a request will still be returned: see
    /// [`LocalTokenCache::refresh_in`](crate::LocalTokenCache::refresh_in).
    #[must_use]
    pub fn refresh_in(&self, request: &TokenRequest, now: Timestamp) -> Duration {
        self.entries.lock().refresh_in(request, now)
    }

    /// Returns `true` if new credentials are due within `lead`: see
    /// [`LocalTokenCache::credentials_due`](crate::LocalTokenCache::credentials_due).
    #[must_use]
    pub fn credentials_due(&self, now: Timestamp, lead: Duration) -> bool {
        Schedule::is_due(self.credentials_needed_by(), now, lead)
    }

    /// Returns the time from which the credentials sign no more tokens: see
    /// [`LocalTokenCache::credentials_needed_by`](crate::LocalTokenCache::credentials_needed_by).
    #[must_use]
    pub fn credentials_needed_by(&self) -> Option<Timestamp> {
        self.entries.lock().credentials_needed_by()
    }

    fn from_entries(entries: Entries) -> Self {
        Self {
            entries: Lock::new(entries),
        }
    }
}

/// A source for one request of a store.
#[derive(Debug)]
struct StoreSource {
    store: Arc<TokenStore>,
    request: TokenRequest,
}

impl TokenSource for StoreSource {
    fn token(&self, now: Timestamp) -> Result<Arc<Token>, SourceError> {
        self.store.token(&self.request, now)
    }

    fn invalidate(&self, token: &Token) {
        self.store.invalidate(token);
    }

    fn request(&self) -> Option<&TokenRequest> {
        Some(&self.request)
    }
}

#[cfg(test)]
mod tests {
    use alloc::boxed::Box;

    use super::*;
    use crate::{endpoint::Endpoint, error::Error, region::Region};

    type Outcome = Result<(), Box<dyn core::error::Error>>;

    fn request(host: &str) -> Result<TokenRequest, Error> {
        TokenRequest::new(Endpoint::new(host, 1)?, Region::new("r")?, "app")
    }

    fn store(expiry: i64) -> Result<Arc<TokenStore>, Error> {
        let credentials = Credentials::new("AKIDEXAMPLE", "s")?
            .with_expiry(Timestamp::from_unix_seconds(expiry)?);
        Ok(Arc::new(TokenStore::new(
            credentials,
            NonZero::<usize>::MIN,
        )))
    }

    #[test]
    fn a_margin_or_jitter_that_is_set_later_counts_from_then() -> Outcome {
        let kept = request("kept")?;
        let store = || {
            let store =
                TokenStore::new(Credentials::new("AKIDEXAMPLE", "s")?, NonZero::<usize>::MIN);
            assert!(store.token(&kept, Timestamp::MIN).is_ok());
            assert_ne!(store.refresh_in(&kept, Timestamp::MIN), Duration::ZERO);
            Ok::<_, Error>(store)
        };
        let wide = store()?.with_margin(Duration::from_secs(500))?;
        for store in [wide, store()?.with_jitter(1)] {
            assert_eq!(store.refresh_in(&kept, Timestamp::MIN), Duration::ZERO);
        }
        Ok(())
    }

    #[test]
    fn a_request_that_gets_no_token_drops_no_other() -> Outcome {
        let store = store(1_000)?;
        let (kept, other) = (request("kept")?, request("other")?);
        assert!(store.token(&kept, Timestamp::MIN).is_ok());
        let late = Timestamp::from_unix_seconds(999)?;
        assert!(store.token(&other, late).is_err());
        assert_ne!(store.refresh_in(&kept, Timestamp::MIN), Duration::ZERO);
        Ok(())
    }

    #[test]
    fn a_rejected_token_does_not_come_back_after_its_entry_was_dropped() -> Outcome {
        let (one, other, third) = (request("one")?, request("other")?, request("third")?);
        let credentials = || Credentials::new("AKIDEXAMPLE", "s");
        let store = TokenStore::new(credentials()?, NonZero::<usize>::MIN);
        let rejected = store.token(&one, Timestamp::MIN);
        if let Ok(rejected) = &rejected {
            store.invalidate(rejected);
        }
        // Others come, which are not rejected; and other credentials, and the first once more.
        assert!(store.token(&other, Timestamp::MIN).is_ok());
        assert!(store.token(&third, Timestamp::MIN).is_ok());
        store.set_credentials(Credentials::new("AKIDEXAMPLE2", "s")?);
        store.set_credentials(credentials()?);
        assert!(store.token(&one, Timestamp::MIN).is_ok());
        assert_eq!(
            store.refresh_in(&one, Timestamp::MIN),
            Duration::from_secs(1)
        );
        // One that is rejected after its entry was dropped.
        let late = store.token(&other, Timestamp::MIN);
        assert!(store.token(&one, Timestamp::MIN).is_ok());
        if let Ok(rejected) = &late {
            store.invalidate(rejected);
        }
        assert!(store.token(&other, Timestamp::MIN).is_ok());
        assert_eq!(
            store.refresh_in(&other, Timestamp::MIN),
            Duration::from_secs(1)
        );
        Ok(())
    }

    #[test]
    fn the_limit_holds_and_the_longest_unused_entry_is_dropped_first() -> Outcome {
        // In an order that is not that of their names.
        let requests = ["e", "d", "c", "b", "a", "f"].map(request);
        let limit = NonZero::new(5).unwrap_or(NonZero::<usize>::MIN);
        let store = TokenStore::new(Credentials::new("AKIDEXAMPLE", "s")?, limit);
        for request in &requests {
            assert!(
                store
                    .token(request.as_ref().map_err(|error| *error)?, Timestamp::MIN)
                    .is_ok()
            );
        }
        for (place, request) in requests.into_iter().enumerate() {
            let left = store.refresh_in(&request?, Timestamp::MIN);
            assert_eq!(left != Duration::ZERO, place > 0, "{place}");
        }
        Ok(())
    }

    #[test]
    fn a_source_needs_a_lifetime_that_is_longer_than_the_margin() -> Outcome {
        let store = TokenStore::new(Credentials::new("AKIDEXAMPLE", "s")?, NonZero::<usize>::MIN)
            .with_margin(Duration::from_secs(120))?;
        let store = Arc::new(store);
        for lifetime in [120, 121] {
            let request = request("db")?.with_lifetime(Duration::from_secs(lifetime))?;
            let rejection = MarginError {
                seconds: 120,
                lifetime,
            };
            let source = store.source(request);
            assert_eq!(
                source.err(),
                (lifetime < 121).then_some(rejection),
                "{lifetime}"
            );
        }
        Ok(())
    }
}
