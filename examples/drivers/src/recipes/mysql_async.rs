//! Hook: your own `Manager` of `deadpool`; the driver's `Pool` keeps one password for good.
//! Debug: `Opts` and `OptsBuilder` print the password: never print them. Here it is in no pool.

use std::sync::Arc;

use deadpool::managed::{self, Metrics, Pool, RecycleResult};
use mysql_async::{Conn, Error, OptsBuilder, SslOpts, prelude::Queryable};
use rds_iam_token::{TokenSource, diagnose::Server};

use crate::{BoxError, Database, now};

pub fn pool(database: &Database, tokens: Arc<dyn TokenSource>) -> Result<Pool<Manager>, BoxError> {
    let tls = SslOpts::default()
        .with_root_certs(vec![database.ca.clone().into()])
        .with_disable_built_in_roots(true);
    let options = OptsBuilder::default()
        .ip_or_hostname(&database.host)
        .tcp_port(database.port)
        .user(Some(&database.user))
        .ssl_opts(tls)
        // The token goes in clear inside TLS, and never over the socket that the server may offer.
        .enable_cleartext_plugin(true)
        .prefer_socket(false);
    Ok(Pool::builder(Manager { options, tokens }).build()?)
}

pub struct Manager {
    options: OptsBuilder,
    tokens: Arc<dyn TokenSource>,
}

impl managed::Manager for Manager {
    type Type = Conn;
    type Error = Error;

    async fn create(&self) -> Result<Conn, Error> {
        let token = self
            .tokens
            .token(now())
            .map_err(|error| Error::Other(error.into()))?;
        let options = self.options.clone().pass(Some(token.expose_secret()));
        Conn::new(options).await.inspect_err(|error| {
            // Other errors of a server are not about the token.
            if matches!(error, Error::Server(error) if Server::is_refused_login(error.code)) {
                self.tokens.invalidate(&token);
            }
        })
    }

    async fn recycle(&self, connection: &mut Conn, _: &Metrics) -> RecycleResult<Error> {
        Ok(connection.ping().await?)
    }
}
