//! Prints a token, with the four flags of `aws rds generate-db-auth-token`. Without arguments it signs
//! with the example keys of AWS's documentation.

use std::{env, error, ffi::OsString, fmt, io, io::Write as _};
use std::{num::NonZero, process::ExitCode, time::SystemTime};

use rds_iam_token::{Credentials, Endpoint, Region, Timestamp, Token, TokenRequest};

const DEMONSTRATION: &str = "\
demonstration: signed with the example keys of AWS's documentation, so every database rejects it; for a \
real token, set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and pass --hostname, --port and --username";

fn main() -> ExitCode {
    let token = if env::args_os().len() > 1 {
        from_arguments()
    } else {
        note(DEMONSTRATION);
        demonstration()
    };
    let print = |token: Token| Ok(writeln!(io::stdout(), "{}", token.expose_secret())?);
    if let Err(error) = token.and_then(print) {
        note(format_args!("error: {error}"));
        return ExitCode::from(2);
    }
    ExitCode::SUCCESS
}

fn note(text: impl fmt::Display) {
    let _ = writeln!(io::stderr(), "{text}");
}

fn demonstration() -> Result<Token, Box<dyn error::Error>> {
    let endpoint = Endpoint::new("mydb.c1a2b3c4d5e6.us-east-1.rds.amazonaws.com", 5432)?;
    let request = TokenRequest::new(endpoint, Region::new("us-east-1")?, "jane_doe")?;
    let credentials = Credentials::new(
        "AKIAIOSFODNN7EXAMPLE",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    )?;
    Ok(request.sign(&credentials, Timestamp::try_from(SystemTime::now())?))
}

fn from_arguments() -> Result<Token, Box<dyn error::Error>> {
    let [mut hostname, mut port, mut username, mut region] = [const { None }; 4];
    let arguments = env::args_os().skip(1).map(OsString::into_string);
    let arguments: Result<Vec<_>, _> = arguments.collect();
    let mut arguments = arguments
        .map_err(|_| "an argument is not UTF-8")?
        .into_iter();
    while let Some(flag) = arguments.next() {
        let value = match flag.as_str() {
            "--hostname" => &mut hostname,
            "--port" => &mut port,
            "--username" => &mut username,
            "--region" => &mut region,
            // Not repeated, since it may be a secret.
            _ => return Err("expected --hostname, --port, --username or --region".into()),
        };
        let text = arguments.next().ok_or(format!("{flag} has no value"))?;
        if value.replace(text).is_some() {
            return Err(format!("{flag} is used twice").into());
        }
    }
    let hostname = hostname.ok_or("--hostname is required")?;
    let port = port.ok_or("--port is required")?;
    let username = username.ok_or("--username is required")?;
    let port: Result<NonZero<u16>, _> = port.parse();
    let port = port.map_err(|_| "--port: expected a number from 1 to 65535")?;
    let endpoint =
        Endpoint::new(hostname, port.get()).map_err(|error| format!("--hostname: {error}"))?;
    let region = match region {
        Some(code) => Region::new(code).map_err(|error| format!("--region: {error}"))?,
        None => endpoint
            .inferred_region()
            .ok_or("--region is required for this host")?,
    };
    let request = TokenRequest::new(endpoint, region, username)
        .map_err(|error| format!("--username: {error}"))?;
    Ok(request.sign(&credentials()?, Timestamp::try_from(SystemTime::now())?))
}

fn credentials() -> Result<Credentials, Box<dyn error::Error>> {
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
