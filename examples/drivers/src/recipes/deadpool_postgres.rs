//! Hook: your own `Connect`, which `Manager::from_connect` calls for each connection.
//! Debug: `Manager` prints `password: None`, since the token is never in its `Config`.

use std::{pin::Pin, sync::Arc};

use deadpool_postgres::{Connect, Manager, ManagerConfig, Pool};
use rds_iam_token::TokenSource;
use tokio::task::JoinHandle;
use tokio_postgres::{Client, Config, Error};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::tokio_postgres::{config, is_refusal};
use crate::{BoxError, Database, now, tls};

pub fn pool(database: &Database, tokens: Arc<dyn TokenSource>) -> Result<Pool, BoxError> {
    let connect = ConnectWithToken {
        tls: tls::connector(&database.ca)?,
        tokens,
    };
    let manager = Manager::from_connect(config(database), connect, ManagerConfig::default());
    Ok(Pool::builder(manager).build()?)
}

struct ConnectWithToken {
    tls: MakeRustlsConnect,
    tokens: Arc<dyn TokenSource>,
}

impl Connect for ConnectWithToken {
    fn connect(&self, config: &Config) -> Connecting<'_> {
        let mut config = config.clone();
        Box::pin(async move {
            let token = self.tokens.token(now());
            match &token {
                Ok(token) => {
                    config.password(token.expose_secret());
                }
                // Only an error of the driver can be returned: it will miss the password.
                Err(error) => eprintln!("no token: {error}"),
            }
            let (client, connection) =
                config
                    .connect(self.tls.clone())
                    .await
                    .inspect_err(|error| {
                        if let (Ok(token), true) = (&token, is_refusal(error)) {
                            self.tokens.invalidate(token);
                        }
                    })?;
            let task = tokio::spawn(async move {
                if let Err(error) = connection.await {
                    eprintln!("the connection is lost: {error}");
                }
            });
            Ok((client, task))
        })
    }
}

type Connecting<'a> =
    Pin<Box<dyn Future<Output = Result<(Client, JoinHandle<()>), Error>> + Send + 'a>>;
