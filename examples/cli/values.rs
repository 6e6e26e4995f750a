//! Numbers and moments on the command line.

use std::str::FromStr;

use rds_iam_token::Timestamp;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use crate::command_line::Flags;

/// Reads a whole number, without a sign and without zeros in front.
pub(crate) fn number<T: FromStr>(
    flags: &Flags,
    flag: &str,
    range: &str,
) -> Result<Option<T>, String> {
    let Some(value) = flags.get(flag) else {
        return Ok(None);
    };
    value
        .parse()
        .ok()
        .filter(|_| value == "0" || !value.starts_with(['0', '+']))
        .map(Some)
        .ok_or_else(|| format!("--{flag} is not a whole number from {range}"))
}

/// Reads a moment: RFC 3339, or `@` and seconds since 1970.
pub(crate) fn moment(flags: &Flags, flag: &str) -> Result<Option<Timestamp>, String> {
    let Some(value) = flags.get(flag) else {
        return Ok(None);
    };
    let moment = match value.strip_prefix('@') {
        Some(seconds) => seconds.parse().ok().filter(|_| !seconds.starts_with('+')),
        None => OffsetDateTime::parse(value, &Rfc3339)
            .ok()
            .map(OffsetDateTime::unix_timestamp),
    };
    let moment = moment.ok_or_else(|| {
        format!("--{flag} is no time in RFC 3339 (2015-08-30T12:36:00Z) or as @UNIX_SECONDS")
    })?;
    Timestamp::from_unix_seconds(moment)
        .map(Some)
        .map_err(|error| format!("--{flag}: {error}"))
}
