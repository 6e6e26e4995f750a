//! Kept tokens of several requests.

use alloc::sync::Arc;
use core::{fmt, num::NonZero, time::Duration};

use crate::{
    credentials::Credentials,
    error::Error,
    pool::{
        entries::Entries,
        lock::Lock,
        source::{SourceError, TokenSource},
    },
    rds,
    request::TokenRequest,
    timestamp::Timestamp,
    token::Token,
};

/// Tokens of several requests by the same credentials, one kept for each: for a writer and its
/// readers, proxies, and several users.
///
/// A kept token is handed out for the request that it was signed for, endpoint, region, user and
/// lifetime, and while the credentials are those that signed it in all their parts. Where there are
/// several credentials at a time, take one of these for each.
///
/// It works as a [`TokenCache`](crate::TokenCache) does for one request. It keeps a token for so
/// many requests at most; where one more comes, it forgets the one that was not asked for the
/// longest, which costs a signature when that comes again.
///
/// # Examples
///
/// ```
/// use core::num::NonZero;
/// use std::sync::Arc;
/// use rds_iam_token::{
///     Credentials, Endpoint, Region, Timestamp, TokenStore, TokenRequest, TokenSource,
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
/// let caches = Arc::new(TokenStore::new(credentials, limit));
/// let now = Timestamp::from_unix_seconds(1_440_938_160)?;
/// let token = caches.token(&reader, now)?;
///
/// // What one pool is given:
/// let source: Arc<dyn TokenSource> = Arc::new(caches.source(writer)?);
/// let token = source.token(now)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct TokenStore {
    keepers: Lock<Entries>,
}

impl TokenStore {
    /// Takes what to sign with at first, and how many requests to keep a token for at most. The
    /// margin is 60 s.
    #[must_use]
    pub fn new(credentials: Credentials, limit: NonZero<usize>) -> Self {
        Self::from_keepers(Entries::new(credentials, limit))
    }

    /// Sets the margin for all requests: see
    /// [`LocalTokenCache::with_margin`](crate::LocalTokenCache::with_margin).
    ///
    /// # Errors
    ///
    /// [`Error::Margin`] when `margin` is under 30 s, or is not less than 900 s, the longest
    /// lifetime of a request.
    pub fn with_margin(self, margin: Duration) -> Result<Self, Error> {
        let keepers = self.keepers.into_inner();
        let longest = Duration::from_secs(rds::MAX_LIFETIME.into());
        let refresh = keepers.refresh().with_margin(margin, longest)?;
        Ok(Self::from_keepers(keepers.with_refresh(refresh)))
    }

    /// Sets the jitter for all requests: see
    /// [`LocalTokenCache::with_jitter`](crate::LocalTokenCache::with_jitter).
    #[must_use]
    pub fn with_jitter(self, jitter: u32) -> Self {
        let keepers = self.keepers.into_inner();
        let refresh = keepers.refresh().with_jitter(jitter);
        Self::from_keepers(keepers.with_refresh(refresh))
    }

    /// Gives the kept token for a request while it is good, or else signs and keeps another.
    ///
    /// A token is dated `now`, so read the clock before the call and never after it.
    ///
    /// # Errors
    ///
    /// [`SourceError::CredentialsExpired`] and [`SourceError::CredentialsExpiring`], from
    /// [`credentials_needed_by`](Self::credentials_needed_by) on. [`SourceError::Lifetime`] when
    /// the request's lifetime is not more than the margin.
    pub fn token(&self, request: &TokenRequest, now: Timestamp) -> Result<Arc<Token>, SourceError> {
        self.keepers.lock().token(request, now)
    }

    /// Gives what a pool takes tokens of one request from.
    ///
    /// # Errors
    ///
    /// [`Error::Margin`] when the request's lifetime is not more than the margin.
    pub fn source(
        self: &Arc<Self>,
        request: TokenRequest,
    ) -> Result<impl TokenSource + Clone + fmt::Debug + use<>, Error> {
        self.keepers.lock().refresh().fit(request.lifetime())?;
        Ok(StoreSource {
            caches: Arc::clone(self),
            request,
        })
    }

    /// Signs with other credentials from now on, and forgets the tokens that others signed.
    ///
    /// Credentials that are the same in all their parts change nothing.
    pub fn set_credentials(&self, credentials: Credentials) {
        self.keepers.lock().set_credentials(credentials);
    }

    /// Stops handing out a token that the database refused: see
    /// [`LocalTokenCache::invalidate`](crate::LocalTokenCache::invalidate).
    pub fn invalidate(&self, token: &Token) {
        self.keepers.lock().invalidate(token);
    }

    /// Says how long the kept token for a request is still handed out: see
    /// [`LocalTokenCache::refresh_in`](crate::LocalTokenCache::refresh_in).
    #[must_use]
    pub fn refresh_in(&self, request: &TokenRequest, now: Timestamp) -> Duration {
        self.keepers.lock().refresh_in(request, now)
    }

    /// Gives the moment from which the credentials no longer give tokens, if their expiry is known:
    /// see [`LocalTokenCache::credentials_needed_by`](crate::LocalTokenCache::credentials_needed_by).
    #[must_use]
    pub fn credentials_needed_by(&self) -> Option<Timestamp> {
        self.keepers.lock().credentials_needed_by()
    }

    fn from_keepers(keepers: Entries) -> Self {
        Self {
            keepers: Lock::new(keepers),
        }
    }
}

