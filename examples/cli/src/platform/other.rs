//! The functions of `unix.rs` for other systems: an output that is closed is not noticed, a file has the
//! permissions of its folder, and a signal ends the program at once.

use std::{
    fs::OpenOptions,
    io::{self, Write},
    process::{Child, Command},
};

/// Returns standard output.
#[expect(clippy::unnecessary_wraps, reason = "on Unix it may fail")]
pub(crate) fn stdout(_: bool) -> io::Result<impl Write> {
    Ok(io::stdout())
}

/// Does nothing.
pub(crate) fn make_private(_: &mut OpenOptions) {}

/// Returns a command that a shell runs.
pub(crate) fn shell(line: &str) -> Command {
    let mut command = Command::new("cmd");
    command.args(["/C", line]);
    command
}

/// Ends a command of [`shell`].
pub(crate) fn end(child: &mut Child) -> io::Result<()> {
    child.kill()
}

/// Does nothing.
#[expect(clippy::unnecessary_wraps, reason = "on Unix it may fail")]
pub(crate) fn on_signal(_: impl FnMut() + Send + 'static) -> io::Result<()> {
    Ok(())
}
