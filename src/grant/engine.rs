//! Database engines.

use core::fmt;

/// A database engine of RDS or Aurora with IAM authentication.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Engine {
    /// RDS for MariaDB.
    MariaDb,
    /// RDS for MySQL and Aurora MySQL.
    MySql,
    /// RDS for PostgreSQL and Aurora PostgreSQL.
    PostgreSql,
}

impl Engine {
    /// Returns the rule for the names that the engine stores unchanged.
    pub(super) fn user_rule(self) -> &'static str {
        match self {
            Self::MariaDb => "1 to 80 visible characters, no space at the end",
            Self::MySql => "1 to 32 visible characters, no space at the end",
            Self::PostgreSql => "1 to 63 bytes without NUL, CR and LF",
        }
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::MariaDb => "MariaDB",
            Self::MySql => "MySQL",
            Self::PostgreSql => "PostgreSQL",
        })
    }
}
