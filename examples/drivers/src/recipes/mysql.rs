//! Hook: your own `ManageConnection` of `r2d2`; the driver's `Pool` keeps one password for good.
//! Debug: `Opts` and `OptsBuilder` print the password: never print them. Here it is in no pool.

use std::{sync::Arc, time::Duration};

use mysql::{Conn, Error, OptsBuilder, SslOpts};
use r2d2::{ManageConnection, Pool};
use rds_iam_token::{TokenSource, diagnose::Server};

use crate::{Database, now};

pub fn pool(database: &Database, tokens: Arc<dyn TokenSource>) -> Pool<Manager> {
    let tls = SslOpts::default().with_root_cert_path(Some(database.ca.clone()));
    let options = OptsBuilder::new()
        .ip_or_hostname(Some(&database.host))
        .tcp_port(database.port)
        .user(Some(&database.user))
        // It trusts the public authorities beside the file.
        .ssl_opts(tls)
        // The token goes in clear inside TLS, and never over the socket that the server may offer.
        .enable_cleartext_plugin(true)
        .prefer_socket(false);
    Pool::builder()
        .min_idle(Some(0))
        .connection_timeout(Duration::from_secs(3))
        .build_unchecked(Manager { options, tokens })
}

pub struct Manager {
    options: OptsBuilder,
    tokens: Arc<dyn TokenSource>,
}

impl ManageConnection for Manager {
    type Connection = Conn;
    type Error = Error;

    fn connect(&self) -> Result<Conn, Error> {
        let token = self.tokens.token(now()).map_err(std::io::Error::other)?;
        let options = self.options.clone().pass(Some(token.expose_secret()));
        Conn::new(options).inspect_err(|error| {
            // Other errors of a server are not about the token.
            if matches!(error, Error::MySqlError(error) if Server::is_refused_login(error.code)) {
                self.tokens.invalidate(&token);
            }
        })
    }

    fn is_valid(&self, connection: &mut Conn) -> Result<(), Error> {
        connection.ping()
    }

    fn has_broken(&self, _: &mut Conn) -> bool {
        false
    }
}
