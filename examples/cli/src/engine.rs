//! The database engine on the command line.

use clap::ValueEnum;

/// A database engine.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Engine {
    Postgres,
    Mysql,
    Mariadb,
}

impl Engine {
    /// Returns the port that RDS suggests for the engine.
    pub(crate) fn port(self) -> u16 {
        match self {
            Self::Postgres => 5432,
            Self::Mysql | Self::Mariadb => 3306,
        }
    }

    /// Returns the environment variable from which the engine's command-line clients read a password.
    pub(crate) fn password_variable(self) -> &'static str {
        match self {
            Self::Postgres => "PGPASSWORD",
            Self::Mysql | Self::Mariadb => "MYSQL_PWD",
        }
    }
}
