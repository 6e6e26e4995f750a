//! Dates: RFC 3339, and the `Date` header of HTTP.

use alloc::{format, string::String};

use crate::timestamp::Timestamp;

/// Parses a date and time of RFC 3339, as [`Timestamp`] does.
///
/// `UTC` at the end, with or without a space, is accepted as well: older caches of the `aws`
/// command have it. A date without a time or a zone, a leap second, and the other forms that
/// Python's date parser accepts are rejected, as other SDKs do.
pub(crate) fn parse(text: &str) -> Option<Timestamp> {
    match text.strip_suffix("UTC") {
        Some(date) => {
            let date = date.strip_suffix(' ').unwrap_or(date);
            format!("{date}Z").parse().ok()
        }
        None => text.parse().ok(),
    }
}

/// Parses the date of an HTTP header, such as `Tue, 14 Nov 2023 22:13:20 GMT`.
pub(crate) fn parse_http(text: &str) -> Option<Timestamp> {
    let (_, date) = text.split_once(", ")?;
    let mut words = date.strip_suffix(" GMT")?.split(' ');
    let (day, month, year, time) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let month = MONTHS.iter().position(|name| *name == month)? + 1;
    format!("{year}-{month:02}-{day}T{time}Z").parse().ok()
}

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// Returns how long ago or ahead a time is, in the largest fitting unit.
pub(crate) fn distance(from: Timestamp, to: Timestamp) -> String {
    let seconds = (from.unix_seconds() - to.unix_seconds()).unsigned_abs();
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7_200 => format!("{} min", seconds / 60),
        7_200..172_800 => format!("{} h", seconds / 3_600),
        _ => format!("{} days", seconds / 86_400),
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
    fn a_distance_has_the_largest_unit_of_which_there_are_two() -> Result<(), crate::error::Error> {
        for (seconds, expected) in [
            (0, "0 s"),
            (119, "119 s"),
            (120, "2 min"),
            (7_199, "119 min"),
            (7_200, "2 h"),
            (172_799, "47 h"),
            (172_800, "2 days"),
        ] {
            let (from, to) = (
                Timestamp::from_unix_seconds(0)?,
                Timestamp::from_unix_seconds(seconds)?,
            );
            assert_eq!(distance(from, to), expected);
            assert_eq!(distance(to, from), expected);
        }
        Ok(())
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
