//! A date and time in the format of RFC 3339, section 5.6.

use core::ops::RangeInclusive;

use super::{SECONDS_IN_A_DAY, calendar};
use crate::fault::{Fault, Flaw};

/// Parses a date and time to seconds since 1970, negative before.
///
/// The separator is `T`, `t` or a space; a fraction of a second is truncated; `Z`, `z` or an offset is
/// required. There are no leap seconds, so the second 60 is rejected.
pub(super) fn parse(text: &str) -> Result<i64, Flaw> {
    if text.is_empty() {
        return Err(Fault::Empty.at(0));
    }
    let mut text = Reader {
        bytes: text.as_bytes(),
        offset: 0,
    };
    let year = text.number(4, 0..=9_999)?;
    text.one_of(b"-")?;
    let month = text.number(2, 1..=12)?;
    text.one_of(b"-")?;
    let day = text.number(2, 1..=calendar::last_day(year, month))?;
    text.one_of(b"Tt ")?;
    let hour = text.number(2, 0..=23)?;
    text.one_of(b":")?;
    let minute = text.number(2, 0..=59)?;
    text.one_of(b":")?;
    let second = text.number(2, 0..=59)?;
    if text.peek() == Some(b'.') {
        text.offset += 1;
        text.number(1, 0..=9)?;
        while text.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            text.offset += 1;
        }
    }
    let ahead = match text.one_of(b"Zz+-")? {
        sign @ (b'+' | b'-') => {
            let hours = text.number(2, 0..=23)?;
            text.one_of(b":")?;
            let seconds = seconds(hours, text.number(2, 0..=59)?, 0);
            if sign == b'+' { seconds } else { -seconds }
        }
        _ => 0,
    };
    if let Some(byte) = text.peek() {
        return Err(text.flaw(byte));
    }
    let days = calendar::days_from_civil(year, month, day);
    Ok(days * SECONDS_IN_A_DAY + seconds(hour, minute, second) - ahead)
}

/// Returns the seconds of hours, minutes and seconds.
fn seconds(hours: u32, minutes: u32, seconds: u32) -> i64 {
    i64::from(3_600 * hours + 60 * minutes + seconds)
}

