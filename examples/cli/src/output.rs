//! Standard output, standard error and the exit status.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use crate::platform;

/// What a command prints.
#[derive(Default)]
pub(crate) struct Output {
    /// Text for standard output; a missing line break at its end is added.
    pub(crate) stdout: String,
    /// Lines for standard error.
    pub(crate) notes: Vec<String>,
    /// 0, or 1 if something was found.
    pub(crate) status: u8,
    /// Whether the status says enough for those who discard the text.
    pub(crate) is_verdict: bool,
}

/// Prints a result. An error goes to standard error, with exit status 2.
pub(crate) fn print(result: Result<Output, String>) -> ExitCode {
    match result.and_then(|output| write(&output).map(|()| output.status)) {
        Ok(status) => ExitCode::from(status),
        Err(error) => {
            // Without a standard error, the exit status is all that is left.
            let _ = writeln!(io::stderr(), "error: {}", error.trim_end());
            ExitCode::from(2)
        }
    }
}

/// Prints lines to standard error. Nothing depends on them, so that a failure is ignored.
pub(crate) fn print_notes(notes: &[String]) {
    for line in notes {
        let _ = writeln!(io::stderr(), "{line}");
    }
}

fn write(output: &Output) -> Result<(), String> {
    print_notes(&output.notes);
    if output.stdout.is_empty() {
        return Ok(());
    }
    let end = if output.stdout.ends_with('\n') {
        ""
    } else {
        "\n"
    };
    platform::stdout(output.is_verdict)
        .and_then(|mut stdout| {
            stdout.write_all(output.stdout.as_bytes())?;
            stdout.write_all(end.as_bytes())?;
            stdout.flush()
        })
        .map_err(|error| format!("standard output: {error}"))
}
