//! Listening until a signal comes.

use std::{
    env,
    ffi::OsStr,
    io::{self, Write as _},
    net::{IpAddr, SocketAddr},
    os::unix::{self, net::UnixDatagram},
    sync::Arc,
    time::Duration,
};

use tokio::{
    net::{TcpListener, UnixListener},
    signal::unix::{SignalKind, signal},
    task::JoinSet,
    time::timeout,
};

use crate::{output, platform};

use super::{
    database::Database,
    folder::Folder,
    local::Local,
    serve::{Client, serve},
};

/// A place where clients of one database connect.
pub(crate) enum Listener {
    Unix(UnixListener),
    Tcp(TcpListener),
}

impl Listener {
    /// Waits for a client. Without one, the program is out of file descriptors until a connection ends.
    async fn accept(&self) -> io::Result<Client> {
        match self {
            Self::Unix(listener) => listener
                .accept()
                .await
                .map(|(stream, _)| Client::Unix(stream)),
            Self::Tcp(listener) => listener
                .accept()
                .await
                .map(|(stream, _)| Client::Tcp(stream)),
        }
    }
}

/// Serves the clients of one database, each in a task of its own that goes on when this is dropped.
pub(crate) async fn accept(listener: Listener, database: Arc<Database>, local: Arc<Local>) {
    let mut has_warned = false;
    loop {
        match listener.accept().await {
            Ok(client) => {
                tokio::spawn(serve(client, Arc::clone(&database), Arc::clone(&local)));
            }
            Err(error) => {
                if !has_warned {
                    let name = &database.name;
                    output::print_notes(&[format!(
                        "warning: {name}: no client can connect: {error}"
                    )]);
                }
                has_warned = true;
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

/// Listens for each database, and returns when a signal has come and the clients have left.
pub(crate) async fn listen(
    databases: Vec<Database>,
    address: Option<SocketAddr>,
    local: Arc<Local>,
) -> Result<(), String> {
    let mut stop = [
        SignalKind::interrupt(),
        SignalKind::terminate(),
        SignalKind::hangup(),
    ]
    .into_iter()
    .filter(|kind| !platform::is_ignored(kind.as_raw_value()))
    .map(signal)
    .collect::<io::Result<Vec<_>>>()
    .map_err(|error| format!("signals: {error}"))?;
    let mut stopped = async || {
        std::future::poll_fn(|cx| {
            let is_ready = stop
                .iter_mut()
                .any(|signal| signal.poll_recv(cx).is_ready());
            if is_ready {
                std::task::Poll::Ready(())
            } else {
                std::task::Poll::Pending
            }
        })
        .await;
    };
    let identity = databases
        .first()
        .map(|database| Arc::clone(&database.identity));
    let mut folders = Vec::new();
    let mut places = Vec::new();
    let mut servers = JoinSet::new();
    for database in databases {
        match bind(&database, address, &mut folders).await {
            Ok((listener, place)) => {
                places.push(format!("{}\t{place}", database.name));
                servers.spawn(accept(listener, Arc::new(database), Arc::clone(&local)));
            }
            // The others are not stopped by it.
            Err(error) => output::print_notes(&[format!("warning: {}: {error}", database.name)]),
        }
    }
    if places.is_empty() {
        return Err("no client can connect: see the warnings".to_owned());
    }
    if let Some(password) = local
        .password
        .as_ref()
        .filter(|_| local.prints_password && address.is_some())
    {
        places.push(format!("password\t{}", password.as_str()));
    }
    print(&places).map_err(|error| format!("standard output: {error}"))?;
    if let Some(identity) = identity {
        // So that somebody who is not logged in learns it here, and not from a client.
        tokio::spawn(async move { identity.prepare().await });
    }
    notify("READY=1");
    stopped().await;
    notify("STOPPING=1");
    // New clients are not accepted any more, and those that are there may finish.
    servers.shutdown().await;
    drop(folders);
    let open = local.limits.open();
    if open > 0 {
        output::print_notes(&[format!(
            "open connections: {open}; waiting up to {} s",
            GRACE.as_secs()
        )]);
    }
    tokio::select! {
        _ = timeout(GRACE, local.limits.all_closed()) => {}
        () = stopped() => {}
    }
    Ok(())
}

async fn bind(
    database: &Database,
    address: Option<SocketAddr>,
    folders: &mut Vec<Folder>,
) -> Result<(Listener, String), String> {
    let Some(address) = address else {
        let folder = Folder::named(&database.name)?;
        let (listener, path) = folder.listen(&database.socket_name())?;
        folders.push(folder);
        return Ok((Listener::Unix(listener), path.display().to_string()));
    };
    let port = match address.port() {
        0 => 0,
        first => first
            .checked_add(database.index)
            .ok_or("--listen: there are too few ports after the first one")?,
    };
    let address = SocketAddr::new(address.ip(), port);
    let listener = TcpListener::bind(address).await;
    let listener = listener.map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => {
            format!("{address} is in use, perhaps by a connect that runs; --listen sets a different port")
        }
        _ => format!("{address}: {error}"),
    })?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    Ok((Listener::Tcp(listener), address.to_string()))
}

/// Prints where clients connect. A reader who has left is no reason to stop.
fn print(places: &[String]) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    for place in places {
        writeln!(stdout, "{place}")?;
    }
    stdout.flush()
}

/// Reports a state to systemd, if it has started this program (`sd_notify(3)`).
fn notify(state: &str) {
    let Some(place) = env::var_os("NOTIFY_SOCKET").filter(|place| !place.is_empty()) else {
        return;
    };
    if let (Some(address), Ok(socket)) = (notify_address(&place), UnixDatagram::unbound()) {
        let _ = socket.send_to_addr(state.as_bytes(), &address);
    }
}

fn notify_address(place: &OsStr) -> Option<unix::net::SocketAddr> {
    #[cfg(target_os = "linux")]
    if let Some(name) = place.as_encoded_bytes().strip_prefix(b"@") {
        use std::os::linux::net::SocketAddrExt as _;
        return unix::net::SocketAddr::from_abstract_name(name).ok();
    }
    unix::net::SocketAddr::from_pathname(place).ok()
}

/// Parses the address of `--listen`. Only this machine may connect.
pub(crate) fn address(text: &str) -> Result<SocketAddr, String> {
    let fail = || {
        format!(
            "--listen: expected an address of this machine, as 127.0.0.1:{EXAMPLE} or [::1]:{EXAMPLE}"
        )
    };
    let address = match text.parse::<SocketAddr>() {
        Ok(address) => address,
        // Each database has a free port.
        Err(_) => SocketAddr::new(text.parse::<IpAddr>().map_err(|_| fail())?, 0),
    };
    if address.ip().is_loopback() {
        Ok(address)
    } else {
        Err(fail())
    }
}

const EXAMPLE: u16 = 15432;

/// How long clients may take to leave.
const GRACE: Duration = Duration::from_secs(10);
