//! A cache for one request, without a lock.

use alloc::sync::Arc;
use core::time::Duration;

use crate::{
    credentials::Credentials,
    pool::{
        error::SourceError,
        kept::{Kept, are_same},
        rejected::Rejected,
        schedule::{MarginError, Schedule},
    },
    request::TokenRequest,
    timestamp::Timestamp,
    token::Token,
};

/// A cache of the token for one request, for a single thread and for `no_std`.
///
/// A token is returned again from the time that it is signed for, and until a margin before its
/// lifetime or its credentials end, whichever comes first. The margin is 60 s by default. So each
/// token lives for longer than the margin when it is returned, by the clock that `now` is read from.
/// That leaves time to connect, and covers a clock that is slow. If the clock goes back before the
/// time that the token is signed for, a new one is signed.
///
/// [`TokenCache`](crate::TokenCache) is the same with a lock, for threads.
///
/// # Examples
///
/// ```
/// use rds_iam_token::{Credentials, Endpoint, LocalTokenCache, Region, Timestamp, TokenRequest};
///
/// let endpoint = Endpoint::new("orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com", 5432)?;
/// let request = TokenRequest::new(endpoint, Region::new("eu-west-1")?, "app")?;
/// let credentials = Credentials::new("AKIDEXAMPLE", "not-a-real-secret")?;
/// let second = Timestamp::from_unix_seconds;
///
/// let mut cache = LocalTokenCache::new(request, credentials)?;
/// let first = cache.token(second(1_440_938_160)?)?;
/// let again = cache.token(second(1_440_938_160 + 839)?)?;
/// assert_eq!(first.expose_secret(), again.expose_secret());
/// let next = cache.token(second(1_440_938_160 + 840)?)?;
/// assert_ne!(first.expose_secret(), next.expose_secret());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct LocalTokenCache {
    request: TokenRequest,
    schedule: Schedule,
    /// `None` until credentials are set.
    kept: Option<Kept>,
    rejected: Rejected,
}

impl LocalTokenCache {
    /// Creates a cache from a request and the first credentials. The margin is 60 s.
    ///
    /// # Errors
    ///
    /// [`MarginError`] if the request's lifetime is 60 s or less, so that no token could be returned
    /// twice.
    pub fn new(request: TokenRequest, credentials: Credentials) -> Result<Self, MarginError> {
        let mut cache = Self::without_credentials(request)?;
        cache.set_credentials(credentials);
        Ok(cache)
    }

