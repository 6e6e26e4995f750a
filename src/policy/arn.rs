//! The ARN of a database user.

use alloc::string::String;
use core::{fmt, str::FromStr};

use crate::{
    error::Error,
    fault::{Fault, Flaw},
    region::Region,
};

/// The ARN of a database user, which a policy lets in.
///
/// `arn:<partition>:rds-db:<region>:<account>:dbuser:<resource id>/<user>`, which `Display` writes
/// and [`FromStr`] reads. The partition is the region's own. Account, resource id and user may each
/// be `*`, for all; wildcards within them are refused.
///
/// Nothing in it needs to be escaped in JSON: what would need it is refused.
///
/// # Examples
///
/// ```
/// use rds_iam_token::{Error, Fault, Region, policy::DbUserArn};
///
/// let region = Region::new("us-east-2")?;
/// let arn = DbUserArn::new(region.clone(), "111122223333", "db-ABCDEFGHIJKL01234", "app")?;
/// assert_eq!(arn.to_string().parse(), Ok(arn));
///
/// // The name of the instance is not its resource id.
/// assert_eq!(
///     DbUserArn::new(region, "111122223333", "orders", "app"),
///     Err(Error::ResourceId(Fault::Prefix.at(0))),
/// );
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct DbUserArn {
    region: Region,
    account: String,
    resource_id: String,
    user: String,
}

impl DbUserArn {
    /// Joins the parts.
    ///
    /// The resource id is that of the instance (`db-…`), the Aurora or Multi-AZ cluster
    /// (`cluster-…`) or the proxy (`prx-…`) that the token is signed for, and never its name.
    ///
    /// # Errors
    ///
    /// [`Error::Account`] for anything but 12 digits or `*`. [`Error::ResourceId`] for anything
    /// but the prefix with letters and digits (upper-case ones only, but for a proxy) or `*`; it
    /// says where to find the id. [`Error::PolicyUser`] for a user that cannot stand in a policy:
    /// characters beyond Latin-1 and control characters (IAM API Reference, `CreatePolicy`),
    /// quotation marks, backslashes, and what IAM takes for a pattern (`*`, `?`, `${`), unless the
    /// whole user is `*`.
    pub fn new(
        region: Region,
        account: impl Into<String>,
        resource_id: impl Into<String>,
        user: impl Into<String>,
    ) -> Result<Self, Error> {
        let (account, resource_id, user) = (account.into(), resource_id.into(), user.into());
        check_account(&account).map_err(Error::Account)?;
        check_resource_id(&resource_id).map_err(Error::ResourceId)?;
        check_user(&user).map_err(Error::PolicyUser)?;
        Ok(Self {
            region,
            account,
            resource_id,
            user,
        })
    }

    /// Reads the region.
    #[must_use]
    pub fn region(&self) -> &Region {
        &self.region
    }

    /// Reads the account, 12 digits or `*`.
    #[must_use]
    pub fn account(&self) -> &str {
        &self.account
    }

    /// Reads the resource id.
    #[must_use]
    pub fn resource_id(&self) -> &str {
        &self.resource_id
    }

    /// Reads the database user.
    #[must_use]
    pub fn user(&self) -> &str {
        &self.user
    }
}

impl FromStr for DbUserArn {
    type Err = Error;

    /// Reads an ARN.
    ///
    /// # Errors
    ///
    /// [`Error::Arn`] where the text is not laid out as such an ARN or names another partition than
    /// its region's; otherwise the error of the part, with an offset within that part.
    fn from_str(text: &str) -> Result<Self, Error> {
        let mut text = Reader { text, offset: 0 };
        text.skip("arn:")?;
        let partition_offset = text.offset;
        let partition = text.until(':')?;
        text.skip("rds-db:")?;
        let region = text.until(':')?;
        let account = text.until(':')?;
        text.skip("dbuser:")?;
        let resource_id = text.until('/')?;
        let region = Region::new(region)?;
        if partition != region.partition() {
            return Err(Error::Arn {
                offset: partition_offset,
            });
        }
        Self::new(region, account, resource_id, text.text)
    }
}

/// What is left of a text, and how much of it was read.
struct Reader<'a> {
    text: &'a str,
    offset: usize,
}

