//! A command with a way to the database of its own.

use std::{env, ffi::OsString, sync::Arc, time::Duration};

use tokio::{net::TcpListener, time::timeout};

use crate::engine::Engine;

use super::{
    Arguments, child,
    database::Database,
    folder::Folder,
    listen::{self, Listener},
    local::Local,
    mysql_environment,
};

/// Variables for the command, or `None` to remove one.
pub(crate) type Variables = Vec<(&'static str, Option<OsString>)>;

/// Runs the command, and returns its exit status.
pub(crate) async fn exec(
    arguments: &Arguments,
    database: Arc<Database>,
    local: Arc<Local>,
) -> Result<u8, String> {
    let folder = Folder::for_one_run()?;
    let (listener, variables) = if arguments.local.tcp {
        let fail = |error: std::io::Error| format!("--tcp: {error}");
        let listener = TcpListener::bind("127.0.0.1:0").await.map_err(fail)?;
        let port = listener.local_addr().map_err(fail)?.port();
        let variables = for_tcp(arguments, &database, &local, &folder, port)?;
        (Listener::Tcp(listener), variables)
    } else {
        let (listener, path) = folder.listen(&database.socket_name())?;
        let user = database.user();
        let variables = match database.engine {
            Engine::Postgres => postgres(
                arguments,
                user,
                folder.path().into(),
                database.endpoint.port(),
                "disable",
            ),
            Engine::Mysql | Engine::Mariadb => {
                let name = arguments.dbname.as_deref();
                mysql_environment::for_socket(&folder, &path, user, name)?
            }
        };
        (Listener::Unix(listener), variables)
    };
    let server = tokio::spawn(listen::accept(listener, database, Arc::clone(&local)));
    let status = child::run(&arguments.command, &variables).await;
    server.abort();
    // What the command has sent last may still be on its way.
    let _ = timeout(LAST_BYTES, local.limits.all_closed()).await;
    status
}

fn for_tcp(
    arguments: &Arguments,
    database: &Database,
    local: &Local,
    folder: &Folder,
    port: u16,
) -> Result<Variables, String> {
    let password = local
        .password
        .as_ref()
        .map(|password| OsString::from(password.as_str()));
    let user = database.user();
    Ok(match database.engine {
        Engine::Postgres => {
            let mode = local.acceptor.as_ref().map_or("disable", |_| "require");
            let mut variables = postgres(arguments, user, HOST.into(), port, mode);
            variables.push(("PGPASSWORD", password));
            variables
        }
        Engine::Mysql | Engine::Mariadb => {
            let name = arguments.dbname.as_deref();
            let mut variables = mysql_environment::for_tcp(folder, (HOST, port), user, name)?;
            variables.push(("MYSQL_PWD", password));
            variables
        }
    })
}

/// Returns the variables that lead libpq, and what reads them as it does, to a place.
fn postgres(arguments: &Arguments, user: &str, host: OsString, port: u16, tls: &str) -> Variables {
    let name = database_name(arguments.dbname.as_deref());
    let mut variables: Variables = MISLEADING.iter().map(|name| (*name, None)).collect();
    variables.extend([
        ("PGHOST", Some(host)),
        ("PGPORT", Some(port.to_string().into())),
        ("PGUSER", Some(user.into())),
        ("PGDATABASE", Some(name.into())),
        ("PGSSLMODE", Some(tls.into())),
    ]);
    variables
}

/// Returns the database to open: each RDS instance for PostgreSQL has `postgres`.
pub(crate) fn database_name(flag: Option<&str>) -> String {
    let variable = || env::var("PGDATABASE").ok().filter(|name| !name.is_empty());
    flag.map(str::to_owned)
        .or_else(variable)
        .unwrap_or_else(|| "postgres".to_owned())
}

const HOST: &str = "127.0.0.1";

/// How long connections may take to end after the command. One of a process that it left behind ends then, too.
const LAST_BYTES: Duration = Duration::from_secs(2);

/// Variables that would lead libpq elsewhere, or require what a socket does not have.
const MISLEADING: &[&str] = &[
    "PGCHANNELBINDING",
    "PGGSSENCMODE",
    "PGHOSTADDR",
    "PGPASSWORD",
    "PGREQUIREAUTH",
    "PGREQUIREPEER",
    "PGREQUIRESSL",
    "PGSERVICE",
    "PGSSLCERTMODE",
    "PGSSLNEGOTIATION",
    "PGSSLROOTCERT",
];
