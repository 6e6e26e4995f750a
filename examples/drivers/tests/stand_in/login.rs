//! The data with which a driver logs in.

use std::{
    process::Command,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use rds_iam_token::{Endpoint, Region, TokenCache, TokenRequest};
use rds_iam_token_drivers::{BoxError, Database, now};

use crate::server::{Engine, Key, StandIn};

pub struct Login {
    /// The address to connect to.
    pub database: Database,
    pub tokens: Arc<TokenCache>,
    /// The endpoint, region and user of the tokens, as arguments of the program.
    host: String,
    port: u16,
    region: String,
    user: String,
    key: Mutex<Key>,
}

/// The changes of a case.
#[derive(Default)]
pub struct Changes {
    pub connect_to_port: Option<u16>,
    pub ca: Option<std::path::PathBuf>,
    pub sign_for_host: Option<&'static str>,
    pub sign_for_region: Option<&'static str>,
    pub sign_for_user: Option<&'static str>,
}

impl Login {
    pub fn new(
        stand_in: &StandIn,
        engine: Engine,
        key: &Key,
        changes: Changes,
    ) -> Result<Arc<Self>, BoxError> {
        let port = stand_in.port(engine);
        let host = changes.sign_for_host.unwrap_or(&stand_in.host);
        let region = changes.sign_for_region.unwrap_or(&stand_in.region);
        let user = changes.sign_for_user.unwrap_or(&stand_in.user);
        let request = TokenRequest::new(Endpoint::new(host, port)?, Region::new(region)?, user)?
            .with_lifetime(LIFETIME)?;
        Ok(Arc::new(Self {
            database: Database {
                host: stand_in.host.clone(),
                port: changes.connect_to_port.unwrap_or(port),
                user: stand_in.user.clone(),
                ca: changes.ca.unwrap_or_else(|| stand_in.ca()),
            },
            tokens: Arc::new(TokenCache::new(request, key.credentials()?)?),
            host: host.to_owned(),
            port,
            region: region.to_owned(),
            user: user.to_owned(),
            key: Mutex::new(key.clone()),
        }))
    }

    pub fn replace_key(&self, key: &Key) -> Result<(), BoxError> {
        self.tokens.set_credentials(key.credentials()?);
        *self.key.lock().unwrap_or_else(PoisonError::into_inner) = key.clone();
        Ok(())
    }

    /// Returns what the program prints.
    pub fn print_token(&self) -> Result<String, BoxError> {
        let key = self.key.lock().unwrap_or_else(PoisonError::into_inner);
        let mut command = Command::new(env!("CARGO"));
        command
            .args(["run", "--quiet"])
            .arg("--manifest-path")
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/../cli/Cargo.toml"))
            .args(["--", "token", "--hostname", &self.host])
            .args(["--port", &self.port.to_string()])
            .args(["--region", &self.region])
            .args(["--username", &self.user])
            .args(["--expires-in", &LIFETIME.as_secs().to_string()])
            .args(["--at", &format!("@{}", now().unix_seconds())])
            .env("AWS_ACCESS_KEY_ID", key.id)
            .env("AWS_SECRET_ACCESS_KEY", key.secret)
            .env_remove("AWS_SESSION_TOKEN");
        if let Some(session_token) = &key.session_token {
            command.env("AWS_SESSION_TOKEN", session_token);
        }
        let output = command.output()?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into());
        }
        Ok(String::from_utf8(output.stdout)?.trim_end().to_owned())
    }
}

/// So short that a task which replaces tokens does it while the test waits.
const LIFETIME: Duration = Duration::from_secs(62);
