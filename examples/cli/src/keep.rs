//! `rds-iam-token keep`

use std::{
    io::{self, IsTerminal as _},
    path::PathBuf,
    process::{self, Child, ExitStatus, Stdio},
    sync::{Arc, Mutex, OnceLock, PoisonError},
    thread,
    time::{Duration, Instant},
};

use rds_iam_token::Timestamp;

use schedule::Schedule;
use supply::Supply;

use crate::{
    output::{self, Output},
    platform,
    request::{self, Request},
    value::now,
};

mod file;
mod schedule;
mod supply;

/// Keeps a fresh token in a file, for programs that read a password from one.
///
/// The token is written in the form of --format, as `token` prints it; text and url end without a line
/// break, since a Kubernetes secret would contain it. The file is replaced at once, and only the user can
/// read it; a symbolic link is replaced by a file. A token is renewed after two thirds of its lifetime. The
/// file stays when the program ends.
///
/// Credentials are found as by `token`, and searched for again before they expire. Without any at the
/// start, the program ends with status 2. Later it prints a warning, and goes on when they are
/// back. If only a person can renew them (an MFA code, `aws sso login`), it waits if it runs on a terminal, and
/// ends with status 2 if not.
///
/// SIGINT and SIGTERM end it with status 0, or 2 with --once, after the file is written and the command of --exec
/// has ended.
/// A command that still runs when the next token is due, or 10 seconds after the signal, is ended. Nothing is cached
/// on disk but the token.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    request: request::Arguments,
    /// File to write, in a folder in which files can be created
    #[arg(long, value_name = "FILE")]
    output: PathBuf,
    /// Write one token, and end
    #[arg(long)]
    once: bool,
    /// Command for the shell to run after each renewal; if it fails, a warning is printed
    #[arg(long, value_name = "COMMAND")]
    exec: Option<String>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Output, String> {
    let mut notes = Vec::new();
    file::check(&arguments.output)?;
    let request = Request::new(&arguments.request, &mut notes)?;
    output::print_notes(&notes);
    let busy = Arc::default();
    let signal = Arc::default();
    let status = u8::from(arguments.once) * 2;
    end_on_signal(Arc::clone(&busy), Arc::clone(&signal), status)?;
    let mut keeper = Keeper {
        arguments,
        supply: Supply::new(
            &request,
            arguments.request.verbose,
            // With --once, nobody is waited for.
            !arguments.once && io::stdin().is_terminal(),
        ),
        request: &request,
        schedule: None,
        busy,
        signal,
    };
    keeper.step(now()?)?;
    if arguments.once {
        let is_written = keeper.schedule.is_some();
        return is_written
            .then(Output::default)
            .ok_or_else(|| "the credentials have expired".to_owned());
    }
    loop {
        thread::sleep(keeper.pause(now()?));
        keeper.step(now()?)?;
    }
}

/// Ends the program at the first signal when nothing is half done, and at the second one at once.
fn end_on_signal(
    busy: Arc<Mutex<()>>,
    signal: Arc<OnceLock<Instant>>,
    status: u8,
) -> Result<(), String> {
    let act = move || {
        if signal.set(Instant::now()).is_err() {
            process::exit(2);
        }
        let busy = Arc::clone(&busy);
        thread::spawn(move || {
            let _idle = busy.lock().unwrap_or_else(PoisonError::into_inner);
            process::exit(status.into());
        });
    };
    platform::on_signal(act).map_err(|error| format!("signals: {error}"))
}

struct Keeper<'a> {
    arguments: &'a Arguments,
    request: &'a Request,
    supply: Supply<'a>,
    /// Of the token in the file, or of the next attempt to write one.
    schedule: Option<Schedule>,
    /// Locked while the file is written or the command runs.
    busy: Arc<Mutex<()>>,
    /// The time of the first signal.
    signal: Arc<OnceLock<Instant>>,
}

impl Keeper<'_> {
    /// Does what is due. The first failure to write is an error, later ones are warnings.
    fn step(&mut self, now: Timestamp) -> Result<(), String> {
        let is_due = self.schedule.is_none_or(|schedule| schedule.is_due(now));
        let has_new = self.supply.search(now, is_due)?;
        if !is_due && !has_new {
            return Ok(());
        }
        let Some(credentials) = self.supply.credentials(now) else {
            return Ok(());
        };
        let format = self.arguments.request.format;
        let (token, mut text) = self.request.sign(credentials, now, format)?;
        if format.is_line() {
            text.push('\n');
        }
        let next = Schedule::of(now, token.expires_at(), credentials.expiry());
        let busy = Arc::clone(&self.busy);
        let _busy = busy.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = file::replace(&self.arguments.output, &text) {
            let error = format!("--output: {error}");
            let Some(old) = self.schedule else {
                return Err(error);
            };
            output::print_notes(&[format!("warning: {error}; the file has the old token")]);
            self.schedule = Some(old.again(now, self.request.retry()));
            return Ok(());
        }
        self.schedule = Some(next);
        if self.arguments.request.verbose {
            let expiry = token.expires_at();
            output::print_notes(&[format!("token: written, valid until {expiry}")]);
        }
        self.exec(self.until_due(now).max(SHORTEST))
    }

    /// Runs the command, for so long at most.
    fn exec(&self, limit: Duration) -> Result<(), String> {
        let Some(line) = &self.arguments.exec else {
            return Ok(());
        };
        let mut command = platform::shell(line);
        // Standard input is for the code of an MFA device.
        let child = command.stdin(Stdio::null()).spawn();
        let fault = match child.and_then(|child| self.wait(child, limit)) {
            Ok(Some(status)) if status.success() => return Ok(()),
            Ok(Some(status)) => status.to_string(),
            Ok(None) if self.signal.get().is_some() => "ended after a signal".to_owned(),
            Ok(None) => "ended, since it still ran when the next token was due".to_owned(),
            Err(error) => error.to_string(),
        };
        let fault = format!("--exec: the command failed: {fault}");
        if self.arguments.once {
            return Err(fault);
        }
        output::print_notes(&[format!("warning: {fault}")]);
        Ok(())
    }

    /// Waits for the command, or ends it and returns nothing.
    fn wait(&self, mut child: Child, limit: Duration) -> io::Result<Option<ExitStatus>> {
        let start = Instant::now();
        loop {
            if let Some(status) = child.try_wait()? {
                return Ok(Some(status));
            }
            let signal = self.signal.get();
            if start.elapsed() >= limit || signal.is_some_and(|time| time.elapsed() >= GRACE) {
                platform::end(&mut child)?;
                child.wait()?;
                return Ok(None);
            }
            thread::sleep(POLL);
        }
    }

    /// Returns how long to sleep. A sleep ends late if the computer slept as well, so that it is short.
    fn pause(&self, now: Timestamp) -> Duration {
        self.until_due(now).clamp(SHORTEST, LONGEST)
    }

    /// Returns the time until a new token or new credentials are due.
    fn until_due(&self, now: Timestamp) -> Duration {
        let token = self.schedule.map(|schedule| schedule.pause(now));
        let until = token.into_iter().chain(self.supply.pause(now)).min();
        until.unwrap_or(Duration::MAX)
    }
}

/// How long the command may run on after a signal.
const GRACE: Duration = Duration::from_secs(10);

/// The time between two looks at the command.
const POLL: Duration = Duration::from_millis(20);

const SHORTEST: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(30);
