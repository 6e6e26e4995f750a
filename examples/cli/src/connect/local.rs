//! The side of the clients: the password that they need on TCP, TLS for those that insist on it, and limits.

use std::{
    fs::OpenOptions,
    io::{self, Read as _, Write as _},
    os::unix::fs::{MetadataExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};
use tokio::{
    sync::{Mutex, Semaphore, SemaphorePermit},
    time::{Instant, sleep_until},
};
use tokio_rustls::TlsAcceptor;
use zeroize::Zeroizing;

use crate::value::number;

use super::tls::ALPN;

#[derive(clap::Args)]
#[group(skip)]
pub(crate) struct Arguments {
    /// Use TCP and a password for COMMAND, if it cannot use Unix sockets
    #[arg(long, requires = "command")]
    pub(crate) tcp: bool,
    /// File with the local password for TCP; it is created if it is missing [default: a new password, which is
    /// printed]
    #[arg(long, value_name = "FILE", requires = "listen")]
    password_file: Option<PathBuf>,
    /// Let each program on this machine connect over TCP
    #[arg(long, requires = "listen", conflicts_with = "password_file")]
    no_local_password: bool,
    /// Offer TLS to clients that insist on it, with a certificate of this run
    #[arg(long)]
    local_tls: bool,
    /// Connections at a time, from 1 to 1000
    #[arg(long, value_name = "NUMBER", default_value = "100")]
    max_connections: String,
    /// Logins per second, from 1 to 200
    #[arg(long, value_name = "NUMBER", default_value = "20")]
    max_logins: String,
}

/// What holds for all clients of a run.
pub(crate) struct Local {
    /// The password of clients on TCP.
    pub(crate) password: Option<Zeroizing<String>>,
    /// Whether the password is printed, and not in a file.
    pub(crate) prints_password: bool,
    /// TLS for clients that insist on it.
    pub(crate) acceptor: Option<TlsAcceptor>,
    pub(crate) limits: Limits,
    pub(crate) is_verbose: bool,
}

impl Local {
    pub(crate) fn new(
        arguments: &Arguments,
        is_tcp: bool,
        is_verbose: bool,
    ) -> Result<Self, String> {
        let connections = within("--max-connections", &arguments.max_connections, 1000)?;
        let logins = within("--max-logins", &arguments.max_logins, 200)?;
        let is_tcp = arguments.tcp || is_tcp;
        if !is_tcp && (arguments.password_file.is_some() || arguments.no_local_password) {
            return Err(
                "--password-file and --no-local-password are for TCP: expected --listen ADDRESS"
                    .to_owned(),
            );
        }
        let password = match &arguments.password_file {
            _ if !is_tcp || arguments.no_local_password => None,
            Some(path) => Some(password_in(path)?),
            None => Some(random_password()?),
        };
        Ok(Self {
            password,
            prints_password: arguments.password_file.is_none(),
            acceptor: arguments.local_tls.then(acceptor).transpose()?,
            limits: Limits::new(connections, logins),
            is_verbose,
        })
    }
}

fn within(flag: &str, value: &str, most: u16) -> Result<u16, String> {
    let range = format!("1 to {most}");
    let number = number(flag, value, &range)?;
    let is_within = (1..=most).contains(&number);
    is_within
        .then_some(number)
        .ok_or_else(|| format!("{flag}: expected a whole number from {range}"))
}

/// Limits that protect the database and this program from a client that has gone wrong.
pub(crate) struct Limits {
    /// A permit for each connection that may still be opened.
    connections: Semaphore,
    most: u32,
    /// The time between two logins.
    interval: Duration,
    next: Mutex<Instant>,
}

impl Limits {
    pub(crate) fn new(connections: u16, logins_per_second: u16) -> Self {
        Self {
            connections: Semaphore::new(connections.into()),
            most: connections.into(),
            interval: Duration::from_secs(1) / u32::from(logins_per_second.max(1)),
            next: Mutex::new(Instant::now()),
        }
    }

    /// Returns a permit for one more connection, unless there are too many.
    pub(crate) fn connection(&self) -> Option<SemaphorePermit<'_>> {
        self.connections.try_acquire().ok()
    }

    /// Returns the number of open connections.
    pub(crate) fn open(&self) -> usize {
        usize::try_from(self.most)
            .unwrap_or(usize::MAX)
            .saturating_sub(self.connections.available_permits())
    }

    /// Waits until all connections are closed.
    pub(crate) async fn all_closed(&self) {
        let _ = self.connections.acquire_many(self.most).await;
    }

    /// Waits until another login is within the limit. Some may come together after a pause.
    pub(crate) async fn login(&self) {
        // Waiting is in turn, and who gives up has used none.
        let mut next = self.next.lock().await;
        let now = Instant::now();
        let earliest = now.checked_sub(Duration::from_secs(1)).unwrap_or(now);
        let at = (*next).max(earliest);
        sleep_until(at).await;
        *next = at + self.interval;
    }
}

