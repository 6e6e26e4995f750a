//! When the token in the file is renewed.

use std::time::Duration;

use rds_iam_token::Timestamp;

/// The time of a token, and of its renewal.
#[derive(Clone, Copy)]
pub(crate) struct Schedule {
    signed_at: Timestamp,
    /// `None` if the credentials expire first: a new token would last no longer.
    renew_at: Option<Timestamp>,
}

impl Schedule {
    /// Returns the schedule of a token: it is renewed after two thirds of its lifetime.
    pub(crate) fn of(now: Timestamp, expiry: Timestamp, of_credentials: Option<Timestamp>) -> Self {
        let lifetime = expiry.saturating_duration_since(now);
        let is_bound = of_credentials.is_some_and(|credentials| credentials <= expiry);
        Self {
            signed_at: now,
            renew_at: (!is_bound).then(|| now.saturating_add(lifetime * 2 / 3)),
        }
    }

    /// Returns the schedule after a failure.
    pub(crate) fn again(self, now: Timestamp, after: Duration) -> Self {
        Self {
            renew_at: Some(now.saturating_add(after)),
            signed_at: now.min(self.signed_at),
        }
    }

    /// Returns `true` if the token is to be renewed; also if the clock was set back.
    pub(crate) fn is_due(self, now: Timestamp) -> bool {
        self.renew_at.is_some_and(|at| at <= now) || now < self.signed_at
    }

    /// Returns the time until then.
    pub(crate) fn pause(self, now: Timestamp) -> Duration {
        self.renew_at
            .map_or(Duration::MAX, |at| at.saturating_duration_since(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_unix_seconds(seconds).expect("it is in range")
    }

    #[test]
    fn a_token_is_renewed_after_two_thirds_of_its_lifetime() {
        let schedule = Schedule::of(at(1000), at(1900), Some(at(5000)));
        for (now, is_due) in [(999, true), (1000, false), (1599, false), (1600, true)] {
            assert_eq!(schedule.is_due(at(now)), is_due, "{now}");
        }
        assert_eq!(schedule.pause(at(1100)), Duration::from_secs(500));
    }

    #[test]
    fn a_token_that_ends_with_its_credentials_waits_for_new_ones() {
        let schedule = Schedule::of(at(1000), at(1300), Some(at(1300)));
        assert!(!schedule.is_due(at(2000)));
        assert!(
            schedule
                .again(at(1100), Duration::from_secs(30))
                .is_due(at(1130))
        );
    }
}