/// One request of several.
#[derive(Clone, Debug)]
struct StoreSource {
    caches: Arc<TokenStore>,
    request: TokenRequest,
}

impl TokenSource for StoreSource {
    fn token(&self, now: Timestamp) -> Result<Arc<Token>, SourceError> {
        self.caches.token(&self.request, now)
    }

    fn invalidate(&self, token: &Token) {
        self.caches.invalidate(token);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{endpoint::Endpoint, region::Region};

    fn request(host: &str) -> Result<TokenRequest, Error> {
        TokenRequest::new(Endpoint::new(host, 1)?, Region::new("r")?, "app")
    }

    fn caches(expiry: i64) -> Result<Arc<TokenStore>, Error> {
        let credentials = Credentials::new("AKIDEXAMPLE", "s")?
            .with_expiry(Timestamp::from_unix_seconds(expiry)?);
        Ok(Arc::new(TokenStore::new(
            credentials,
            NonZero::<usize>::MIN,
        )))
    }

    #[test]
    fn a_margin_or_jitter_that_is_set_later_counts_from_then() -> Result<(), Error> {
        let kept = request("kept")?;
        let caches = || {
            let caches =
                TokenStore::new(Credentials::new("AKIDEXAMPLE", "s")?, NonZero::<usize>::MIN);
            assert!(caches.token(&kept, Timestamp::MIN).is_ok());
            assert_ne!(caches.refresh_in(&kept, Timestamp::MIN), Duration::ZERO);
            Ok::<_, Error>(caches)
        };
        let wide = caches()?.with_margin(Duration::from_secs(500))?;
        for caches in [wide, caches()?.with_jitter(1)] {
            assert_eq!(caches.refresh_in(&kept, Timestamp::MIN), Duration::ZERO);
        }
        Ok(())
    }

    #[test]
    fn a_request_that_gets_no_token_makes_no_other_forgotten() -> Result<(), Error> {
        let caches = caches(1_000)?;
        let (kept, other) = (request("kept")?, request("other")?);
        assert!(caches.token(&kept, Timestamp::MIN).is_ok());
        let late = Timestamp::from_unix_seconds(999)?;
        assert!(caches.token(&other, late).is_err());
        assert_ne!(caches.refresh_in(&kept, Timestamp::MIN), Duration::ZERO);
        Ok(())
    }

    #[test]
    fn a_refused_token_does_not_come_back_after_it_was_forgotten() -> Result<(), Error> {
        let (one, other, third) = (request("one")?, request("other")?, request("third")?);
        let credentials = || Credentials::new("AKIDEXAMPLE", "s");
        let caches = TokenStore::new(credentials()?, NonZero::<usize>::MIN);
        let refused = caches.token(&one, Timestamp::MIN);
        if let Ok(refused) = &refused {
            caches.invalidate(refused);
        }
        // Others come, which are not refused, and so do other credentials and the first once more.
        assert!(caches.token(&other, Timestamp::MIN).is_ok());
        assert!(caches.token(&third, Timestamp::MIN).is_ok());
        caches.set_credentials(Credentials::new("AKIDEXAMPLE2", "s")?);
        caches.set_credentials(credentials()?);
        assert!(caches.token(&one, Timestamp::MIN).is_ok());
        assert_eq!(
            caches.refresh_in(&one, Timestamp::MIN),
            Duration::from_secs(1)
        );
        // One that is refused when it is forgotten already.
        let late = caches.token(&other, Timestamp::MIN);
        assert!(caches.token(&one, Timestamp::MIN).is_ok());
        if let Ok(refused) = &late {
            caches.invalidate(refused);
        }
        assert!(caches.token(&other, Timestamp::MIN).is_ok());
        assert_eq!(
            caches.refresh_in(&other, Timestamp::MIN),
            Duration::from_secs(1)
        );
        Ok(())
    }

    #[test]
    fn as_many_are_kept_as_the_limit_says_and_the_longest_unused_goes_first() -> Result<(), Error> {
        // In an order that is not that of their names.
        let requests = ["e", "d", "c", "b", "a", "f"].map(request);
        let limit = NonZero::new(5).unwrap_or(NonZero::<usize>::MIN);
        let caches = TokenStore::new(Credentials::new("AKIDEXAMPLE", "s")?, limit);
        for request in &requests {
            assert!(
                caches
                    .token(request.as_ref().map_err(|error| *error)?, Timestamp::MIN)
                    .is_ok()
            );
        }
        for (place, request) in requests.into_iter().enumerate() {
            let left = caches.refresh_in(&request?, Timestamp::MIN);
            assert_eq!(left != Duration::ZERO, place > 0, "{place}");
        }
        Ok(())
    }

    #[test]
    fn a_source_is_of_a_request_that_lives_longer_than_the_margin() -> Result<(), Error> {
        let caches = TokenStore::new(Credentials::new("AKIDEXAMPLE", "s")?, NonZero::<usize>::MIN)
            .with_margin(Duration::from_secs(120))?;
        let caches = Arc::new(caches);
        for lifetime in [120, 121] {
            let request = request("db")?.with_lifetime(Duration::from_secs(lifetime))?;
            let refusal = Error::Margin {
                seconds: 120,
                lifetime,
            };
            let source = caches.source(request);
            assert_eq!(
                source.err(),
                (lifetime < 121).then_some(refusal),
                "{lifetime}"
            );
        }
        Ok(())
    }
}
