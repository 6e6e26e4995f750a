//! Standard output, standard error and the exit status.

use std::{
    io::{self, Write},
    process::ExitCode,
};

/// What a command prints.
#[derive(Default)]
pub(crate) struct Output {
    /// Text for standard output; a missing line break at its end is added.
    pub(crate) stdout: String,
    /// Lines for standard error.
    pub(crate) notes: Vec<String>,
    /// 0, or 1 if something was found.
    pub(crate) status: u8,
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

fn write(output: &Output) -> Result<(), String> {
    for line in &output.notes {
        let _ = writeln!(io::stderr(), "{line}");
    }
    if output.stdout.is_empty() {
        return Ok(());
    }
    let end = if output.stdout.ends_with('\n') {
        ""
    } else {
        "\n"
    };
    stdout()
        .and_then(|mut stdout| {
            stdout.write_all(output.stdout.as_bytes())?;
            stdout.write_all(end.as_bytes())?;
            stdout.flush()
        })
        .map_err(|error| format!("standard output: {error}"))
}

/// Returns standard output as a file: `io::stdout` ignores that it cannot be written.
#[cfg(unix)]
fn stdout() -> io::Result<impl Write> {
    use std::{fs::File, os::fd::AsFd as _};

    if is_closed() {
        return Err(io::Error::other(
            "closed; to discard the output, use >/dev/null",
        ));
    }
    Ok(File::from(io::stdout().as_fd().try_clone_to_owned()?))
}

#[cfg(not(unix))]
fn stdout() -> io::Result<impl Write> {
    Ok(io::stdout())
}

/// Returns `true` if the program was started with a closed standard output (`>&-`).
///
/// Before `main`, Rust opens `/dev/null` in its place, to read and write; a shell's `>/dev/null` is opened
/// to write only. Linux shows how it is opened; on other systems, the result is `false`. A program that
/// discards the output through a `/dev/null` opened to read and write gets `true` as well.
#[cfg(unix)]
fn is_closed() -> bool {
    use std::{fs, path::Path};

    const ACCESS: u32 = 0o3;
    const READ_AND_WRITE: u32 = 0o2;

    let is_null = fs::read_link("/proc/self/fd/1").is_ok_and(|file| file == Path::new("/dev/null"));
    let description = fs::read_to_string("/proc/self/fdinfo/1").unwrap_or_default();
    let flags = description
        .lines()
        .find_map(|line| line.strip_prefix("flags:"))
        .and_then(|flags| u32::from_str_radix(flags.trim(), 8).ok());
    is_null && flags.is_some_and(|flags| flags & ACCESS == READ_AND_WRITE)
}
