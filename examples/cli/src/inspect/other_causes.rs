//! The causes that are not in the token.

use rds_iam_token::{
    HostKind,
    diagnose::{OtherCause, Server},
};

/// Returns the kind of server of a host and an engine or port, if they say it.
pub(super) fn server(kind: HostKind, engine: Option<Server>, port: Option<u16>) -> Option<Server> {
    if matches!(kind, HostKind::Proxy | HostKind::ProxyEndpoint) {
        return Some(Server::Proxy);
    }
    engine.or(match port? {
        3306 => Some(Server::MySql),
        5432 => Some(Server::PostgreSql),
        _ => None,
    })
}

/// Lists the causes of one kind of server; of an unknown one, the common causes once and then those of each
/// kind.
pub(super) fn list(server: Option<Server>, lines: &mut Vec<String>) {
    lines.push("If the server rejects it all the same, the cause is elsewhere:".to_owned());
    if let Some(server) = server {
        add(name(server), server.other_causes(), lines);
        return;
    }
    add("Any server", Server::common_causes(), lines);
    for server in [Server::PostgreSql, Server::MySql, Server::Proxy] {
        add(name(server), server.special_causes(), lines);
    }
}

fn name(server: Server) -> &'static str {
    match server {
        Server::MySql => "MySQL and MariaDB, \"Access denied\"",
        Server::PostgreSql => "PostgreSQL, \"PAM authentication failed\"",
        _ => "RDS Proxy",
    }
}

fn add(name: &str, causes: impl Iterator<Item = &'static OtherCause>, lines: &mut Vec<String>) {
    lines.push(String::new());
    lines.push(format!("{name}:"));
    for cause in causes {
        lines.push(format!("  * {}", cause.message()));
        lines.push(format!("    {}", cause.remedy()));
    }
}
