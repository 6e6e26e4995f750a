//! Hook: none is needed; each connection is opened with a clone of `Config` that has a new password.
//! Debug: `Config` prints `password: Some(_)`, and not the token.

use std::sync::Arc;

use rds_iam_token::{SourceError, TokenSource, diagnose::Server};
use thiserror::Error;
use tokio_postgres::{Client, Config, config::SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::{BoxError, Database, now, tls};

/// Opens connections, each with a token that is good then.
#[derive(Clone)]
pub struct Connector {
    config: Config,
    tls: MakeRustlsConnect,
    tokens: Arc<dyn TokenSource>,
}

impl Connector {
    pub fn new(database: &Database, tokens: Arc<dyn TokenSource>) -> Result<Self, BoxError> {
        Ok(Self {
            config: config(database),
            tls: tls::connector(&database.ca)?,
            tokens,
        })
    }

    pub async fn connect(&self) -> Result<Client, ConnectError> {
        let token = self.tokens.token(now())?;
        let mut config = self.config.clone();
        config.password(token.expose_secret());
        let (client, connection) = config
            .connect(self.tls.clone())
            .await
            .inspect_err(|error| {
                if is_refusal(error) {
                    self.tokens.invalidate(&token);
                }
            })?;
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                eprintln!("the connection is lost: {error}");
            }
        });
        Ok(client)
    }
}

#[derive(Debug, Error)]
pub enum ConnectError {
    #[error(transparent)]
    PostgreSql(#[from] tokio_postgres::Error),
    #[error(transparent)]
    Token(#[from] SourceError),
}

/// Returns `true` if the server rejected the login. Other errors, such as too many connections, are not
/// about the token.
pub fn is_refusal(error: &tokio_postgres::Error) -> bool {
    error
        .code()
        .is_some_and(|state| Server::is_refused_login(state.code()))
}

/// Everything but the password. Without TLS the driver does not connect: `Require` it.
pub fn config(database: &Database) -> Config {
    let mut config = Config::new();
    config
        .host(&database.host)
        .port(database.port)
        .user(&database.user)
        .dbname("postgres")
        .ssl_mode(SslMode::Require);
    config
}
