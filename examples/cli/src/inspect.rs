//! `rds-iam-token inspect`

use rds_iam_token::{Host, Region, Timestamp, diagnose::Expected};

use crate::{
    endpoint::{self, host_and_port},
    engine::Engine,
    output::Output,
    value::time,
};

use report::Report;

mod json;
pub(crate) mod other_causes;
mod password;
mod report;
mod text;

/// Explains what is wrong with a token.
///
/// The token is the text that was used as the password: in RDS_TOKEN, or else on standard input. Better
/// from a file than typed: a terminal cuts a line after 4,095 bytes. Signature and session token are not
/// shown.
///
/// With the access key that signed in AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, the
/// signature is checked too.
///
/// Exit status: 0 if nothing is wrong with the token, 1 if something is, 2 if the command is wrong.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Host of the endpoint, as shown in the RDS console; without --port, also HOST:PORT
    #[arg(long, value_name = "HOST")]
    hostname: Option<String>,
    /// Port of the endpoint
    #[arg(long)]
    port: Option<String>,
    /// Database user
    #[arg(long, value_name = "USER")]
    username: Option<String>,
    /// Region of the database [default: the one in the host name]
    #[arg(long)]
    region: Option<String>,
    /// Database engine, for the causes that are not in the token [default: by the port, if it is 5432 or
    /// 3306]
    #[arg(long, value_enum)]
    engine: Option<Engine>,
    /// Time at which the token was used, in RFC 3339 or as @UNIX_SECONDS [default: now]
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// Print the report in JSON: fields, findings, notes and other causes
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Output, String> {
    let given = Given::new(arguments)?;
    let report = match password::read()? {
        Ok(password) => Report::new(&password, &given),
        Err(message) => Report::of_no_text(message),
    };
    Ok(Output {
        is_verdict: true,
        stdout: if arguments.json {
            json::print(&report)
        } else {
            text::print(&report)
        },
        status: u8::from(!report.findings.is_empty()),
        ..Output::default()
    })
}

/// The arguments, checked.
struct Given {
    host: Option<Host>,
    port: Option<u16>,
    user: Option<String>,
    region: Option<Region>,
    engine: Option<Engine>,
    at: Timestamp,
}

impl Given {
    fn new(arguments: &Arguments) -> Result<Self, String> {
        let port = arguments.port.as_deref();
        let (host, port) = match &arguments.hostname {
            Some(hostname) => {
                let (host, port) = host_and_port(hostname, port)?;
                (Some(host), port)
            }
            None => (None, port.map(endpoint::port).transpose()?),
        };
        let region = arguments.region.as_deref().map(Region::new).transpose();
        Ok(Self {
            host,
            port,
            user: arguments.username.clone(),
            region: region.map_err(|error| format!("--region: {error}"))?,
            engine: arguments.engine,
            at: time("--at", arguments.at.as_deref())?,
        })
    }

    /// Returns what the library compares with.
    fn expected(&self) -> Expected {
        let mut expected = Expected::new().with_time(self.at);
        if let Some(host) = &self.host {
            expected = expected.with_host(host.clone());
        }
        if let Some(port) = self.port {
            expected = expected.with_port(port);
        }
        if let Some(user) = &self.user {
            expected = expected.with_user(user);
        }
        if let Some(region) = &self.region {
            expected = expected.with_region(region.clone());
        }
        expected
    }
}
