//! The date and time as SigV4 writes them.

use time::{Date, Duration, Month, OffsetDateTime, Time};

use crate::{ascii, timestamp::Timestamp};

/// `20150830T123600Z`: ISO 8601 in its basic format, in UTC.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct AmzDate {
    /// In days since 1970.
    day: i64,
    digits: [u8; 16],
}

impl AmzDate {
    pub(crate) fn new(at: Timestamp) -> Self {
        let day = at.unix_seconds() / SECONDS_IN_A_DAY;
        let utc = UNIX_EPOCH.saturating_add(Duration::days(day));
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a timestamp's year is from 1970 to 9999"
        )]
        let (century, year) = ((utc.year() / 100) as u8, (utc.year() % 100) as u8);
        let [c1, c2] = two_digits(century);
        let [y1, y2] = two_digits(year);
        let [m1, m2] = two_digits(utc.month().into());
        let [d1, d2] = two_digits(utc.day());
        let midnight = Self {
            day,
            digits: [
                c1, c2, y1, y2, m1, m2, d1, d2, b'T', b'0', b'0', b'0', b'0', b'0', b'0', b'Z',
            ],
        };
        midnight.at_time(at)
    }

    /// Gives another moment of the same day: what [`new`](Self::new) gives, in less time.
    pub(crate) fn on_same_day(&self, at: Timestamp) -> Option<Self> {
        (at.unix_seconds() / SECONDS_IN_A_DAY == self.day).then(|| self.at_time(at))
    }

    /// Writes the time to a day that is written already.
    fn at_time(mut self, at: Timestamp) -> Self {
        #[expect(clippy::cast_sign_loss, reason = "a timestamp is not negative")]
        let seconds = (at.unix_seconds() % SECONDS_IN_A_DAY) as u32;
        #[expect(clippy::cast_possible_truncation, reason = "each is under 60")]
        let [hours, minutes, seconds] = [seconds / 3_600, seconds / 60 % 60, seconds % 60]
            .map(|number| two_digits(number as u8));
        self.digits[9..11].copy_from_slice(&hours);
        self.digits[11..13].copy_from_slice(&minutes);
        self.digits[13..15].copy_from_slice(&seconds);
        self
    }

    /// Reads a moment that is written like that.
    pub(crate) fn read(text: &str) -> Option<Timestamp> {
        let number = |start: usize, end: usize| text.get(start..end)?.parse::<u8>().ok();
        let year = text.get(0..4)?.parse().ok()?;
        let month = Month::try_from(number(4, 6)?).ok()?;
        let date = Date::from_calendar_date(year, month, number(6, 8)?).ok()?;
        let time = Time::from_hms(number(9, 11)?, number(11, 13)?, number(13, 15)?).ok()?;
        let at = Timestamp::try_from(OffsetDateTime::new_utc(date, time)).ok()?;
        // Whatever else the text holds, it is not what would be written.
        (Self::new(at).as_str() == text).then_some(at)
    }

    /// Reads the whole, `20150830T123600Z`.
    pub(crate) fn as_str(&self) -> &str {
        ascii::as_str(&self.digits)
    }

    pub(crate) fn as_bytes(&self) -> &[u8; 16] {
        &self.digits
    }

    pub(crate) fn day_as_bytes(&self) -> &[u8] {
        self.digits.split_at(8).0
    }

    /// Reads the day alone, `20150830`, as a credential scope has it.
    pub(crate) fn day(&self) -> &str {
        self.as_str().split_at(8).0
    }
}

/// Writes a number under 100.
fn two_digits(number: u8) -> [u8; 2] {
    [b'0' + number / 10, b'0' + number % 10]
}

/// A timestamp counts no leap seconds.
const SECONDS_IN_A_DAY: i64 = 86_400;

const UNIX_EPOCH: Date = OffsetDateTime::UNIX_EPOCH.date();

#[cfg(test)]
mod tests {
    use alloc::format;

    use super::super::worked_example;
    use super::*;
    use crate::error::Error;

