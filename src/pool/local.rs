//! A token that is kept while it is good.

use alloc::sync::Arc;
use core::{ops::Range, time::Duration};

use crate::{
    credentials::Credentials,
    error::Error,
    pool::{rejected::Rejected, schedule::Schedule, source::SourceError},
    request::TokenRequest,
    signer::Signer,
    timestamp::Timestamp,
    token::Token,
};

/// A signer, and the token that it signed last, handed out again while it is good.
///
/// A token is good from the moment that it is signed for, and up to a margin before its lifetime
/// or its credentials end, whichever comes first. The margin is 60 s unless it is set. What is
/// handed out therefore lives for longer than the margin, on the clock that `now` is read from: it
/// is there for a clock that is slow, and for the time it takes to connect. Where the clock goes
/// back before the moment that the token was signed for, a new one is signed.
///
/// This is all of a [`TokenCache`](crate::TokenCache) but its lock: take it where there is one thread,
/// or no `std`.
///
/// # Examples
///
/// ```
/// use rds_iam_token::{Credentials, Endpoint, Region, Timestamp, LocalTokenCache, TokenRequest};
///
/// let endpoint = Endpoint::new("orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com", 5432)?;
/// let request = TokenRequest::new(endpoint, Region::new("eu-west-1")?, "app")?;
/// let credentials = Credentials::new("AKIDEXAMPLE", "not-a-real-secret")?;
/// let second = Timestamp::from_unix_seconds;
///
/// let mut keeper = LocalTokenCache::new(request, credentials)?;
/// let first = keeper.token(second(1_440_938_160)?)?;
/// let again = keeper.token(second(1_440_938_160 + 839)?)?;
/// assert_eq!(first.expose_secret(), again.expose_secret());
/// let other = keeper.token(second(1_440_938_160 + 840)?)?;
/// assert_ne!(first.expose_secret(), other.expose_secret());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct LocalTokenCache {
    signer: Signer,
    refresh: Schedule,
    kept: Option<Kept>,
    refused: Rejected,
}

#[derive(Clone, Debug)]
struct Kept {
    token: Arc<Token>,
    /// When it may be handed out, in seconds since 1970.
    good: Range<i64>,
}

impl LocalTokenCache {
    /// Takes what to ask for, and what to sign with at first. The margin is 60 s.
    ///
    /// # Errors
    ///
    /// [`Error::Margin`] when the request's lifetime is 60 s or less: nothing would be left to keep
    /// a token for.
    pub fn new(request: TokenRequest, credentials: Credentials) -> Result<Self, Error> {
        Self::with_refresh(request, credentials, Schedule::DEFAULT, Rejected::default())
    }

    pub(super) fn with_refresh(
        request: TokenRequest,
        credentials: Credentials,
        refresh: Schedule,
        refused: Rejected,
    ) -> Result<Self, Error> {
        Ok(Self {
            refresh: refresh.fit(request.lifetime())?,
            signer: Signer::new(request, credentials),
            kept: None,
            refused,
        })
    }

    /// Sets how long a token, and the credentials that sign it, live at least when it is handed
    /// out; a part of a second counts as a whole one.
    ///
    /// # Errors
    ///
    /// [`Error::Margin`] when `margin` is under 30 s, or is not less than the request's lifetime.
    ///
    /// # Examples
    ///
    /// ```
    /// # use rds_iam_token::{Credentials, Endpoint, Error, Region, Timestamp, LocalTokenCache, TokenRequest};
    /// # let endpoint = Endpoint::new("db.c1a2b3.eu-west-1.rds.amazonaws.com", 5432)?;
    /// # let request = TokenRequest::new(endpoint, Region::new("eu-west-1")?, "app")?;
    /// # let credentials = Credentials::new("AKIDEXAMPLE", "not-a-real-secret")?;
    /// use core::time::Duration;
    ///
    /// let mut keeper = LocalTokenCache::new(request, credentials)?
    ///     .with_margin(Duration::from_secs(120))?;
    /// let now = Timestamp::from_unix_seconds(1_440_938_160)?;
    /// keeper.token(now)?;
    /// assert_eq!(keeper.refresh_in(now), Duration::from_secs(900 - 120));
    ///
    /// let too_short = keeper.with_margin(Duration::from_secs(29)).err();
    /// assert_eq!(too_short, Some(Error::Margin { seconds: 29, lifetime: 900 }));
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    pub fn with_margin(self, margin: Duration) -> Result<Self, Error> {
        let lifetime = self.signer.request().lifetime();
        Ok(Self {
            refresh: self.refresh.with_margin(margin, lifetime)?,
            kept: None,
            ..self
        })
    }

    /// Replaces each token earlier, by up to a tenth of the time that it would be handed out for, so
    /// that many processes which start at once do not stay in step: by `jitter` / 2³² of that tenth.
    ///
    /// Take a random number. 0 is no jitter, and the default.
    #[must_use]
    pub fn with_jitter(self, jitter: u32) -> Self {
        Self {
            refresh: self.refresh.with_jitter(jitter),
            kept: None,
            ..self
        }
    }

