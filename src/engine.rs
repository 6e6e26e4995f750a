//! Database engines.

use core::fmt;

/// A database engine that RDS and Aurora run with IAM authentication.
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
    /// Says which users the engine keeps as they are, for the end of a message.
    pub(crate) fn user_rule(self) -> &'static str {
        match self {
            Self::MariaDb => {
                "MariaDB keeps 80 characters, none beyond U+FFFF, and no space at the end"
            }
            Self::MySql => "MySQL keeps 32 characters, none beyond U+FFFF, and no space at the end",
            Self::PostgreSql => "PostgreSQL keeps 63 bytes",
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
