//! Step 2: the string to sign.

use core::fmt;

use super::{hex_digest::HexDigest, scope::CredentialScope};

/// The algorithm, the time, the scope, and the hash of the canonical request.
///
/// Nothing in it is secret; `Display` writes its text.
#[derive(Clone, Debug)]
pub struct StringToSign<'a> {
    scope: CredentialScope<'a>,
    canonical_request_hash: HexDigest,
}

impl<'a> StringToSign<'a> {
    /// Joins a scope, with the moment it is made for, and a canonical request's SHA-256.
    #[must_use]
    pub fn new(scope: &CredentialScope<'a>, canonical_request_hash: &[u8; 32]) -> Self {
        Self {
            scope: *scope,
            canonical_request_hash: HexDigest::new(canonical_request_hash),
        }
    }

    pub(super) fn pieces(&self) -> [&str; 13] {
        let [day, region, service, termination] = self.scope.parts();
        let hash = self.canonical_request_hash.as_str();
        let date = self.scope.date().as_str();
        [
            ALGORITHM,
            "\n",
            date,
            "\n",
            day,
            "/",
            region,
            "/",
            service,
            "/",
            termination,
            "\n",
            hash,
        ]
    }
}

impl fmt::Display for StringToSign<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pieces()
            .iter()
            .try_for_each(|piece| f.write_str(piece))
    }
}

/// The name of the algorithm.
pub const ALGORITHM: &str = "AWS4-HMAC-SHA256";

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
