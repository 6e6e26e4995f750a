//! A database to connect to: what is signed, what is dialed and what is verified are three things.

use std::sync::Arc;

use rds_iam_token::{
    Endpoint, Region, Token, TokenRequest,
    diagnose::{Expected, diagnose},
};
use tokio::io::AsyncWriteExt as _;

use crate::{engine::Engine, inspect::other_causes, value::now};

use super::{
    session::{Keys, Stream},
    tls::{self, Tls},
    tokens::Identity,
};

pub(crate) struct Database {
    /// For people, and for the folder of the socket.
    pub(crate) name: String,
    /// Its place among all that are configured, which decides its port: also those that are wrong have one.
    pub(crate) index: u16,
    pub(crate) engine: Engine,
    pub(crate) endpoint: Endpoint,
    pub(crate) region: Region,
    /// The users whom a client may name.
    pub(crate) users: Vec<String>,
    /// The address to dial, if it is not the endpoint's.
    pub(crate) via: Option<String>,
    pub(crate) tls: Tls,
    pub(crate) identity: Arc<Identity>,
    pub(crate) keys: Keys,
}

impl Database {
    /// Returns the address to dial.
    pub(crate) fn address(&self) -> String {
        let port = self.endpoint.port();
        self.via
            .clone()
            .unwrap_or_else(|| format!("{}:{port}", self.endpoint.host()))
    }

    /// Returns the name of the socket: the one that libpq looks for, or the usual one of MySQL.
    pub(crate) fn socket_name(&self) -> String {
        match self.engine {
            Engine::Postgres => format!(".s.PGSQL.{}", self.endpoint.port()),
            Engine::Mysql | Engine::Mariadb => "mysql.sock".to_owned(),
        }
    }

    /// Returns the first user, which a client has that names none itself.
    pub(crate) fn user(&self) -> &str {
        self.users.first().map_or("", String::as_str)
    }

    pub(crate) async fn token(&self, user: &str) -> Result<Token, String> {
        let request = TokenRequest::new(self.endpoint.clone(), self.region.clone(), user);
        self.identity
            .sign(&request.map_err(|error| error.to_string())?)
            .await
    }

    /// Starts TLS, and verifies the chain and the name in the certificate. Returns what was verified as well.
    pub(crate) async fn start_tls(&self, stream: Stream) -> Result<(Stream, String), String> {
        let (host, roots) = (self.endpoint.host(), &self.tls.roots);
        let name = self.tls.name.clone();
        match self.tls.connector.connect(name, stream).await {
            Ok(mut stream) => {
                let _ = stream.flush().await;
                let facts = tls::facts(stream.get_ref().1);
                let facts = format!("{facts}verified for {host}; CA: {roots}");
                Ok((Box::new(stream), facts))
            }
            Err(error) => Err(format!("TLS with {host} failed: {error} (CA: {roots})")),
        }
    }

    /// Returns what may be the cause of a rejected login, in lines: findings about the token, if the database
    /// had asked for it, then causes that are not in it.
    pub(crate) async fn causes(&self, asked: bool) -> Vec<String> {
        let mut lines = Vec::new();
        let user = self.user();
        if asked && let (Ok(token), Ok(now)) = (self.token(user).await, now()) {
            let expected = Expected::new()
                .with_endpoint(self.endpoint.clone())
                .with_user(user)
                .with_time(now);
            for finding in diagnose(token.expose_secret(), &expected).findings() {
                lines.push(format!("- {finding}"));
                lines.push(format!("  {}", finding.remedy()));
            }
        }
        if !lines.is_empty() {
            return lines;
        }
        let port = Some(self.endpoint.port());
        let groups = other_causes::of(self.endpoint.kind(), Some(self.engine), port);
        for cause in groups.iter().flat_map(|group| &group.causes) {
            if !is_ruled_out(cause.message(), asked) {
                lines.push(format!("* {}", cause.message()));
                lines.push(format!("  {}", cause.remedy()));
            }
        }
        lines
    }
}

/// Returns `true` for what cannot be the cause, since this program sends the token, in TLS; and if the database
/// has asked for it, the user is one who has to send a token.
fn is_ruled_out(message: &str, asked: bool) -> bool {
    let starts_with_one_of =
        |starts: &[&str]| starts.iter().any(|start| message.starts_with(start));
    starts_with_one_of(ALWAYS) || asked && starts_with_one_of(WHEN_ASKED)
}

const ALWAYS: &[&str] = &[
    "the client does not send passwords in clear",
    "the client is not on TLS",
    "the connection does not use TLS",
    "the user has rds_iam, directly or through a role, and the client sends an ordinary password",
];

const WHEN_ASKED: &[&str] = &[
    "the role rds_iam is not granted to the user",
    "the user is not identified with AWSAuthenticationPlugin",
];

#[cfg(test)]
mod tests {
    use rds_iam_token::diagnose::Server;

    use super::*;

    #[test]
    fn what_is_ruled_out_is_one_of_the_causes() {
        let causes: Vec<_> = Server::ALL
            .iter()
            .flat_map(|server| server.other_causes())
            .collect();
        for start in ALWAYS.iter().chain(WHEN_ASKED) {
            assert!(
                causes
                    .iter()
                    .any(|cause| cause.message().starts_with(start)),
                "{start}"
            );
        }
    }
}
