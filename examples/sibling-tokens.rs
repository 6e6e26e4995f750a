//! Prints a token of Aurora DSQL, ElastiCache or MemoryDB, signed with the keys in the `AWS_*` variables.
//!
//! ```sh
//! cargo run --example sibling-tokens -- --service dsql --region eu-central-1 --action DbConnect \
//!     --hostname 4iabtwnq2j55iez4j4bkykghgm.dsql.eu-central-1.on.aws
//! cargo run --example sibling-tokens -- --service elasticache --region us-east-1 --action connect \
//!     --hostname my-cache --username my-user --resource-type ServerlessCache
//! cargo run --example sibling-tokens -- --service memorydb --region us-east-1 --action connect \
//!     --hostname my-cluster --username my-user
//! ```
//!
//! `--expires-in` is in seconds, 900 without it. `--at` is the time of signing, in RFC 3339, as
//! `20150830T123600Z` or in Unix seconds, and now without it.

use std::{collections::BTreeMap, env, error::Error, ffi::OsString};
use std::{io, io::Write as _, process::ExitCode, time::SystemTime};

use rds_iam_token::{Credentials, Host, PresignedRequest, Region, Secret, Timestamp};

const FLAGS: &[&str] = &[
    "--service",
    "--hostname",
    "--region",
    "--action",
    "--username",
    "--resource-type",
    "--expires-in",
    "--at",
];

fn main() -> ExitCode {
    let token = arguments().and_then(|flags| token(&flags));
    let print = |token: Secret| Ok(writeln!(io::stdout(), "{}", token.expose_secret())?);
    if let Err(error) = token.and_then(print) {
        let _ = writeln!(io::stderr(), "error: {error}");
        return ExitCode::from(2);
    }
    ExitCode::SUCCESS
}

type Flags = BTreeMap<String, String>;

fn token(flags: &Flags) -> Result<Secret, Box<dyn Error>> {
    let required = |flag: &str| flags.get(flag).ok_or(format!("{flag} is required"));
    let lifetime = flags
        .get("--expires-in")
        .map_or(Ok(900), |text| text.parse());
    let lifetime = lifetime.map_err(|_| "--expires-in: expected a number of seconds")?;
    let mut request = PresignedRequest::new(
        Host::new(required("--hostname")?)?,
        required("--service")?,
        lifetime,
    )?
    .with_parameter("Action", required("--action")?)?;
    for (flag, name) in [("--username", "User"), ("--resource-type", "ResourceType")] {
        if let Some(value) = flags.get(flag) {
            request = request.with_parameter(name, value)?;
        }
    }
    let region = Region::new(required("--region")?)?;
    let at = match flags.get("--at") {
        Some(text) => moment(text)?,
        None => Timestamp::try_from(SystemTime::now())?,
    };
    Ok(request.sign(&credentials()?, &region, at))
}

/// Reads `--flag value` and `--flag=value`.
fn arguments() -> Result<Flags, Box<dyn Error>> {
    let mut flags = Flags::new();
    let arguments = env::args_os().skip(1).map(OsString::into_string);
    let arguments: Result<Vec<_>, _> = arguments.collect();
    let mut arguments = arguments
        .map_err(|_| "an argument is not UTF-8")?
        .into_iter();
    while let Some(argument) = arguments.next() {
        let (flag, value) = match argument.split_once('=') {
            Some((flag, value)) => (flag.to_owned(), Some(value.to_owned())),
            None => (argument, arguments.next()),
        };
        if !FLAGS.contains(&flag.as_str()) {
            // Not repeated, since it may be a secret.
            return Err(format!("expected {}", FLAGS.join(", ")).into());
        }
        let value = value.ok_or(format!("{flag} has no value"))?;
        if flags.insert(flag.clone(), value).is_some() {
            return Err(format!("{flag} is used twice").into());
        }
    }
    Ok(flags)
}

/// Parses `1440938160`, `20150830T123600Z` or `2015-08-30T12:36:00Z`.
fn moment(text: &str) -> Result<Timestamp, rds_iam_token::Error> {
    if let Ok(seconds) = text.parse() {
        return Timestamp::from_unix_seconds(seconds);
    }
    match text.split_once('T') {
        Some((date, time)) if text.is_ascii() && (date.len(), time.len()) == (8, 7) => {
            let [(year, day), (hour, minute)] = [date.split_at(4), time.split_at(2)];
            let [(month, day), (minute, second)] = [day.split_at(2), minute.split_at(2)];
            format!("{year}-{month}-{day}T{hour}:{minute}:{second}").parse()
        }
        _ => text.parse(),
    }
}

fn credentials() -> Result<Credentials, Box<dyn Error>> {
    let id = variable("AWS_ACCESS_KEY_ID")?.ok_or("AWS_ACCESS_KEY_ID is not set")?;
    let secret = variable("AWS_SECRET_ACCESS_KEY")?.ok_or("AWS_SECRET_ACCESS_KEY is not set")?;
    let credentials = Credentials::new(id, secret)?;
    Ok(match variable("AWS_SESSION_TOKEN")? {
        Some(session_token) => credentials.with_session_token(session_token)?,
        None => credentials,
    })
}

/// Returns a variable. One that is set and empty counts as absent, as for AWS's own tools.
fn variable(name: &str) -> Result<Option<String>, String> {
    match env::var(name) {
        Ok(value) => Ok(Some(value).filter(|value| !value.is_empty())),
        Err(env::VarError::NotPresent) => Ok(None),
        Err(env::VarError::NotUnicode(_)) => Err(format!("{name} is not UTF-8")),
    }
}
