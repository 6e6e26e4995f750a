//! Text that is wiped and never printed.

use alloc::string::String;
use core::{fmt, mem};

use zeroize::{Zeroize, ZeroizeOnDrop};

/// Text that is wiped when it is dropped, and that `{:?}` does not show.
///
/// There is no `Display` and no `PartialEq`. Reading it takes a call with `expose` in its name.
///
/// # Examples
///
/// ```
/// # use rds_iam_token::{Credentials, Endpoint, Region, Timestamp, TokenRequest};
/// # let endpoint = Endpoint::new("db.c1a2b3.eu-west-1.rds.amazonaws.com", 5432)?;
/// # let request = TokenRequest::new(endpoint, Region::new("eu-west-1")?, "app")?;
/// # let credentials = Credentials::new("AKIDEXAMPLE", "not-a-real-secret")?;
/// let canonical_request = request.canonical_request(&credentials, Timestamp::MIN);
/// assert_eq!(format!("{canonical_request:?}"), "[redacted]");
/// assert!(canonical_request.expose_secret().starts_with("GET\n/\nAction=connect&"));
/// # Ok::<(), rds_iam_token::Error>(())
/// ```
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// Takes the text over; what it was copied from stays with the caller.
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Joins pieces in one allocation.
    pub(crate) fn concat(pieces: &[&str]) -> Self {
        Self(pieces.concat())
    }

    /// Writes over a part of the text that is as long.
    pub(crate) fn overwrite(&mut self, start: usize, part: &str) {
        self.0.replace_range(start..start + part.len(), part);
    }

    /// Reads the text.
    #[must_use]
    pub fn expose_secret(&self) -> &str {
        &self.0
    }

    /// Hands the text over; to wipe it is then up to you.
    #[must_use]
    pub fn into_exposed_string(mut self) -> String {
        mem::take(&mut self.0)
    }
}

impl Zeroize for Secret {
    /// Wipes slices, because those are wiped at once, and a `String` byte by byte.
    fn zeroize(&mut self) {
        let mut bytes = mem::take(&mut self.0).into_bytes();
        bytes.spare_capacity_mut().zeroize();
        bytes.as_mut_slice().zeroize();
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.zeroize();
    }
}

impl ZeroizeOnDrop for Secret {}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// Bytes that are wiped when they are dropped.
#[derive(Clone)]
pub(crate) struct SecretBytes<const N: usize>(pub(crate) [u8; N]);

impl<const N: usize> Drop for SecretBytes<N> {
    /// Wipes a slice, because that is wiped at once, and an array byte by byte.
    fn drop(&mut self) {
        self.0.as_mut_slice().zeroize();
    }
}

impl<const N: usize> ZeroizeOnDrop for SecretBytes<N> {}

/// Text that may be secret, and is borrowed where it can be.
#[derive(Clone)]
pub(crate) enum SecretText<'a> {
    Borrowed(&'a str),
    Owned(Secret),
}

impl SecretText<'_> {
    pub(crate) fn expose_secret(&self) -> &str {
        match self {
            Self::Borrowed(text) => text,
            Self::Owned(text) => text.expose_secret(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_that_is_wiped_has_no_text() {
        let mut secret = Secret::new("not-a-real-secret");
        secret.zeroize();
        assert_eq!(secret.expose_secret(), "");
    }
}
