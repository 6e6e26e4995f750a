//! What the examples have in common: flags as `--flag value` or `--flag=value`, each at most once;
//! one text for standard output, and lines for standard error.

use std::{
    collections::BTreeMap,
    ffi::OsString,
    io::{self, Write as _},
    process::ExitCode,
};

use lexopt::{Arg, Parser};
use rds_iam_token::{Endpoint, Region};

/// What goes to standard output, and lines for standard error.
#[derive(Default)]
pub(crate) struct Output {
    pub(crate) stdout: String,
    pub(crate) notes: Vec<String>,
}

/// Prints a result; an error is one line on standard error and exit status 2.
pub(crate) fn print(result: Result<Output, String>) -> ExitCode {
    let (output, code) = match result {
        Ok(output) => (output, ExitCode::SUCCESS),
        Err(error) => {
            let notes = vec![format!("error: {error}")];
            (
                Output {
                    stdout: String::new(),
                    notes,
                },
                ExitCode::from(2),
            )
        }
    };
    for line in output.notes {
        // Where nobody listens, nobody is told.
        let _ = writeln!(io::stderr(), "{line}");
    }
    match io::stdout().write_all(output.stdout.as_bytes()) {
        Ok(()) => code,
        Err(_) => ExitCode::from(2),
    }
}

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

    /// Reads the region: the flag, else what the endpoint's name tells. Where they differ, a note
    /// says so.
    pub(crate) fn region(
        &self,
        endpoint: Option<&Endpoint>,
        notes: &mut Vec<String>,
    ) -> Result<Option<Region>, String> {
        let inferred = endpoint.and_then(Endpoint::inferred_region);
        let Some(code) = self.get("region") else {
            return Ok(inferred);
        };
        let region = Region::new(code).map_err(|error| error.to_string())?;
        if let Some(inferred) = inferred.filter(|inferred| *inferred != region) {
            notes.push(format!(
                "warning: --region is {region}, but the endpoint is in {inferred}: RDS takes only \
                 its own region"
            ));
        }
        Ok(Some(region))
    }
}
