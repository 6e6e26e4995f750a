//! The IAM policy that lets a database user in with tokens.
//!
//! Attach it to the role or user whose keys sign the tokens. It is half of what is needed; the
//! other half is the SQL that [`grant`](crate::grant) writes.
//!
//! # Examples
//!
//! ```
//! use rds_iam_token::{Region, policy::{DbUserArn, connect_policy}};
//!
//! let region = Region::new("us-east-2")?;
//! let arn = DbUserArn::new(region, "111122223333", "db-ABCDEFGHIJKL01234", "db_user")?;
//! assert_eq!(
//!     arn.to_string(),
//!     "arn:aws:rds-db:us-east-2:111122223333:dbuser:db-ABCDEFGHIJKL01234/db_user",
//! );
//! assert!(connect_policy(&[arn]).contains("rds-db:connect"));
//! # Ok::<(), rds_iam_token::Error>(())
//! ```

use alloc::{format, string::String, vec::Vec};

mod arn;

pub use arn::DbUserArn;

/// Writes a policy document that allows `rds-db:connect` for each of the users.
///
/// It is laid out as the IAM console shows it. IAM does not take a policy for nobody, so give one
/// user or more.
///
/// # Examples
///
/// ```
/// use rds_iam_token::policy::connect_policy;
///
/// let users = [
///     "arn:aws:rds-db:us-east-2:111122223333:dbuser:db-ABCDEFGHIJKL01234/app".parse()?,
///     "arn:aws:rds-db:us-east-2:111122223333:dbuser:prx-ABCDEFGHIJKL01234/app".parse()?,
/// ];
/// let document = connect_policy(&users);
/// assert!(document.contains("\"Effect\": \"Allow\""));
/// assert!(document.contains(":dbuser:prx-ABCDEFGHIJKL01234/app\"\n"));
/// # Ok::<(), rds_iam_token::Error>(())
/// ```
#[must_use]
pub fn connect_policy(users: &[DbUserArn]) -> String {
    let resources: Vec<_> = users
        .iter()
        .map(|user| format!("                \"{user}\""))
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
    use super::*;
    use crate::error::Error;

    #[test]
    fn a_policy_is_laid_out_as_the_console_shows_it() -> Result<(), Error> {
        let instance = "arn:aws:rds-db:us-east-2:111122223333:dbuser:db-ABCDEFGHIJKL01234/db_user";
        let cluster =
            "arn:aws:rds-db:us-east-2:111122223333:dbuser:cluster-ABCDEFGHIJKL01234/db_user";
        assert_eq!(
            connect_policy(&[instance.parse()?, cluster.parse()?]),
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
}
