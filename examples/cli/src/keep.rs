//! `rds-iam-token keep`

use std::{
    io::{self, IsTerminal as _},
    path::PathBuf,
    process::{self, Stdio},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::Duration,
};

use rds_iam_token::Timestamp;

use schedule::Schedule;
use supply::Supply;

use crate::{
    output::{self, Output},
    platform,
    request::{self, Request},
    value::time,
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
/// back. If they have expired and only a person can renew them (an MFA code, `aws sso login`), it waits if
/// it runs on a terminal, and ends with status 2 if not.
///
/// SIGINT and SIGTERM end it with status 0, after the file is written and the command of --exec has ended.
/// Nothing is cached on disk but the token.
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
    end_on_signal(Arc::clone(&busy), u8::from(arguments.once) * 2)?;
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
fn end_on_signal(busy: Arc<Mutex<()>>, status: u8) -> Result<(), String> {
    let mut is_second = false;
    let act = move || {
        if is_second {
            process::exit(2);
        }
        is_second = true;
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
        self.exec()
    }

    fn exec(&self) -> Result<(), String> {
        let Some(line) = &self.arguments.exec else {
            return Ok(());
        };
        let mut command = platform::shell(line);
        // Standard input is for the code of an MFA device.
        let fault = match command.stdin(Stdio::null()).status() {
            Ok(status) if status.success() => return Ok(()),
            Ok(status) => status.to_string(),
            Err(error) => error.to_string(),
        };
        let fault = format!("--exec: the command failed: {fault}");
        if self.arguments.once {
            return Err(fault);
        }
        output::print_notes(&[format!("warning: {fault}")]);
        Ok(())
    }

    /// Returns how long to sleep. A sleep ends late if the computer slept as well, so that it is short.
    fn pause(&self, now: Timestamp) -> Duration {
        let token = self.schedule.map(|schedule| schedule.pause(now));
        let until = token.into_iter().chain(self.supply.pause(now)).min();
        until.unwrap_or(LONGEST).clamp(SHORTEST, LONGEST)
    }
}

fn now() -> Result<Timestamp, String> {
    time("--at", None)
}

const SHORTEST: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(30);
