//! Numbers and times on the command line.

use std::{str::FromStr, time::SystemTime};

use rds_iam_token::{Error, Timestamp};

/// Parses a whole number, without a sign and without zeros in front.
pub(crate) fn number<T: FromStr>(flag: &str, value: &str, range: &str) -> Result<T, String> {
    value
        .parse()
        .ok()
        .filter(|_| value == "0" || !value.starts_with(['0', '+']))
        .ok_or_else(|| format!("{flag}: expected a whole number from {range}"))
}

/// Returns the time of the clock.
pub(crate) fn now() -> Result<Timestamp, String> {
    Timestamp::try_from(SystemTime::now()).map_err(|error| format!("clock: {error}"))
}

/// Parses a time: RFC 3339, or `@` and seconds since 1970. Without a value, it is the clock's.
pub(crate) fn time(flag: &str, value: Option<&str>) -> Result<Timestamp, String> {
    let Some(value) = value else {
        return now();
    };
    let Some(seconds) = value.strip_prefix('@') else {
        let time = value.parse();
        return time.map_err(|error: Error| format!("{flag}: {error}, or @UNIX_SECONDS"));
    };
    let seconds = seconds
        .parse()
        .ok()
        .filter(|_| !seconds.starts_with('+'))
        .ok_or_else(|| format!("{flag}: expected a whole number of seconds since 1970 after @"))?;
    Timestamp::from_unix_seconds(seconds).map_err(|error| format!("{flag}: {error}"))
}
