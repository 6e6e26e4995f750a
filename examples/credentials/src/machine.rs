//! The needs that every driver meets on the machine itself: variables, files, processes and the clock.

use std::{
    env, fs,
    hash::{BuildHasher, RandomState},
    io::{self, IsTerminal, Write},
    path::Path,
    process::{self, Command, Stdio},
    time::SystemTime,
};

use rds_iam_token::{
    Timestamp,
    chain::{Answer, Need},
};

/// Returns the time.
///
/// # Errors
///
/// A clock that stands before 1970 or after 9999.
pub fn now() -> Result<Timestamp, rds_iam_token::Error> {
    Timestamp::try_from(SystemTime::now())
}

/// Returns a seed for the settings of a search. The id of a process is 1 in most containers.
#[must_use]
pub fn seed() -> u64 {
    RandomState::new().hash_one(0)
}

/// Does everything but HTTP.
pub fn perform(need: &Need<'_>) -> Answer {
    match need {
        Need::Variables(names) => {
            // A value that is not UTF-8 is damaged here, so that it is rejected and not passed over.
            let value = |name| Some(env::var_os(name)?.to_string_lossy().into_owned());
            Answer::Variables(names.iter().map(value).collect())
        }
        Need::File(path) => Answer::from_read(fs::read(path)),
        Need::WriteFile { path, contents, .. } => match replace(Path::new(path), contents) {
            Ok(()) => Answer::Written,
            Err(error) => Answer::Unreadable(error.to_string()),
        },
        Need::Process { argv, .. } => Answer::from_output(run(argv)),
        Need::MfaCode { serial, .. } => ask(serial),
        _ => Answer::Unsupported("this driver does not support this need".into()),
    }
}

/// Replaces a file at once, so that no other program reads half of it. Only the user may read it.
fn replace(path: &Path, contents: &[u8]) -> io::Result<()> {
    let temporary = path.with_extension(format!("{}.tmp", process::id()));
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(&temporary).and_then(|mut file| {
        file.write_all(contents)?;
        file.sync_all()
    });
    let replaced = written.and_then(|()| fs::rename(&temporary, path));
    if replaced.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    replaced
}

/// Runs the program without a shell. It may ask on the terminal: its input is that of this program.
fn run(argv: &[String]) -> io::Result<process::Output> {
    let (program, arguments) = argv.split_first().ok_or(io::ErrorKind::NotFound)?;
    Command::new(program)
        .args(arguments)
        .stdin(Stdio::inherit())
        .output()
}

/// Asks for the code of an MFA device, if somebody is at the terminal.
fn ask(serial: &str) -> Answer {
    if !io::stdin().is_terminal() {
        return Answer::Unsupported("there is no terminal to ask for the code".into());
    }
    eprint!("MFA code of {serial}: ");
    let mut code = String::new();
    match io::stdin().read_line(&mut code) {
        Ok(_) => Answer::MfaCode(code),
        Err(error) => Answer::Unsupported(error.to_string().into()),
    }
}