    /// Gives the kept token while it is good, or else signs and keeps another.
    ///
    /// A token is dated `now`, so read the clock before the call and never after it.
    ///
    /// # Errors
    ///
    /// [`SourceError::CredentialsExpired`] and [`SourceError::CredentialsExpiring`], from
    /// [`credentials_needed_by`](Self::credentials_needed_by) on.
    pub fn token(&mut self, now: Timestamp) -> Result<Arc<Token>, SourceError> {
        match &self.kept {
            Some(kept) if kept.good.contains(&now.unix_seconds()) => Ok(Arc::clone(&kept.token)),
            _ => self.sign(now),
        }
    }

    /// Signs with other credentials from now on, and forgets the token that others signed.
    ///
    /// Credentials that are the same in all their parts change nothing.
    pub fn set_credentials(&mut self, credentials: Credentials) {
        if !are_same(&credentials, self.signer.credentials()) {
            self.signer = Signer::new(self.signer.request().clone(), credentials);
            self.kept = None;
        }
    }

    /// Stops handing out a token that the database refused. A token that has been replaced already is
    /// ignored, so that many refusals cause one new signature.
    ///
    /// Within the second that it was signed for, the refused token is still given, because a new one
    /// would have the same text: try again in the next second. None of the last eight that were refused
    /// comes back after that, with other credentials or a clock that goes back, for longer than a second
    /// at a time.
    pub fn invalidate(&mut self, token: &Token) {
        if let Some(kept) = &mut self.kept
            && kept.token.expose_secret() == token.expose_secret()
        {
            kept.good.end = kept.good.start.saturating_add(1);
            self.refused.note(Arc::clone(&kept.token));
        }
    }

    /// Says how long the kept token is still handed out: after that, call [`token`](Self::token),
    /// and put the new one where the old one is held.
    ///
    /// It is zero where there is none to hand out. Where [`token`](Self::token) fails, wait for
    /// credentials, and not for this.
    #[must_use]
    pub fn refresh_in(&self, now: Timestamp) -> Duration {
        let now = now.unix_seconds();
        let kept = self.kept.as_ref().filter(|kept| kept.good.contains(&now));
        kept.map_or(Duration::ZERO, |kept| {
            Duration::from_secs(kept.good.end.abs_diff(now))
        })
    }

    /// Gives the moment from which the credentials no longer give tokens: the margin before they
    /// expire. Call [`set_credentials`](Self::set_credentials) well before.
    ///
    /// There is none where their expiry is not known, as of those in environment variables. That does
    /// not say that they last: fetch those again now and then.
    #[must_use]
    pub fn credentials_needed_by(&self) -> Option<Timestamp> {
        let expiry = self.signer.credentials().expiry()?;
        Some(self.refresh.needed_by(expiry))
    }

    fn sign(&mut self, now: Timestamp) -> Result<Arc<Token>, SourceError> {
        let mut left = None;
        if let Some(expiry) = self.signer.credentials().expiry() {
            let since = self.refresh.needed_by(expiry);
            if now >= expiry {
                return Err(SourceError::CredentialsExpired { since: expiry });
            }
            if now >= since {
                return Err(SourceError::CredentialsExpiring { expiry, since });
            }
            left = Some(since.saturating_duration_since(now));
        }
        let start = now.unix_seconds();
        let reuse = self.refresh.reuse(self.signer.request().lifetime(), left);
        let token = Arc::new(self.signer.sign(now));
        let seconds = if self.refused.contains(&token) {
            1
        } else {
            reuse.as_secs()
        };
        let end = start.saturating_add_unsigned(seconds);
        self.kept = Some(Kept {
            token: Arc::clone(&token),
            good: start..end,
        });
        Ok(token)
    }
}

/// Tells whether two credentials are the same in all their parts, the session token and the expiry
/// among them.
///
/// It takes the longer, the more of a secret they have in common: both must be the caller's own.
pub(crate) fn are_same(one: &Credentials, other: &Credentials) -> bool {
    one.access_key_id() == other.access_key_id()
        && one.expose_secret_access_key() == other.expose_secret_access_key()
        && one.expose_session_token() == other.expose_session_token()
        && one.expiry() == other.expiry()
}

#[cfg(test)]
mod tests {
    use alloc::boxed::Box;

    use super::*;
    use crate::{endpoint::Endpoint, region::Region};

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

    /// An access key, and whether it is the same as the first.
    const KEYS: &[(&str, &str, &str, i64, bool)] = &[
        ("AKID", "secret", "session", 1, true),
        ("AKIE", "secret", "session", 1, false),
        ("akid", "secret", "session", 1, false),
        ("AKID", "secreT", "session", 1, false),
        ("AKID", "secres", "session", 1, false),
        ("AKID", "secret", "sessiom", 1, false),
        ("AKID", "secret", "Session", 1, false),
        ("AKID", "secret", "session", 2, false),
    ];

