//! Hook: your own `ManageConnection`; that of `bb8-postgres` keeps one password for good.
//! Debug: `Pool` and its manager print no password.

use std::{sync::Arc, time::Duration};

use bb8::{ErrorSink, ManageConnection, Pool};
use rds_iam_token::TokenSource;
use tokio_postgres::Client;

use super::tokio_postgres::{ConnectError, Connector};
use crate::{BoxError, Database, with_sources};

pub fn pool(database: &Database, tokens: Arc<dyn TokenSource>) -> Result<Pool<Manager>, BoxError> {
    let manager = Manager {
        connector: Connector::new(database, tokens)?,
    };
    Ok(Pool::builder()
        // If a login is rejected, `get` only reports that it timed out, after this long.
        .connection_timeout(Duration::from_secs(3))
        .error_sink(Box::new(Printed))
        .build_unchecked(manager))
}

pub struct Manager {
    connector: Connector,
}

impl ManageConnection for Manager {
    type Connection = Client;
    type Error = ConnectError;

    async fn connect(&self) -> Result<Client, ConnectError> {
        self.connector.connect().await
    }

    async fn is_valid(&self, client: &mut Client) -> Result<(), ConnectError> {
        Ok(client.simple_query("").await.map(|_| ())?)
    }

    fn has_broken(&self, client: &mut Client) -> bool {
        client.is_closed()
    }
}

/// Prints why connections fail.
#[derive(Clone, Debug)]
struct Printed;

impl ErrorSink<ConnectError> for Printed {
    fn sink(&self, error: ConnectError) {
        eprintln!("no connection: {}", with_sources(&error));
    }

    fn boxed_clone(&self) -> Box<dyn ErrorSink<ConnectError>> {
        Box::new(self.clone())
    }
}
