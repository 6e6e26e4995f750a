//! Hook: none for a connection; a task replaces the options of the pool before its token expires.
//! Debug: `PgConnectOptions` prints the token, and so does what holds it: never print it.

use std::sync::Arc;

use rds_iam_token::{SourceError, TokenCache};
use sqlx::{
    PgPool,
    postgres::{PgConnectOptions, PgPoolOptions, PgSslMode},
};

use super::sqlx_refresh::refresh;
use crate::{Database, now};

/// Needs a runtime, for the task, which ends when the pool is closed.
pub fn pool(database: &Database, tokens: Arc<TokenCache>) -> Result<PgPool, SourceError> {
    let without_password = PgConnectOptions::new_without_pgpass()
        .host(&database.host)
        .port(database.port)
        .username(&database.user)
        .database("postgres")
        // Trusts the public authorities beside the file.
        .ssl_mode(PgSslMode::VerifyFull)
        .ssl_root_cert(&database.ca);
    let options = move |password: &str| without_password.clone().password(password);

    let token = tokens.token(now())?;
    let pool = PgPoolOptions::new().connect_lazy_with(options(token.expose_secret()));
    tokio::spawn(refresh(pool.clone(), tokens, options));
    Ok(pool)
}
