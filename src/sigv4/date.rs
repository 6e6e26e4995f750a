//! The date and time as SigV4 writes them.

use crate::{
    ascii,
    timestamp::{SECONDS_IN_A_DAY, Timestamp, calendar},
};

/// `20150830T123600Z`: ISO 8601 in its basic format, in UTC.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct AmzDate {
    at: Timestamp,
    digits: [u8; 16],
}

impl AmzDate {
    pub(crate) fn new(at: Timestamp) -> Self {
        let (year, month, day) = calendar::civil_from_days(at.days());
        let [c1, c2] = two_digits(year / 100);
        let [y1, y2] = two_digits(year % 100);
        let [m1, m2] = two_digits(month);
        let [d1, d2] = two_digits(day);
        let midnight = Self {
            at,
            digits: [
                c1, c2, y1, y2, m1, m2, d1, d2, b'T', b'0', b'0', b'0', b'0', b'0', b'0', b'Z',
            ],
        };
        midnight.at_time(at)
    }

    /// Returns the date at a different time, if that is on the same day: the same as [`new`](Self::new), in
    /// fewer instructions.
    pub(crate) fn on_same_day(&self, at: Timestamp) -> Option<Self> {
        (at.days() == self.at.days()).then(|| self.at_time(at))
    }

    /// Replaces the time of day.
    fn at_time(mut self, at: Timestamp) -> Self {
        self.at = at;
        let seconds = at.second_of_day();
        let [hours, minutes, seconds] =
            [seconds / 3_600, seconds / 60 % 60, seconds % 60].map(two_digits);
        self.digits[9..11].copy_from_slice(&hours);
        self.digits[11..13].copy_from_slice(&minutes);
        self.digits[13..15].copy_from_slice(&seconds);
        self
    }

    /// Parses text in exactly that format.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let digits: [u8; 16] = text.as_bytes().try_into().ok()?;
        let [
            c1,
            c2,
            y1,
            y2,
            m1,
            m2,
            d1,
            d2,
            b'T',
            h1,
            h2,
            n1,
            n2,
            s1,
            s2,
            b'Z',
        ] = digits
        else {
            return None;
        };
        let number = |tens: u8, ones: u8| {
            let is_number = tens.is_ascii_digit() & ones.is_ascii_digit();
            is_number.then(|| 10 * u32::from(tens - b'0') + u32::from(ones - b'0'))
        };
        let year = 100 * number(c1, c2)? + number(y1, y2)?;
        let (month, day) = (number(m1, m2)?, number(d1, d2)?);
        let (hours, minutes, seconds) = (number(h1, h2)?, number(n1, n2)?, number(s1, s2)?);
        let is_moment = (1..=12).contains(&month)
            && (1..=calendar::last_day(year, month)).contains(&day)
            && hours < 24
            && minutes < 60
            && seconds < 60;
        if !is_moment {
            return None;
        }
        let midnight = SECONDS_IN_A_DAY * calendar::days_from_civil(year, month, day);
        let second_of_day = 3_600 * hours + 60 * minutes + seconds;
        let at = Timestamp::from_unix_seconds(midnight + i64::from(second_of_day)).ok()?;
        Some(Self { at, digits })
    }

    /// Returns the moment.
    pub(crate) fn at(&self) -> Timestamp {
        self.at
    }

    /// Returns the date and time, `20150830T123600Z`.
    pub(crate) fn as_str(&self) -> &str {
        ascii::as_str(&self.digits)
    }

    pub(crate) fn as_bytes(&self) -> &[u8; 16] {
        &self.digits
    }

    pub(crate) fn day_as_bytes(&self) -> &[u8] {
        self.digits.split_at(8).0
    }

    /// Returns the date alone, `20150830`, as in a credential scope.
    pub(crate) fn day(&self) -> &str {
        self.as_str().split_at(8).0
    }
}

/// Formats a number under 100.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a number under 100 fits a byte"
)]
fn two_digits(number: u32) -> [u8; 2] {
    let number = number as u8;
    [b'0' + number / 10, b'0' + number % 10]
}

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

    #[test]
    fn every_day_from_1970_to_9999_is_written_and_parsed() -> Result<(), Error> {
        let mut last = 0;
        for day in 0..=Timestamp::MAX.days() {
            let at = Timestamp::from_unix_seconds(i64::from(day) * SECONDS_IN_A_DAY + 86_399)?;
            let written = AmzDate::new(at);
            let number = written.day_as_bytes().iter().fold(0, |number, digit| {
                assert!(digit.is_ascii_digit());
                10 * number + u32::from(digit - b'0')
            });
            // `calendar` compares each with the crate `time`.
            let (year, month, day) = calendar::civil_from_days(day);
            assert_eq!(number, 10_000 * year + 100 * month + day);
            assert!(number > last);
            last = number;
            if matches!(day, 1 | 29) {
                assert_eq!(AmzDate::read(written.as_str()), Some(written));
            }
        }
        Ok(())
    }

    #[test]
    fn every_second_of_a_day_is_written() -> Result<(), Error> {
        let midnight = AmzDate::new(Timestamp::MIN);
        for second in 0..SECONDS_IN_A_DAY {
            let (hours, minutes, seconds) = (second / 3_600, second % 3_600 / 60, second % 60);
            let expected = format!("19700101T{hours:02}{minutes:02}{seconds:02}Z");
            let at = Timestamp::from_unix_seconds(second)?;
            assert_eq!(AmzDate::new(at).as_str(), expected);
            assert_eq!(
                midnight.on_same_day(at).as_ref().map(AmzDate::as_str),
                Some(expected.as_str())
            );
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
            let date = AmzDate::read(text);
            assert_eq!(date.as_ref().map(AmzDate::as_str), Some(text));
            assert_eq!(date.map(|date| AmzDate::new(date.at())), date);
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
            "20150229T123600Z",
            "20151301T123600Z",
            "20150001T123600Z",
            "20150800T123600Z",
            "20150831T126000Z",
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