impl<'a> Reader<'a> {
    fn skip(&mut self, expected: &str) -> Result<(), Error> {
        let rest = self.text.strip_prefix(expected).ok_or(Error::Arn {
            offset: self.offset,
        })?;
        self.read_to(rest);
        Ok(())
    }

    fn until(&mut self, mark: char) -> Result<&'a str, Error> {
        let (part, rest) = self.text.split_once(mark).ok_or(Error::Arn {
            offset: self.offset,
        })?;
        self.read_to(rest);
        Ok(part)
    }

    fn read_to(&mut self, rest: &'a str) {
        self.offset += self.text.len() - rest.len();
        self.text = rest;
    }
}

impl fmt::Display for DbUserArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            region,
            account,
            resource_id,
            user,
        } = self;
        let partition = region.partition();
        write!(
            f,
            "arn:{partition}:rds-db:{region}:{account}:dbuser:{resource_id}/{user}"
        )
    }
}

fn check_account(account: &str) -> Result<(), Flaw> {
    if account == ALL {
        return Ok(());
    }
    Fault::find(account, |byte| byte.is_ascii_digit())?;
    match account.len() {
        12 => Ok(()),
        0..12 => Err(Fault::TooShort.at(account.len())),
        _ => Err(Fault::TooLong.at(12)),
    }
}

fn check_resource_id(resource_id: &str) -> Result<(), Flaw> {
    if resource_id == ALL {
        return Ok(());
    }
    Fault::find(resource_id, |_| true)?;
    let (prefix, id) = resource_id.split_once('-').unwrap_or_default();
    let lower_case = match prefix {
        "db" | "cluster" => false,
        "prx" => true,
        _ => return Err(Fault::Prefix.at(0)),
    };
    Fault::find(id, |byte| {
        byte.is_ascii_digit()
            || byte.is_ascii_uppercase()
            || lower_case && byte.is_ascii_lowercase()
    })
    .map_err(|flaw| flaw.fault.at(prefix.len() + 1 + flaw.offset))
}

fn check_user(user: &str) -> Result<(), Flaw> {
    if user == ALL {
        return Ok(());
    }
    if let Some(offset) = user.find("${") {
        return Err(Fault::Character.at(offset));
    }
    Fault::find(user, |byte| {
        !matches!(byte, b'"' | b'\\' | b'*' | b'?') && !byte.is_ascii_control()
    })?;
    match user
        .char_indices()
        .find(|&(_, letter)| letter > '\u{ff}' || letter.is_control())
    {
        Some((offset, _)) => Err(Fault::Character.at(offset)),
        None => Ok(()),
    }
}