/// Returns a new password of 128 random bits.
fn random_password() -> Result<Zeroizing<String>, String> {
    let mut bits = Zeroizing::new([0; 16]);
    getrandom::fill(&mut *bits).map_err(|error| format!("random numbers: {error}"))?;
    Ok(Zeroizing::new(format!(
        "{:032x}",
        u128::from_be_bytes(*bits)
    )))
}

/// Returns the password in a file, which is created with a random one if it is missing, so that it stays the
/// same from run to run.
fn password_in(path: &Path) -> Result<Zeroizing<String>, String> {
    let fail = |error: io::Error| {
        match error.kind() {
        io::ErrorKind::NotFound => {
            "--password-file: the folder does not exist; make one that only you can enter: mkdir -m 700"
                .to_owned()
        }
        _ => format!("--password-file: {error}"),
    }
    };
    let created = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path);
    match created {
        Ok(mut file) => {
            let written = random_password().and_then(|password| {
                file.write_all(password.as_bytes()).map_err(fail)?;
                Ok(password)
            });
            if written.is_err() {
                // An empty file would be a wrong one at each later start.
                let _ = std::fs::remove_file(path);
            }
            return written;
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(fail(error)),
    }
    // The open file is checked, since somebody could rename it meanwhile; and no pipe is waited for.
    let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
    let flags = i32::try_from(flags.bits()).unwrap_or_default();
    let opened = OpenOptions::new().read(true).custom_flags(flags).open(path);
    let file = opened.map_err(fail)?;
    let found = file.metadata().map_err(fail)?;
    let others = rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO;
    let mode = rustix::fs::Mode::from_raw_mode(found.mode());
    if !found.is_file()
        || mode.intersects(others)
        || found.uid() != rustix::process::getuid().as_raw()
    {
        return Err("--password-file: expected a file of this user that nobody else can read; run: chmod 600 FILE".to_owned());
    }
    let mut password = Zeroizing::new(String::new());
    file.take(MAX_FILE)
        .read_to_string(&mut password)
        .map_err(fail)?;
    let line = password.strip_suffix('\n').unwrap_or(&password);
    // A PostgreSQL or MySQL client ends a password with NUL.
    if line.len() < 16 || line.len() > 256 || line.contains(|letter: char| letter.is_control()) {
        return Err("--password-file: expected one line of 16 to 256 bytes".to_owned());
    }
    Ok(Zeroizing::new(line.to_owned()))
}

/// More than a password has.
const MAX_FILE: u64 = 1024;

/// Returns TLS with a certificate that lasts as long as the program. Clients cannot verify it, and need not:
/// what they connect to is on this machine.
fn acceptor() -> Result<TlsAcceptor, String> {
    let fail = |error: &dyn std::error::Error| format!("--local-tls: {error}");
    let names = ["localhost", "127.0.0.1", "::1"].map(str::to_owned);
    let certified = rcgen::generate_simple_self_signed(names).map_err(|error| fail(&error))?;
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(
        certified.signing_key.serialize_der(),
    ));
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| fail(&error))?
        .with_no_client_auth()
        .with_single_cert(vec![certified.cert.der().clone()], key)
        .map_err(|error| fail(&error))?;
    config.alpn_protocols = vec![ALPN.to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}
