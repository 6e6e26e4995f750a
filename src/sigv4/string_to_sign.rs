//! Step 2: the string to sign.

use core::fmt;

use super::{hex, scope::CredentialScope};
use crate::ascii;

/// The algorithm, the time, the scope, and the hash of the canonical request.
///
/// Nothing in it is secret; `Display` writes its text.
#[derive(Clone, Debug)]
pub struct StringToSign<'a> {
    start: [u8; START.len()],
    region: &'a str,
    service: &'a str,
    end: [u8; END.len()],
}

impl<'a> StringToSign<'a> {
    /// Joins a scope, with the moment it is made for, and a canonical request's SHA-256.
    #[must_use]
    pub fn new(scope: &CredentialScope<'a>, canonical_request_hash: &[u8; 32]) -> Self {
        let (mut start, mut end) = (*START, *END);
        start[17..33].copy_from_slice(scope.date().as_bytes());
        start[34..42].copy_from_slice(scope.date().day_as_bytes());
        end[14..].copy_from_slice(&hex::digits(canonical_request_hash));
        let [region, service, _] = scope.names();
        Self {
            start,
            region,
            service,
            end,
        }
    }

    /// Gives the text in few pieces, because each one that is hashed costs as much as its bytes.
    pub(super) fn pieces(&self) -> [&[u8]; 5] {
        let (region, service) = (self.region.as_bytes(), self.service.as_bytes());
        [&self.start, region, b"/", service, &self.end]
    }
}

impl fmt::Display for StringToSign<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pieces()
            .iter()
            .try_for_each(|piece| f.write_str(ascii::as_str(piece)))
    }
}

/// The name of the algorithm.
pub const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// What comes before the region, with zeros for the date and the day.
const START: &[u8; 43] = b"AWS4-HMAC-SHA256\n00000000T000000Z\n00000000/";

/// What follows the service, with zeros for the hash.
const END: &[u8; 78] = b"/aws4_request\n\
    0000000000000000000000000000000000000000000000000000000000000000";

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::super::worked_example;
    use super::*;
    use crate::error::Error;

    #[test]
    fn the_string_to_sign_of_the_worked_example_is_written() -> Result<(), Error> {
        let region = worked_example::region()?;
        let scope = CredentialScope::new(worked_example::at()?, &region, worked_example::SERVICE);
        let string_to_sign = StringToSign::new(&scope, &worked_example::HASH);
        assert_eq!(string_to_sign.to_string(), worked_example::STRING_TO_SIGN);
        Ok(())
    }
}
