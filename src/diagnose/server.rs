//! What is not in the token.

/// A server that keeps a user out.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Server {
    /// RDS for MySQL and MariaDB, and Aurora MySQL: "Access denied for user … (using password:
    /// YES)".
    MySql,
    /// RDS for PostgreSQL and Aurora PostgreSQL: "PAM authentication failed for user".
    PostgreSql,
    /// RDS Proxy in front of either.
    Proxy,
}

/// What keeps a user out though nothing is wrong with the token.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct OtherCause {
    message: &'static str,
    remedy: &'static str,
}

impl OtherCause {
    /// Says what may be, in one line.
    #[must_use]
    pub fn message(&self) -> &'static str {
        self.message
    }

    /// Says what to do, in one line.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        self.remedy
    }
}

impl Server {
    /// Lists what else keeps a user out, the likeliest first. Most of it gives the same message as a
    /// token that is refused; where the server or the client says something else, that is said.
    pub fn other_causes(self) -> impl Iterator<Item = &'static OtherCause> {
        let own: &[OtherCause] = match self {
            Self::MySql => &[PLUGIN, CLEARTEXT],
            Self::PostgreSql => &[RDS_IAM, KERBEROS],
            Self::Proxy => &[PROXY_POLICY, PROXY_IAM, PROXY_SECRET],
        };
        let common: &[OtherCause] = match self {
            Self::Proxy => &[TLS, CREDENTIALS, CLOCK],
            _ => &[POLICY, NOT_ENABLED, TLS, CREDENTIALS, CLOCK, THROTTLING],
        };
        own.iter().chain(common)
    }
}

const PLUGIN: OtherCause = OtherCause {
    message: "the user is not identified with AWSAuthenticationPlugin",
    remedy: "run the SQL of rds_iam_token::grant; SHOW CREATE USER tells what is there",
};

const CLEARTEXT: OtherCause = OtherCause {
    message: "the client's plugin for passwords in clear is off (it then says mysql_clear_password or \
              mysql_cleartext_plugin)",
    remedy: "turn on mysql_clear_password (--enable-cleartext-plugin, allowCleartextPasswords), with \
             TLS",
};

const RDS_IAM: OtherCause = OtherCause {
    message: "the role rds_iam is not granted to the user (the server then says \"password \
              authentication failed\")",
    remedy: "run the SQL of rds_iam_token::grant; \\du tells what is there",
};

const KERBEROS: OtherCause = OtherCause {
    message: "the user has the role rds_ad as well",
    remedy: "revoke one of the two; they exclude each other",
};

const POLICY: OtherCause = OtherCause {
    message: "no IAM policy allows rds-db:connect, or it names the instance and not its resource id",
    remedy: "attach the policy of rds_iam_token::policy, with db-… or cluster-…, region, account and \
             user",
};

const NOT_ENABLED: OtherCause = OtherCause {
    message: "IAM authentication is not enabled for the database",
    remedy: "aws rds modify-db-instance --db-instance-identifier NAME \
             --enable-iam-database-authentication --apply-immediately; for Aurora modify-db-cluster \
             --db-cluster-identifier NAME",
};

const TLS: OtherCause = OtherCause {
    message: "the connection is not made over TLS (PostgreSQL then says \"no pg_hba.conf entry\")",
    remedy: "turn TLS on and verify it against the RDS bundle of certificates",
};

const CREDENTIALS: OtherCause = OtherCause {
    message: "the temporary credentials that signed have ended since",
    remedy: "get new credentials, and then a new token",
};

const CLOCK: OtherCause = OtherCause {
    message: "the clock of the machine that signed is wrong",
    remedy: "compare its `date -u` with a clock that is right",
};

const THROTTLING: OtherCause = OtherCause {
    message: "more than about 200 new connections a second are made with IAM authentication",
    remedy: "keep connections in a pool; the metric IamDbAuthConnectionFailureThrottling tells",
};

const PROXY_POLICY: OtherCause = OtherCause {
    message: "the IAM policy names the database and not the proxy",
    remedy: "attach the policy of rds_iam_token::policy, with the proxy's prx-…",
};

const PROXY_IAM: OtherCause = OtherCause {
    message: "the proxy does not take IAM authentication for this user",
    remedy: "set IAM authentication to required or allowed in the proxy's settings",
};

const PROXY_SECRET: OtherCause = OtherCause {
    message: "the proxy cannot log in to the database itself",
    remedy: "look at its log, its secret for this user, and its own role's rds-db:connect where it \
             uses IAM to the end",
};
