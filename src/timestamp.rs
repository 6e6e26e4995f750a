//! The time, as the caller passes it in.

use core::{fmt, str::FromStr, time::Duration};

#[cfg(feature = "time")]
use time::OffsetDateTime;

use crate::error::Error;

pub(crate) mod calendar;
mod rfc3339;

/// A moment in whole seconds, from 1970-01-01T00:00:00Z to 9999-12-31T23:59:59Z.
///
/// This crate never reads a clock. Create a timestamp from `std::time::SystemTime` (feature `std`), from
/// `time::OffsetDateTime` of the crate `time` 0.3 (feature `time`), from text in RFC 3339, or from seconds
/// since 1970. Fractions of a second are truncated, towards the past: a token must never be dated ahead
/// of the clock.
///
/// # Examples
///
/// ```
/// use rds_iam_token::Timestamp;
///
/// let then = Timestamp::from_unix_seconds(1_440_938_160)?;
/// assert_eq!(then.to_string(), "2015-08-30T12:36:00Z");
/// assert_eq!("2015-08-30T14:36:00+02:00".parse(), Ok(then));
/// # Ok::<(), rds_iam_token::Error>(())
/// ```
///
/// The current time, with the default features:
///
/// ```
/// # #[cfg(feature = "std")] {
/// use rds_iam_token::Timestamp;
/// use std::time::SystemTime;
///
/// let now = Timestamp::try_from(SystemTime::now())?;
/// assert!(now > Timestamp::MIN);
/// # }
/// # Ok::<(), rds_iam_token::Error>(())
/// ```
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Timestamp {
    /// From 0 to `Timestamp::MAX`.
    unix_seconds: i64,
}

impl Timestamp {
    /// The first moment, 1970-01-01T00:00:00Z.
    pub const MIN: Self = Self { unix_seconds: 0 };

    /// The last moment, 9999-12-31T23:59:59Z: a later one does not fit the eight digits of a
    /// credential scope's date.
    pub const MAX: Self = Self {
        unix_seconds: 253_402_300_799,
    };

    /// Creates a timestamp from seconds since 1970-01-01T00:00:00Z, without leap seconds (Unix time).
    ///
    /// # Errors
    ///
    /// [`Error::Timestamp`] before 1970 and after 9999.
    pub const fn from_unix_seconds(unix_seconds: i64) -> Result<Self, Error> {
        if unix_seconds < Self::MIN.unix_seconds || unix_seconds > Self::MAX.unix_seconds {
            return Err(Error::Timestamp { unix_seconds });
        }
        Ok(Self { unix_seconds })
    }

    /// Returns the seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn unix_seconds(self) -> i64 {
        self.unix_seconds
    }

    /// Adds a duration in whole seconds, saturating at [`Timestamp::MAX`].
    #[must_use]
    pub fn saturating_add(self, duration: Duration) -> Self {
        let seconds = i64::try_from(duration.as_secs()).unwrap_or(i64::MAX);
        Self {
            unix_seconds: self.unix_seconds.saturating_add(seconds),
        }
        .min(Self::MAX)
    }

    /// Returns the whole seconds since an earlier timestamp, or zero if it is later than this one.
    #[must_use]
    pub fn saturating_duration_since(self, earlier: Self) -> Duration {
        let seconds = self.unix_seconds.saturating_sub(earlier.unix_seconds);
        Duration::from_secs(u64::try_from(seconds).unwrap_or_default())
    }

    /// Subtracts a duration in whole seconds, saturating at [`Timestamp::MIN`].
    #[must_use]
    pub fn saturating_sub(self, duration: Duration) -> Self {
        let seconds = i64::try_from(duration.as_secs()).unwrap_or(i64::MAX);
        Self {
            unix_seconds: self.unix_seconds.saturating_sub(seconds),
        }
        .max(Self::MIN)
    }

    /// Returns the days since 1970-01-01.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a timestamp is at most in the year 9999, and not negative"
    )]
    pub(crate) const fn days(self) -> u32 {
        (self.unix_seconds / SECONDS_IN_A_DAY) as u32
    }

    /// Returns the seconds since midnight.
    #[expect(clippy::cast_sign_loss, reason = "a timestamp is not negative")]
    pub(crate) const fn second_of_day(self) -> u32 {
        (self.unix_seconds % SECONDS_IN_A_DAY) as u32
    }
}

#[cfg(feature = "time")]
impl TryFrom<OffsetDateTime> for Timestamp {
    type Error = Error;