/// A text that is read from left to right.
struct Reader<'a> {
    bytes: &'a [u8],
    offset: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.offset).copied()
    }

    fn flaw(&self, byte: u8) -> Flaw {
        Fault::of(byte).at(self.offset)
    }

    /// Reads a byte that fits.
    fn next(&mut self, fits: impl Fn(u8) -> bool) -> Result<u8, Flaw> {
        let byte = self.peek().ok_or(Fault::TooShort.at(self.offset))?;
        if !fits(byte) {
            return Err(self.flaw(byte));
        }
        self.offset += 1;
        Ok(byte)
    }

    /// Reads one of some bytes.
    fn one_of(&mut self, bytes: &[u8]) -> Result<u8, Flaw> {
        self.next(|byte| bytes.contains(&byte))
    }

    /// Reads a number of so many digits.
    fn number(&mut self, digits: u32, range: RangeInclusive<u32>) -> Result<u32, Flaw> {
        let start = self.offset;
        let number = (0..digits).try_fold(0, |number, _| {
            let digit = self.next(|byte| byte.is_ascii_digit())?;
            Ok(10 * number + u32::from(digit - b'0'))
        })?;
        if range.contains(&number) {
            Ok(number)
        } else {
            Err(Fault::OutOfRange.at(start))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_rfc_3339_is_a_moment() {
        for (text, unix_seconds) in [
            ("2015-08-30T12:36:00Z", 1_440_938_160),
            ("2015-08-30t12:36:00z", 1_440_938_160),
            ("2015-08-30 12:36:00Z", 1_440_938_160),
            // Fractions are truncated, whatever their length.
            ("2015-08-30T12:36:00.0Z", 1_440_938_160),
            ("2015-08-30T12:36:00.999999999999999999999Z", 1_440_938_160),
            ("1969-12-31T23:59:59.999Z", -1),
            // Offsets.
            ("2015-08-30T12:36:00+00:00", 1_440_938_160),
            ("2015-08-30T12:36:00-00:00", 1_440_938_160),
            ("2015-08-30T14:36:00+02:00", 1_440_938_160),
            ("2015-08-30 07:06:00.5-05:30", 1_440_938_160),
            ("2015-08-31T12:35:00+23:59", 1_440_938_160),
            ("2015-08-29T12:37:00-23:59", 1_440_938_160),
            // Leap days.
            ("2000-02-29T00:00:00Z", 951_782_400),
            ("2024-02-29T23:59:59Z", 1_709_251_199),
            // The ends.
            ("1970-01-01T00:00:00Z", 0),
            ("9999-12-31T23:59:59Z", 253_402_300_799),
            ("0000-01-01T00:00:00Z", -62_167_219_200),
            ("0000-02-29T00:00:00Z", -62_162_121_600),
            ("0001-01-01T00:00:00Z", -62_135_596_800),
            ("9999-12-31T23:59:59-23:59", 253_402_387_139),
        ] {
            assert_eq!(parse(text), Ok(unix_seconds), "{text}");
        }
    }

    #[test]
    fn a_text_of_another_form_is_rejected_at_its_first_wrong_byte() {
        for (text, flaw) in [
            ("", Fault::Empty.at(0)),
            ("2015", Fault::TooShort.at(4)),
            ("2015-08-30", Fault::TooShort.at(10)),
            ("2015-08-30T12:36Z", Fault::Character.at(16)),
            // No offset: whose time is it?
            ("2015-08-30T12:36:00", Fault::TooShort.at(19)),
            ("2015-08-30T12:36:00.5", Fault::TooShort.at(21)),
            ("2015-08-30T12:36:00+0200", Fault::Character.at(22)),
            ("2015-08-30T12:36:00+02", Fault::TooShort.at(22)),
            ("2015-08-30T12:36:00+24:00", Fault::OutOfRange.at(20)),
            ("2015-08-30T12:36:00+02:60", Fault::OutOfRange.at(23)),
            ("2015-08-30T12:36:00 UTC", Fault::WhiteSpace.at(19)),
            // Numbers out of their range.
            ("2015-00-30T12:36:00Z", Fault::OutOfRange.at(5)),
            ("2015-13-30T12:36:00Z", Fault::OutOfRange.at(5)),
            ("2015-08-00T12:36:00Z", Fault::OutOfRange.at(8)),
            ("2015-08-32T12:36:00Z", Fault::OutOfRange.at(8)),
            ("2015-06-31T12:36:00Z", Fault::OutOfRange.at(8)),
            ("2015-02-29T12:36:00Z", Fault::OutOfRange.at(8)),
            ("1900-02-29T12:36:00Z", Fault::OutOfRange.at(8)),
            ("2015-08-30T24:00:00Z", Fault::OutOfRange.at(11)),
            ("2015-08-30T12:60:00Z", Fault::OutOfRange.at(14)),
            ("2016-12-31T23:59:60Z", Fault::OutOfRange.at(17)),
            // Other formats.
            ("20150830T123600Z", Fault::Character.at(4)),
            ("1440938160", Fault::Character.at(4)),
            ("@1440938160", Fault::Character.at(0)),
            ("+2015-08-30T12:36:00Z", Fault::Character.at(0)),
            ("-2015-08-30T12:36:00Z", Fault::Character.at(0)),
            ("2015-08-30_12:36:00Z", Fault::Character.at(10)),
            ("2015-08-30T12:36:00,5Z", Fault::Character.at(19)),
            ("2015-08-30T12:36:00.Z", Fault::Character.at(20)),
            ("2015-8-30T12:36:00Z", Fault::Character.at(6)),
            // Nothing is trimmed.
            (" 2015-08-30T12:36:00Z", Fault::WhiteSpace.at(0)),
            ("2015-08-30T12:36:00Z ", Fault::WhiteSpace.at(20)),
            ("2015-08-30T12:36:00Z\n", Fault::LineBreak.at(20)),
            ("2015-08-30T12:36:00Z\0", Fault::ControlCharacter.at(20)),
            ("2015-08-30T12:36:00Zx", Fault::Character.at(20)),
            ("2015-08-30T12:36:00+02:00:00", Fault::Character.at(25)),
            ("２015-08-30T12:36:00Z", Fault::NonAscii.at(0)),
        ] {
            assert_eq!(parse(text), Err(flaw), "{text:?}");
        }
    }
}
