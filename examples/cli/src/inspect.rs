//! `rds-iam-token inspect`

use rds_iam_token::{
    Host, HostKind, Region, TokenParts,
    diagnose::{Cause, Known, Server, diagnose},
};

use crate::{
    engine::Engine,
    environment,
    input::{self, Input},
    output::Output,
    value::{number, time},
};

mod other_causes;

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
    /// Host of the endpoint, as shown in the RDS console
    #[arg(long, value_name = "HOST")]
    hostname: Option<String>,
    /// Port of the endpoint
    #[arg(long, allow_negative_numbers = true)]
    port: Option<String>,
    /// Database engine, for the causes that are not in the token [default: by the port, if it is 5432 or
    /// 3306]
    #[arg(long, value_enum)]
    engine: Option<Engine>,
    /// Database user
    #[arg(long, value_name = "USER")]
    username: Option<String>,
    /// Region of the database [default: the one in the host name]
    #[arg(long)]
    region: Option<String>,
    /// Time at which the token was used, in RFC 3339 or as @UNIX_SECONDS [default: now]
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Output, String> {
    let known = known(arguments)?;
    let (text, cut) = match text()? {
        Ok(text) => text,
        Err(message) => return Ok(found(&message)),
    };
    Ok(report(&text, cut, known, arguments))
}

/// Returns a report on what cannot be read as a token.
fn found(message: &str) -> Output {
    Output {
        stdout: format!("- {}: {message}", Cause::NotAToken),
        status: 1,
        ..Output::default()
    }
}

/// Returns the text, and whether a line break was removed from its end, or why it is no token.
fn text() -> Result<Result<(String, bool), String>, String> {
    let (mut bytes, is_piped) = match std::env::var_os("RDS_TOKEN").filter(|text| !text.is_empty())
    {
        Some(text) => (text.into_encoded_bytes(), false),
        None => match input::read().map_err(|error| format!("standard input: {error}"))? {
            Input::Bytes(bytes) => (bytes, true),
            Input::TooLong(length) => {
                let message = format!(
                    "{length} bytes long; a token has at most {}",
                    input::MAX_LEN
                );
                return Ok(Err(message));
            }
        },
    };
    let is_cut = is_piped && bytes.pop_if(|last| *last == b'\n').is_some();
    Ok(match String::from_utf8(bytes) {
        Ok(text) => Ok((text, is_cut)),
        Err(_) => Err("not UTF-8; a file that PowerShell wrote may be UTF-16".to_owned()),
    })
}

fn known(arguments: &Arguments) -> Result<Known, String> {
    let mut known = Known::new().with_time(time("--at", arguments.at.as_deref())?);
    if let Some(host) = &arguments.hostname {
        known = known
            .with_host(host)
            .map_err(|error| format!("--hostname: {error}"))?;
    }
    if let Some(port) = &arguments.port {
        known = known.with_port(number("--port", port, "1 to 65535")?);
    }
    if let Some(user) = &arguments.username {
        known = known.with_user(user);
    }
    if let Some(code) = &arguments.region {
        let region = Region::new(code).map_err(|error| format!("--region: {error}"))?;
        known = known.with_region(region);
    }
    Ok(known)
}

fn report(text: &str, is_cut: bool, mut known: Known, arguments: &Arguments) -> Output {
    let mut diagnosis = diagnose(text, &known);
    let mut lines = Vec::new();
    let mut signature = None;
    let repaired = diagnosis.expose_repaired().to_owned();
    if let Ok(parts) = TokenParts::parse(&repaired) {
        let credentials = environment::credentials().and_then(|credentials| {
            if credentials.access_key_id() == parts.access_key_id() {
                return Ok(credentials);
            }
            Err("AWS_ACCESS_KEY_ID is a different key from the one that signed".to_owned())
        });
        match credentials {
            Ok(credentials) => {
                known = known.with_credentials(credentials);
                diagnosis = diagnose(text, &known);
            }
            Err(error) => signature = Some(error),
        }
    }
    let fields = diagnosis.fields();
    lines.extend(
        fields
            .iter()
            .map(|field| format!("{:<15} {}", field.name(), field.value())),
    );
    if !fields.is_empty() {
        lines.push(String::new());
    }
    for finding in diagnosis.findings() {
        lines.push(format!("- {finding}"));
        lines.push(format!("  {}", finding.remedy()));
    }
    if diagnosis.is_clean() {
        lines.push("Nothing is wrong with the token itself.".to_owned());
        lines.extend(not_compared(arguments, &repaired));
        lines.extend(signature.map(|error| format!("The signature was not checked: {error}.")));
    }
    if is_cut {
        lines.push(
            "A line break at the end of standard input was left out; if the client sends it with the \
             password, the server rejects the token."
                .to_owned(),
        );
    }
    if diagnosis.is_clean() {
        other_causes::list(server(arguments, &repaired), &mut lines);
    }
    Output {
        stdout: lines.join("\n"),
        status: u8::from(!diagnosis.is_clean()),
        ..Output::default()
    }
}

/// Names what was not given to compare with. The region is compared with the one in the host name.
fn not_compared(arguments: &Arguments, token: &str) -> Option<String> {
    let has_region = host(arguments, token).is_some_and(|host| host.inferred_region().is_some());
    let missing: Vec<_> = [
        ("--hostname", arguments.hostname.is_some()),
        ("--port", arguments.port.is_some()),
        ("--username", arguments.username.is_some()),
        ("--region", arguments.region.is_some() || has_region),
    ]
    .iter()
    .filter_map(|(flag, is_given)| (!is_given).then_some(*flag))
    .collect();
    (!missing.is_empty())
        .then(|| format!("Not compared, because not given: {}.", missing.join(", ")))
}

/// Returns the host of `--hostname`, else the token's.
fn host(arguments: &Arguments, token: &str) -> Option<Host> {
    let name = arguments.hostname.as_deref().or(token.split(':').next())?;
    Host::new(name).ok()
}

/// Returns the kind of server that the token is for, if it is known.
fn server(arguments: &Arguments, token: &str) -> Option<Server> {
    let engine = arguments.engine.map(|engine| match engine {
        Engine::Postgres => Server::PostgreSql,
        Engine::Mysql | Engine::Mariadb => Server::MySql,
    });
    let port = arguments.port.as_deref();
    let port = match port {
        Some(port) => port.parse().ok(),
        None => TokenParts::parse(token).ok().map(|parts| parts.port()),
    };
    let kind = host(arguments, token).map_or(HostKind::Other, |host| host.kind());
    other_causes::server(kind, engine, port)
}