    /// Converts a time of any offset from UTC. Fractions of a second are truncated.
    ///
    /// # Errors
    ///
    /// [`Error::Timestamp`] before 1970 and after 9999.
    fn try_from(time: OffsetDateTime) -> Result<Self, Error> {
        Self::from_unix_seconds(time.unix_timestamp())
    }
}

#[cfg(feature = "time")]
impl From<Timestamp> for OffsetDateTime {
    /// Converts the timestamp to a time in UTC.
    fn from(timestamp: Timestamp) -> Self {
        Self::UNIX_EPOCH.saturating_add(time::Duration::seconds(timestamp.unix_seconds))
    }
}

#[cfg(feature = "std")]
impl TryFrom<std::time::SystemTime> for Timestamp {
    type Error = Error;

    /// Converts a system time, which counts from 1970 without leap seconds. Fractions of a second are
    /// truncated.
    ///
    /// # Errors
    ///
    /// [`Error::Timestamp`] before 1970 and after 9999.
    fn try_from(time: std::time::SystemTime) -> Result<Self, Error> {
        let unix_seconds = match time.duration_since(std::time::UNIX_EPOCH) {
            Ok(after) => i64::try_from(after.as_secs()).unwrap_or(i64::MAX),
            Err(error) => {
                let before = error.duration();
                let started = before
                    .as_secs()
                    .saturating_add(u64::from(before.subsec_nanos() > 0));
                0_i64.saturating_sub_unsigned(started)
            }
        };
        Self::from_unix_seconds(unix_seconds)
    }
}

#[cfg(feature = "std")]
impl From<Timestamp> for std::time::SystemTime {
    /// Converts the timestamp to a system time.
    fn from(timestamp: Timestamp) -> Self {
        Self::UNIX_EPOCH + Duration::from_secs(timestamp.unix_seconds.unsigned_abs())
    }
}

impl FromStr for Timestamp {
    type Err = Error;

    /// Parses a date and time in RFC 3339, `2015-08-30T12:36:00Z`.
    ///
    /// Between date and time is a `T`, a `t` or a space. Fractions of a second are truncated. `Z`, `z` or
    /// an offset (`+02:00`) is required: without one the moment is ambiguous. Unix time has
    /// no leap seconds, so the second 60 is rejected.
    ///
    /// # Errors
    ///
    /// [`Error::TimestampText`] for a text of a different form, [`Error::Timestamp`] before 1970 and after
    /// 9999.
    ///
    /// # Examples
    ///
    /// ```
    /// use rds_iam_token::{Error, Fault, Timestamp};
    ///
    /// let expiration: Timestamp = "2015-08-30T12:36:00Z".parse()?;
    /// assert_eq!(expiration.unix_seconds(), 1_440_938_160);
    ///
    /// let no_offset = "2015-08-30T12:36:00".parse::<Timestamp>();
    /// assert_eq!(no_offset, Err(Error::TimestampText(Fault::TooShort.at(19))));
    /// # Ok::<(), Error>(())
    /// ```
    fn from_str(text: &str) -> Result<Self, Error> {
        Self::from_unix_seconds(rfc3339::parse(text).map_err(Error::TimestampText)?)
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Timestamp({self})")
    }
}

impl fmt::Display for Timestamp {
    /// Writes the timestamp in UTC in the format of RFC 3339, `2015-08-30T12:36:00Z`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = calendar::civil_from_days(self.days());
        let second = self.second_of_day();
        let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"
        )
    }
}

