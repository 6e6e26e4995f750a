//! AWS regions.

use alloc::string::String;
use core::{fmt, str::FromStr};

use crate::{error::Error, fault::Fault, secret::Secret};

/// The code of the AWS region a database is in, such as `eu-west-1`.
///
/// It must be the database's own region, whatever region the caller is in. The code is checked
/// for its letters and not against a list: new regions need no new version of this crate.
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
///     Err(Error::Region { fault: Fault::Character, offset: 0 }),
/// );
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Region(String);

impl Region {
    /// Takes a region's code.
    ///
    /// # Errors
    ///
    /// [`Error::Region`] when `code` is empty or has anything but lower-case ASCII letters, digits
    /// and hyphens.
    pub fn new(code: impl Into<String>) -> Result<Self, Error> {
        // What is refused as a region may be a secret that took its place.
        let code = Secret::new(code);
        match Fault::find(
            code.expose_secret(),
            |byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'),
        ) {
            Ok(()) => Ok(Self(code.into_exposed_string())),
            Err((fault, offset)) => Err(Error::Region { fault, offset }),
        }
    }

    /// Reads the code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Gives the partition that the region is in, as ARNs name it: `aws`, `aws-cn`, `aws-us-gov`,
    /// `aws-eusc`, `aws-iso`, `aws-iso-b`, `aws-iso-e` or `aws-iso-f`.
    ///
    /// It goes by the start of the code, and a start that is not known is `aws`, as in the SDKs of
    /// AWS (botocore, `partitions.json`).
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

    /// Takes a region's code, as [`Region::new`] does.
    ///
    /// # Errors
    ///
    /// [`Error::Region`], as there.
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

    /// A region, and what is wrong with it.
    const REGIONS: &[(&str, Option<(Fault, usize)>)] = &[
        ("eu-west-1", None),
        ("us-gov-east-1", None),
        // What would change the meaning of a scope.
        ("us-east-1/s3", Some((Fault::Character, 9))),
        ("", Some((Fault::Empty, 0))),
        // The service compares bytes, so case counts.
        ("EU-WEST-1", Some((Fault::Character, 0))),
        // What comes of reading files and pasting.
        ("us-east-1\n", Some((Fault::LineBreak, 9))),
        ("us-east-1 ", Some((Fault::WhiteSpace, 9))),
        ("us_east_1", Some((Fault::Character, 2))),
        ("us\0east-1", Some((Fault::ControlCharacter, 2))),
        ("us-éast-1", Some((Fault::NonAscii, 3))),
    ];

    #[test]
    fn a_region_is_lower_case_letters_digits_and_hyphens() {
        for &(code, flaw) in REGIONS {
            let refusal = flaw.map(|(fault, offset)| Error::Region { fault, offset });
            assert_eq!(Region::new(code).err(), refusal, "{code:?}");
            assert_eq!(code.parse::<Region>().err(), refusal, "{code:?}");
        }
    }

    #[test]
    fn a_region_tells_its_partition() -> Result<(), Error> {
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
