//! AWS regions.

use alloc::string::String;
use core::{fmt, str::FromStr};

use crate::{
    error::Error,
    fault::{Fault, Flaw},
    secret::Secret,
};

/// The code of an AWS region, such as `eu-west-1`.
///
/// A token needs the region of the database, whatever region the caller is in. The letters of the
/// code are checked, but not against a list: new regions need no new version of this crate.
///
/// # Examples
///
/// ```
/// use rds_iam_token::{Error, Fault, Region};
///
/// assert_eq!(Region::new("eu-west-1")?.as_str(), "eu-west-1");
/// // The service compares bytes, so nothing is rewritten.
/// assert_eq!(
///     Region::new("EU-WEST-1"),
///     Err(Error::Region(Fault::Character.at(0))),
/// );
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Region(String);

impl Region {
    /// Creates a region from its code.
    ///
    /// # Errors
    ///
    /// [`Error::Region`] if `code` is empty or has anything but lowercase ASCII letters, digits and
    /// hyphens.
    pub fn new(code: impl Into<String>) -> Result<Self, Error> {
        Self::checked(code).map_err(Error::Region)
    }

    /// Creates a region, or returns the flaw of its code.
    pub(crate) fn checked(code: impl Into<String>) -> Result<Self, Flaw> {
        // A rejected region may be a secret that was mistaken for one.
        let code = Secret::new(code);
        Fault::find(
            code.expose_secret(),
            |byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'),
        )?;
        Ok(Self(code.into_exposed_string()))
    }

    /// Returns the code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the partition of the region, as ARNs name it: `aws`, `aws-cn`, `aws-us-gov`,
    /// `aws-eusc`, `aws-iso`, `aws-iso-b`, `aws-iso-e` or `aws-iso-f`.
    ///
    /// The prefix of the code decides, and `aws` is the partition of every other prefix, as in the
    /// AWS SDKs (botocore, `partitions.json`).
    #[must_use]
    pub fn partition(&self) -> &'static str {
        PARTITIONS
            .iter()
            .find(|(start, _)| self.0.starts_with(start))
            .map_or("aws", |&(_, partition)| partition)
    }
}

impl FromStr for Region {
    type Err = Error;

    /// Parses a region's code as [`Region::new`] does.
    ///
    /// # Errors
    ///
    /// [`Error::Region`].
    fn from_str(code: &str) -> Result<Self, Error> {
        Self::new(code)
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

const PARTITIONS: &[(&str, &str)] = &[
    ("cn-", "aws-cn"),
    ("eu-isoe-", "aws-iso-e"),
    ("eusc-", "aws-eusc"),
    ("us-gov-", "aws-us-gov"),
    ("us-iso-", "aws-iso"),
    ("us-isob-", "aws-iso-b"),
    ("us-isof-", "aws-iso-f"),
];

#[cfg(test)]
mod tests {
    use super::*;

    /// A region, and its flaw.
    const REGIONS: &[(&str, Option<Flaw>)] = &[
        ("eu-west-1", None),
        ("us-gov-east-1", None),
        // Changes the meaning of a scope.
        ("us-east-1/s3", Some(Fault::Character.at(9))),
        ("", Some(Fault::Empty.at(0))),
        // The service compares bytes, so case counts.
        ("EU-WEST-1", Some(Fault::Character.at(0))),
        // Read from files, or pasted.
        ("us-east-1\n", Some(Fault::LineBreak.at(9))),
        ("us-east-1 ", Some(Fault::WhiteSpace.at(9))),
        ("us_east_1", Some(Fault::Character.at(2))),
        ("us\0east-1", Some(Fault::ControlCharacter.at(2))),
        ("us-éast-1", Some(Fault::NonAscii.at(3))),
    ];

    #[test]
    fn a_region_is_lowercase_letters_digits_and_hyphens() {
        for &(code, flaw) in REGIONS {
            let refusal = flaw.map(Error::Region);
            assert_eq!(Region::new(code).err(), refusal, "{code:?}");
            assert_eq!(code.parse::<Region>().err(), refusal, "{code:?}");
        }
    }

    #[test]
    fn the_prefix_of_a_region_decides_its_partition() -> Result<(), Error> {
        for (code, partition) in [
            ("us-east-1", "aws"),
            ("mx-central-1", "aws"),
            ("cn-northwest-1", "aws-cn"),
            ("us-gov-east-1", "aws-us-gov"),
            ("us-iso-west-1", "aws-iso"),
            ("us-isob-east-1", "aws-iso-b"),
            ("eu-isoe-west-1", "aws-iso-e"),
            ("us-isof-south-1", "aws-iso-f"),
            ("eusc-de-east-1", "aws-eusc"),
        ] {
            assert_eq!(Region::new(code)?.partition(), partition, "{code}");
        }
        Ok(())
    }
}
