//! `rds-iam-token connect`

use std::{env, ffi::OsString, path::PathBuf, sync::Arc};

use rds_iam_token::Endpoint;
use tokio::net::{UnixListener, UnixStream};

use crate::{
    credentials,
    endpoint::host_and_port,
    engine::Engine,
    output::{self, Output},
    region::region,
    request::{configured_region, rejected_kind},
};

use database::Database;
use folder::Folder;
use session::{Copied, Session};
use step::Failure;
use tls::Tls;
use tokens::Identity;

mod child;
mod database;
mod folder;
mod mysql;
mod mysql_auth;
mod mysql_environment;
mod mysql_greeting;
mod mysql_packet;
mod mysql_refusal;
#[cfg(test)]
mod mysql_tests;
mod postgres;
#[cfg(test)]
mod postgres_tests;
mod session;
mod step;
mod tls;
mod tokens;

/// Connects a client that cannot make tokens.
///
/// Runs a command with a socket of its own, which only this user can open. Each connection of the command
/// is logged in to the database with a fresh token, in TLS that is verified; from then on, bytes go both ways
/// unchanged. The token is in no variable, no argument and no file.
///
/// For PostgreSQL, the command finds PGHOST, PGPORT, PGUSER and PGDATABASE in its environment; for MySQL and
/// MariaDB, MYSQL_UNIX_PORT with the path of the socket, and MYSQL_HOME with a my.cnf that has it and the user.
///
/// Exit status: the command's; 128 and the signal that ended it; 126 if it cannot be run, 127 if it is
/// missing; 2 if the arguments are wrong.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Host of the endpoint, as shown in the RDS console; without --port, also HOST:PORT
    #[arg(long, value_name = "HOST")]
    hostname: String,
    /// Port of the endpoint [default: the one in --hostname, else the usual one of --engine]
    #[arg(long)]
    port: Option<String>,
    /// Database engine [default: by the port, if it is 5432 or 3306]
    #[arg(long, value_enum)]
    engine: Option<Engine>,
    /// Database user; may be repeated, and the client may then use each of them
    #[arg(long, value_name = "USER", required = true)]
    username: Vec<String>,
    /// Region of the database [default: the one in the host name, else AWS_REGION, else
    /// AWS_DEFAULT_REGION, else the profile's]
    #[arg(long)]
    region: Option<String>,
    /// Profile of the AWS config and credentials files; keys in the environment are then ignored
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// Address to dial, if it is not the endpoint's: of an SSH or SSM tunnel. Signed and verified is the
    /// endpoint all the same
    #[arg(long, value_name = "HOST:PORT")]
    via: Option<String>,
    /// Certificates of the CA, in PEM [default: RDS_CA, else ~/.rds-iam/global-bundle.pem]
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
    /// Database to open [default: PGDATABASE, else postgres; none for MySQL and MariaDB]
    #[arg(long, value_name = "NAME")]
    dbname: Option<String>,
    /// Print each connection to standard error
    #[arg(long)]
    verbose: bool,
    /// Command to run
    #[arg(last = true, value_name = "COMMAND", required = true)]
    command: Vec<OsString>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Output, String> {
    let mut notes = Vec::new();
    let database = Arc::new(database(arguments, &mut notes)?);
    output::print_notes(&notes);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    let status = runtime.block_on(exec(arguments, database))?;
    // A search for credentials may still be running.
    runtime.shutdown_background();
    Ok(Output {
        status,
        ..Output::default()
    })
}

async fn exec(arguments: &Arguments, database: Arc<Database>) -> Result<u8, String> {
    let folder = Folder::for_one_run()?;
    let user = arguments.username.first().map_or("", String::as_str);
    let (listener, variables) = match database.engine {
        Engine::Postgres => postgres_socket(arguments, &database, &folder, user)?,
        Engine::Mysql | Engine::Mariadb => {
            let (listener, path) = folder.listen("mysql.sock")?;
            let name = arguments.dbname.as_deref();
            let variables = mysql_environment::for_socket(&folder, &path, user, name)?;
            (listener, variables)
        }
    };
    let is_verbose = arguments.verbose;
    let server = tokio::spawn(accept(listener, database, is_verbose));
    let status = child::run(&arguments.command, &variables).await;
    server.abort();
    status
}

/// Listens as libpq expects it, and returns the variables that lead there.
fn postgres_socket(
    arguments: &Arguments,
    database: &Database,
    folder: &Folder,
    user: &str,
) -> Result<(UnixListener, Variables), String> {
    let port = database.endpoint.port();
    let (listener, _) = folder.listen(&format!(".s.PGSQL.{port}"))?;
    let name = arguments.dbname.clone().map(OsString::from);
    let name = name.or_else(|| env::var_os("PGDATABASE").filter(|name| !name.is_empty()));
    let mut variables: Variables = MISLEADING.iter().map(|name| (*name, None)).collect();
    variables.extend([
        ("PGHOST", Some(folder.path().into())),
        ("PGPORT", Some(port.to_string().into())),
        ("PGUSER", Some(user.into())),
        (
            "PGDATABASE",
            Some(name.unwrap_or_else(|| "postgres".into())),
        ),
    ]);
    Ok((listener, variables))
}

