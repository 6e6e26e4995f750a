//! The command lines of the examples: `--flag value` or `--flag=value`, each at most once.

use std::{collections::BTreeMap, ffi::OsString};

use lexopt::{Arg, Parser};
use rds_iam_token::Timestamp;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// What was given on the command line.
pub(crate) enum CommandLine {
    Help,
    Nothing,
    Flags(Flags),
}

impl CommandLine {
    /// Reads arguments without the name of the program.
    ///
    /// An error is one line and repeats no value, which may be a secret in the wrong place.
    pub(crate) fn read(
        known: &[&'static str],
        arguments: impl IntoIterator<Item = OsString>,
    ) -> Result<Self, String> {
        let mut parser = Parser::from_args(arguments);
        let mut values = BTreeMap::new();
        while let Some(argument) = parser.next().map_err(|_| "an argument cannot be read")? {
            let flag = match argument {
                Arg::Long("help") | Arg::Short('h') => return Ok(Self::Help),
                Arg::Long(name) => *known
                    .iter()
                    .find(|flag| **flag == name)
                    .ok_or_else(|| format!("there is no flag --{}", name.escape_debug()))?,
                Arg::Short(letter) => {
                    return Err(format!("there is no flag -{}", letter.escape_debug()));
                }
                Arg::Value(_) => return Err("there is an argument without a flag".to_owned()),
            };
            let value = value(flag, &mut parser)?;
            if values.insert(flag, value).is_some() {
                return Err(format!("--{flag} is given twice"));
            }
        }
        Ok(if values.is_empty() {
            Self::Nothing
        } else {
            Self::Flags(Flags { values })
        })
    }
}

/// Reads the value of a flag. One that starts with a hyphen has to follow an equals sign, since it
/// is more likely the next flag.
fn value(flag: &str, parser: &mut Parser) -> Result<String, String> {
    let value = match parser.optional_value() {
        Some(value) => value,
        None => parser
            .raw_args()
            .ok()
            .and_then(|mut arguments| {
                arguments.next_if(|value| !value.as_encoded_bytes().starts_with(b"-"))
            })
            .ok_or_else(|| {
                format!("--{flag} has no value (one with a hyphen in front: --{flag}=-…)")
            })?,
    };
    value
        .into_string()
        .map_err(|_| format!("--{flag} is not UTF-8"))
}

/// The values of the flags that were given.
pub(crate) struct Flags {
    values: BTreeMap<&'static str, String>,
}

impl Flags {
    pub(crate) fn get(&self, flag: &str) -> Option<&str> {
        self.values.get(flag).map(String::as_str)
    }

    pub(crate) fn require(&self, flag: &str) -> Result<&str, String> {
        self.get(flag).ok_or_else(|| format!("--{flag} is needed"))
    }

    /// Reads a whole number without a sign.
    pub(crate) fn number<T: std::str::FromStr>(&self, flag: &str) -> Result<Option<T>, String> {
        let Some(value) = self.get(flag) else {
            return Ok(None);
        };
        value
            .parse()
            .ok()
            .filter(|_| value.bytes().all(|byte| byte.is_ascii_digit()))
            .map(Some)
            .ok_or_else(|| format!("--{flag} is not a whole number in its range"))
    }

    /// Reads a moment: RFC 3339, or `@` and seconds since 1970.
    pub(crate) fn moment(&self, flag: &str) -> Result<Option<Timestamp>, String> {
        let Some(value) = self.get(flag) else {
            return Ok(None);
        };
        let moment = match value.strip_prefix('@') {
            Some(seconds) => seconds.parse().ok().filter(|_| !seconds.starts_with('+')),
            None => OffsetDateTime::parse(value, &Rfc3339)
                .ok()
                .map(OffsetDateTime::unix_timestamp),
        };
        let moment = moment.ok_or_else(|| {
            format!("--{flag} is neither RFC 3339 (2015-08-30T12:36:00Z) nor @UNIX_SECONDS")
        })?;
        let moment =
            Timestamp::from_unix_seconds(moment).map_err(|error| format!("--{flag}: {error}"))?;
        Ok(Some(moment))
    }
}
