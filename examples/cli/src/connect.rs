//! `rds-iam-token connect`

use std::{ffi::OsString, path::PathBuf, sync::Arc};

use crate::{
    engine::Engine,
    output::{self, Output},
};

use local::Local;

mod check;
mod child;
mod database;
mod exec;
mod folder;
mod listen;
mod local;
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
mod serve;
mod session;
mod settings;
mod step;
mod tls;
mod tokens;

/// Connects clients that cannot make tokens.
///
/// A COMMAND runs with a socket of its own, which only this user can open. With --listen, the socket is there until
/// a signal comes, for clients with a window. --check logs in once, and prints what was found layer by layer.
///
/// Each connection is logged in to the database with a fresh token, in TLS that is verified; from then on, bytes
/// go both ways unchanged. The token is in no variable, no argument and no file. A client may name only the users
/// of --username.
///
/// A COMMAND for PostgreSQL finds PGHOST, PGPORT, PGUSER and PGDATABASE in its environment; one for MySQL and
/// MariaDB, MYSQL_UNIX_PORT with the path of the socket, and MYSQL_HOME with a my.cnf that has it and the user.
/// With --tcp, it finds an address and a password that is worth nothing elsewhere.
///
/// Exit status: the command's; 128 and the signal that ended it; 126 if it cannot be run, 127 if it is missing. For
/// --listen, 0 after SIGINT, SIGTERM and SIGHUP. For --check, 0 if the login succeeds, else 1. 2 if the arguments
/// are wrong.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Host of the endpoint, as shown in the RDS console; without --port, also HOST:PORT
    #[arg(long, value_name = "HOST")]
    hostname: Option<String>,
    /// Port of the endpoint [default: the one in --hostname, else the usual one of --engine]
    #[arg(long)]
    port: Option<String>,
    /// Database engine [default: by the port, if it is 5432 or 3306]
    #[arg(long, value_enum)]
    engine: Option<Engine>,
    /// Database user; may be repeated, and a client may then use each of them
    #[arg(long, value_name = "USER")]
    username: Vec<String>,
    /// Region of the database [default: the one in the host name, else AWS_REGION, else
    /// AWS_DEFAULT_REGION, else the profile's]
    #[arg(long)]
    region: Option<String>,
    /// Profile of the AWS config and credentials files; keys in the environment are then ignored
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// Address to dial, if it is not the endpoint's: of an SSH or SSM tunnel. The endpoint is what is signed and
    /// verified all the same
    #[arg(long, value_name = "HOST:PORT")]
    via: Option<String>,
    /// Certificates of the CA, in PEM [default: RDS_CA, else ~/.rds-iam/global-bundle.pem]
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
    /// One of several databases, instead of --hostname and --username; may be repeated
    #[arg(long, value_name = "NAME=HOST:PORT/USER")]
    database: Vec<String>,
    /// File in TOML with a table for each database: hostname and username, and port, engine, region, via and ca
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Database that PGDATABASE names for COMMAND, or --check [default: PGDATABASE, else postgres; none for MySQL
    /// and MariaDB]
    #[arg(long, value_name = "NAME", conflicts_with = "listen")]
    dbname: Option<String>,
    /// Listen on a Unix socket, or on an address of this machine, as 127.0.0.1:15432; several databases have the
    /// ports that follow
    #[arg(long, value_name = "ADDRESS", num_args = 0..=1, default_missing_value = "", conflicts_with = "command")]
    listen: Option<String>,
    /// Log in once, and print what was found layer by layer
    #[arg(long, conflicts_with_all = ["listen", "command"])]
    check: bool,
    #[command(flatten)]
    local: local::Arguments,
    /// Print each connection to standard error
    #[arg(long)]
    verbose: bool,
    /// Command to run
    #[arg(last = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Output, String> {
    if arguments.command.is_empty() && arguments.listen.is_none() && !arguments.check {
        return Err(
            "a command after --, --listen or --check is required, as in: -- psql orders".to_owned(),
        );
    }
    let address = arguments.listen.as_deref().filter(|text| !text.is_empty());
    let address = address.map(listen::address).transpose()?;
    let local = Arc::new(Local::new(
        &arguments.local,
        address.is_some(),
        arguments.verbose,
    )?);
    let mut notes = Vec::new();
    let mut databases = settings::databases(arguments, &mut notes)?;
    output::print_notes(&notes);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    let output = runtime.block_on(async {
        if arguments.check {
            return check::check(&databases, &local, arguments.dbname.as_deref()).await;
        }
        let status = match databases.pop() {
            Some(database) if arguments.listen.is_none() && databases.is_empty() => {
                exec::exec(arguments, Arc::new(database), local).await?
            }
            Some(_) if arguments.listen.is_none() => {
                return Err("one database is required with a command".to_owned());
            }
            last => {
                databases.extend(last);
                listen::listen(databases, address, local).await?;
                0
            }
        };
        Ok(Output {
            status,
            ..Output::default()
        })
    });
    // A search for credentials may still be running.
    runtime.shutdown_background();
    output
}
