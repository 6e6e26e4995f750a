//! Numbers and times on the command line.

use std::{str::FromStr, time::SystemTime};

use rds_iam_token::Timestamp;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// Parses a whole number, without a sign and without zeros in front.
pub(crate) fn number<T: FromStr>(flag: &str, value: &str, range: &str) -> Result<T, String> {
    value
        .parse()
        .ok()
        .filter(|_| value == "0" || !value.starts_with(['0', '+']))
        .ok_or_else(|| format!("{flag}: expected a whole number from {range}"))
}

/// Parses a time: RFC 3339, or `@` and seconds since 1970. Without a value, it is the clock's.
pub(crate) fn time(flag: &str, value: Option<&str>) -> Result<Timestamp, String> {
    let Some(value) = value else {
        return Timestamp::try_from(SystemTime::now()).map_err(|error| format!("clock: {error}"));
    };
    let seconds = match value.strip_prefix('@') {
        Some(seconds) => seconds.parse().ok().filter(|_| !seconds.starts_with('+')),
        None => OffsetDateTime::parse(value, &Rfc3339)
            .ok()
            .map(OffsetDateTime::unix_timestamp),
    };
    let seconds = seconds.ok_or_else(|| {
        format!("{flag}: expected a time in RFC 3339 (2015-08-30T12:36:00Z) or @UNIX_SECONDS")
    })?;
    Timestamp::from_unix_seconds(seconds).map_err(|error| format!("{flag}: {error}"))
}
