//! Decides whether a password is a token that lets its user in, as RDS does.
//!
//! PostgreSQL asks over PAM: `pam_script.so` runs this program for each login, with the user in
//! `PAM_USER`, the password in `PAM_AUTHTOK`, and the words of its line in `/etc/pam.d` as arguments; it
//! exits with 0 to let the user in. MariaDB asks over the plugin in `plugin`: the program reads the
//! user, the account's `AS` and the password from its standard input, and answers `yes` or `no` there.
//!
//! It writes one entry to the log: the verdict and the reason. Of the password the log has only what
//! [`Diagnosis::fields`](rds_iam_token::diagnose::Diagnosis::fields) shows of it, and the user's name is
//! escaped, so that a client cannot write lines of its own.

use std::{
    env,
    error::Error,
    fs::OpenOptions,
    io::{self, Read, Write},
    path::Path,
    process::ExitCode,
};

use iam::Refusal;
use server::{Login, Server, plain};

mod files;
mod iam;
mod server;
mod throttle;

fn main() -> ExitCode {
    // An error here is written to the server's log, if the server keeps one.
    let folder = argument("folder").expect("the server names the folder");
    let folder = Path::new(&folder);
    let engine = argument("engine").unwrap_or_default();
    let (lets_in, entry) = match login(&engine) {
        Ok(login) => decide(folder, &engine, &login)
            .unwrap_or_else(|error| (false, internal(&login.user, &*error))),
        Err(error) => (false, internal("", &*error)),
    };
    OpenOptions::new()
        .append(true)
        .open(folder.join("log"))
        .and_then(|mut log| log.write_all(entry.as_bytes()))
        .expect("the log can be written to");
    if engine != PAM {
        let answer = if lets_in { "yes" } else { "no" };
        return match io::stdout().write_all(answer.as_bytes()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::FAILURE,
        };
    }
    if lets_in {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Returns whether to let the user in, and the entry for the log.
fn decide(folder: &Path, engine: &str, login: &Login) -> Result<(bool, String), Box<dyn Error>> {
    let at = files::clock(folder)?;
    let server = Server::read(folder, engine)?;
    let throttled = throttle::refuses(folder, at, &login.password)?;
    Ok(server.decide(login, at, throttled))
}

/// Returns the entry for an error that is not the client's.
fn internal(user: &str, error: &dyn Error) -> String {
    let line = Refusal::Internal.line(&plain(user));
    format!("refused: {error}\n    {line}\n")
}

fn login(engine: &str) -> Result<Login, Box<dyn Error>> {
    if engine == PAM {
        return Ok(Login {
            user: variable("PAM_USER")?,
            password: variable("PAM_AUTHTOK")?,
        });
    }
    let mut input = Vec::new();
    io::stdin().take(LONGEST).read_to_end(&mut input)?;
    let mut rest = &input[..];
    let [user, account, password] = [field(&mut rest)?, field(&mut rest)?, field(&mut rest)?];
    if !rest.is_empty() {
        return Err("the plugin sent too much".into());
    }
    if account != "RDS" {
        return Err("the account is not identified AS 'RDS'".into());
    }
    Ok(Login { user, password })
}

/// Reads a field: its length in four bytes, and its text. The text is in no error.
fn field(rest: &mut &[u8]) -> Result<String, &'static str> {
    let (length, after) = rest
        .split_first_chunk()
        .ok_or("the plugin sent too little")?;
    let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| "a field is too long")?;
    let (text, after) = after
        .split_at_checked(length)
        .ok_or("the plugin sent too little")?;
    *rest = after;
    String::from_utf8(text.to_vec()).map_err(|_| "the user or the password is not UTF-8")
}

/// Reads `name=value` from the arguments; the others are for PAM.
fn argument(name: &str) -> Result<String, String> {
    env::args()
        .find_map(|argument| Some(argument.strip_prefix(name)?.strip_prefix('=')?.to_owned()))
        .ok_or_else(|| format!("{name}= is missing"))
}

/// Reads an environment variable. Its value is in no error: `VarError` would print it.
fn variable(name: &str) -> Result<String, String> {
    match env::var_os(name) {
        None => Err(format!("{name} is not set")),
        Some(value) => value
            .into_string()
            .map_err(|_| format!("{name} is not UTF-8")),
    }
}

/// The engine that asks over PAM.
const PAM: &str = "postgres";

/// The longest input: a user, an account and a password of 64 KiB.
const LONGEST: u64 = 80 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_has_its_length_in_front() {
        for (mut bytes, expected) in [
            (&b"\0\0\0\x03appRDS"[..], Ok("app")),
            (b"\0\0\0\0", Ok("")),
            (b"\0\0\0", Err("the plugin sent too little")),
            (b"\0\0\0\x04app", Err("the plugin sent too little")),
            (b"\xff\xff\xff\xffapp", Err("the plugin sent too little")),
            (
                b"\0\0\0\x01\xff",
                Err("the user or the password is not UTF-8"),
            ),
        ] {
            assert_eq!(field(&mut bytes).as_deref(), expected.as_ref().copied());
        }
    }
}
