//! Step 2: the string to sign.

use alloc::vec::Vec;
use core::{fmt, mem};

use super::{
    date::AmzDate,
    encode::hex_digits,
    scope::{CredentialScope, TERMINATION},
};
use crate::ascii::joined;

/// The algorithm, the time, the scope, and the hash of the canonical request.
///
/// Nothing in it is secret; `Display` writes its text.
#[derive(Clone, Eq, PartialEq)]
pub struct StringToSign(Text);

impl StringToSign {
    /// Creates the string to sign from a scope, with the moment it is made for, and the SHA-256 of
    /// a canonical request.
    #[must_use]
    pub fn new(scope: &CredentialScope<'_>, canonical_request_hash: &[u8; 32]) -> Self {
        let [region, service, _] = scope.names();
        let mut string_to_sign = Self(Text::concat(&[
            START,
            region.as_bytes(),
            b"/",
            service.as_bytes(),
            AFTER_SERVICE,
            &[b'0'; 64],
        ]));
        string_to_sign.set(scope.date(), canonical_request_hash);
        string_to_sign
    }

    /// Replaces the moment and the hash.
    pub(crate) fn set(&mut self, date: &AmzDate, canonical_request_hash: &[u8; 32]) {
        let text = self.0.as_bytes_mut();
        if let Some(start) = text.first_chunk_mut::<{ START.len() }>() {
            start[17..33].copy_from_slice(date.as_bytes());
            start[34..42].copy_from_slice(date.day_as_bytes());
        }
        if let Some(hash) = text.last_chunk_mut() {
            *hash = hex_digits(canonical_request_hash);
        }
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for StringToSign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("StringToSign")
            .field(&format_args!("{self}"))
            .finish()
    }
}

impl fmt::Display for StringToSign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A service may be any text.
        f.write_str(core::str::from_utf8(self.as_bytes()).map_err(|_| fmt::Error)?)
    }
}

/// A text in one piece, without an allocation if it is as long as usual.
#[derive(Clone, Eq, PartialEq)]
enum Text {
    Short { bytes: [u8; SHORT], len: usize },
    Long(Vec<u8>),
}

impl Text {
    fn concat(pieces: &[&[u8]]) -> Self {
        let len = pieces.iter().map(|piece| piece.len()).sum();
        let mut bytes = [0; SHORT];
        let Some(mut room) = bytes.get_mut(..len) else {
            return Self::Long(pieces.concat());
        };
        for piece in pieces {
            let (part, rest) = mem::take(&mut room).split_at_mut(piece.len());
            part.copy_from_slice(piece);
            room = rest;
        }
        Self::Short { bytes, len }
    }

    fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Short { bytes, len } => bytes.get(..*len).unwrap_or_default(),
            Self::Long(bytes) => bytes,
        }
    }

    fn as_bytes_mut(&mut self) -> &mut [u8] {
        match self {
            Self::Short { bytes, len } => bytes.get_mut(..*len).unwrap_or_default(),
            Self::Long(bytes) => bytes,
        }
    }
}

/// The name of the algorithm.
pub const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// The text before the region, with zeros for the date and the day.
const START: &[u8; 43] = joined!(ALGORITHM, "\n00000000T000000Z\n00000000/");

/// The text between the service and the hash.
const AFTER_SERVICE: &[u8] = joined!("/", TERMINATION, "\n");

/// In bytes: enough for a region and a service of 70 bytes together. AWS's longest region has 15.
const SHORT: usize = 192;

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

    /// Around the 70 bytes up to which a region and a service fit in without an allocation.
    #[test]
    fn a_service_of_any_length_is_written_whole() -> Result<(), Error> {
        let region = worked_example::region()?;
        for len in [0, 1, 60, 61, 62, 1_000] {
            let service = "ü".repeat(len / 2) + &"s".repeat(len % 2);
            let scope = CredentialScope::new(worked_example::at()?, &region, &service);
            let string_to_sign = StringToSign::new(&scope, &worked_example::HASH);
            let expected =
                worked_example::STRING_TO_SIGN.replace("/service/", &alloc::format!("/{service}/"));
            assert_eq!(string_to_sign.to_string(), expected, "{len}");
        }
        Ok(())
    }
}
