//! A database user, and the SQL for it.

use alloc::{format, string::String};

use super::{engine::Engine, error::Error, name};
use crate::secret::Wiped;

/// A database user of an engine, and the SQL for it.
///
/// MySQL 5.7.6, MariaDB 10.4 and PostgreSQL 10, or later, accept each statement.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct DbUser {
    engine: Engine,
    name: Wiped,
    /// Only of MySQL and MariaDB; `None` is every host.
    host: Option<Wiped>,
    replication: bool,
}

impl DbUser {
    /// Creates a user from its engine and name.
    ///
    /// # Errors
    ///
    /// [`Error::User`] for a name that the engine would change: an empty one, one with NUL, CR or
    /// LF, over 63 bytes in PostgreSQL, over 32 characters in MySQL and 80 in MariaDB, and in both
    /// of these a space at the end, a character beyond U+FFFF, a control character, and one that is
    /// invisible or changes the direction of text. For MySQL and MariaDB also [`Error::Account`]
    /// for a name with a host, and [`Error::NotAscii`] for a name beyond ASCII.
    pub fn new(engine: Engine, name: impl Into<String>) -> Result<Self, Error> {
        Self::checked(engine, name.into(), false)
    }

    /// Creates a user whose SQL runs only in sessions that are UTF-8, in the client and on the
    /// server, so that names beyond ASCII are accepted for MySQL and MariaDB.
    ///
    /// `SET NAMES utf8mb4` makes only the server's side so; the client has its own setting, such as
    /// `mariadb --default-character-set=utf8mb4`.
    ///
    /// # Errors
    ///
    /// As [`new`](DbUser::new), without [`Error::NotAscii`].
    ///
    /// # Examples
    ///
    /// ```
    /// use rds_iam_token::{Fault, grant::{DbUser, Engine, Error}};
    ///
    /// let rejected = DbUser::new(Engine::MySql, "Zoë");
    /// assert_eq!(rejected, Err(Error::NotAscii(Fault::NonAscii.at(2))));
    /// assert!(DbUser::in_utf8_session(Engine::MySql, "Zoë").is_ok());
    /// ```
    pub fn in_utf8_session(engine: Engine, name: impl Into<String>) -> Result<Self, Error> {
        Self::checked(engine, name.into(), true)
    }

    /// Sets the host from which a user of MySQL or MariaDB may connect, in place of `%`, every host.
    ///
    /// It is a name or an address, with the wildcards `%` and `_` or a netmask: `10.0.%`.
    ///
    /// # Errors
    ///
    /// [`Error::Host`] for anything but 1 to 60 ASCII letters, digits, dots, hyphens, underscores,
    /// percent signs, colons and slashes. [`Error::UnexpectedHost`] for PostgreSQL.
    pub fn with_host(mut self, host: impl Into<String>) -> Result<Self, Error> {
        let host = Wiped::new(host.into());
        if self.engine == Engine::PostgreSql {
            return Err(Error::UnexpectedHost);
        }
        name::check_host(host.as_str())?;
        self.host = Some(host);
        Ok(self)
    }

    /// Adds the privilege to replicate to [`create`](DbUser::create),
    /// [`create_if_not_exists`](DbUser::create_if_not_exists) and
    /// [`enable_iam`](DbUser::enable_iam).
    ///
    /// In PostgreSQL, tokens are accepted for replication only if the parameter group sets
    /// `rds.iam_auth_for_replication` to 1; then every user with `rds_iam` needs them there
    /// (Amazon RDS User Guide, "Configuring IAM authentication for logical replication
    /// connections"). In MySQL and MariaDB, readers of the binary log can log in with tokens, but
    /// not replicas, whose passwords have at most 32 characters.
    ///
    /// # Examples
    ///
    /// ```
    /// use rds_iam_token::grant::{DbUser, Engine};
    ///
    /// let user = DbUser::new(Engine::PostgreSql, "app")?.with_replication();
    /// assert_eq!(
    ///     user.enable_iam(),
    ///     "GRANT rds_iam TO \"app\";\nALTER USER \"app\" WITH REPLICATION;\n",
    /// );
    /// # Ok::<(), rds_iam_token::grant::Error>(())
    /// ```
    #[must_use]
    pub fn with_replication(mut self) -> Self {
        self.replication = true;
        self
    }

