//! The causes that are not in the token, for each kind of server.

/// A kind of server that rejects a user.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Server {
    /// RDS for MySQL and MariaDB, and Aurora MySQL: "Access denied for user … (using password:
    /// YES)".
    MySql,
    /// RDS for PostgreSQL and Aurora PostgreSQL: "PAM authentication failed for user".
    PostgreSql,
    /// RDS Proxy in front of a database.
    Proxy,
}

/// A reason why a server rejects a user although nothing is wrong with the token.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct OtherCause {
    message: &'static str,
    remedy: &'static str,
}

impl OtherCause {
    /// Returns the possible fact, on one line.
    #[must_use]
    pub fn message(&self) -> &'static str {
        self.message
    }

    /// Returns what to do about it, on one line.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        self.remedy
    }
}

impl Server {
    /// Every kind of server, in the order of their names.
    pub const ALL: &[Self] = &[Self::MySql, Self::PostgreSql, Self::Proxy];

    /// Returns all causes that are not in the token, the likeliest first: the special ones that a
    /// token does not rule out, the common ones, and the other special ones.
    ///
    /// Most of them produce the same message as a rejected token; a cause with a message of its own
    /// quotes it.
    pub fn other_causes(self) -> impl Iterator<Item = &'static OtherCause> {
        let (first, last) = self.special();
        first.iter().chain(COMMON).chain(last)
    }

    /// Returns the causes that every kind of server has, the likeliest first.
    pub fn common_causes() -> impl Iterator<Item = &'static OtherCause> {
        COMMON.iter()
    }

    /// Returns the causes that only this kind of server has, the likeliest first.
    pub fn special_causes(self) -> impl Iterator<Item = &'static OtherCause> {
        let (first, last) = self.special();
        first.iter().chain(last)
    }

    /// Returns the special causes that are likelier than the common ones, and the others.
    fn special(self) -> (&'static [OtherCause], &'static [OtherCause]) {
        match self {
            Self::MySql => MYSQL.split_at(1),
            Self::PostgreSql => POSTGRESQL.split_at(2),
            Self::Proxy => (PROXY, &[]),
        }
    }

    /// Returns `true` if a server's error code means that it rejected the login, so that a retry
    /// needs a new token.
    ///
    /// The code is a SQLSTATE, of which class 28 is a rejected login in both protocols, or a number
    /// of MySQL: 1045 or 1698.
    ///
    /// # Examples
    ///
    /// ```
    /// use rds_iam_token::diagnose::Server;
    ///
    /// assert!(Server::is_refused_login("28P01"));
    /// assert!(Server::is_refused_login(1045));
    /// assert!(!Server::is_refused_login("53300"));
    /// ```
    #[must_use]
    pub fn is_refused_login<'a>(code: impl Into<ServerCode<'a>>) -> bool {
        match code.into() {
            // "28000" is invalid_authorization_specification, "28P01" invalid_password.
            ServerCode::SqlState(state) => state.len() == 5 && state.starts_with("28"),
            // ER_ACCESS_DENIED_ERROR, and ER_ACCESS_DENIED_NO_PASSWORD_ERROR for accounts whose plugin
            // has no password.
            ServerCode::MySql(number) => matches!(number, 1045 | 1698),
        }
    }
}

/// An error code of a database server.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum ServerCode<'a> {
    /// An error number of MySQL or MariaDB.
    MySql(u16),
    /// A SQLSTATE: five characters, of which the first two are the class.
    SqlState(&'a str),
}

impl From<u16> for ServerCode<'_> {
    fn from(number: u16) -> Self {
        Self::MySql(number)
    }
}

impl<'a> From<&'a str> for ServerCode<'a> {
    fn from(state: &'a str) -> Self {
        Self::SqlState(state)
    }
}

const COMMON: &[OtherCause] = &[
    OtherCause {
        message: "no IAM policy allows rds-db:connect for this user, or it names the database instead \
                  of its resource id",
        remedy: "Attach a policy with the resource id (db-…, cluster-… or prx-…), region, account and user; \
                 rds-iam-token grant prints it.",
    },
    OtherCause {
        message: "the connection does not use TLS",
        remedy: "Turn TLS on in the client, and verify the server with the CA bundle of RDS.",
    },
    OtherCause {
        message: "IAM authentication is not enabled for the database",
        remedy: "Run aws rds modify-db-instance --db-instance-identifier NAME \
                 --enable-iam-database-authentication --apply-immediately; for Aurora, \
                 modify-db-cluster --db-cluster-identifier NAME.",
    },
    OtherCause {
        message: "the credentials that signed the token have expired or were replaced",
        remedy: "Get new credentials, then sign a new token.",
    },
    OtherCause {
        message: "the credentials belong to a different account or identity than the policy",
        remedy: "Run aws sts get-caller-identity with the same credentials; from a different \
                 account, assume a role in the database's account.",
    },
    OtherCause {
        message: "the clock of the machine that signs is wrong",
        remedy: "Compare its date -u with a correct clock.",
    },
    OtherCause {
        message: "the database gets more than about 200 new IAM connections per second",
        remedy: "Keep connections in a pool, and watch the metric \
                 IamDbAuthConnectionFailureThrottling.",
    },
    OtherCause {
        message: "the database is short of memory, and IAM authentication needs 300 to 1,000 MiB \
                  (the log of the server then reports \"503 Service Unavailable\")",
        remedy: "Watch the metric FreeableMemory; choose a larger instance class, or lower the \
                 memory settings in the parameter group.",
    },
];

