//! The SQL.

use rds_iam_token::grant;

use crate::engine::Engine;

use super::{Arguments, required};

/// Returns the statements that create the user.
pub(super) fn sql(arguments: &Arguments) -> Result<String, String> {
    let engine = match required("--engine", arguments.engine)? {
        Engine::Postgres => rds_iam_token::Engine::PostgreSql,
        Engine::Mysql => rds_iam_token::Engine::MySql,
        Engine::Mariadb => rds_iam_token::Engine::MariaDb,
    };
    grant::create_user(engine, &arguments.username).map_err(|error| format!("--username: {error}"))
}
