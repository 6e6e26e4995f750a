use std::time::SystemTime;

use rds_iam_token::{SharedTokenSource, Timestamp, TokenSource, diagnose::Server};
use tokio_postgres::{Client, Config, Error};
use tokio_postgres_rustls::MakeRustlsConnect;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

pub struct Connector {
    /// Everything but the password, with `SslMode::Require`.
    pub config: Config,
    /// Trusts the CA bundle of RDS.
    pub tls: MakeRustlsConnect,
    pub tokens: SharedTokenSource,
}

impl Connector {
    pub async fn connect(&self) -> Result<Client, BoxError> {
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

fn is_refusal(error: &Error) -> bool {
    error
        .code()
        .is_some_and(|state| Server::is_refused_login(state.code()))
}

fn now() -> Timestamp {
    Timestamp::try_from(SystemTime::now()).unwrap_or(Timestamp::MIN)
}
