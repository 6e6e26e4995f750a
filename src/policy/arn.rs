//! The ARN of one database user.

use alloc::string::String;
use core::{fmt, str::FromStr};

use super::{error::Error, part, reader::Reader};
use crate::{region::Region, secret::Wiped};

/// The ARN of one database user.
///
/// `arn:<partition>:rds-db:<region>:<account>:dbuser:<resource id>/<user>`, as `Display` writes it
/// and [`FromStr`] parses it. The partition is that of the region. No part is a pattern: what has
/// `*`, `?` or a policy variable is a [`DbUserPattern`](super::DbUserPattern).
///
/// Nothing in it needs to be escaped in JSON.
///
/// # Examples
///
/// ```
/// use rds_iam_token::{Fault, Region, policy::{DbUserArn, Error}};
///
/// # let region = || Region::new("us-east-2").unwrap();
/// let arn = DbUserArn::new(region(), "111122223333", "db-ABCDEFGHIJKL01234", "app")?;
/// assert_eq!(arn.to_string().parse(), Ok(arn));
///
/// // The name of the instance is not its resource ID.
/// assert_eq!(
///     DbUserArn::new(region(), "111122223333", "orders", "app"),
///     Err(Error::ResourceId(Fault::Prefix.at(0))),
/// );
/// // This is everybody, and not one user.
/// assert_eq!(
///     DbUserArn::new(region(), "111122223333", "db-ABCDEFGHIJKL01234", "*"),
///     Err(Error::Pattern(Fault::Character.at(0))),
/// );
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct DbUserArn {
    region: Region,
    account: Wiped,
    resource_id: Wiped,
    user: Wiped,
}

impl DbUserArn {
    /// Creates an ARN from its parts.
    ///
    /// The resource ID is that of the instance (`db-…`), the Aurora or Multi-AZ cluster
    /// (`cluster-…`) or the proxy (`prx-…`) that the token is signed for, and never its name. The
    /// [module](super) describes where to find it.
    ///
    /// # Errors
    ///
    /// [`Error::Pattern`] for a part with `*`, `?` or `${`. [`Error::Account`] for anything but 12
    /// digits. [`Error::ResourceId`] for anything but the prefix with letters and digits (uppercase
    /// ones only, unless it is a proxy's). [`Error::User`] for a user that cannot be in a policy:
    /// characters beyond Latin-1 and control characters (IAM API Reference, `CreatePolicy`),
    /// quotation marks and backslashes.
    pub fn new(
        region: Region,
        account: impl Into<String>,
        resource_id: impl Into<String>,
        user: impl Into<String>,
    ) -> Result<Self, Error> {
        let account = Wiped::new(account.into());
        let resource_id = Wiped::new(resource_id.into());
        let user = Wiped::new(user.into());
        part::one(account.as_str())?;
        part::account(account.as_str())?;
        part::one(resource_id.as_str())?;
        part::resource_id(resource_id.as_str())?;
        part::one(user.as_str())?;
        part::user(user.as_str())?;
        Ok(Self {
            region,
            account,
            resource_id,
            user,
        })
    }

    /// Returns the region.
    #[must_use]
    pub fn region(&self) -> &Region {
        &self.region
    }

    /// Returns the account, 12 digits.
    #[must_use]
    pub fn account(&self) -> &str {
        self.account.as_str()
    }

    /// Returns the resource ID.
    #[must_use]
    pub fn resource_id(&self) -> &str {
        self.resource_id.as_str()
    }

    /// Returns the database user.
    #[must_use]
    pub fn user(&self) -> &str {
        self.user.as_str()
    }
}

impl FromStr for DbUserArn {
    type Err = Error;

    /// Parses an ARN.
    ///
    /// # Errors
    ///
    /// [`Error::Arn`] for a text that is not laid out as such an ARN, [`Error::Partition`] for a
    /// partition that is not that of the region, otherwise the error of the part.
    fn from_str(text: &str) -> Result<Self, Error> {
        let mut text = Reader::new(text);
        text.skip("arn:")?;
        let partition = text.until(':')?;
        text.skip("rds-db:")?;
        let region = text.until(':')?;
        let account = text.until(':')?;
        text.skip("dbuser:")?;
        let resource_id = text.until('/')?;
        part::one(partition)?;
        part::one(region)?;
        let region = Region::checked(region).map_err(Error::Region)?;
        part::partition(partition, region.as_str())?;
        Self::new(region, account, resource_id, text.rest())
    }
}

