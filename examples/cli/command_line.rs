//! What the examples have in common: flags as `--flag value` or `--flag=value`, each at most once;
//! one text for standard output, and lines for standard error.

use std::{
    collections::BTreeMap,
    ffi::OsString,
    io::{self, Write as _},
    process::ExitCode,
};

use lexopt::{Arg, Parser};

/// What goes to standard output, with a line break at its end where there is none, and lines for
/// standard error.
#[derive(Default)]
pub(crate) struct Output {
    pub(crate) stdout: String,
    pub(crate) notes: Vec<String>,
    pub(crate) exit_status: u8,
}

/// Prints a result; an error is one line on standard error and exit status 2.
pub(crate) fn print(result: Result<Output, String>) -> ExitCode {
    match result.and_then(|output| write(&output).map(|()| output.exit_status)) {
        Ok(exit_status) => ExitCode::from(exit_status),
        Err(error) => {
            // Where nobody listens, nobody is told.
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::from(2)
        }
    }
}

fn write(output: &Output) -> Result<(), String> {
    for line in &output.notes {
        let _ = writeln!(io::stderr(), "{line}");
    }
    let mut stdout = io::stdout().lock();
    let end = if output.stdout.ends_with('\n') {
        ""
    } else {
        "\n"
    };
    [output.stdout.as_str(), end]
        .iter()
        .try_for_each(|text| stdout.write_all(text.as_bytes()))
        .and_then(|()| stdout.flush())
        .map_err(|_| "standard output cannot be written".to_owned())
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
        let arguments: Vec<_> = arguments.into_iter().collect();
        if arguments.is_empty() {
            return Ok(Self::Nothing);
        }
        let mut parser = Parser::from_args(arguments);
        let mut values = BTreeMap::new();
        let mut help = false;
        while let Some(argument) = parser
            .next()
            .map_err(|_| "a flag has a value it cannot have")?
        {
            let name = match argument {
                Arg::Long("help") | Arg::Short('h') => {
                    help = true;
                    continue;
                }
                Arg::Long(name) => name,
                Arg::Short(_) => return Err("flags start with two hyphens".to_owned()),
                Arg::Value(_) => return Err("there is an argument without a flag".to_owned()),
            };
            let Some(flag) = known.iter().find(|flag| **flag == name) else {
                return Err(format!(
                    "there is no such flag; there are --{}",
                    known.join(" --")
                ));
            };
            if values.insert(*flag, value(flag, &mut parser)?).is_some() {
                return Err(format!("--{flag} is given twice"));
            }
        }
        Ok(if help {
            Self::Help
        } else {
            Self::Flags(Flags { values })
        })
    }
}

/// Reads the value of a flag. A value that starts with two hyphens has to follow an equals sign,
/// since it is more likely the next flag.
fn value(flag: &str, parser: &mut Parser) -> Result<String, String> {
    let value = match parser.optional_value() {
        Some(value) => value,
        None => parser
            .raw_args()
            .ok()
            .and_then(|mut arguments| {
                arguments.next_if(|value| !value.as_encoded_bytes().starts_with(b"--"))
            })
            .ok_or_else(|| {
                format!("--{flag} has no value (one that starts with --: --{flag}=VALUE)")
            })?,
    };
    value
        .into_string()
        .map_err(|_| format!("--{flag} is not UTF-8"))
}

/// The values of the flags that were given.
#[derive(Default)]
pub(crate) struct Flags {
    values: BTreeMap<&'static str, String>,
}

impl Flags {
    pub(crate) fn get(&self, flag: &str) -> Option<&str> {
        self.values.get(flag).map(String::as_str)
    }
}