    /// Creates a cache that has no credentials yet, so that a program can start before it has them.
    ///
    /// Until [`set_credentials`](Self::set_credentials) is called, [`token`](Self::token) returns
    /// [`SourceError::CredentialsMissing`].
    ///
    /// # Errors
    ///
    /// [`MarginError`], as for [`new`](Self::new).
    ///
    /// # Examples
    ///
    /// ```
    /// # use rds_iam_token::{Credentials, Endpoint, LocalTokenCache, Region, Timestamp, TokenRequest};
    /// # use std::time::Duration;
    /// # let endpoint = Endpoint::new("db.c1a2b3.eu-west-1.rds.amazonaws.com", 5432)?;
    /// # let request = TokenRequest::new(endpoint, Region::new("eu-west-1")?, "app")?;
    /// # let now = Timestamp::from_unix_seconds(1_440_938_160)?;
    /// let mut cache = LocalTokenCache::without_credentials(request)?;
    /// assert!(cache.token(now).is_err());
    /// assert!(cache.credentials_due(now, Duration::ZERO));
    ///
    /// cache.set_credentials(Credentials::new("AKIDEXAMPLE", "not-a-real-secret")?);
    /// assert!(cache.token(now).is_ok());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn without_credentials(request: TokenRequest) -> Result<Self, MarginError> {
        Ok(Self {
            schedule: Schedule::DEFAULT.fit(request.lifetime())?,
            request,
            kept: None,
            rejected: Rejected::default(),
        })
    }

    /// Sets the margin: how long a token, and the credentials that sign it, live at least when the
    /// token is returned. Fractions of a second are rounded up.
    ///
    /// # Errors
    ///
    /// [`MarginError`] if `margin` is under 30 s, or not less than the request's lifetime.
    ///
    /// # Examples
    ///
    /// ```
    /// # use rds_iam_token::{Credentials, Endpoint, LocalTokenCache, MarginError, Region, Timestamp, TokenRequest};
    /// # let endpoint = Endpoint::new("db.c1a2b3.eu-west-1.rds.amazonaws.com", 5432)?;
    /// # let request = TokenRequest::new(endpoint, Region::new("eu-west-1")?, "app")?;
    /// # let credentials = Credentials::new("AKIDEXAMPLE", "not-a-real-secret")?;
    /// use core::time::Duration;
    ///
    /// let mut cache = LocalTokenCache::new(request, credentials)?
    ///     .with_margin(Duration::from_secs(120))?;
    /// let now = Timestamp::from_unix_seconds(1_440_938_160)?;
    /// cache.token(now)?;
    /// assert_eq!(cache.refresh_in(now), Duration::from_secs(900 - 120));
    ///
    /// let too_short = cache.with_margin(Duration::from_secs(29)).err();
    /// assert_eq!(too_short, Some(MarginError { seconds: 29, lifetime: 900 }));
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    pub fn with_margin(self, margin: Duration) -> Result<Self, MarginError> {
        let schedule = self.schedule.with_margin(margin, self.request.lifetime())?;
        Ok(self.with_schedule(schedule))
    }

    /// Sets the jitter: each token is replaced earlier, by `jitter` / 2³² of a tenth of the time for
    /// which it is kept. `u32::MAX` is almost a tenth, and 0, the default, is none.
    ///
    /// With a random number for each process, many processes that start at once do not stay in step.
    #[must_use]
    pub fn with_jitter(self, jitter: u32) -> Self {
        let schedule = self.schedule.with_jitter(jitter);
        self.with_schedule(schedule)
    }

    fn with_schedule(mut self, schedule: Schedule) -> Self {
        self.schedule = schedule;
        if let Some(kept) = &mut self.kept {
            kept.forget_token();
        }
        self
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
    pub fn token(&mut self, now: Timestamp) -> Result<Arc<Token>, SourceError> {
        let kept = self.kept.as_mut().ok_or(SourceError::CredentialsMissing)?;
        kept.token(now, self.schedule, &self.rejected)
    }

    /// Sets the credentials that sign from now on, and drops the token that other credentials signed.
    ///
    /// Credentials that are the same in all their parts change nothing.
    pub fn set_credentials(&mut self, credentials: Credentials) {
        if !self
            .kept
            .as_ref()
            .is_some_and(|kept| are_same(&credentials, kept.credentials()))
        {
            self.kept = Some(Kept::new(self.request.clone(), credentials));
        }
    }

    /// Drops a token that the database rejected. If it has already been replaced, the new one stays, so
    /// that many rejections cause one new signature.
    ///
    /// Within the second that it was signed for, the rejected token is still returned, because a new
    /// one would have the same text: try again in the next second. If the clock goes back and so one
    /// of the last 32 rejected tokens is signed again, it is returned for one second at most.
    pub fn invalidate(&mut self, token: &Token) {
        if let Some(kept) = &mut self.kept {
            kept.invalidate(token);
        }
        self.rejected.note(token);
    }

    /// Returns how long the kept token will still be returned. After that, call
    /// [`token`](Self::token), and replace the old token wherever it is held.
    ///
    /// It is zero if there is no such token. If [`token`](Self::token) fails, wait for credentials
    /// instead.
    #[must_use]
    pub fn refresh_in(&self, now: Timestamp) -> Duration {
        self.kept
            .as_ref()
            .map_or(Duration::ZERO, |kept| kept.refresh_in(now))
    }

    /// Returns `true` if new credentials are due within `lead`: fetch them, and call
    /// [`set_credentials`](Self::set_credentials).
    ///
    /// They are due `lead` before [`credentials_needed_by`](Self::credentials_needed_by). They are
    /// always due while there are none, and while their expiry is unknown, as with those in
    /// environment variables: they may expire at any time, and setting the same ones changes nothing.
    #[must_use]
    pub fn credentials_due(&self, now: Timestamp, lead: Duration) -> bool {
        Schedule::is_due(self.credentials_needed_by(), now, lead)
    }

    /// Returns the time from which the credentials sign no more tokens: the margin before they
    /// expire.
    ///
    /// It is `None` while there are no credentials, and while their expiry is unknown.
    #[must_use]
    pub fn credentials_needed_by(&self) -> Option<Timestamp> {
        let expiry = self.kept.as_ref()?.credentials().expiry()?;
        Some(self.schedule.needed_by(expiry))
    }

    /// Returns the request.
    #[must_use]
    pub fn request(&self) -> &TokenRequest {
        &self.request
    }
}

