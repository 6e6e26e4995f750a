//! A pattern of database users.

use alloc::string::String;
use core::{fmt, str::FromStr};

use super::{arn::DbUserArn, error::Error, part, reader::Reader};
use crate::secret::Wiped;

/// A pattern of database users, as a policy may hold it.
///
/// Laid out as a [`DbUserArn`], which is a pattern of one user. Each part may have `*` for any
/// characters and `?` for one, resource ID and user also policy variables (`${aws:username}`), which
/// need the `Version` 2012-10-17. AWS prints `dbuser:*/*` for every user of every database of the
/// account and region; `dbuser:*`, in which one asterisk is both, is parsed as well.
///
/// A pattern may allow more than its writer intends, so accept it only from an administrator, never
/// from the name of a user.
///
/// # Examples
///
/// ```
/// use rds_iam_token::policy::{DbUserPattern, Error, connect_policy};
///
/// let pattern = DbUserPattern::new("aws", "*", "111122223333", "cluster-*", "${aws:username}")?;
/// assert_eq!(
///     pattern.to_string(),
///     "arn:aws:rds-db:*:111122223333:dbuser:cluster-*/${aws:username}",
/// );
/// assert_eq!(pattern.to_string().parse(), Ok(pattern));
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct DbUserPattern {
    partition: Wiped,
    region: Wiped,
    account: Wiped,
    resource_id: Wiped,
    /// `None` if the asterisk at the end of the resource ID is also the user.
    user: Option<Wiped>,
}

impl DbUserPattern {
    /// Creates a pattern from its parts.
    ///
    /// The partition is that of the region, [`Region::partition`](crate::Region::partition); if the
    /// region is a pattern, pass it explicitly.
    ///
    /// # Errors
    ///
    /// [`Error::Partition`] for a partition that does not match the region's. [`Error::Region`],
    /// [`Error::Account`] and [`Error::ResourceId`] for a part that matches no region, no account
    /// and no resource ID, and [`Error::User`] as [`DbUserArn::new`]; the last two also for an
    /// incomplete policy variable.
    pub fn new(
        partition: impl Into<String>,
        region: impl Into<String>,
        account: impl Into<String>,
        resource_id: impl Into<String>,
        user: impl Into<String>,
    ) -> Result<Self, Error> {
        let [partition, region, account, resource_id, user] = [
            partition.into(),
            region.into(),
            account.into(),
            resource_id.into(),
            user.into(),
        ]
        .map(Wiped::new);
        part::user(user.as_str())?;
        Self {
            partition,
            region,
            account,
            resource_id,
            user: Some(user),
        }
        .checked()
    }

    /// Returns the partition.
    #[must_use]
    pub fn partition(&self) -> &str {
        self.partition.as_str()
    }

    /// Returns the region.
    #[must_use]
    pub fn region(&self) -> &str {
        self.region.as_str()
    }

    /// Returns the account.
    #[must_use]
    pub fn account(&self) -> &str {
        self.account.as_str()
    }

    /// Returns the resource ID.
    #[must_use]
    pub fn resource_id(&self) -> &str {
        self.resource_id.as_str()
    }

    /// Returns the user, which is `*` for `dbuser:*`.
    #[must_use]
    pub fn user(&self) -> &str {
        self.user.as_ref().map_or("*", Wiped::as_str)
    }

    fn checked(self) -> Result<Self, Error> {
        part::region(self.region())?;
        part::partition(self.partition(), self.region())?;
        part::account(self.account())?;
        part::resource_id(self.resource_id())?;
        Ok(self)
    }
}

impl FromStr for DbUserPattern {
    type Err = Error;

    /// Parses a pattern.
    ///
    /// # Errors
    ///
    /// [`Error::Arn`] for a text that is not laid out as the ARN of a database user, otherwise the
    /// error of the part.
    fn from_str(text: &str) -> Result<Self, Error> {
        let mut text = Reader::new(text);
        text.skip("arn:")?;
        let partition = text.until(':')?;
        text.skip("rds-db:")?;
        let region = text.until(':')?;
        let account = text.until(':')?;
        text.skip("dbuser:")?;
        match text.until_slash() {
            Some(resource_id) => Self::new(partition, region, account, resource_id, text.rest()),
            None if text.rest().ends_with('*') => Self {
                partition: Wiped::new(partition.into()),
                region: Wiped::new(region.into()),
                account: Wiped::new(account.into()),
                resource_id: Wiped::new(text.rest().into()),
                user: None,
            }
            .checked(),
            None => Err(text.error()),
        }
    }
}

impl From<&DbUserArn> for DbUserPattern {
    fn from(arn: &DbUserArn) -> Self {
        let wiped = |text: &str| Wiped::new(text.into());
        Self {
            partition: wiped(arn.region().partition()),
            region: wiped(arn.region().as_str()),
            account: wiped(arn.account()),
            resource_id: wiped(arn.resource_id()),
            user: Some(wiped(arn.user())),
        }
    }
}

impl From<DbUserArn> for DbUserPattern {
    fn from(arn: DbUserArn) -> Self {
        Self::from(&arn)
    }
}

