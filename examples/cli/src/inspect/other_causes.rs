//! The causes that are not in the token.

use rds_iam_token::{
    HostKind,
    diagnose::{OtherCause, Server},
};

use crate::engine::Engine;

/// Causes of one kind of server, or of all.
pub(crate) struct Group {
    /// A word for programs.
    pub(crate) server: &'static str,
    pub(crate) title: &'static str,
    pub(crate) causes: Vec<&'static OtherCause>,
}

/// Returns the causes for one kind of server; if it is unknown, the common ones once and then those that
/// are special to each.
pub(crate) fn of(kind: HostKind, engine: Option<Engine>, port: Option<u16>) -> Vec<Group> {
    if let Some(server) = server(kind, engine, port) {
        return vec![group(server, server.other_causes())];
    }
    let common = Group {
        server: "any",
        title: "Any server",
        causes: Server::common_causes().collect(),
    };
    let special = [Server::PostgreSql, Server::MySql, Server::Proxy]
        .map(|server| group(server, server.special_causes()));
    [common].into_iter().chain(special).collect()
}

/// Returns the kind of server, if the kind of host, the engine or the port says it.
fn server(kind: HostKind, engine: Option<Engine>, port: Option<u16>) -> Option<Server> {
    match (kind, engine, port) {
        (HostKind::Proxy | HostKind::ProxyEndpoint, ..) => Some(Server::Proxy),
        (_, Some(Engine::Postgres), _) | (_, None, Some(5432)) => Some(Server::PostgreSql),
        (_, Some(Engine::Mysql | Engine::Mariadb), _) | (_, None, Some(3306)) => {
            Some(Server::MySql)
        }
        _ => None,
    }
}

fn group(server: Server, causes: impl Iterator<Item = &'static OtherCause>) -> Group {
    let (server, title) = match server {
        Server::MySql => ("mysql", "MySQL and MariaDB, \"Access denied\""),
        Server::PostgreSql => ("postgres", "PostgreSQL, \"PAM authentication failed\""),
        _ => ("proxy", "RDS Proxy"),
    };
    Group {
        server,
        title,
        causes: causes.collect(),
    }
}