const MYSQL: &[OtherCause] = &[
    OtherCause {
        message: "the user is not identified with AWSAuthenticationPlugin",
        remedy: "Run the SQL that rds-iam-token grant prints; SHOW CREATE USER shows the plugin.",
    },
    OtherCause {
        message: "the client does not send passwords in clear (it then reports mysql_clear_password or \
                  mysql_cleartext_plugin, or error 1251)",
        remedy: "Turn on mysql_clear_password (--enable-cleartext-plugin, \
                 allowCleartextPasswords, enableCleartextPlugin), with TLS.",
    },
    OtherCause {
        message: "the user is that of a replica, and MySQL's replication sends at most 32 characters of \
                  a password",
        remedy: "Create a user with a password for the replica.",
    },
];

const POSTGRESQL: &[OtherCause] = &[
    OtherCause {
        message: "the role rds_iam is not granted to the user (the server then reports \"password \
                  authentication failed\")",
        remedy: "Run the SQL that rds-iam-token grant prints; \\du shows the roles of a user.",
    },
    OtherCause {
        message: "the client is not on TLS or no rule accepts it (the server then reports \"no \
                  pg_hba.conf entry\" or \"pg_hba.conf rejects connection\")",
        remedy: "Set sslmode=verify-full, and check the database, user and address in the message.",
    },
    OtherCause {
        message: "the user has rds_iam, directly or through a role, and the client \
                  sends an ordinary password",
        remedy: "Send a token, or run REVOKE rds_iam FROM the role that was granted it.",
    },
    OtherCause {
        message: "the user has the role rds_ad as well",
        remedy: "Revoke rds_ad or rds_iam: RDS supports only one of them for a user.",
    },
    OtherCause {
        message: "the client opens a replication connection, which accepts no token by default",
        remedy: "Set rds.iam_auth_for_replication to 1 in the parameter group, and run ALTER USER … WITH \
                 REPLICATION.",
    },
];

const PROXY: &[OtherCause] = &[
    OtherCause {
        message: "the IAM policy names the resource id of the database, not of the proxy",
        remedy: "Attach a policy with the proxy's prx-…; rds-iam-token grant prints it.",
    },
    OtherCause {
        message: "the proxy does not accept IAM authentication for this user",
        remedy: "Set IAM authentication to Required for the user's secret in the proxy's settings.",
    },
    OtherCause {
        message: "the proxy has no secret for this user (it then reports \"has no credentials for the \
                  role\")",
        remedy: "Add a secret with the user's name and password to the proxy, or use IAM to the \
                 database as well.",
    },
    OtherCause {
        message: "the proxy cannot log in to the database itself",
        remedy: "Look at the proxy's log, at its secret for this user, and, if it uses IAM to the \
                 database, at its own role's rds-db:connect.",
    },
];

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::*;

    /// A code, and whether it is a rejected login.
    const CODES: &[(ServerCode<'_>, bool)] = &[
        (ServerCode::SqlState("28000"), true),
        (ServerCode::SqlState("28P01"), true),
        (ServerCode::SqlState("08004"), false),
        (ServerCode::SqlState("53300"), false),
        // Neither a class alone nor a longer text is a SQLSTATE.
        (ServerCode::SqlState("28"), false),
        (ServerCode::SqlState("280000"), false),
        (ServerCode::SqlState(""), false),
        (ServerCode::MySql(1045), true),
        (ServerCode::MySql(1698), true),
        // Too many connections, and a client that does not send passwords in clear.
        (ServerCode::MySql(1040), false),
        (ServerCode::MySql(1251), false),
        (ServerCode::MySql(28000), false),
    ];

    #[test]
    fn class_28_and_access_denied_are_refused_logins() {
        for &(code, refused) in CODES {
            assert_eq!(Server::is_refused_login(code), refused, "{code:?}");
        }
        assert!(Server::is_refused_login("28P01") && Server::is_refused_login(1045));
    }

    #[test]
    fn what_a_user_forgets_comes_first() {
        for (server, expected) in [
            (
                Server::MySql,
                [
                    "AWSAuthenticationPlugin",
                    "no IAM policy",
                    "does not use TLS",
                ],
            ),
            (
                Server::PostgreSql,
                [
                    "role rds_iam is not",
                    "not on TLS or no rule",
                    "no IAM policy",
                ],
            ),
        ] {
            let causes: Vec<_> = server.other_causes().map(OtherCause::message).collect();
            for (cause, part) in causes.iter().zip(expected) {
                assert!(cause.contains(part), "{server:?}: {causes:?}");
            }
            assert_eq!(causes.len(), server.special_causes().count() + COMMON.len());
        }
    }

    #[test]
    fn no_special_cause_is_common() {
        for &server in Server::ALL {
            for cause in server.special_causes() {
                assert!(!COMMON.contains(cause), "{server:?}: {cause:?}");
            }
        }
    }
}