#[cfg(test)]
mod tests {
    use alloc::{boxed::Box, string::ToString};

    use super::*;
    use crate::{endpoint::Endpoint, error::Error, region::Region};

    type Outcome = Result<(), Box<dyn core::error::Error>>;

    fn request(lifetime: u64) -> Result<TokenRequest, Error> {
        TokenRequest::new(Endpoint::new("db", 5432)?, Region::new("eu-west-1")?, "app")?
            .with_lifetime(Duration::from_secs(lifetime))
    }

    fn credentials() -> Result<Credentials, Error> {
        Credentials::new("AKIDEXAMPLE", "not-a-real-secret")
    }

    fn at(seconds: i64) -> Result<Timestamp, Error> {
        Timestamp::from_unix_seconds(seconds)
    }

    /// When a token is requested after one was signed for 10,000, and for how long that one will still
    /// be returned.
    const KEPT: &[(i64, u64)] = &[
        (10_000, 840),
        (10_839, 1),
        (10_840, 0),
        // The clock has jumped, in either direction.
        (9_999, 0),
        (0, 0),
        (253_402_300_799, 0),
    ];

    #[test]
    fn a_token_is_kept_from_its_date_to_its_margin() -> Outcome {
        for &(now, left) in KEPT {
            let mut cache = LocalTokenCache::new(request(900)?, credentials()?)?;
            assert_eq!(cache.refresh_in(at(10_000)?), Duration::ZERO);
            let first = cache.token(at(10_000)?)?;
            let refresh_in = cache.refresh_in(at(now)?);
            assert_eq!(refresh_in, Duration::from_secs(left), "{now}");

            let next = cache.token(at(now)?)?;
            assert_eq!(Arc::ptr_eq(&first, &next), left > 0, "{now}");
            let date = if left > 0 { 10_000 } else { now };
            let dated = request(900)?.sign(&credentials()?, at(date)?);
            assert_eq!(next.expose_secret(), dated.expose_secret(), "{now}");
            // One signature for one need, at the end of time as well.
            let again = cache.token(at(now)?)?;
            assert!(Arc::ptr_eq(&next, &again), "{now}");
        }
        Ok(())
    }

    /// The margin, when credentials that expire at 10,000 are used, and since when they sign nothing.
    const EXPIRING: &[(u64, i64, Option<i64>)] = &[
        (60, 9_939, None),
        (60, 9_940, Some(9_940)),
        (60, 9_999, Some(9_940)),
        (60, 10_000, Some(10_000)),
        (60, 20_000, Some(10_000)),
        (30, 9_969, None),
        (30, 9_970, Some(9_970)),
        (899, 9_100, None),
        (899, 9_101, Some(9_101)),
    ];

    #[test]
    fn credentials_that_expire_too_soon_sign_nothing() -> Outcome {
        let expiry = at(10_000)?;
        for &(margin, now, since) in EXPIRING {
            let row = (margin, now);
            let mut cache =
                LocalTokenCache::new(request(900)?, credentials()?.with_expiry(expiry))?
                    .with_margin(Duration::from_secs(margin))?;
            let error = since.map(at).transpose()?.map(|since| {
                if since == expiry {
                    SourceError::CredentialsExpired { since }
                } else {
                    SourceError::CredentialsExpiring { expiry, since }
                }
            });
            let text = |error: &SourceError| error.to_string();
            let answer = cache.token(at(now)?).err();
            assert_eq!(
                answer.as_ref().map(text),
                error.as_ref().map(text),
                "{row:?}"
            );
            let needed_by = cache.credentials_needed_by();
            assert_eq!(error.is_some(), needed_by <= Some(at(now)?), "{row:?}");

            cache.set_credentials(credentials()?);
            assert_eq!(cache.credentials_needed_by(), None);
            assert!(cache.token(at(now)?).is_ok(), "{row:?}");
        }
        Ok(())
    }

