//! Code for Unix alone: signals, permissions of files, a closed output. `other.rs` has the same functions.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    os::{
        fd::AsFd as _,
        unix::{fs::OpenOptionsExt as _, process::CommandExt as _},
    },
    path::Path,
    process::{Child, Command},
    thread,
};

use rustix::process::{Pid, Signal, kill_process_group};
use signal_hook::{
    consts::{SIGINT, SIGTERM},
    iterator::Signals,
};

/// Returns standard output as a file: `io::stdout` ignores that it cannot be written.
///
/// One that may be closed is an error, unless the text may be lost.
pub(crate) fn stdout(may_lose: bool) -> io::Result<impl Write> {
    if !may_lose && is_closed() {
        return Err(io::Error::other(
            "closed, or /dev/null opened to read as well; to discard the output, use >/dev/null",
        ));
    }
    Ok(File::from(io::stdout().as_fd().try_clone_to_owned()?))
}

/// Returns `true` if the program was started with a closed standard output (`>&-`).
///
/// Before `main`, Rust opens `/dev/null` in its place, to read and write; a shell's `>/dev/null` is opened
/// to write only. Linux shows how it is opened; on other systems, the result is `false`. A program that
/// discards the output through a `/dev/null` opened to read and write, as Python's `subprocess.DEVNULL` is,
/// gets `true` as well.
fn is_closed() -> bool {
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

/// Returns `true` if the program was started with a signal ignored, as `nohup` does, and it has to stay so.
///
/// Linux shows it; on other systems, the result is `false`.
#[cfg(feature = "connect")]
pub(crate) fn is_ignored(signal: i32) -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))
        .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    let bit = u32::try_from(signal - 1).ok();
    let bit = bit.and_then(|bit| mask?.checked_shr(bit));
    bit.is_some_and(|bit| bit & 1 == 1)
}

/// Lets only the user read a file that is created.
pub(crate) fn make_private(options: &mut OpenOptions) {
    options.mode(0o600);
}

/// Returns a command that a shell runs.
pub(crate) fn shell(line: &str) -> Command {
    let mut command = Command::new("sh");
    // In a group of its own, so that `end` ends each part of a pipeline.
    command.args(["-c", line]).process_group(0);
    command
}

/// Ends a command of [`shell`], and what it has started.
pub(crate) fn end(child: &mut Child) -> io::Result<()> {
    match i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
        Some(group) => Ok(kill_process_group(group, Signal::KILL)?),
        None => child.kill(),
    }
}

/// Calls a function at each SIGINT and SIGTERM, in a thread of its own.
pub(crate) fn on_signal(mut act: impl FnMut() + Send + 'static) -> io::Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM])?;
    thread::spawn(move || {
        for _ in signals.forever() {
            act();
        }
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::{io::Read as _, process::Stdio};

    use super::*;

    #[test]
    fn each_part_of_a_command_is_ended() -> io::Result<()> {
        let mut command = shell("sleep 600 | sleep 600 & wait");
        let mut child = command.stdout(Stdio::piped()).spawn()?;
        end(&mut child)?;
        child.wait()?;
        // The pipe ends when each process that could write to it has ended.
        let mut output = String::new();
        if let Some(mut pipe) = child.stdout.take() {
            pipe.read_to_string(&mut output)?;
        }
        assert_eq!(output, "");
        Ok(())
    }
}
