//! The stand-in: its clock, keys, log and sessions.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    sync::atomic::{AtomicU64, Ordering},
};

use rds_iam_token::{Credentials, Error};
use rds_iam_token_drivers::{BoxError, clock};

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Engine {
    PostgreSql,
    MariaDb,
}

/// The stand-in that `stand-in/run` describes in the environment.
pub struct StandIn {
    pub folder: PathBuf,
    pub host: String,
    pub region: String,
    pub user: String,
    postgres_port: u16,
    mariadb_port: u16,
    /// The seconds by which the clock of the servers is ahead.
    ahead: AtomicU64,
}

impl StandIn {
    pub fn from_env() -> Result<Self, BoxError> {
        let read =
            |name| env::var(name).map_err(|_| format!("{name} is not set: use stand-in/run"));
        Ok(Self {
            folder: read("RDS_STAND_IN")?.into(),
            host: read("RDS_HOST")?,
            region: read("RDS_REGION")?,
            user: read("RDS_USER")?,
            postgres_port: read("RDS_POSTGRES_PORT")?.parse()?,
            mariadb_port: read("RDS_MARIADB_PORT")?.parse()?,
            ahead: AtomicU64::new(0),
        })
    }

    pub fn port(&self, engine: Engine) -> u16 {
        match engine {
            Engine::PostgreSql => self.postgres_port,
            Engine::MariaDb => self.mariadb_port,
        }
    }

    pub fn ca(&self) -> PathBuf {
        self.folder.join("ca.pem")
    }

    /// Advances the clock of the servers past the end of each token.
    pub fn let_tokens_expire(&self) -> Result<(), BoxError> {
        let ahead = self.ahead.fetch_add(1_200, Ordering::Relaxed) + 1_200;
        Ok(fs::write(self.folder.join("clock"), ahead.to_string())?)
    }

    /// Advances the clock of the programs to that of the servers.
    pub fn tell_the_time(&self) {
        clock::set_ahead(self.ahead.load(Ordering::Relaxed));
    }

    pub fn set_key(&self, key: &Key) -> Result<(), BoxError> {
        let session = key.session_token.as_deref().unwrap_or_default();
        let line = format!("{} {} {session}\n", key.id, key.secret);
        Ok(fs::write(self.folder.join("keys"), line)?)
    }

    pub fn log(&self) -> Result<Log<'_>, BoxError> {
        let path = self.folder.join("log");
        let start = usize::try_from(fs::metadata(&path)?.len())?;
        Ok(Log {
            folder: &self.folder,
            start,
        })
    }

    /// Ends all sessions of the user.
    pub fn drop_connections(&self, engine: Engine) -> Result<(), BoxError> {
        let mut command = match engine {
            Engine::PostgreSql => {
                let mut command = Command::new("runuser");
                let sql = format!(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{}'",
                    self.user
                );
                command
                    .args(["-u", "postgres", "--", "psql", "-XAqt", "-c", &sql, "-h"])
                    .arg(self.folder.join("postgres"))
                    .args(["-p", &self.postgres_port.to_string()]);
                command
            }
            Engine::MariaDb => {
                let mut command = Command::new("mariadb");
                command
                    .args([
                        "--no-defaults",
                        "-e",
                        &format!("KILL USER '{}'", self.user),
                        "-S",
                    ])
                    .arg(self.folder.join("mariadb/socket"));
                command
            }
        };
        let output = command.current_dir("/").output()?;
        output
            .status
            .success()
            .then_some(())
            .ok_or_else(|| String::from_utf8_lossy(&output.stderr).into())
    }
}

/// The entries that are added to the log.
pub struct Log<'a> {
    folder: &'a Path,
    start: usize,
}

impl Log<'_> {
    pub fn read(&self) -> Result<String, BoxError> {
        let log = fs::read_to_string(self.folder.join("log"))?;
        Ok(log.get(self.start..).unwrap_or_default().to_owned())
    }

    /// Returns the dates of the tokens that were let in.
    pub fn signed_at(&self) -> Result<Vec<String>, BoxError> {
        Ok(self
            .read()?
            .lines()
            .filter(|line| line.contains(": let in ("))
            .filter_map(|line| {
                Some(
                    line.split_once("signed at ")?
                        .1
                        .split_once(',')?
                        .0
                        .to_owned(),
                )
            })
            .collect())
    }
}

/// A key of the stand-in.
#[derive(Clone, Debug)]
pub struct Key {
    pub id: &'static str,
    pub secret: &'static str,
    pub session_token: Option<String>,
}

impl Key {
    pub const LONG_LIVED: Self = Self {
        id: "AKIDEXAMPLE",
        secret: "not-a-real-secret",
        session_token: None,
    };

    pub const OTHER: Self = Self {
        id: "AKIDEXAMPLE2",
        secret: "not-a-real-secret-either",
        session_token: None,
    };

    /// Creates a temporary key with a session token of this many characters.
    pub fn temporary(length: usize) -> Self {
        let session_token = "not/a+real=session-token"
            .chars()
            .cycle()
            .take(length)
            .collect();
        Self {
            id: "ASIDEXAMPLE",
            secret: "not-a-real-secret",
            session_token: Some(session_token),
        }
    }

    pub fn credentials(&self) -> Result<Credentials, Error> {
        let credentials = Credentials::new(self.id, self.secret)?;
        match &self.session_token {
            Some(session_token) => credentials.with_session_token(session_token.as_str()),
            None => Ok(credentials),
        }
    }
}
