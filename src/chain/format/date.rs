//! Dates: RFC 3339, and the `Date` header of HTTP.

use alloc::string::String;

use crate::timestamp::Timestamp;

/// Parses a date and time of RFC 3339: `T`, `t` or a space in the middle, any number of digits of
/// a fraction (truncated), and `Z`, `z` or an offset `±hh:mm` at the end.
///
/// `UTC` at the end, with or without a space, is accepted as well: older caches of the `aws`
/// command have it. A date without a time or a zone, a leap second, and the other forms that
/// Python's date parser accepts are rejected, as other SDKs do.
pub(crate) fn parse(text: &str) -> Option<Timestamp> {
    let (date, rest) = text.split_at_checked(10)?;
    let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = date.as_bytes() else {
        return None;
    };
    let (between, rest) = rest.split_at_checked(1)?;
    let (time, mut rest) = rest.split_at_checked(8)?;
    let &[h1, h2, b':', n1, n2, b':', s1, s2] = time.as_bytes() else {
        return None;
    };
    if !matches!(between, "T" | "t" | " ") {
        return None;
    }
    if let Some(fraction) = rest.strip_prefix('.') {
        rest = fraction.trim_start_matches(|digit: char| digit.is_ascii_digit());
        if rest.len() == fraction.len() {
            return None;
        }
    }
    let offset = match rest.as_bytes() {
        b"Z" | b"z" | b"UTC" | b" UTC" => 0,
        &[sign @ (b'+' | b'-'), o1, o2, b':', p1, p2] => {
            let (hours, minutes) = (number(&[o1, o2], 23)?, number(&[p1, p2], 59)?);
            let seconds = hours * 3_600 + minutes * 60;
            if sign == b'+' { seconds } else { -seconds }
        }
        _ => return None,
    };
    let seconds = unix_seconds(
        number(&[y1, y2, y3, y4], 9_999)?,
        number(&[m1, m2], 12)?,
        number(&[d1, d2], 31)?,
        [
            number(&[h1, h2], 23)?,
            number(&[n1, n2], 59)?,
            number(&[s1, s2], 59)?,
        ],
    )?;
    Timestamp::from_unix_seconds(seconds - offset).ok()
}

/// Parses the date of an HTTP header, such as `Tue, 14 Nov 2023 22:13:20 GMT`.
pub(crate) fn parse_http(text: &str) -> Option<Timestamp> {
    let &[
        _,
        _,
        _,
        b',',
        b' ',
        d1,
        d2,
        b' ',
        ref month @ ..,
        b' ',
        y1,
        y2,
        y3,
        y4,
        b' ',
        h1,
        h2,
        b':',
        n1,
        n2,
        b':',
        s1,
        s2,
        b' ',
        b'G',
        b'M',
        b'T',
    ] = text.as_bytes()
    else {
        return None;
    };
    let month = MONTHS.iter().position(|name| name.as_bytes() == month)?;
    let seconds = unix_seconds(
        number(&[y1, y2, y3, y4], 9_999)?,
        i64::try_from(month).ok()? + 1,
        number(&[d1, d2], 31)?,
        [
            number(&[h1, h2], 23)?,
            number(&[n1, n2], 59)?,
            number(&[s1, s2], 60)?,
        ],
    )?;
    Timestamp::from_unix_seconds(seconds).ok()
}

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// Parses digits, up to a largest number.
fn number(digits: &[u8], max: i64) -> Option<i64> {
    let mut value = 0;
    for digit in digits {
        value = value * 10 + i64::from(digit.is_ascii_digit().then(|| digit - b'0')?);
    }
    (value <= max).then_some(value)
}

/// Converts a date of the Gregorian calendar; `None` for a day that does not exist.
fn unix_seconds(year: i64, month: i64, day: i64, [h, m, s]: [i64; 3]) -> Option<i64> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    if month == 0 || day == 0 || day > last {
        return None;
    }
    // Days from 1970-01-01, with years that start in March.
    let year = year - i64::from(month <= 2);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let days =
        365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + day_of_year
            - 719_468;
    Some(days * 86_400 + h * 3_600 + m * 60 + s)
}

/// Returns how long ago or ahead a time is, in the largest fitting unit.
pub(crate) fn distance(from: Timestamp, to: Timestamp) -> String {
    let seconds = (from.unix_seconds() - to.unix_seconds()).unsigned_abs();
    match seconds {
        0..120 => alloc::format!("{seconds} s"),
        120..7_200 => alloc::format!("{} min", seconds / 60),
        7_200..172_800 => alloc::format!("{} h", seconds / 3_600),
        _ => alloc::format!("{} days", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A date, and its Unix time.
    const DATES: &[(&str, Option<i64>)] = &[
        ("1970-01-01T00:00:00Z", Some(0)),
        ("2023-11-15T00:13:20Z", Some(1_700_007_200)),
        ("2024-02-29T12:00:00+01:30", Some(1_709_202_600)),
        ("2023-11-14T16:13:20.999999-08:00", Some(1_700_007_200)),
        ("9999-12-31T23:59:59Z", Some(253_402_300_799)),
        ("2023-11-15 00:13:20UTC", Some(1_700_007_200)),
        // No such day, hour or second.
        ("2023-02-29T00:00:00Z", None),
        ("2100-02-29T00:00:00Z", None),
        ("2023-11-31T00:00:00Z", None),
        ("2023-00-01T00:00:00Z", None),
        ("2023-13-01T00:00:00Z", None),
        ("2023-01-00T00:00:00Z", None),
        ("2023-11-15T24:00:00Z", None),
        ("2023-12-31T23:59:60Z", None),
        // Out of range.
        ("1969-12-31T23:59:59Z", None),
        ("9999-12-31T23:59:59-00:01", None),
        // Another form.
        ("2023-11-15T00:13:20", None),
        ("2023-11-15T00:13:20.Z", None),
        ("2023-11-15T00:13:20+0100", None),
        ("2023-11-15T00:13:20 GMT", None),
        ("2023-11-15T00:13:20Z ", None),
        ("+023-11-15T00:13:20Z", None),
        ("２023-11-15T00:13:20Z", None),
        ("", None),
    ];

    #[test]
    fn a_date_is_of_rfc_3339() {
        for (text, unix_seconds) in DATES {
            assert_eq!(
                parse(text).map(Timestamp::unix_seconds),
                *unix_seconds,
                "{text:?}"
            );
        }
    }

    #[test]
    fn the_date_of_a_header_is_in_the_one_form_that_servers_send() {
        for (text, unix_seconds) in [
            ("Tue, 14 Nov 2023 22:13:20 GMT", Some(1_700_000_000)),
            ("Tue, 14 Nov 2023 22:13:20 UTC", None),
            ("Tuesday, 14-Nov-23 22:13:20 GMT", None),
            ("Tue, 14 nov 2023 22:13:20 GMT", None),
        ] {
            assert_eq!(
                parse_http(text).map(Timestamp::unix_seconds),
                unix_seconds,
                "{text:?}"
            );
        }
    }
}