    #[test]
    fn a_lifetime_that_is_all_margin_is_rejected() -> Outcome {
        for (lifetime, fits) in [(61, true), (60, false), (1, false)] {
            let cache = LocalTokenCache::new(request(lifetime)?, credentials()?);
            let seconds = 60;
            let rejection = MarginError { seconds, lifetime };
            assert_eq!(cache.err(), (!fits).then_some(rejection), "{lifetime}");
            let cache = LocalTokenCache::without_credentials(request(lifetime)?);
            assert_eq!(cache.err(), (!fits).then_some(rejection), "{lifetime}");
        }
        Ok(())
    }

    #[test]
    fn without_credentials_there_is_no_token_until_they_are_set() -> Outcome {
        let mut cache = LocalTokenCache::without_credentials(request(900)?)?
            .with_margin(Duration::from_secs(120))?
            .with_jitter(0);
        let now = at(10_000)?;
        for _ in 0..2 {
            let error = cache.token(now).err();
            assert!(matches!(error, Some(SourceError::CredentialsMissing)));
            assert_eq!(cache.refresh_in(now), Duration::ZERO);
            assert_eq!(cache.credentials_needed_by(), None);
            assert!(cache.credentials_due(now, Duration::ZERO));
            // A token that came from elsewhere.
            cache.invalidate(&request(900)?.sign(&credentials()?, at(9_999)?));
        }
        cache.set_credentials(credentials()?);
        let token = cache.token(now)?;
        let signed = request(900)?.sign(&credentials()?, now);
        assert_eq!(token.expose_secret(), signed.expose_secret());
        assert_eq!(cache.refresh_in(now), Duration::from_secs(780));
        Ok(())
    }

    #[test]
    fn a_margin_or_jitter_that_is_set_later_counts_from_then() -> Outcome {
        let mut cache = LocalTokenCache::new(request(900)?, credentials()?)?;
        cache.token(at(10_000)?)?;
        let wide = cache.clone().with_margin(Duration::from_secs(500))?;
        assert_eq!(wide.refresh_in(at(10_000)?), Duration::ZERO);
        assert_eq!(
            cache.with_jitter(u32::MAX).refresh_in(at(10_000)?),
            Duration::ZERO
        );
        Ok(())
    }

    #[test]
    fn a_rejected_token_is_replaced_once_its_second_is_over() -> Outcome {
        let mut cache = LocalTokenCache::new(request(900)?, credentials()?)?;
        let rejected = cache.token(at(10_000)?)?;
        cache.invalidate(&rejected.as_ref().clone());
        assert_eq!(cache.refresh_in(at(10_000)?), Duration::from_secs(1));
        assert!(Arc::ptr_eq(&cache.token(at(10_000)?)?, &rejected));

        let next = cache.token(at(10_001)?)?;
        assert_ne!(next.expose_secret(), rejected.expose_secret());
        let mut back = cache.clone();
        for _ in 0..2 {
            let again = back.token(at(10_000)?)?;
            assert_eq!(again.expose_secret(), rejected.expose_secret());
            assert_eq!(back.refresh_in(at(10_000)?), Duration::from_secs(1));
            back.set_credentials(credentials()?.with_expiry(at(20_000)?));
        }
        for _ in 0..100 {
            cache.invalidate(&rejected);
            assert!(Arc::ptr_eq(&cache.token(at(10_840)?)?, &next));
        }
        Ok(())
    }

    #[test]
    fn no_rejected_token_comes_back_when_the_clock_does() -> Outcome {
        let mut cache = LocalTokenCache::new(request(900)?, credentials()?)?;
        for now in 10_000..10_005 {
            let rejected = cache.token(at(now)?)?;
            cache.invalidate(&rejected);
        }
        for now in (10_000..10_005).rev() {
            cache.token(at(now)?)?;
            assert_eq!(cache.refresh_in(at(now)?), Duration::from_secs(1), "{now}");
        }
        Ok(())
    }
}