    #[test]
    fn the_time_of_the_worked_example_is_written() -> Result<(), Error> {
        let date = AmzDate::new(worked_example::at()?);
        assert_eq!(date.as_str(), worked_example::DATE_TIME);
        assert_eq!(date.day(), worked_example::DATE);
        Ok(())
    }

    #[test]
    fn the_first_and_the_last_moment_are_written() {
        assert_eq!(AmzDate::new(Timestamp::MIN).as_str(), "19700101T000000Z");
        assert_eq!(AmzDate::new(Timestamp::MAX).as_str(), "99991231T235959Z");
    }

    /// Against the calendar of `time`, one day after the other.
    #[test]
    fn every_day_from_1970_to_9999_is_written() -> Result<(), Error> {
        let mut date = Date::from_ordinal_date(1970, 1).ok();
        let mut day = 0;
        while let Some((year, month, of_month)) = date.map(Date::to_calendar_date) {
            let at = Timestamp::from_unix_seconds(day * SECONDS_IN_A_DAY + 86_399)?;
            let written = AmzDate::new(at);
            let number = written.day_as_bytes().iter().fold(0, |number, digit| {
                assert!(digit.is_ascii_digit());
                10 * number + i32::from(digit - b'0')
            });
            let expected = 10_000 * year + 100 * i32::from(u8::from(month)) + i32::from(of_month);
            assert_eq!(number, expected, "{day}");
            date = date.and_then(Date::next_day);
            day += 1;
        }
        assert_eq!(day, 2_932_897);
        Ok(())
    }

    #[test]
    fn every_second_of_a_day_is_written() -> Result<(), Error> {
        let midnight = AmzDate::new(Timestamp::MIN);
        let mut time = Time::MIDNIGHT;
        for second in 0..SECONDS_IN_A_DAY {
            let (hours, minutes, seconds) = time.as_hms();
            let expected = format!("19700101T{hours:02}{minutes:02}{seconds:02}Z");
            let at = Timestamp::from_unix_seconds(second)?;
            assert_eq!(AmzDate::new(at).as_str(), expected);
            assert_eq!(
                midnight.on_same_day(at).as_ref().map(AmzDate::as_str),
                Some(expected.as_str())
            );
            time += Duration::seconds(1);
        }
        Ok(())
    }

    #[test]
    fn a_day_is_written_once_for_all_its_moments() -> Result<(), Error> {
        let noon = AmzDate::new(worked_example::at()?);
        let midnight = worked_example::at()?.unix_seconds() / SECONDS_IN_A_DAY * SECONDS_IN_A_DAY;
        for (seconds, same) in [
            (midnight - 1, false),
            (midnight, true),
            (midnight + 12_345, true),
            (midnight + SECONDS_IN_A_DAY - 1, true),
            (midnight + SECONDS_IN_A_DAY, false),
            (0, false),
        ] {
            let at = Timestamp::from_unix_seconds(seconds)?;
            let expected = same.then(|| AmzDate::new(at));
            assert_eq!(noon.on_same_day(at), expected, "{seconds}");
        }
        Ok(())
    }

    #[test]
    fn a_moment_is_read_as_it_is_written_and_not_otherwise() {
        for text in [
            "20150830T123600Z",
            "19700101T000000Z",
            "99991231T235959Z",
            "20000229T000000Z",
        ] {
            let at = AmzDate::read(text);
            assert_eq!(
                at.map(AmzDate::new).as_ref().map(AmzDate::as_str),
                Some(text)
            );
        }
        for text in [
            "",
            "2015-08-30T12:36:00Z",
            "20150830T123600",
            "20150830T123600z",
            "20150830t123600Z",
            "20150830T123600ZZ",
            "20150830T123660Z",
            "20150830T243600Z",
            "20150231T123600Z",
            "20150030T123600Z",
            "19691231T235959Z",
            "+0150830T123600Z",
            "20150830T+23600Z",
            "2015083üT123600Z",
        ] {
            assert_eq!(AmzDate::read(text), None, "{text}");
        }
    }
}