impl fmt::Display for DbUserArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let partition = self.region.partition();
        let (region, account) = (&self.region, self.account());
        let (resource_id, user) = (self.resource_id(), self.user());
        write!(
            f,
            "arn:{partition}:rds-db:{region}:{account}:dbuser:{resource_id}/{user}"
        )
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;
    use crate::error::Error as InputError;
    use crate::fault::Fault;

    /// ARNs that the Amazon RDS User Guide, the Aurora User Guide and the RDS Proxy pages print, and
    /// the same in other partitions.
    const ARNS: &[&str] = &[
        "arn:aws:rds-db:us-east-2:111122223333:dbuser:db-ABCDEFGHIJKL01234/db_user",
        "arn:aws:rds-db:us-east-2:111122223333:dbuser:cluster-ABCDEFGHIJKL01234/db_user",
        "arn:aws:rds-db:us-west-2:123456789012:dbuser:db-12ABC34DEFG5HIJ6KLMNOP78QR/jane_doe",
        "arn:aws:rds-db:us-east-2:123456789012:dbuser:prx-ABCDEFGHIJKL01234/db_user",
        // The IDs of proxies that are seen have lowercase letters.
        "arn:aws:rds-db:us-east-1:123456789012:dbuser:prx-0f9d9414be09b1c57/app",
        "arn:aws-cn:rds-db:cn-north-1:123456789012:dbuser:db-ABCDEFGHIJKL01234/app",
        "arn:aws-us-gov:rds-db:us-gov-west-1:123456789012:dbuser:cluster-ABCDEFGHIJKL01234/app",
        // Every kind of character that a user may have.
        "arn:aws:rds-db:us-east-2:111122223333:dbuser:db-ABCDEFGHIJKL01234/Jane Doe@CORP/a:b$Ünïÿ",
    ];

    #[test]
    fn an_arn_is_parsed_and_written() -> Result<(), Error> {
        for arn in ARNS {
            assert_eq!(arn.parse::<DbUserArn>()?.to_string(), *arn);
        }
        Ok(())
    }

    #[test]
    fn an_arn_of_a_different_layout_is_rejected() {
        for (arn, offset) in [
            ("", 0),
            ("arn:aws", 4),
            ("ARN:aws:rds-db:us-east-2:111122223333:dbuser:db-A/u", 0),
            // The API's service in place of the databases'.
            ("arn:aws:rds:us-east-2:111122223333:dbuser:db-A/u", 8),
            ("arn:aws:rds-db:us-east-2:111122223333:db:db-A/u", 38),
            ("arn:aws:rds-db:us-east-2:111122223333:dbuser:db-A", 45),
        ] {
            assert_eq!(
                arn.parse::<DbUserArn>(),
                Err(Error::Arn { offset }),
                "{arn}"
            );
        }
        let space = |offset| Fault::WhiteSpace.at(offset);
        for (arn, rejection) in [
            (
                "arn:aws:rds-db:cn-north-1:111122223333:dbuser:db-A/u",
                Error::Partition(Fault::Prefix.at(0)),
            ),
            (
                "arn:aws-cn:rds-db:us-east-2:111122223333:dbuser:db-A/u",
                Error::Partition(Fault::Prefix.at(0)),
            ),
            (
                "arn:*:rds-db:us-east-2:111122223333:dbuser:db-A/u",
                Error::Pattern(Fault::Character.at(0)),
            ),
            (
                "arn:aws:rds-db:us-*:111122223333:dbuser:db-A/u",
                Error::Pattern(Fault::Character.at(3)),
            ),
            // Nothing is trimmed.
            (
                "arn:aws:rds-db:us-east-2: 111122223333:dbuser:db-A/u",
                Error::Account(space(0)),
            ),
            (
                "arn:aws:rds-db:us-east-2:111122223333:dbuser:db-A /u",
                Error::ResourceId(space(4)),
            ),
            (
                "arn:aws:rds-db:us east-2:111122223333:dbuser:db-A/u",
                Error::Region(space(2)),
            ),
        ] {
            assert_eq!(arn.parse::<DbUserArn>(), Err(rejection), "{arn}");
        }
    }

    #[test]
    fn each_part_is_checked() -> Result<(), InputError> {
        use Fault::{
            Character, ControlCharacter, Empty, LineBreak, Prefix, TooLong, TooShort, WhiteSpace,
        };

        let region = Region::new("us-east-2")?;
        let new =
            |account, resource_id, user| DbUserArn::new(region.clone(), account, resource_id, user);
        for (account, flaw) in [
            ("", Empty.at(0)),
            ("1234567890", TooShort.at(10)),
            ("1234567890123", TooLong.at(12)),
            ("1234-5678-9012", Character.at(4)),
            ("123456789012\n", LineBreak.at(12)),
        ] {
            let rejection = Err(Error::Account(flaw));
            assert_eq!(new(account, "db-A", "app"), rejection, "{account}");
        }
        for (resource_id, flaw) in [
            ("", Empty.at(0)),
            // Names of instances, clusters and proxies.
            ("orders", Prefix.at(0)),
            ("database-1", Prefix.at(0)),
            ("db-orders", Character.at(3)),
            ("cluster-orders", Character.at(8)),
            ("prx-my-proxy", Character.at(6)),
            ("DB-ABCDEFGHIJKL01234", Prefix.at(0)),
            ("db-", TooShort.at(3)),
            ("db-ABC ", WhiteSpace.at(6)),
            ("db-ABC\u{1b}", ControlCharacter.at(6)),
            ("orders.c1a2b3.us-east-2.rds.amazonaws.com", Prefix.at(0)),
        ] {
            let rejection = Err(Error::ResourceId(flaw));
            assert_eq!(
                new("111122223333", resource_id, "app"),
                rejection,
                "{resource_id}"
            );
        }
        for (user, flaw) in [
            ("", Empty.at(0)),
            ("a\"b", Character.at(1)),
            ("a\\b", Character.at(1)),
            ("a\tb", WhiteSpace.at(1)),
            ("a\x7f", ControlCharacter.at(1)),
            ("a\u{85}", Character.at(1)),
            ("aЖ", Character.at(1)),
        ] {
            let rejection = Err(Error::User(flaw));
            assert_eq!(new("111122223333", "db-A", user), rejection, "{user:?}");
        }
        for (account, resource_id, user, offset) in [
            ("*", "db-A", "app", 0),
            ("11112222333?", "db-A", "app", 11),
            ("111122223333", "*", "app", 0),
            ("111122223333", "db-*", "app", 3),
            ("111122223333", "${aws:PrincipalTag/db}", "app", 0),
            ("111122223333", "db-A", "*", 0),
            ("111122223333", "db-A", "app_*", 4),
            ("111122223333", "db-A", "ap?", 2),
            ("111122223333", "db-A", "${aws:username}", 0),
        ] {
            let rejection = Err(Error::Pattern(Character.at(offset)));
            assert_eq!(new(account, resource_id, user), rejection, "{user:?}");
        }
        Ok(())
    }
}
