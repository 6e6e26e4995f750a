//! The command that `connect` runs, its signals and its exit status.

use std::{
    ffi::OsString,
    io::{self, IsTerminal as _},
    os::unix::process::ExitStatusExt as _,
    process::ExitStatus,
};

use crate::platform::is_ignored;

use rustix::process::{Pid, Signal, kill_process};
use tokio::{
    process::{Child, Command},
    signal::unix::{SignalKind, signal},
};

/// Runs a command to its end, and passes signals on to it. Returns its exit status, or 128 and the signal
/// that ended it, as a shell does.
pub(crate) async fn run(
    command: &[OsString],
    variables: &[(&str, Option<OsString>)],
) -> Result<u8, String> {
    let [program, arguments @ ..] = command else {
        return Err("a command is required after --".to_owned());
    };
    let mut child = Command::new(program);
    child.args(arguments);
    for (name, value) in variables {
        match value {
            Some(value) => child.env(name, value),
            None => child.env_remove(name),
        };
    }
    let mut signals = Signals::new().map_err(|error| format!("signals: {error}"))?;
    let mut child = match child.spawn() {
        Ok(child) => child,
        Err(error) => {
            let program = program.to_string_lossy().escape_debug().to_string();
            crate::output::print_notes(&[format!("error: {program}: {error}")]);
            return Ok(if error.kind() == io::ErrorKind::NotFound {
                NOT_FOUND
            } else {
                NOT_EXECUTABLE
            });
        }
    };
    loop {
        tokio::select! {
            status = child.wait() => return status.map(code).map_err(|error| error.to_string()),
            number = signals.next() => pass_on(&child, number),
        }
    }
}

fn code(status: ExitStatus) -> u8 {
    let code = status
        .code()
        .unwrap_or_else(|| 128 + status.signal().unwrap_or_default());
    u8::try_from(code).unwrap_or(u8::MAX)
}

fn pass_on(child: &Child, number: Signal) {
    let pid = child
        .id()
        .and_then(|id| i32::try_from(id).ok())
        .and_then(Pid::from_raw);
    if let Some(pid) = pid {
        let _ = kill_process(pid, number);
    }
}

/// The signals that are passed on. A terminal sends Ctrl-C and Ctrl-\ to the child itself.
struct Signals {
    streams: Vec<(Signal, tokio::signal::unix::Signal)>,
    has_terminal: bool,
}

impl Signals {
    fn new() -> io::Result<Self> {
        let streams = [
            (Signal::INT, SignalKind::interrupt()),
            (Signal::QUIT, SignalKind::quit()),
            (Signal::TERM, SignalKind::terminate()),
            (Signal::HUP, SignalKind::hangup()),
            (Signal::USR1, SignalKind::user_defined1()),
            (Signal::USR2, SignalKind::user_defined2()),
        ];
        let streams = streams
            .into_iter()
            .filter(|(_, kind)| !is_ignored(kind.as_raw_value()))
            .map(|(number, kind)| Ok((number, signal(kind)?)));
        Ok(Self {
            streams: streams.collect::<io::Result<_>>()?,
            // One of them is enough: input or output may be a file.
            has_terminal: io::stdin().is_terminal()
                || io::stdout().is_terminal()
                || io::stderr().is_terminal(),
        })
    }

    /// Waits for a signal that is to be passed on.
    async fn next(&mut self) -> Signal {
        std::future::poll_fn(|cx| {
            for (number, stream) in &mut self.streams {
                while stream.poll_recv(cx).is_ready() {
                    let is_for_all =
                        [Signal::INT, Signal::QUIT].contains(number) && self.has_terminal;
                    if !is_for_all {
                        return std::task::Poll::Ready(*number);
                    }
                }
            }
            std::task::Poll::Pending
        })
        .await
    }
}

/// As a shell has them.
const NOT_FOUND: u8 = 127;
const NOT_EXECUTABLE: u8 = 126;
