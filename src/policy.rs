//! The IAM policy that lets a database user in with tokens.
//!
//! Attach it to the role or user whose keys sign the tokens. It is half of what is needed; the
//! other half is the SQL of [`grant`](crate::grant). [`check`] finds out whether a policy that exists
//! allows a login.
//!
//! # Where the resource ID is
//!
//! A policy names the database by its resource ID, and never by its name:
//!
//! | of | command |
//! |---|---|
//! | an instance, `db-…` | `aws rds describe-db-instances --query "DBInstances[].[DBInstanceIdentifier,DbiResourceId]"` |
//! | an Aurora or Multi-AZ cluster, `cluster-…` | `aws rds describe-db-clusters --query "DBClusters[].[DBClusterIdentifier,DbClusterResourceId]"` |
//! | a proxy, `prx-…`: the end of its ARN | `aws rds describe-db-proxies --query "DBProxies[].[DBProxyName,DBProxyArn]"` |
//!
//! # RDS Proxy, and other accounts
//!
//! | who | needs |
//! |---|---|
//! | a client of a proxy | [`connect_policy`] with the ID of the proxy, `prx-…` |
//! | the proxy's own role, which logs in with secrets | [`proxy_secrets_policy`] |
//! | the proxy's own role, with IAM to the end (end-to-end IAM authentication) | [`connect_policy`] with the ID of the database, `db-…` or `cluster-…` |
//! | the proxy's own role, in both cases | [`proxy_trust_policy`] |
//! | a role in the database's account for callers of a different one | [`connect_policy`] and [`trust_policy`] |
//! | such a caller | [`assume_role_policy`] |
//!
//! # Examples
//!
//! ```
//! use rds_iam_token::{Region, policy::{DbUserArn, connect_policy}};
//!
//! # let region = Region::new("us-east-2").unwrap();
//! let arn = DbUserArn::new(region, "111122223333", "db-ABCDEFGHIJKL01234", "db_user")?;
//! assert_eq!(
//!     arn.to_string(),
//!     "arn:aws:rds-db:us-east-2:111122223333:dbuser:db-ABCDEFGHIJKL01234/db_user",
//! );
//! assert!(connect_policy([arn]).contains("rds-db:connect"));
//! # Ok::<(), rds_iam_token::policy::Error>(())
//! ```

use alloc::{format, string::String, vec::Vec};

mod arn;
pub mod check;
mod error;
mod glob;
mod part;
mod pattern;
mod reader;
mod related;
mod role;

pub use arn::DbUserArn;
pub use error::Error;
pub use pattern::DbUserPattern;
pub use related::RelatedArn;
pub use role::{assume_role_policy, proxy_secrets_policy, proxy_trust_policy, trust_policy};

/// Writes a policy document that allows `rds-db:connect` for each of the users or patterns.
///
/// It is laid out as the IAM console shows it. IAM rejects a policy for nobody, so pass one user or
/// more.
///
/// # Examples
///
/// ```
/// use rds_iam_token::policy::{DbUserArn, DbUserPattern, connect_policy};
///
/// let user: DbUserArn =
///     "arn:aws:rds-db:us-east-2:111122223333:dbuser:prx-ABCDEFGHIJKL01234/app".parse()?;
/// let everyone: DbUserPattern = "arn:aws:rds-db:us-east-2:111122223333:dbuser:*/*".parse()?;
///
/// let document = connect_policy([DbUserPattern::from(user), everyone]);
/// assert!(document.contains("\"Effect\": \"Allow\""));
/// assert!(document.contains(":dbuser:prx-ABCDEFGHIJKL01234/app\",\n"));
/// # Ok::<(), rds_iam_token::policy::Error>(())
/// ```
#[must_use]
pub fn connect_policy(users: impl IntoIterator<Item = impl Into<DbUserPattern>>) -> String {
    let resources: Vec<_> = users
        .into_iter()
        .map(|user| format!("                \"{}\"", user.into()))
        .collect();
    format!(
        r#"{{
    "Version": "2012-10-17",
    "Statement": [
        {{
            "Effect": "Allow",
            "Action": [
                "rds-db:connect"
            ],
            "Resource": [
{}
            ]
        }}
    ]
}}
"#,
        resources.join(",\n")
    )
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;
    use crate::fault::Fault;

    #[test]
    fn a_policy_is_laid_out_as_the_console_shows_it() -> Result<(), Error> {
        let users: [DbUserArn; 2] = [
            "arn:aws:rds-db:us-east-2:111122223333:dbuser:db-ABCDEFGHIJKL01234/db_user".parse()?,
            "arn:aws:rds-db:us-east-2:111122223333:dbuser:cluster-ABCDEFGHIJKL01234/db_user"
                .parse()?,
        ];
        assert_eq!(
            connect_policy(&users),
            r#"{
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": [
                "rds-db:connect"
            ],
            "Resource": [
                "arn:aws:rds-db:us-east-2:111122223333:dbuser:db-ABCDEFGHIJKL01234/db_user",
                "arn:aws:rds-db:us-east-2:111122223333:dbuser:cluster-ABCDEFGHIJKL01234/db_user"
            ]
        }
    ]
}
"#
        );
        Ok(())
    }

    #[test]
    fn a_message_is_one_line_of_at_most_120_characters() {
        let flaw = Fault::Character.at(511);
        for error in [
            Error::Account(flaw),
            Error::Arn { offset: 511 },
            Error::Partition(flaw),
            Error::Pattern(flaw),
            Error::Region(flaw),
            Error::RelatedArn,
            Error::ResourceId(flaw),
            Error::User(flaw),
        ] {
            let message = error.to_string();
            assert!(message.len() <= 120 && !message.contains('\n'), "{message}");
        }
        assert!(Error::Pattern(flaw).to_string().contains("DbUserPattern"));
    }
}
