//! `rds-iam-token token`

use std::time::Duration;

use rds_iam_token::{Credentials, Endpoint, Host, HostKind, Region, TokenRequest};

use crate::{
    environment::{self, variable},
    output::Output,
    region::region,
    value::{number, time},
};

/// Prints a token: the password of a database user with IAM authentication.
///
/// The access key is read from AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Host of the endpoint, as shown in the RDS console
    #[arg(long, value_name = "HOST")]
    hostname: String,
    /// Port of the endpoint
    #[arg(long, allow_negative_numbers = true)]
    port: String,
    /// Database user
    #[arg(long, value_name = "USER")]
    username: String,
    /// Region of the database [default: the one in the host name, else AWS_REGION, else
    /// AWS_DEFAULT_REGION]
    #[arg(long)]
    region: Option<String>,
    /// Lifetime of the token, from 1 to 900 seconds [default: 900]
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true)]
    expires_in: Option<String>,
    /// Time from which the token is valid, in RFC 3339 or as @UNIX_SECONDS [default: now]
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Output, String> {
    let mut notes = Vec::new();
    let request = request(arguments, &mut notes)?;
    let at = time("--at", arguments.at.as_deref())?;
    let credentials = environment::credentials()?;
    notes.extend(missing_session_token(&credentials));
    Ok(Output {
        stdout: request.sign(&credentials, at).into_exposed_string(),
        notes,
        ..Output::default()
    })
}

fn request(arguments: &Arguments, notes: &mut Vec<String>) -> Result<TokenRequest, String> {
    let host = Host::new(&arguments.hostname).map_err(|error| format!("--hostname: {error}"))?;
    let port = number("--port", &arguments.port, "1 to 65535")?;
    let endpoint = Endpoint::from_host(host, port).map_err(|error| format!("--port: {error}"))?;
    let region = match region(arguments.region.as_deref(), Some(endpoint.host()), notes)? {
        Some(region) => region,
        None => region_from_environment()?,
    };
    notes.extend(rejected_kind(endpoint.kind()));
    let request = TokenRequest::new(endpoint, region, &arguments.username)
        .map_err(|error| format!("--username: {error}"))?;
    let Some(seconds) = &arguments.expires_in else {
        return Ok(request);
    };
    let seconds = number("--expires-in", seconds, "1 to 900")?;
    request
        .with_lifetime(Duration::from_secs(seconds))
        .map_err(|error| format!("--expires-in: {error}"))
}

/// Returns the region for a host name without one. There is no default.
fn region_from_environment() -> Result<Region, String> {
    for name in ["AWS_REGION", "AWS_DEFAULT_REGION"] {
        if let Some(code) = variable(name)? {
            return Region::new(code).map_err(|error| format!("{name}: {error}"));
        }
    }
    Err(
        "--region is required: the host name contains no region, and neither AWS_REGION nor \
         AWS_DEFAULT_REGION is set"
            .to_owned(),
    )
}

fn rejected_kind(kind: HostKind) -> Option<String> {
    let fact = match kind {
        _ if kind.accepts_tokens() => return None,
        HostKind::Other => "the host is not an RDS endpoint".to_owned(),
        _ => format!("RDS rejects tokens for a host of this kind ({kind})"),
    };
    Some(format!(
        "warning: {fact}; sign for the endpoint shown in the RDS console, and connect through this host"
    ))
}

fn missing_session_token(credentials: &Credentials) -> Option<String> {
    let is_temporary = credentials.access_key_id().starts_with("ASIA");
    (is_temporary && credentials.expose_session_token().is_none()).then(|| {
        "warning: AWS_ACCESS_KEY_ID is a temporary key, and AWS_SESSION_TOKEN is not set; RDS rejects \
         a token without it"
            .to_owned()
    })
}
