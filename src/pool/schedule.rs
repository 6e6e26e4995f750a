//! When a token is replaced.

use core::time::Duration;

use crate::{error::Error, timestamp::Timestamp};

/// How long a token is handed out, and how long credentials sign.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Schedule {
    /// In seconds, from [`MIN_MARGIN`].
    margin: u64,
    jitter: u32,
}

impl Schedule {
    pub(crate) const DEFAULT: Self = Self {
        margin: 60,
        jitter: 0,
    };

    /// Takes a margin for tokens of a lifetime; a part of a second counts as a whole one.
    pub(crate) fn with_margin(self, margin: Duration, lifetime: Duration) -> Result<Self, Error> {
        if margin < MIN_MARGIN {
            return Err(Error::Margin {
                seconds: margin.as_secs(),
                lifetime: lifetime.as_secs(),
            });
        }
        let part = u64::from(margin.subsec_nanos() > 0);
        let margin = margin.as_secs().saturating_add(part);
        Self { margin, ..self }.fit(lifetime)
    }

    pub(crate) const fn with_jitter(self, jitter: u32) -> Self {
        Self { jitter, ..self }
    }

    /// Refuses tokens of which the margin is all of the lifetime.
    pub(crate) fn fit(self, lifetime: Duration) -> Result<Self, Error> {
        if self.margin() < lifetime {
            return Ok(self);
        }
        Err(Error::Margin {
            seconds: self.margin,
            lifetime: lifetime.as_secs(),
        })
    }

    /// Gives the margin, in whole seconds.
    pub(crate) fn margin(self) -> Duration {
        Duration::from_secs(self.margin)
    }

    /// Says for how long a token is handed out from when it is signed: its lifetime less the
    /// margin, or what is left of the time that its credentials do for, and less the jitter's part
    /// of a tenth of that. It is at least 1 s where the margin [`fit`](Self::fit)s.
    pub(crate) fn reuse(self, lifetime: Duration, credentials: Option<Duration>) -> Duration {
        let longest = lifetime.saturating_sub(self.margin());
        let longest = credentials
            .map_or(longest, |left| longest.min(left))
            .as_secs();
        let choices = longest / JITTER_SHARE + 1;
        let early = choices.saturating_mul(self.jitter.into()) >> u32::BITS;
        Duration::from_secs(longest.saturating_sub(early))
    }

    /// Gives the moment from which credentials that expire at `expiry` do not do.
    pub(crate) fn needed_by(self, expiry: Timestamp) -> Timestamp {
        expiry.saturating_sub(self.margin())
    }
}

const MIN_MARGIN: Duration = Duration::from_secs(30);

/// The jitter takes at most one part in so many.
const JITTER_SHARE: u64 = 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_margin_is_at_least_30_s_and_less_than_the_lifetime() {
        for (millis, lifetime, margin) in [
            (30_000, 900, Ok(30)),
            (30_001, 900, Ok(31)),
            (899_000, 900, Ok(899)),
            (30_000, 31, Ok(30)),
            (900_000, 901, Ok(900)),
            (29_999, 900, Err(29)),
            (0, 900, Err(0)),
            (899_001, 900, Err(900)),
            (900_000, 900, Err(900)),
            (30_000, 30, Err(30)),
            (30_000, 1, Err(30)),
            (u64::MAX, 900, Err(u64::MAX / 1_000 + 1)),
        ] {
            let refresh = Schedule::DEFAULT
                .with_margin(Duration::from_millis(millis), Duration::from_secs(lifetime));
            assert_eq!(
                refresh.map(|refresh| refresh.margin().as_secs()),
                margin.map_err(|seconds| Error::Margin { seconds, lifetime }),
                "{millis} ms of {lifetime} s"
            );
        }
        let longest = Schedule::DEFAULT.with_margin(Duration::MAX, Duration::from_secs(900));
        assert!(longest.is_err());
    }

    #[test]
    fn a_token_is_handed_out_until_its_margin_begins_or_up_to_a_tenth_earlier() {
        for (jitter, lifetime, reuse) in [
            (0, 900, 840),
            (u32::MAX / 2, 900, 798),
            (u32::MAX, 900, 756),
            // So short that no whole second is a tenth.
            (u32::MAX, 70, 9),
            (u32::MAX, 69, 9),
            (u32::MAX, 61, 1),
            (0, 61, 1),
            // What does not fit.
            (0, 60, 0),
            (u32::MAX, 1, 0),
        ] {
            let refresh = Schedule::DEFAULT.with_jitter(jitter);
            let lifetime = Duration::from_secs(lifetime);
            assert_eq!(
                refresh.reuse(lifetime, None).as_secs(),
                reuse,
                "{lifetime:?}"
            );
            assert_eq!(refresh.fit(lifetime).is_ok(), reuse > 0, "{lifetime:?}");
        }
    }

    #[test]
    fn a_token_is_handed_out_no_longer_than_its_credentials_do() {
        for (jitter, credentials, reuse) in [
            (0, 100, 100),
            (u32::MAX, 100, 90),
            (u32::MAX, 1, 1),
            (0, 1_000, 840),
        ] {
            let refresh = Schedule::DEFAULT.with_jitter(jitter);
            let left = Some(Duration::from_secs(credentials));
            let reused = refresh.reuse(Duration::from_secs(900), left);
            assert_eq!(reused.as_secs(), reuse, "{credentials}");
        }
    }

    #[test]
    fn credentials_are_needed_a_margin_before_they_expire() -> Result<(), Error> {
        let at = Timestamp::from_unix_seconds;
        for (expiry, needed_by) in [(1_000, 940), (60, 0), (59, 0), (0, 0)] {
            assert_eq!(Schedule::DEFAULT.needed_by(at(expiry)?), at(needed_by)?);
        }
        Ok(())
    }
}
