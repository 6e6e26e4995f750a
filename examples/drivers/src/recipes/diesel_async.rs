//! Hook: `ManagerConfig::custom_setup`, which is called for each connection in place of a URL.
//! Debug: `AsyncDieselConnectionManager` prints the type of the connection and no more.

use std::sync::Arc;

use diesel::ConnectionError;
use diesel_async::{
    AsyncPgConnection,
    pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, deadpool::Pool},
};
use rds_iam_token::TokenSource;

use super::tokio_postgres::Connector;
use crate::{BoxError, Database, with_sources};

pub fn pool(
    database: &Database,
    tokens: Arc<dyn TokenSource>,
) -> Result<Pool<AsyncPgConnection>, BoxError> {
    let connector = Connector::new(database, tokens)?;
    let mut config = ManagerConfig::default();
    config.custom_setup = Box::new(move |_url| {
        let connector = connector.clone();
        Box::pin(async move {
            let client = connector
                .connect()
                .await
                .map_err(|error| ConnectionError::BadConnection(with_sources(&error)))?;
            AsyncPgConnection::try_from(client).await
        })
    });
    let manager = AsyncDieselConnectionManager::new_with_config("", config);
    Ok(Pool::builder(manager).build()?)
}
