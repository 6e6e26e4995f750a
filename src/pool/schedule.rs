//! The time at which a token is replaced.

use core::time::Duration;

use thiserror::Error;

use crate::timestamp::Timestamp;

/// An error of a margin that is under 30 s, or not less than the lifetime of the tokens.
#[derive(Clone, Copy, Debug, Eq, Error, Hash, PartialEq)]
#[error(
    "invalid margin: {seconds} s; expected at least 30 s, and less than the lifetime of {lifetime} s"
)]
#[expect(
    clippy::exhaustive_structs,
    reason = "these are the two numbers that the rule compares"
)]
pub struct MarginError {
    /// The margin, in seconds.
    pub seconds: u64,
    /// The lifetime of the request's tokens, in seconds.
    pub lifetime: u64,
}

/// How long a token is returned, and how long credentials sign.
#[derive(Clone, Copy, Debug)]
pub(super) struct Schedule {
    /// In seconds, from [`MIN_MARGIN`].
    margin: u64,
    jitter: u32,
}

impl Schedule {
    pub(super) const DEFAULT: Self = Self {
        margin: 60,
        jitter: 0,
    };

    /// Sets a margin for tokens of a lifetime. Fractions of a second are rounded up.
    pub(super) fn with_margin(
        self,
        margin: Duration,
        lifetime: Duration,
    ) -> Result<Self, MarginError> {
        if margin < MIN_MARGIN {
            return Err(MarginError {
                seconds: margin.as_secs(),
                lifetime: lifetime.as_secs(),
            });
        }
        let fraction = u64::from(margin.subsec_nanos() > 0);
        let margin = margin.as_secs().saturating_add(fraction);
        Self { margin, ..self }.fit(lifetime)
    }

    pub(super) const fn with_jitter(self, jitter: u32) -> Self {
        Self { jitter, ..self }
    }

    /// Rejects a lifetime that is not longer than the margin.
    pub(super) fn fit(self, lifetime: Duration) -> Result<Self, MarginError> {
        if self.margin() < lifetime {
            return Ok(self);
        }
        Err(MarginError {
            seconds: self.margin,
            lifetime: lifetime.as_secs(),
        })
    }

    fn margin(self) -> Duration {
        Duration::from_secs(self.margin)
    }

    /// Returns for how long a token is returned from when it is signed: its lifetime less the
    /// margin, or what is left of the time in which its credentials sign, and less the jitter's part
    /// of a tenth of that. It is at least 1 s if the lifetime [`fit`](Self::fit)s.
    pub(super) fn reuse(self, lifetime: Duration, credentials: Option<Duration>) -> Duration {
        let longest = lifetime.saturating_sub(self.margin());
        let longest = credentials
            .map_or(longest, |left| longest.min(left))
            .as_secs();
        let choices = longest / JITTER_SHARE + 1;
        let early = choices.saturating_mul(self.jitter.into()) >> u32::BITS;
        Duration::from_secs(longest.saturating_sub(early))
    }

    /// Returns the time from which credentials that expire at `expiry` sign nothing.
    pub(super) fn needed_by(self, expiry: Timestamp) -> Timestamp {
        expiry.saturating_sub(self.margin())
    }

    /// Returns `true` if credentials that are needed by a time, or at an unknown one, should be
    /// fetched.
    pub(super) fn is_due(needed_by: Option<Timestamp>, now: Timestamp, lead: Duration) -> bool {
        needed_by.is_none_or(|needed_by| needed_by <= now.saturating_add(lead))
    }
}

const MIN_MARGIN: Duration = Duration::from_secs(30);

/// The jitter shortens the time by at most one part in so many.
const JITTER_SHARE: u64 = 10;

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;
    use crate::error::Error;

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
            let schedule = Schedule::DEFAULT
                .with_margin(Duration::from_millis(millis), Duration::from_secs(lifetime));
            assert_eq!(
                schedule.map(|schedule| schedule.margin().as_secs()),
                margin.map_err(|seconds| MarginError { seconds, lifetime }),
                "{millis} ms of {lifetime} s"
            );
        }
        let longest = Schedule::DEFAULT.with_margin(Duration::MAX, Duration::from_secs(900));
        assert!(longest.is_err());
    }

    #[test]
    fn a_token_is_returned_until_its_margin_begins_or_up_to_a_tenth_earlier() {
        for (jitter, lifetime, reuse) in [
            (0, 900, 840),
            (u32::MAX / 2, 900, 798),
            (u32::MAX, 900, 756),
            // A tenth is less than a second.
            (u32::MAX, 70, 9),
            (u32::MAX, 69, 9),
            (u32::MAX, 61, 1),
            (0, 61, 1),
            // These do not fit.
            (0, 60, 0),
            (u32::MAX, 1, 0),
        ] {
            let schedule = Schedule::DEFAULT.with_jitter(jitter);
            let lifetime = Duration::from_secs(lifetime);
            assert_eq!(
                schedule.reuse(lifetime, None).as_secs(),
                reuse,
                "{lifetime:?}"
            );
            assert_eq!(schedule.fit(lifetime).is_ok(), reuse > 0, "{lifetime:?}");
        }
    }

    #[test]
    fn a_token_is_returned_only_while_its_credentials_sign() {
        for (jitter, credentials, reuse) in [
            (0, 100, 100),
            (u32::MAX, 100, 90),
            (u32::MAX, 1, 1),
            (0, 1_000, 840),
        ] {
            let schedule = Schedule::DEFAULT.with_jitter(jitter);
            let left = Some(Duration::from_secs(credentials));
            let reused = schedule.reuse(Duration::from_secs(900), left);
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

    #[test]
    fn credentials_are_due_a_lead_before_they_are_needed_and_while_that_is_not_known()
    -> Result<(), Error> {
        let at = Timestamp::from_unix_seconds;
        for (needed_by, now, lead, due) in [
            (None, 0, 0, true),
            (None, 1_000, 240, true),
            (Some(1_000), 759, 240, false),
            (Some(1_000), 760, 240, true),
            (Some(1_000), 999, 0, false),
            (Some(1_000), 1_000, 0, true),
            (Some(1_000), 0, u64::MAX, true),
            (Some(253_402_300_799), 253_402_300_798, 0, false),
        ] {
            let is_due = Schedule::is_due(
                needed_by.map(at).transpose()?,
                at(now)?,
                Duration::from_secs(lead),
            );
            assert_eq!(is_due, due, "{needed_by:?} {now} {lead}");
        }
        Ok(())
    }

    #[test]
    fn a_margin_error_states_the_margin_and_the_rule() {
        let error = MarginError {
            seconds: 29,
            lifetime: 900,
        };
        assert_eq!(
            error.to_string(),
            "invalid margin: 29 s; expected at least 30 s, and less than the lifetime of 900 s"
        );
    }
}
