//! Hook: none for a connection; a task replaces the options of the pool before its token expires.
//! Debug: `MySqlConnectOptions` prints the token, and so does what holds it: never print it.

use std::sync::Arc;

use rds_iam_token::{SourceError, TokenCache};
use sqlx::{
    MySqlPool,
    mysql::{MySqlConnectOptions, MySqlPoolOptions, MySqlSslMode},
};

use super::sqlx_refresh::refresh;
use crate::{Database, now};

/// Needs a runtime, for the task, which ends when the pool is closed.
pub fn pool(database: &Database, tokens: Arc<TokenCache>) -> Result<MySqlPool, SourceError> {
    let without_password = MySqlConnectOptions::new()
        .host(&database.host)
        .port(database.port)
        .username(&database.user)
        // Trusts the public authorities beside the file.
        .ssl_mode(MySqlSslMode::VerifyIdentity)
        .ssl_ca(&database.ca)
        // The token goes in clear inside TLS.
        .enable_cleartext_plugin(true);
    let options = move |password: &str| without_password.clone().password(password);

    let token = tokens.token(now())?;
    let pool = MySqlPoolOptions::new().connect_lazy_with(options(token.expose_secret()));
    tokio::spawn(refresh(pool.clone(), tokens, options));
    Ok(pool)
}
