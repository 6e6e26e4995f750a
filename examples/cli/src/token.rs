//! `rds-iam-token token`

use crate::{
    output::Output,
    request::{self, Request},
    value::time,
};

/// Prints a token: the password of a database user with IAM authentication.
///
/// The credentials are those that the aws command finds: keys in the environment, the profile (roles, IAM
/// Identity Center, `credential_process`), a container's or an instance's. --verbose prints which. With keys
/// in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, nothing else is read. The code of an MFA device is asked
/// for on the terminal.
///
/// Credentials are not cached on disk: a role is assumed again each time. To use the cache of the aws
/// command, give a profile of its own the line
/// `credential_process = aws configure export-credentials --profile NAME`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    request: request::Arguments,
    /// Time from which the token is valid, in RFC 3339 or as @UNIX_SECONDS [default: now]
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Output, String> {
    let mut notes = Vec::new();
    let at = arguments.at.as_deref();
    let given = at.map(|at| time("--at", Some(at))).transpose()?;
    let request = Request::new(&arguments.request, &mut notes)?;
    let resolved = request.credentials(arguments.request.verbose, &mut notes)?;
    // The clock is read after the search, which may have waited for a person.
    let at = given.map_or_else(|| time("--at", None), Ok)?;
    let (_, stdout) = request.sign(resolved.credentials(), at, arguments.request.format)?;
    Ok(Output {
        stdout,
        notes,
        ..Output::default()
    })
}
