//! Decides for PAM whether a password is a token that lets its user in, as RDS does.
//!
//! `pam_script.so` runs it for each login, with the user in `PAM_USER`, the password in
//! `PAM_AUTHTOK`, and the words of its line in `/etc/pam.d` as arguments. It exits with 0 to let the
//! user in, and writes to the log why it does or does not. The password is never written.

use std::{
    env,
    error::Error,
    fs::{self, OpenOptions},
    io::Write,
    path::Path,
    process::ExitCode,
    time::{Instant, SystemTime},
};

use rds_iam_token::{
    Credentials, Endpoint, Region, Timestamp, TokenParts, Verifier,
    diagnose::{Known, diagnose},
};

fn main() -> ExitCode {
    // What goes wrong here is written to the server's log, where it keeps one.
    let folder = argument("folder").expect("the PAM service names the folder");
    let folder = Path::new(&folder);
    let (lets_in, entry) = decide(folder).unwrap_or_else(|error| (false, format!("{error}\n")));
    OpenOptions::new()
        .append(true)
        .open(folder.join("log"))
        .and_then(|mut log| log.write_all(entry.as_bytes()))
        .expect("the log can be written to");
    if lets_in {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Says whether to let the user in, and what to write to the log.
fn decide(folder: &Path) -> Result<(bool, String), Box<dyn Error>> {
    let endpoint: Endpoint = argument("endpoint")?.parse()?;
    let region = Region::new(argument("region")?)?;
    let user = env::var("PAM_USER")?;
    let password = env::var("PAM_AUTHTOK")?;
    let now = clock(folder)?;
    let keys = keys(folder)?;

    let verifier = Verifier::new(endpoint.clone(), region.clone());
    let started = Instant::now();
    let verdict = verifier.verify_user(&password, &user, now, |id: &str| {
        keys.iter().find(|key| key.access_key_id() == id)
    });
    let took = started.elapsed().as_micros();

    let token = TokenParts::parse(&password).map_or("no token".to_owned(), |parts| {
        format!("{}, signed at {}", parts.access_key_id(), parts.signed_at())
    });
    let length = password.len();
    let answer = match &verdict {
        Ok(_) => "let in".to_owned(),
        Err(error) => format!("refused: {error}"),
    };
    let mut entry =
        format!("{now} {endpoint} {user}: {answer} ({token}, {length} characters, {took} µs)\n");
    if verdict.is_err() {
        let known = Known::new()
            .with_endpoint(endpoint)
            .with_region(region)
            .with_user(user)
            .with_time(now);
        for finding in diagnose(&password, &known).findings() {
            entry += &format!("    {finding}: {}\n", finding.remedy());
        }
    }
    Ok((verdict.is_ok(), entry))
}

/// Reads `name=value` from the arguments; there are others, which are for PAM.
fn argument(name: &str) -> Result<String, String> {
    env::args()
        .find_map(|argument| Some(argument.strip_prefix(name)?.strip_prefix('=')?.to_owned()))
        .ok_or_else(|| format!("{name}= is missing in the PAM service"))
}

/// Reads the clock, which is ahead by as many seconds as the file `clock` says.
fn clock(folder: &Path) -> Result<Timestamp, Box<dyn Error>> {
    let ahead: i64 = fs::read_to_string(folder.join("clock"))?.trim().parse()?;
    let now = Timestamp::try_from(SystemTime::now())?.unix_seconds();
    Ok(Timestamp::from_unix_seconds(now + ahead)?)
}

/// Reads the file `keys`: a line for each, with the access key id, the secret and, if there is one,
/// the session token.
fn keys(folder: &Path) -> Result<Vec<Credentials>, Box<dyn Error>> {
    fs::read_to_string(folder.join("keys"))?
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'))
        .map(|line| line.split_whitespace().collect::<Vec<_>>())
        .filter(|words| !words.is_empty())
        .map(|words| match words[..] {
            [id, secret] => Ok(Credentials::new(id, secret)?),
            [id, secret, session] => Ok(Credentials::new(id, secret)?.with_session_token(session)?),
            _ => Err("keys: a line is not a key id, a secret and at most a session token".into()),
        })
        .collect()
}