/// A timestamp counts no leap seconds.
pub(crate) const SECONDS_IN_A_DAY: i64 = 86_400;

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn the_years_1970_to_9999_are_taken_and_no_others() {
        for (unix_seconds, fits) in [
            (0, true),
            (253_402_300_799, true),
            (-1, false),
            (253_402_300_800, false),
            (i64::MIN, false),
            (i64::MAX, false),
        ] {
            let taken = Timestamp::from_unix_seconds(unix_seconds);
            assert_eq!(taken.is_ok(), fits, "{unix_seconds}");
            assert_eq!(
                taken.err(),
                (!fits).then_some(Error::Timestamp { unix_seconds })
            );
        }
    }

    #[cfg(feature = "time")]
    #[test]
    fn a_time_of_any_zone_is_taken_as_the_moment_it_is() -> Result<(), Error> {
        let utc = OffsetDateTime::UNIX_EPOCH + time::Duration::seconds(1_440_938_160);
        let east = time::UtcOffset::from_hms(2, 0, 0).map(|offset| utc.to_offset(offset));
        let timestamp = Timestamp::from_unix_seconds(1_440_938_160)?;
        for time in east.into_iter().chain([utc]) {
            let later = time + time::Duration::milliseconds(999);
            assert_eq!(Timestamp::try_from(later), Ok(timestamp));
        }
        assert_eq!(OffsetDateTime::from(timestamp), utc);
        Ok(())
    }

    #[cfg(feature = "time")]
    #[test]
    fn parts_of_a_second_are_dropped_towards_the_past() {
        let just_before = OffsetDateTime::UNIX_EPOCH - time::Duration::nanoseconds(1);
        let refused = Err(Error::Timestamp { unix_seconds: -1 });
        assert_eq!(Timestamp::try_from(just_before), refused);
    }

    #[cfg(feature = "std")]
    #[test]
    fn a_system_time_is_taken_as_the_moment_it_is() {
        use std::time::UNIX_EPOCH;

        let milliseconds = Duration::from_millis;
        for (time, taken) in [
            (
                UNIX_EPOCH + milliseconds(1_440_938_160_999),
                Ok(1_440_938_160),
            ),
            (UNIX_EPOCH, Ok(0)),
            (UNIX_EPOCH - milliseconds(1), Err(-1)),
            (UNIX_EPOCH - milliseconds(86_400_000), Err(-86_400)),
            (UNIX_EPOCH - milliseconds(86_400_001), Err(-86_401)),
            (
                UNIX_EPOCH + milliseconds(253_402_300_800_000),
                Err(253_402_300_800),
            ),
        ] {
            assert_eq!(
                Timestamp::try_from(time).map(Timestamp::unix_seconds),
                taken.map_err(|unix_seconds| Error::Timestamp { unix_seconds })
            );
        }
        assert_eq!(
            std::time::SystemTime::from(Timestamp::MAX),
            UNIX_EPOCH + Duration::from_secs(253_402_300_799)
        );
    }

    #[test]
    fn a_later_moment_is_none_away() -> Result<(), Error> {
        let (early, late) = (Timestamp::MIN, Timestamp::from_unix_seconds(5)?);
        assert_eq!(
            late.saturating_duration_since(early),
            Duration::from_secs(5)
        );
        assert_eq!(early.saturating_duration_since(late), Duration::ZERO);
        Ok(())
    }

    #[test]
    fn the_ends_of_time_are_not_passed() {
        assert_eq!(Timestamp::MAX.saturating_sub(Duration::MAX), Timestamp::MIN);
        assert_eq!(
            Timestamp::MIN.saturating_sub(Duration::from_secs(1)),
            Timestamp::MIN
        );
        assert_eq!(Timestamp::MIN.saturating_add(Duration::MAX), Timestamp::MAX);
        assert_eq!(Timestamp::MAX.saturating_add(Duration::MAX), Timestamp::MAX);
        assert_eq!(
            Timestamp::MAX.saturating_add(Duration::from_secs(1)),
            Timestamp::MAX
        );
    }

    #[test]
    fn a_timestamp_prints_as_rfc_3339() {
        assert_eq!(Timestamp::MIN.to_string(), "1970-01-01T00:00:00Z");
        assert_eq!(Timestamp::MAX.to_string(), "9999-12-31T23:59:59Z");
    }

    #[test]
    fn a_printed_timestamp_parses_to_itself() {
        for seconds in (0..=Timestamp::MAX.unix_seconds()).step_by(9_999_999) {
            let timestamp = Timestamp::from_unix_seconds(seconds);
            let printed = timestamp.map(|timestamp| timestamp.to_string());
            assert_eq!(printed.and_then(|text| text.parse()), timestamp);
        }
    }

    #[test]
    fn a_second_60_is_rejected_as_a_number_out_of_range() {
        let rejected = "2016-12-31T23:59:60Z".parse::<Timestamp>();
        assert_eq!(
            rejected.map_err(|error| error.to_string()),
            Err(
                "invalid time: number out of range at byte 17; expected RFC 3339, such as \
                2015-08-30T12:36:00Z"
                    .to_string()
            )
        );
    }

    #[test]
    fn a_text_of_another_year_is_rejected_as_a_time() {
        for (text, unix_seconds) in [
            ("1969-12-31T23:59:59Z", -1),
            ("1970-01-01T00:00:00+00:01", -60),
            ("9999-12-31T23:59:59-00:01", 253_402_300_859),
        ] {
            let rejected = Err(Error::Timestamp { unix_seconds });
            assert_eq!(text.parse::<Timestamp>(), rejected, "{text}");
        }
    }
}
