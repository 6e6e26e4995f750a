//! Hook: none is needed; each connection is opened with a clone of `Config` that has a new password.
//! Debug: `Config` prints `password: Some(_)`, and not the token.

use postgres::{Client, Config, config::SslMode};
use rds_iam_token::TokenSource;

use super::tokio_postgres::is_refusal;
use crate::{BoxError, Database, now, tls};

/// Opens a connection with a token that is good now.
pub fn connect(database: &Database, tokens: &dyn TokenSource) -> Result<Client, BoxError> {
    let token = tokens.token(now())?;
    let client = Config::new()
        .host(&database.host)
        .port(database.port)
        .user(&database.user)
        .password(token.expose_secret())
        .dbname("postgres")
        .ssl_mode(SslMode::Require)
        .connect(tls::connector(&database.ca)?)
        .inspect_err(|error| {
            if is_refusal(error) {
                tokens.invalidate(&token);
            }
        })?;
    Ok(client)
}
