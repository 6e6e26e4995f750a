//! The database engine on the command line.

use clap::ValueEnum;

/// A database engine.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Engine {
    Postgres,
    Mysql,
    Mariadb,
}
