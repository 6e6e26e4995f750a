//! Step 2: the string to sign.

use alloc::vec::Vec;
use core::fmt;

use super::{date::AmzDate, hex, scope::CredentialScope};
use crate::ascii;

/// The algorithm, the time, the scope, and the hash of the canonical request.
///
/// Nothing in it is secret; `Display` writes its text.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StringToSign<'a> {
    start: [u8; START.len()],
    region: &'a str,
    service: &'a str,
    hash: [u8; 64],
}

impl<'a> StringToSign<'a> {
    /// Joins a scope, with the moment it is made for, and a canonical request's SHA-256.
    #[must_use]
    pub fn new(scope: &CredentialScope<'a>, canonical_request_hash: &[u8; 32]) -> Self {
        let mut start = *START;
        write_date(&mut start, scope.date());
        let [region, service, _] = scope.names();
        Self {
            start,
            region,
            service,
            hash: hex::digits(canonical_request_hash),
        }
    }

    pub(super) fn pieces(&self) -> [&[u8]; 6] {
        [
            &self.start,
            self.region.as_bytes(),
            b"/",
            self.service.as_bytes(),
            AFTER_SERVICE,
            &self.hash,
        ]
    }
}

impl fmt::Display for StringToSign<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pieces()
            .iter()
            .try_for_each(|piece| f.write_str(ascii::as_str(piece)))
    }
}

/// The text of a [`StringToSign`] in one piece, for one moment after the other in the same region
/// and service.
#[derive(Clone)]
pub(crate) struct StringToSignBuffer(Vec<u8>);

impl StringToSignBuffer {
    pub(crate) fn new(scope: &CredentialScope<'_>) -> Self {
        Self(StringToSign::new(scope, &[0; 32]).pieces().concat())
    }

    /// Writes another moment's.
    pub(crate) fn set(&mut self, date: &AmzDate, canonical_request_hash: &[u8; 32]) {
        if let Some(start) = self.0.first_chunk_mut() {
            write_date(start, date);
        }
        if let Some(hash) = self.0.last_chunk_mut() {
            *hash = hex::digits(canonical_request_hash);
        }
    }

    pub(super) fn text(&self) -> &[u8] {
        &self.0
    }
}

fn write_date(start: &mut [u8; START.len()], date: &AmzDate) {
    start[17..33].copy_from_slice(date.as_bytes());
    start[34..42].copy_from_slice(date.day_as_bytes());
}

/// The name of the algorithm.
pub const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// What comes before the region, with zeros for the date and the day.
const START: &[u8; 43] = b"AWS4-HMAC-SHA256\n00000000T000000Z\n00000000/";

/// What comes between the service and the hash.
const AFTER_SERVICE: &[u8] = b"/aws4_request\n";

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
