//! Hook: none of its own, and its own options accept a URL only: it uses a pool of sqlx.
//! Debug: `DatabaseConnection` prints no password; the options of sqlx print it.

use std::sync::Arc;

use rds_iam_token::{SourceError, TokenCache};
use sea_orm::{DatabaseConnection, SqlxPostgresConnector};

use super::sqlx_postgres;
use crate::Database;

/// Needs a runtime, for the task that the pool of sqlx has, and `close` to end it.
pub fn connection(
    database: &Database,
    tokens: Arc<TokenCache>,
) -> Result<DatabaseConnection, SourceError> {
    let pool = sqlx_postgres::pool(database, tokens)?;
    Ok(SqlxPostgresConnector::from_sqlx_postgres_pool(pool))
}
