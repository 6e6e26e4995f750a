//! One client: who it is, which login it gets, and what is reported of it.

use std::{sync::Arc, time::Instant};

use tokio::net::{TcpStream, UnixStream};

use crate::{engine::Engine, output, value::now};

use super::{
    database::Database,
    local::Local,
    mysql::MySql,
    postgres::Postgres,
    session::{Copied, Session, Stream},
    step::{Failure, Settings},
};

/// A client that has connected.
pub(crate) enum Client {
    Unix(UnixStream),
    Tcp(TcpStream),
}

impl Client {
    /// Returns the address, or the process.
    fn peer(&self) -> String {
        let peer = match self {
            Self::Unix(stream) => stream
                .peer_cred()
                .ok()
                .and_then(|peer| peer.pid())
                .map(|pid| format!("process {pid}")),
            Self::Tcp(stream) => stream.peer_addr().ok().map(|peer| peer.to_string()),
        };
        peer.unwrap_or_else(|| "unknown".to_owned())
    }
}

/// Serves a client to the end of its connection.
pub(crate) async fn serve(client: Client, database: Arc<Database>, local: Arc<Local>) {
    let is_tcp = matches!(client, Client::Tcp(_));
    let peer = client.peer();
    let stream: Stream = match client {
        Client::Unix(stream) if is_this_user(&stream) => Box::new(stream),
        Client::Unix(_) => {
            return output::print_notes(&["warning: a different user tried to connect".to_owned()]);
        }
        Client::Tcp(stream) => {
            let _ = stream.set_nodelay(true);
            Box::new(stream)
        }
    };
    let permit = local.limits.connection();
    let started = Instant::now();
    let mut session = Session::new(&database, &local, stream);
    let settings = Settings {
        users: database.users.clone(),
        password: local.password.clone().filter(|_| is_tcp),
        local_tls: local.acceptor.is_some(),
        is_full: permit.is_none(),
    };
    let outcome = match database.engine {
        Engine::Postgres => session.run(Postgres::new(settings)).await,
        Engine::Mysql | Engine::Mariadb => match scramble() {
            Ok(random) => session.run(MySql::new(settings, random)).await,
            Err(failure) => Err(failure),
        },
    };
    let user = plain(&session.user);
    // Before the report, which may ask for credentials.
    drop(session);
    drop(permit);
    let name = &database.name;
    let line = if local.is_verbose {
        let now = now().map_or_else(|error| error, |now| now.to_string());
        let seconds = started.elapsed().as_secs();
        format!("{now} {name}: {peer}, user {user}, {seconds} s")
    } else {
        name.clone()
    };
    report(&database, outcome, &line, local.is_verbose).await;
}

/// Returns the random bytes of a login of MySQL.
pub(crate) fn scramble() -> Result<[u8; 20], Failure> {
    let mut random = [0; 20];
    getrandom::fill(&mut random)
        .map_err(|error| Failure::Server(format!("random numbers: {error}")))?;
    Ok(random)
}

/// Nobody else may use this user's identity, not even root.
fn is_this_user(stream: &UnixStream) -> bool {
    let this_user = rustix::process::getuid().as_raw();
    stream.peer_cred().is_ok_and(|peer| peer.uid() == this_user)
}

/// Prints what became of a connection, after the start of its line.
async fn report(
    database: &Database,
    outcome: Result<Copied, Failure>,
    line: &str,
    is_verbose: bool,
) {
    match outcome {
        Ok(copied) if is_verbose => {
            let Copied {
                to_server,
                to_client,
            } = copied;
            output::print_notes(&[format!(
                "{line}: closed; {to_server} bytes sent, {to_client} received"
            )]);
        }
        Err(Failure::Left | Failure::Canceled) if !is_verbose => {}
        Ok(_) => {}
        Err(failure) => {
            output::print_notes(&[format!("{line}: {}", plain(&failure.to_string()))]);
            if let Some(asked) = denied(&failure) {
                output::print_notes(&database.causes(asked).await);
            }
        }
    }
}

/// Returns whether the database had asked for the token, for a login that it denied: SQLSTATE class 28 or
/// MySQL's error 1045.
pub(crate) fn denied(failure: &Failure) -> Option<bool> {
    match failure {
        Failure::Refused { code, asked, .. } if code.starts_with("28") || code == "1045" => {
            Some(*asked)
        }
        _ => None,
    }
}

/// Returns a text of a server or a client without what a terminal obeys.
pub(crate) fn plain(text: &str) -> String {
    text.chars()
        .map(|letter| match letter {
            letter if letter.is_control() => char::REPLACEMENT_CHARACTER,
            letter => letter,
        })
        .collect()
}
