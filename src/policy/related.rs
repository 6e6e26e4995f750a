//! The ARNs that the policies of roles name.

use alloc::{format, string::String};
use core::{fmt, str::FromStr};

use super::error::Error;
use crate::{fault::Fault, secret::Wiped};

/// The ARN of a role, a user or an account of IAM, a secret of Secrets Manager or a key of KMS.
///
/// It is checked as far as the policies need it: that nothing in it needs to be escaped in JSON, and
/// that it is the kind of ARN that IAM accepts in its place. A secret's may have wildcards, such as
/// `-??????` for the characters that Secrets Manager adds to a name.
///
/// # Examples
///
/// ```
/// use rds_iam_token::policy::{Error, RelatedArn};
///
/// let role: RelatedArn = "arn:aws:iam::111122223333:role/app".parse()?;
/// assert_eq!(role.to_string(), "arn:aws:iam::111122223333:role/app");
/// // An alias is not the ARN of a key in a policy.
/// let alias = "arn:aws:kms:us-east-2:111122223333:alias/app".parse::<RelatedArn>();
/// assert_eq!(alias, Err(Error::RelatedArn));
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct RelatedArn {
    text: Wiped,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(super) enum Kind {
    Key,
    /// A user or an account, which can assume a role and cannot be assumed.
    Principal,
    Role,
    Secret,
}

impl RelatedArn {
    pub(super) fn parts(&self) -> [&str; 6] {
        let mut parts = self.text.as_str().splitn(6, ':');
        core::array::from_fn(|_| parts.next().unwrap_or_default())
    }

    /// Returns the JSON string of an ARN of one of the kinds.
    pub(super) fn json(&self, kinds: &[Kind]) -> Result<String, Error> {
        if kinds.contains(&self.kind) {
            Ok(format!("\"{self}\""))
        } else {
            Err(Error::RelatedArn)
        }
    }
}

impl FromStr for RelatedArn {
    type Err = Error;

    /// Parses an ARN.
    ///
    /// # Errors
    ///
    /// [`Error::RelatedArn`] for any other ARN, and for any other text.
    fn from_str(text: &str) -> Result<Self, Error> {
        let mut parts = text.splitn(6, ':');
        let parts: [&str; 6] = core::array::from_fn(|_| parts.next().unwrap_or_default());
        let ["arn", partition, service, region, account, resource] = parts else {
            return Err(Error::RelatedArn);
        };
        let separator = if service == "secretsmanager" {
            ':'
        } else {
            '/'
        };
        let (name, kind) = match (service, resource.split_once(separator)) {
            ("iam", None) if resource == "root" => (resource, Kind::Principal),
            ("iam", Some(("user", name))) => (name, Kind::Principal),
            ("iam", Some(("role", name))) => (name, Kind::Role),
            ("secretsmanager", Some(("secret", name))) => (name, Kind::Secret),
            ("kms", Some(("key", name))) => (name, Kind::Key),
            _ => return Err(Error::RelatedArn),
        };
        let wildcards = kind == Kind::Secret;
        let plain = |byte: u8| {
            byte.is_ascii_alphanumeric()
                || b"/_+=,.@-".contains(&byte)
                || wildcards && b"*?".contains(&byte)
        };
        let fits = partition_fits(partition)
            && (service == "iam") == region.is_empty()
            && region
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
            && account.len() == 12
            && account.bytes().all(|byte| byte.is_ascii_digit())
            && Fault::find(name, plain).is_ok();
        if !fits {
            return Err(Error::RelatedArn);
        }
        Ok(Self {
            text: Wiped::new(text.into()),
            kind,
        })
    }
}

fn partition_fits(partition: &str) -> bool {
    partition == "aws"
        || partition.starts_with("aws-")
            && partition
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}

impl fmt::Display for RelatedArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text.as_str())
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    const ROLE: &str = "arn:aws:iam::111122223333:role/team/db-app";
    const USER: &str = "arn:aws-cn:iam::111122223333:user/jane@example.com";
    const ROOT: &str = "arn:aws:iam::111122223333:root";
    const SECRET: &str = "arn:aws:secretsmanager:us-east-2:111122223333:secret:app/db-AbCdEf";
    const KEY: &str = "arn:aws:kms:us-east-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

    #[test]
    fn a_related_arn_is_parsed_and_written() -> Result<(), Error> {
        for text in [ROLE, USER, ROOT, SECRET, KEY] {
            assert_eq!(text.parse::<RelatedArn>()?.to_string(), text);
        }
        for text in [
            "",
            "app",
            "arn:aws:iam::111122223333:app",
            "arn:aws:iam::111122223333:group/app",
            "arn:aws:iam::111122223333:role/",
            "arn:aws:iam::111122223333:role/a\"b",
            "arn:aws:iam::111122223333:role/a*",
            "arn:aws:iam::1111:role/app",
            "arn:aws:iam:us-east-2:111122223333:role/app",
            "arn:aws:iam::111122223333:role:app",
            "arn:aws:kms:us-east-2:111122223333:key:app",
            "arn:aws:secretsmanager:us-east-2:111122223333:secret/app",
            "arn:gcp:iam::111122223333:role/app",
            "arn:awsx:iam::111122223333:role/app",
            "arn:aws-CN:iam::111122223333:role/app",
            "arn:aws:sts::111122223333:assumed-role/app/session",
            "arn:aws:kms:us-east-2:111122223333:alias/app",
            "arn:aws:secretsmanager::111122223333:secret:app",
            "arn:aws:secretsmanager:us-east-2:111122223333:secret:app\n",
            "arn:aws:rds-db:us-east-2:111122223333:dbuser:db-A/app",
        ] {
            assert_eq!(text.parse::<RelatedArn>(), Err(Error::RelatedArn), "{text}");
        }
        Ok(())
    }
}