impl fmt::Display for DbUserPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (partition, region, account) = (self.partition(), self.region(), self.account());
        let resource_id = self.resource_id();
        write!(
            f,
            "arn:{partition}:rds-db:{region}:{account}:dbuser:{resource_id}"
        )?;
        match &self.user {
            Some(user) => write!(f, "/{}", user.as_str()),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;
    use crate::fault::Fault;

    /// Resources of policies: of the Amazon RDS User Guide, of vendors' documentation (Datadog
    /// prescribes `*` as the region), and of public policies.
    const PATTERNS: &[&str] = &[
        "arn:aws:rds-db:us-east-2:123456789012:dbuser:*/*",
        "arn:aws:rds-db:us-east-2:123456789012:dbuser:*/jane_doe",
        "arn:aws:rds-db:us-east-2:123456789012:dbuser:db-ABCDEFGHIJKL01234/*",
        "arn:aws:rds-db:us-east-2:*:dbuser:db-ABCDEFGHIJKL01234/jane_doe",
        "arn:aws:rds-db:us-east-2:123456789012:dbuser:db-ABCDEFGHIJKL01234/jane_doe",
        "arn:aws:rds-db:*:123456789012:dbuser:*/datadog",
        "arn:aws:rds-db:*:123456789012:dbuser:*",
        "arn:*:rds-db:*:*:dbuser:*/*",
        "arn:aws:rds-db:us-*:123456789012:dbuser:cluster-*/datadog",
        "arn:aws-us-gov:rds-db:us-gov-*:123456789012:dbuser:db-*/app_*",
        "arn:aws:rds-db:us-east-1:123456789012:dbuser:*/${aws:username}",
        "arn:aws:rds-db:us-east-1:123456789012:dbuser:*/${aws:PrincipalTag/db-user, 'no one'}",
        "arn:aws:rds-db:us-east-1:123456789012:dbuser:${aws:PrincipalTag/db/id}/a/b",
        "arn:aws:rds-db:us-east-1:123456789012:dbuser:db-ABC*/app?${*}",
        "arn:aws:rds-db:us-east-1:123456789012:dbuser:db-${aws:PrincipalTag/db/id}A/a",
        "arn:aws:rds-db:us-east-1:123456789012:dbuser:db-${aws:PrincipalTag/a}${*}/a${*}b",
        // The start of a prefix.
        "arn:aws:rds-db:us-east-1:123456789012:dbuser:d*-A/app",
        "arn:aws:rds-db:us-east-1:123456789012:dbuser:cluste?-AB1*/app",
    ];

    #[test]
    fn a_pattern_is_parsed_and_written() -> Result<(), Error> {
        for text in PATTERNS {
            let pattern: DbUserPattern = text.parse()?;
            assert_eq!(pattern.to_string(), *text);
            if !text.ends_with(":*") {
                assert_eq!(
                    DbUserPattern::new(
                        pattern.partition(),
                        pattern.region(),
                        pattern.account(),
                        pattern.resource_id(),
                        pattern.user(),
                    ),
                    Ok(pattern)
                );
            }
        }
        Ok(())
    }

    #[test]
    fn a_pattern_that_matches_no_one_is_rejected() {
        use Fault::{Character, Empty, Prefix, TooLong, TooShort};

        let parts = ["aws", "us-east-1", "123456789012", "*", "app"];
        for (place, part, rejection) in [
            (0, "", Error::Partition(Empty.at(0))),
            (0, "aws-cn", Error::Partition(Prefix.at(0))),
            (0, "AWS", Error::Partition(Character.at(0))),
            (0, "${aws:x}", Error::Partition(Character.at(0))),
            (1, "US-*", Error::Region(Character.at(0))),
            (1, "${aws:RequestedRegion}", Error::Region(Character.at(0))),
            (2, "1234", Error::Account(TooShort.at(4))),
            (2, "123?", Error::Account(TooShort.at(4))),
            (2, "1234567890123", Error::Account(TooLong.at(12))),
            (
                2,
                "${aws:PrincipalAccount}",
                Error::Account(Character.at(0)),
            ),
            (3, "orders", Error::ResourceId(Prefix.at(0))),
            (3, "orders-*", Error::ResourceId(Prefix.at(0))),
            (3, "db", Error::ResourceId(Prefix.at(0))),
            (3, "a b", Error::ResourceId(Prefix.at(0))),
            (3, "db-a\n", Error::ResourceId(Fault::LineBreak.at(4))),
            (3, "d*a ", Error::ResourceId(Fault::WhiteSpace.at(3))),
            (3, "db-orders*", Error::ResourceId(Character.at(3))),
            (3, "*/x", Error::ResourceId(Character.at(1))),
            (3, "${aws:username", Error::ResourceId(Character.at(0))),
            (4, "", Error::User(Empty.at(0))),
            (4, "a\"*", Error::User(Character.at(1))),
            (4, "${", Error::User(Character.at(0))),
            (4, "a${}", Error::User(Character.at(1))),
            (4, "${*}b\"", Error::User(Character.at(5))),
            (4, "a${*}${*}\"", Error::User(Character.at(9))),
            (4, "${a\"}", Error::User(Character.at(0))),
            (4, "Ж*", Error::User(Character.at(0))),
        ] {
            let replaced = |(index, whole)| if index == place { part } else { whole };
            let mut parts = parts.into_iter().enumerate().map(replaced);
            let [partition, region, account, resource_id, user] =
                core::array::from_fn(|_| parts.next().unwrap_or_default());
            assert_eq!(
                DbUserPattern::new(partition, region, account, resource_id, user),
                Err(rejection),
                "{part}"
            );
        }
        let no_user = "arn:aws:rds-db:us-east-2:111122223333:dbuser:db-A";
        assert_eq!(
            no_user.parse::<DbUserPattern>(),
            Err(Error::Arn { offset: 45 })
        );
        // A dollar sign alone ends nothing.
        let dollar = "arn:aws:rds-db:us-east-2:111122223333:dbuser:db-A$/u";
        assert_eq!(
            dollar.parse::<DbUserPattern>(),
            Err(Error::ResourceId(Character.at(4)))
        );
        let partition = "arn:asw:rds-db:*:111122223333:dbuser:db-A/u".parse::<DbUserPattern>();
        assert_eq!(partition, Err(Error::Partition(Prefix.at(0))));
    }
}
