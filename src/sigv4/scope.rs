//! The credential scope.

use core::fmt;

use super::date::AmzDate;
use crate::{region::Region, timestamp::Timestamp};

/// The day, region and service that a signature is valid for.
///
/// It is created for one moment, which [`StringToSign`](super::StringToSign) signs as well; its own
/// text has the day alone.
///
/// # Examples
///
/// ```
/// use rds_iam_token::{Region, Timestamp, sigv4::CredentialScope};
///
/// let region = Region::new("us-east-1")?;
/// let at = Timestamp::from_unix_seconds(1_440_938_160)?;
/// let scope = CredentialScope::new(at, &region, "iam");
/// assert_eq!(scope.to_string(), "20150830/us-east-1/iam/aws4_request");
/// # Ok::<(), rds_iam_token::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct CredentialScope<'a> {
    date: AmzDate,
    region: &'a str,
    service: &'a str,
}

impl<'a> CredentialScope<'a> {
    /// Creates a scope from the day of `at`, a region, and the service's name in SigV4, unchanged.
    #[must_use]
    pub fn new(at: Timestamp, region: &'a Region, service: &'a str) -> Self {
        Self::on(AmzDate::new(at), region, service)
    }

    /// Creates a scope from a date that is written already.
    pub(crate) fn on(date: AmzDate, region: &'a Region, service: &'a str) -> Self {
        Self {
            date,
            region: region.as_str(),
            service,
        }
    }

    /// Returns the names after the day: the region, the service and the string that ends a scope.
    pub(crate) fn names(&self) -> [&'a str; 3] {
        [self.region, self.service, TERMINATION]
    }

    /// Returns the moment that the scope is created for.
    pub(crate) fn date(&self) -> &AmzDate {
        &self.date
    }
}

impl fmt::Display for CredentialScope<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let day = self.date.day();
        let [region, service, termination] = self.names();
        write!(f, "{day}/{region}/{service}/{termination}")
    }
}

/// The string that ends every scope.
pub(crate) const TERMINATION: &str = "aws4_request";

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::super::worked_example;
    use super::*;
    use crate::error::Error;

    #[test]
    fn the_scope_of_the_worked_example_is_written() -> Result<(), Error> {
        let region = worked_example::region()?;
        let scope = CredentialScope::new(worked_example::at()?, &region, worked_example::SERVICE);
        assert_eq!(scope.to_string(), worked_example::SCOPE);
        Ok(())
    }
}