    #[test]
    fn credentials_are_the_same_in_all_their_parts() -> Outcome {
        let new = |id, secret, session_token, expiry| {
            let credentials = Credentials::new(id, secret)?.with_session_token(session_token)?;
            Ok::<_, Error>(credentials.with_expiry(at(expiry)?))
        };
        let first = new("AKID", "secret", "session", 1)?;
        for &(id, secret, session_token, expiry, same) in KEYS {
            let other = new(id, secret, session_token, expiry)?;
            assert_eq!(are_same(&first, &other), same, "{other:?} {secret}");
        }
        assert!(!are_same(&first, &credentials()?));
        Ok(())
    }

    /// When a token is asked for after one was signed for 10,000, and for how long that is kept
    /// then.
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
            let mut keeper = LocalTokenCache::new(request(900)?, credentials()?)?;
            assert_eq!(keeper.refresh_in(at(10_000)?), Duration::ZERO);
            let first = keeper.token(at(10_000)?)?;
            let refresh_in = keeper.refresh_in(at(now)?);
            assert_eq!(refresh_in, Duration::from_secs(left), "{now}");

            let next = keeper.token(at(now)?)?;
            assert_eq!(Arc::ptr_eq(&first, &next), left > 0, "{now}");
            let date = if left > 0 { 10_000 } else { now };
            let dated = request(900)?.sign(&credentials()?, at(date)?);
            assert_eq!(next.expose_secret(), dated.expose_secret(), "{now}");
            // One signature for one need, at the end of time as well.
            let again = keeper.token(at(now)?)?;
            assert!(Arc::ptr_eq(&next, &again), "{now}");
        }
        Ok(())
    }

    /// The margin, when credentials are used that expire at 10,000, and since when they do not do.
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
            let mut keeper =
                LocalTokenCache::new(request(900)?, credentials()?.with_expiry(expiry))?
                    .with_margin(Duration::from_secs(margin))?;
            let error = since.map(at).transpose()?.map(|since| {
                if since == expiry {
                    SourceError::CredentialsExpired { since }
                } else {
                    SourceError::CredentialsExpiring { expiry, since }
                }
            });
            assert_eq!(keeper.token(at(now)?).err(), error, "{row:?}");
            let needed_by = keeper.credentials_needed_by();
            assert_eq!(error.is_some(), needed_by <= Some(at(now)?), "{row:?}");

            keeper.set_credentials(credentials()?);
            assert_eq!(keeper.credentials_needed_by(), None);
            assert!(keeper.token(at(now)?).is_ok(), "{row:?}");
        }
        Ok(())
    }

    #[test]
    fn a_lifetime_that_is_all_margin_is_refused() -> Outcome {
        for (lifetime, fits) in [(61, true), (60, false), (1, false)] {
            let keeper = LocalTokenCache::new(request(lifetime)?, credentials()?);
            let seconds = 60;
            let refusal = Error::Margin { seconds, lifetime };
            assert_eq!(keeper.err(), (!fits).then_some(refusal), "{lifetime}");
        }
        Ok(())
    }

    #[test]
    fn a_margin_or_jitter_that_is_set_later_counts_from_then() -> Outcome {
        let mut keeper = LocalTokenCache::new(request(900)?, credentials()?)?;
        keeper.token(at(10_000)?)?;
        let wide = keeper.clone().with_margin(Duration::from_secs(500))?;
        assert_eq!(wide.refresh_in(at(10_000)?), Duration::ZERO);
        assert_eq!(
            keeper.with_jitter(u32::MAX).refresh_in(at(10_000)?),
            Duration::ZERO
        );
        Ok(())
    }

    #[test]
    fn a_refused_token_is_replaced_once_its_second_is_over() -> Outcome {
        let mut keeper = LocalTokenCache::new(request(900)?, credentials()?)?;
        let refused = keeper.token(at(10_000)?)?;
        keeper.invalidate(&refused.as_ref().clone());
        assert_eq!(keeper.refresh_in(at(10_000)?), Duration::from_secs(1));
        assert!(Arc::ptr_eq(&keeper.token(at(10_000)?)?, &refused));

        let next = keeper.token(at(10_001)?)?;
        assert_ne!(next.expose_secret(), refused.expose_secret());
        let mut back = keeper.clone();
        for _ in 0..2 {
            let again = back.token(at(10_000)?)?;
            assert_eq!(again.expose_secret(), refused.expose_secret());
            assert_eq!(back.refresh_in(at(10_000)?), Duration::from_secs(1));
            back.set_credentials(credentials()?.with_expiry(at(20_000)?));
        }
        for _ in 0..100 {
            keeper.invalidate(&refused);
            assert!(Arc::ptr_eq(&keeper.token(at(10_840)?)?, &next));
        }
        Ok(())
    }

    #[test]
    fn no_refused_token_comes_back_when_the_clock_does() -> Outcome {
        let mut keeper = LocalTokenCache::new(request(900)?, credentials()?)?;
        for now in 10_000..10_005 {
            let refused = keeper.token(at(now)?)?;
            keeper.invalidate(&refused);
        }
        for now in (10_000..10_005).rev() {
            keeper.token(at(now)?)?;
            assert_eq!(keeper.refresh_in(at(now)?), Duration::from_secs(1), "{now}");
        }
        Ok(())
    }
}