/// Variables for the command, or `None` to remove one.
type Variables = Vec<(&'static str, Option<OsString>)>;

/// Serves each client in a task of its own.
async fn accept(listener: UnixListener, database: Arc<Database>, is_verbose: bool) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Out of file descriptors, until a connection ends.
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            continue;
        };
        tokio::spawn(serve(stream, Arc::clone(&database), is_verbose));
    }
}

async fn serve(stream: UnixStream, database: Arc<Database>, is_verbose: bool) {
    let this_user = rustix::process::getuid().as_raw();
    match stream.peer_cred() {
        Ok(peer) if peer.uid() == this_user => {}
        _ => {
            output::print_notes(&["warning: a different user tried to connect".to_owned()]);
            return;
        }
    }
    let mut session = Session::new(&database, Box::new(stream), None);
    let outcome = match database.engine {
        Engine::Postgres => {
            let settings = postgres::Settings {
                users: database.users.clone(),
                password: None,
                local_tls: false,
            };
            session.run(postgres::Postgres::new(settings)).await
        }
        Engine::Mysql | Engine::Mariadb => {
            let settings = mysql::Settings {
                users: database.users.clone(),
                password: None,
                local_tls: false,
                is_full: false,
            };
            let mut random = [0; 20];
            match getrandom::fill(&mut random) {
                Ok(()) => session.run(mysql::MySql::new(settings, random)).await,
                Err(error) => Err(Failure::Server(format!("random numbers: {error}"))),
            }
        }
    };
    report(&database, outcome, is_verbose).await;
}

/// Prints what became of a connection.
async fn report(database: &Database, outcome: Result<Copied, Failure>, is_verbose: bool) {
    let place = &database.endpoint;
    match outcome {
        Ok(copied) if is_verbose => {
            let Copied {
                to_server,
                to_client,
            } = copied;
            output::print_notes(&[format!(
                "{place}: closed; {to_server} bytes sent, {to_client} received"
            )]);
        }
        Ok(_) | Err(Failure::Left | Failure::Canceled) => {}
        Err(failure) => {
            let mut lines = vec![format!("{place}: {}", plain(&failure.to_string()))];
            let is_login =
                matches!(&failure, Failure::Refused { asked: true, code, .. } if is_denied(code));
            if is_login {
                let user = database.users.first().map_or("", String::as_str);
                lines.extend(database.causes(user).await);
            }
            output::print_notes(&lines);
        }
    }
}

/// Returns `true` for a login that was denied: SQLSTATE class 28 or MySQL's error 1045.
fn is_denied(code: &str) -> bool {
    code.starts_with("28") || code == "1045"
}

/// Returns a text of a server or a client without what a terminal obeys.
fn plain(text: &str) -> String {
    text.chars()
        .map(|letter| {
            if letter.is_control() {
                '\u{fffd}'
            } else {
                letter
            }
        })
        .collect()
}

fn database(arguments: &Arguments, notes: &mut Vec<String>) -> Result<Database, String> {
    let (host, port) = host_and_port(&arguments.hostname, arguments.port.as_deref())?;
    let port = port
        .or(arguments.engine.map(Engine::port))
        .ok_or("--port is required, or --hostname HOST:PORT, or --engine for its usual port")?;
    let engine = match (arguments.engine, port) {
        (Some(engine), _) => engine,
        (None, 5432) => Engine::Postgres,
        (None, 3306) => Engine::Mysql,
        _ => return Err("--engine is required: the port is neither 5432 nor 3306".to_owned()),
    };
    if arguments.profile.as_deref() == Some("") {
        return Err("--profile: expected a name".to_owned());
    }
    let code = arguments.region.as_deref();
    let region = region(code, Some(&host), notes)?;
    let flag = region.as_ref().filter(|_| code.is_some());
    let settings = credentials::settings(arguments.profile.as_deref(), flag);
    let region = match region {
        Some(region) => region,
        None => configured_region(&settings)?,
    };
    notes.extend(rejected_kind(host.kind()));
    let tls = Tls::new(
        arguments.ca.as_deref(),
        &host,
        matches!(engine, Engine::Postgres),
    )?;
    let endpoint = Endpoint::from_host(host, port).map_err(|error| format!("--port: {error}"))?;
    for user in &arguments.username {
        rds_iam_token::TokenRequest::new(endpoint.clone(), region.clone(), user)
            .map_err(|error| format!("--username: {error}"))?;
    }
    let identity = Identity::new(settings, arguments.profile.is_none(), arguments.verbose);
    Ok(Database {
        engine,
        endpoint,
        region,
        users: arguments.username.clone(),
        via: arguments.via.clone(),
        tls,
        identity: Arc::new(identity),
        keys: session::Keys::default(),
    })
}

/// Variables that would lead libpq elsewhere, or require what a socket does not have.
const MISLEADING: &[&str] = &[
    "PGCHANNELBINDING",
    "PGGSSENCMODE",
    "PGHOSTADDR",
    "PGPASSWORD",
    "PGREQUIREAUTH",
    "PGSERVICE",
    "PGSSLCERTMODE",
];