/// What stands for all of a part.
const ALL: &str = "*";

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    /// ARNs that the Amazon RDS User Guide, the Aurora User Guide and the RDS Proxy pages print, and
    /// the same in other partitions.
    const ARNS: &[&str] = &[
        "arn:aws:rds-db:us-east-2:111122223333:dbuser:db-ABCDEFGHIJKL01234/db_user",
        "arn:aws:rds-db:us-east-2:111122223333:dbuser:cluster-ABCDEFGHIJKL01234/db_user",
        "arn:aws:rds-db:us-west-2:123456789012:dbuser:db-12ABC34DEFG5HIJ6KLMNOP78QR/jane_doe",
        "arn:aws:rds-db:us-east-2:123456789012:dbuser:prx-ABCDEFGHIJKL01234/db_user",
        "arn:aws:rds-db:us-east-2:123456789012:dbuser:*/*",
        "arn:aws:rds-db:us-east-2:123456789012:dbuser:*/jane_doe",
        "arn:aws:rds-db:us-east-2:123456789012:dbuser:db-ABCDEFGHIJKL01234/*",
        "arn:aws:rds-db:us-east-2:*:dbuser:db-ABCDEFGHIJKL01234/jane_doe",
        // The ids of proxies that are seen have lower-case letters.
        "arn:aws:rds-db:us-east-1:123456789012:dbuser:prx-0f9d9414be09b1c57/app",
        "arn:aws-cn:rds-db:cn-north-1:123456789012:dbuser:db-ABCDEFGHIJKL01234/app",
        "arn:aws-us-gov:rds-db:us-gov-west-1:123456789012:dbuser:cluster-ABCDEFGHIJKL01234/app",
        // What a user may be.
        "arn:aws:rds-db:us-east-2:111122223333:dbuser:db-ABCDEFGHIJKL01234/Jane Doe@CORP/a:b$Ünïÿ",
    ];

    #[test]
    fn an_arn_is_read_and_written() -> Result<(), Error> {
        for arn in ARNS {
            assert_eq!(arn.parse::<DbUserArn>()?.to_string(), *arn);
        }
        Ok(())
    }

    #[test]
    fn an_arn_of_another_layout_is_refused() {
        for (arn, offset) in [
            ("", 0),
            ("arn:aws", 4),
            ("ARN:aws:rds-db:us-east-2:111122223333:dbuser:db-A/u", 0),
            // The API's service in place of the databases'.
            ("arn:aws:rds:us-east-2:111122223333:dbuser:db-A/u", 8),
            ("arn:aws:rds-db:us-east-2:111122223333:db:db-A/u", 38),
            ("arn:aws:rds-db:us-east-2:111122223333:dbuser:db-A", 45),
            ("arn:aws:rds-db:cn-north-1:111122223333:dbuser:db-A/u", 4),
            ("arn:aws-cn:rds-db:us-east-2:111122223333:dbuser:db-A/u", 4),
            ("arn:*:rds-db:us-east-2:111122223333:dbuser:db-A/u", 4),
        ] {
            assert_eq!(
                arn.parse::<DbUserArn>(),
                Err(Error::Arn { offset }),
                "{arn}"
            );
        }
        let (fault, offset) = (Fault::WhiteSpace, 0);
        for (arn, refusal) in [
            (
                "arn:aws:rds-db:*:111122223333:dbuser:db-A/u",
                Error::Region(Fault::Character.at(offset)),
            ),
            // Nothing is trimmed.
            (
                "arn:aws:rds-db:us-east-2: 111122223333:dbuser:db-A/u",
                Error::Account(fault.at(offset)),
            ),
            (
                "arn:aws:rds-db:us-east-2:111122223333:dbuser:db-A /u",
                Error::ResourceId(fault.at(4)),
            ),
        ] {
            assert_eq!(arn.parse::<DbUserArn>(), Err(refusal), "{arn}");
        }
    }

    #[test]
    fn each_part_is_checked() {
        use Fault::{
            Character, ControlCharacter, Empty, LineBreak, Prefix, TooLong, TooShort, WhiteSpace,
        };

        let new = |account, resource_id, user| {
            DbUserArn::new(Region::new("us-east-2")?, account, resource_id, user)
        };
        for (account, fault, offset) in [
            ("", Empty, 0),
            ("1234567890", TooShort, 10),
            ("1234567890123", TooLong, 12),
            ("1234-5678-9012", Character, 4),
            ("123456789012\n", LineBreak, 12),
            ("**", Character, 0),
        ] {
            let refusal = Err(Error::Account(fault.at(offset)));
            assert_eq!(new(account, "db-A", "app"), refusal, "{account}");
        }
        for (resource_id, fault, offset) in [
            ("", Empty, 0),
            // Names of instances, clusters and proxies.
            ("orders", Prefix, 0),
            ("database-1", Prefix, 0),
            ("db-orders", Character, 3),
            ("cluster-orders", Character, 8),
            ("prx-my-proxy", Character, 6),
            ("DB-ABCDEFGHIJKL01234", Prefix, 0),
            ("db-", Empty, 3),
            ("db-*", Character, 3),
            ("db-ABC ", WhiteSpace, 6),
            ("orders.c1a2b3.us-east-2.rds.amazonaws.com", Prefix, 0),
        ] {
            let refusal = Err(Error::ResourceId(fault.at(offset)));
            assert_eq!(new("*", resource_id, "app"), refusal, "{resource_id}");
        }
        for (user, fault, offset) in [
            ("", Empty, 0),
            ("a\"b", Character, 1),
            ("a\\b", Character, 1),
            ("app*", Character, 3),
            ("ap?", Character, 2),
            ("${aws:username}", Character, 0),
            ("a\tb", WhiteSpace, 1),
            ("a\x7f", ControlCharacter, 1),
            ("a\u{85}", Character, 1),
            ("aЖ", Character, 1),
        ] {
            let refusal = Err(Error::PolicyUser(fault.at(offset)));
            assert_eq!(new("*", "db-A", user), refusal, "{user:?}");
        }
    }
}