    /// Returns the SQL that creates the user; it fails if the user exists.
    ///
    /// In MySQL and MariaDB the user must connect over TLS. In PostgreSQL the server requires TLS
    /// of everyone with `rds_iam`. With the privilege to replicate, the statements for PostgreSQL
    /// are one transaction, so that nothing happens to a user who exists.
    #[must_use]
    pub fn create(&self) -> String {
        let user = self.quoted();
        let replication = self.replication_sql();
        match self.engine {
            Engine::PostgreSql if self.replication => {
                format!("BEGIN;\nCREATE USER {user} IN ROLE rds_iam;\n{replication}COMMIT;\n")
            }
            Engine::PostgreSql => format!("CREATE USER {user} IN ROLE rds_iam;\n"),
            Engine::MariaDb | Engine::MySql => {
                format!("CREATE USER {user} {WITH_TOKENS};\n{replication}")
            }
        }
    }

    /// Returns the SQL that creates the user, and leaves a user who exists as it is.
    ///
    /// A user who exists keeps its password: [`enable_iam`](DbUser::enable_iam) is for that. Only
    /// the privilege to replicate is granted to such a user of MySQL or MariaDB as well.
    ///
    /// # Examples
    ///
    /// ```
    /// use rds_iam_token::grant::{DbUser, Engine};
    ///
    /// let user = DbUser::new(Engine::MariaDb, "app")?;
    /// assert_eq!(
    ///     user.create_if_not_exists(),
    ///     "CREATE USER IF NOT EXISTS `app` IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' \
    ///      REQUIRE SSL;\n",
    /// );
    /// # Ok::<(), rds_iam_token::grant::Error>(())
    /// ```
    #[must_use]
    pub fn create_if_not_exists(&self) -> String {
        let user = self.quoted();
        let replication = self.replication_sql();
        match self.engine {
            // PostgreSQL has no CREATE USER IF NOT EXISTS.
            Engine::PostgreSql => format!(
                "DO $rds_iam$ BEGIN\n\
                 CREATE USER {user} IN ROLE rds_iam;\n\
                 {replication}\
                 EXCEPTION WHEN duplicate_object THEN\n\
                 RAISE NOTICE 'the user exists and is left as it is';\n\
                 END $rds_iam$;\n"
            ),
            Engine::MariaDb | Engine::MySql => {
                format!("CREATE USER IF NOT EXISTS {user} {WITH_TOKENS};\n{replication}")
            }
        }
    }

    /// Returns the SQL that makes an existing user log in with tokens, and no longer with a
    /// password.
    ///
    /// [`disable_iam`](DbUser::disable_iam) undoes it. In PostgreSQL it also ends the passwords of
    /// every role that inherits from this one: see the [module](super).
    #[must_use]
    pub fn enable_iam(&self) -> String {
        let user = self.quoted();
        let replication = self.replication_sql();
        match self.engine {
            Engine::PostgreSql => format!("GRANT rds_iam TO {user};\n{replication}"),
            Engine::MariaDb | Engine::MySql => {
                format!("ALTER USER {user} {WITH_TOKENS} ACCOUNT UNLOCK;\n{replication}")
            }
        }
    }

    /// Returns the SQL that keeps an existing user from logging in with tokens.
    ///
    /// In PostgreSQL the user's password is valid again, if there is one. MySQL and MariaDB have no
    /// such way back without a new password, so the account is locked; its privileges stay.
    ///
    /// # Examples
    ///
    /// ```
    /// use rds_iam_token::grant::{DbUser, Engine};
    ///
    /// let user = DbUser::new(Engine::PostgreSql, "app")?;
    /// assert_eq!(user.disable_iam(), "REVOKE rds_iam FROM \"app\";\n");
    /// let user = DbUser::new(Engine::MySql, "app")?;
    /// assert_eq!(user.disable_iam(), "ALTER USER `app` ACCOUNT LOCK;\n");
    /// # Ok::<(), rds_iam_token::grant::Error>(())
    /// ```
    #[must_use]
    pub fn disable_iam(&self) -> String {
        let user = self.quoted();
        match self.engine {
            Engine::PostgreSql => format!("REVOKE rds_iam FROM {user};\n"),
            Engine::MariaDb | Engine::MySql => format!("ALTER USER {user} ACCOUNT LOCK;\n"),
        }
    }

    fn checked(engine: Engine, name: String, utf8_session: bool) -> Result<Self, Error> {
        let name = Wiped::new(name);
        name::check(engine, name.as_str(), utf8_session)?;
        Ok(Self {
            engine,
            name,
            host: None,
            replication: false,
        })
    }

