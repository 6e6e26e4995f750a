//! What a token is for, on the command line of `token` and `keep`.

use std::time::Duration;

use rds_iam_token::{
    Credentials, Endpoint, HostKind, Region, Timestamp, Token, TokenRequest,
    chain::{Resolved, Settings},
};

use crate::{
    credentials::{self, Failure},
    endpoint::{NO_PORT, host_and_port},
    engine::Engine,
    environment,
    format::Format,
    region::region,
    value::number,
};

#[derive(clap::Args)]
#[group(skip)]
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
    /// AWS_DEFAULT_REGION, else the profile's]
    #[arg(long)]
    region: Option<String>,
    /// Profile of the AWS config and credentials files; keys in the environment are then ignored
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// Lifetime of the token, from 1 to 900 seconds [default: 900]
    #[arg(long, value_name = "SECONDS")]
    expires_in: Option<String>,
    /// Form in which the token is printed
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Format,
    /// Print to standard error which source the credentials come from, and until when they are valid
    #[arg(long)]
    pub(crate) verbose: bool,
}

/// A request, and how to find the credentials that sign it.
pub(crate) struct Request {
    inner: TokenRequest,
    engine: Option<Engine>,
    settings: Settings,
    uses_environment: bool,
}

impl Request {
    /// Checks the arguments. A warning goes into `notes`.
    pub(crate) fn new(arguments: &Arguments, notes: &mut Vec<String>) -> Result<Self, String> {
        let endpoint = endpoint(arguments)?;
        let code = arguments.region.as_deref();
        let region = region(code, Some(endpoint.host()), notes)?;
        let flag = region.as_ref().filter(|_| code.is_some());
        let settings = credentials::settings(arguments.profile.as_deref(), flag);
        credentials::check_profile(arguments.profile.as_deref())?;
        arguments.format.check(arguments.engine)?;
        let lifetime = arguments.expires_in.as_deref();
        let lifetime = lifetime
            .map(|seconds| number("--expires-in", seconds, "1 to 900"))
            .transpose()?;
        notes.extend(rejected_kind(endpoint.kind()));
        let region = match region {
            Some(region) => region,
            None => configured_region(&settings)?,
        };
        let mut request = TokenRequest::new(endpoint, region, &arguments.username)
            .map_err(|error| format!("--username: {error}"))?;
        if let Some(seconds) = lifetime {
            request = request
                .with_lifetime(Duration::from_secs(seconds))
                .map_err(|error| format!("--expires-in: {error}"))?;
        }
        Ok(Self {
            inner: request,
            engine: arguments.engine,
            settings,
            uses_environment: arguments.profile.is_none(),
        })
    }

    /// Searches for credentials. What goes into `notes` is for standard error.
    pub(crate) fn credentials(
        &self,
        is_verbose: bool,
        notes: &mut Vec<String>,
    ) -> Result<Resolved, Failure> {
        if self.uses_environment {
            environment::check()?;
        }
        let resolved = credentials::resolve(self.settings.clone())?;
        if is_verbose {
            notes.push(credentials::described(&resolved));
        }
        let warnings = resolved.notes().iter();
        notes.extend(warnings.map(|note| format!("warning: {note}")));
        Ok(resolved)
    }

    /// Returns the time between attempts after a failure, which is shorter for short lifetimes.
    pub(crate) fn retry(&self) -> Duration {
        (self.inner.lifetime() / 30).max(Duration::from_secs(1))
    }

    /// Signs, and returns the token in the form that the arguments ask for.
    pub(crate) fn sign(
        &self,
        credentials: &Credentials,
        at: Timestamp,
        format: Format,
    ) -> Result<(Token, String), String> {
        let token = self.inner.sign(credentials, at);
        let text = format.print(&token, &self.inner, self.engine)?;
        Ok((token, text))
    }
}

/// Returns the endpoint. The port is the one of `--port`, else of `--hostname`, else of `--engine`.
fn endpoint(arguments: &Arguments) -> Result<Endpoint, String> {
    let (host, port) = host_and_port(&arguments.hostname, arguments.port.as_deref())?;
    let port = port.or(arguments.engine.map(Engine::port)).ok_or(NO_PORT)?;
    Endpoint::from_host(host, port).map_err(|error| format!("--port: {error}"))
}

/// Returns the region for a host name without one. There is no default.
pub(crate) fn configured_region(settings: &Settings) -> Result<Region, String> {
    credentials::region(settings.clone())?.ok_or_else(|| {
        "--region is required: the host name contains no region, AWS_REGION and AWS_DEFAULT_REGION are \
         not set, and the profile has no region"
            .to_owned()
    })
}

pub(crate) fn rejected_kind(kind: HostKind) -> Option<String> {
    let fact = match kind {
        _ if kind.accepts_tokens() => return None,
        HostKind::Other => "the host is not an RDS endpoint".to_owned(),
        _ => format!("RDS rejects tokens for a host of this kind ({kind})"),
    };
    Some(format!(
        "warning: {fact}; sign for the endpoint shown in the RDS console, and connect through this host"
    ))
}
