//! The SQL.

use rds_iam_token::grant::{self, DbUser, Error};

use crate::engine::Engine;

use super::{Arguments, notes, required};

/// Returns the statements that create the user or change it, and adds notes on what they do.
pub(super) fn sql(arguments: &Arguments, notes: &mut Vec<String>) -> Result<String, String> {
    let engine = match required("--engine", arguments.engine)? {
        Engine::Postgres => grant::Engine::PostgreSql,
        Engine::Mysql => grant::Engine::MySql,
        Engine::Mariadb => grant::Engine::MariaDb,
    };
    let name = arguments.user()?;
    let mut user = if arguments.utf8_session {
        DbUser::in_utf8_session(engine, name)
    } else {
        DbUser::new(engine, name)
    }
    .map_err(|error| match error {
        Error::Account => format!("--username: {error}, in --host"),
        Error::NotAscii(_) => format!("--username: {error}; --utf8-session promises that"),
        _ => format!("--username: {error}"),
    })?;
    if let Some(host) = &arguments.host {
        user = user
            .with_host(host)
            .map_err(|error| format!("--host: {error}"))?;
    }
    if arguments.replication {
        user = user.with_replication();
    }
    notes::sql(engine, name, arguments, notes);
    Ok(if arguments.existing {
        user.enable_iam()
    } else if arguments.if_not_exists {
        user.create_if_not_exists()
    } else {
        user.create()
    })
}