    fn quoted(&self) -> String {
        match self.engine {
            Engine::PostgreSql => name::postgresql(self.name.as_str()),
            Engine::MariaDb | Engine::MySql => {
                name::mysql(self.name.as_str(), self.host.as_ref().map(Wiped::as_str))
            }
        }
    }

    fn replication_sql(&self) -> String {
        let user = self.quoted();
        match self.engine {
            _ if !self.replication => String::new(),
            Engine::PostgreSql => format!("ALTER USER {user} WITH REPLICATION;\n"),
            Engine::MariaDb | Engine::MySql => {
                format!("GRANT REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO {user};\n")
            }
        }
    }
}

const WITH_TOKENS: &str = "IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL";

#[cfg(test)]
mod tests {
    use super::*;

    fn statements(user: &DbUser) -> [String; 4] {
        [
            user.create(),
            user.create_if_not_exists(),
            user.enable_iam(),
            user.disable_iam(),
        ]
    }

    #[test]
    fn every_statement_is_written_for_postgresql() -> Result<(), Error> {
        let user = DbUser::new(Engine::PostgreSql, "a\"b`c")?;
        assert_eq!(
            statements(&user),
            [
                "CREATE USER \"a\"\"b`c\" IN ROLE rds_iam;\n",
                "DO $rds_iam$ BEGIN\n\
                 CREATE USER \"a\"\"b`c\" IN ROLE rds_iam;\n\
                 EXCEPTION WHEN duplicate_object THEN\n\
                 RAISE NOTICE 'the user exists and is left as it is';\n\
                 END $rds_iam$;\n",
                "GRANT rds_iam TO \"a\"\"b`c\";\n",
                "REVOKE rds_iam FROM \"a\"\"b`c\";\n",
            ]
        );
        let user = DbUser::new(Engine::PostgreSql, "app")?.with_replication();
        assert_eq!(
            user.create(),
            "BEGIN;\n\
             CREATE USER \"app\" IN ROLE rds_iam;\n\
             ALTER USER \"app\" WITH REPLICATION;\n\
             COMMIT;\n",
        );
        assert!(
            user.create_if_not_exists()
                .contains("rds_iam;\nALTER USER \"app\" WITH REPLICATION;\nEXCEPTION")
        );
        Ok(())
    }

    #[test]
    fn every_statement_is_written_for_mysql_and_mariadb() -> Result<(), Error> {
        for engine in [Engine::MySql, Engine::MariaDb] {
            let user = DbUser::new(engine, "a\"b`c")?;
            assert_eq!(
                statements(&user),
                [
                    "CREATE USER `a\"b``c` IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' \
                     REQUIRE SSL;\n",
                    "CREATE USER IF NOT EXISTS `a\"b``c` IDENTIFIED WITH \
                     AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL;\n",
                    "ALTER USER `a\"b``c` IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' \
                     REQUIRE SSL ACCOUNT UNLOCK;\n",
                    "ALTER USER `a\"b``c` ACCOUNT LOCK;\n",
                ]
            );
            let user = DbUser::new(engine, "app")?.with_host("10.0.%")?;
            let user = user.with_replication();
            assert_eq!(
                user.create(),
                "CREATE USER 'app'@'10.0.%' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' \
                 REQUIRE SSL;\n\
                 GRANT REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO 'app'@'10.0.%';\n",
            );
            assert_eq!(
                user.disable_iam(),
                "ALTER USER 'app'@'10.0.%' ACCOUNT LOCK;\n"
            );
        }
        Ok(())
    }

    #[test]
    fn a_user_of_postgresql_has_no_host() {
        let user = DbUser::new(Engine::PostgreSql, "app").and_then(|user| user.with_host("%"));
        assert_eq!(user, Err(Error::UnexpectedHost));
    }

    #[test]
    fn a_message_is_one_line_of_at_most_120_characters() {
        use crate::fault::Fault;

        let flaw = Fault::Character.at(511);
        let mut errors = alloc::vec![
            Error::Account,
            Error::Host(flaw),
            Error::NotAscii(Fault::NonAscii.at(511)),
            Error::UnexpectedHost,
        ];
        for engine in [Engine::MariaDb, Engine::MySql, Engine::PostgreSql] {
            errors.push(Error::User { engine, flaw });
        }
        for error in errors {
            let message = alloc::string::ToString::to_string(&error);
            assert!(message.len() <= 120 && !message.contains('\n'), "{message}");
        }
    }
}
