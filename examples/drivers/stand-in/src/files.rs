//! The files in the folder of the stand-in.

use std::{error::Error, fs, io::ErrorKind, path::Path, time::SystemTime};

use rds_iam_token::{Credentials, Timestamp, policy::check::Policy};

/// Reads the value of a setting from the file `config`, which `up` writes.
pub(crate) fn setting(config: &str, name: &str) -> Result<String, String> {
    config
        .lines()
        .find_map(|line| Some(line.strip_prefix(name)?.strip_prefix('=')?.to_owned()))
        .ok_or_else(|| format!("config: {name}= is missing"))
}

/// Reads the policy of a key: the file with its name in `policies`, or else `default.json`. `None` if
/// there is neither.
pub(crate) fn policy(folder: &Path, key: &str) -> Result<Option<Policy>, Box<dyn Error>> {
    let is_name = key.bytes().all(|byte| byte.is_ascii_alphanumeric());
    for name in [key, "default"] {
        if name == key && !is_name {
            continue;
        }
        match fs::read_to_string(folder.join("policies").join(format!("{name}.json"))) {
            Ok(text) => {
                let policy = text.parse::<Policy>();
                return Ok(Some(policy.map_err(|error| format!("policies: {error}"))?));
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(format!("policies: {error}").into()),
        }
    }
    Ok(None)
}

/// Reads the clock, which is ahead by as many seconds as the file `clock` says.
pub(crate) fn clock(folder: &Path) -> Result<Timestamp, Box<dyn Error>> {
    let ahead: i64 = fs::read_to_string(folder.join("clock"))?.trim().parse()?;
    let now = Timestamp::try_from(SystemTime::now())?.unix_seconds();
    Ok(Timestamp::from_unix_seconds(now + ahead)?)
}

/// Reads the file `keys`: a line for each, with the access key id, the secret and, if there is one,
/// the session token.
pub(crate) fn keys(folder: &Path) -> Result<Vec<Credentials>, Box<dyn Error>> {
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
