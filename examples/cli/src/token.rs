//! `rds-iam-token token`

use std::time::Duration;

use rds_iam_token::{Credentials, Endpoint, HostKind, Region, TokenRequest};

use format::Format;

use crate::{
    endpoint::host_and_port,
    engine::Engine,
    environment::{self, variable},
    output::Output,
    region::region,
    value::{number, time},
};

mod format;

/// Prints a token: the password of a database user with IAM authentication.
///
/// The access key is read from AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Host of the endpoint, as shown in the RDS console; without --port, also HOST:PORT
    #[arg(long, value_name = "HOST")]
    hostname: String,
    /// Port of the endpoint [default: the one in --hostname, else the usual one of --engine]
    #[arg(long)]
    port: Option<String>,
    /// Database engine, for its usual port (5432 or 3306) and for --format env
    #[arg(long, value_enum)]
    engine: Option<Engine>,
    /// Database user
    #[arg(long, value_name = "USER")]
    username: String,
    /// Region of the database [default: the one in the host name, else AWS_REGION, else
    /// AWS_DEFAULT_REGION]
    #[arg(long)]
    region: Option<String>,
    /// Lifetime of the token, from 1 to 900 seconds [default: 900]
    #[arg(long, value_name = "SECONDS")]
    expires_in: Option<String>,
    /// Time from which the token is valid, in RFC 3339 or as @UNIX_SECONDS [default: now]
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// Form in which the token is printed
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Output, String> {
    let mut notes = Vec::new();
    let request = request(arguments, &mut notes)?;
    let at = time("--at", arguments.at.as_deref())?;
    let credentials = environment::credentials()?;
    notes.extend(missing_session_token(&credentials));
    let token = request.sign(&credentials, at);
    Ok(Output {
        stdout: arguments.format.print(&token, &request, arguments.engine)?,
        notes,
        ..Output::default()
    })
}

fn request(arguments: &Arguments, notes: &mut Vec<String>) -> Result<TokenRequest, String> {
    let endpoint = endpoint(arguments)?;
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

/// Returns the endpoint. The port is the one of `--port`, else of `--hostname`, else of `--engine`.
fn endpoint(arguments: &Arguments) -> Result<Endpoint, String> {
    let (host, port) = host_and_port(&arguments.hostname, arguments.port.as_deref())?;
    let port = port
        .or(arguments.engine.map(Engine::port))
        .ok_or("--port is required, or --hostname HOST:PORT, or --engine for its usual port")?;
    Endpoint::from_host(host, port).map_err(|error| format!("--port: {error}"))
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
