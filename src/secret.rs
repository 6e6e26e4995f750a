//! Text that is wiped and never printed.

use alloc::string::String;
use core::{fmt, mem};

use zeroize::{Zeroize, ZeroizeOnDrop};

/// Text that is wiped when it is dropped, and that `{:?}` does not show.
///
/// There is no `Display` and no `PartialEq`. Reading it needs a call with `expose` in its name.
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
    /// Creates a secret from text; the original of a copy stays with the caller.
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Concatenates pieces in one allocation.
    pub(crate) fn concat(pieces: &[&str]) -> Self {
        Self(pieces.concat())
    }

    /// Replaces a part of the text with one of the same length.
    pub(crate) fn overwrite(&mut self, start: usize, part: &str) {
        self.0.replace_range(start..start + part.len(), part);
    }

    /// Returns the text.
    #[must_use]
    pub fn expose_secret(&self) -> &str {
        &self.0
    }

    /// Returns the text as a `String`, which is no longer wiped: that is then up to you.
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

/// Text that may be secret, borrowed if it can be.
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

/// Text that is no secret, but may hold one by mistake: it is shown and compared like a `String`,
/// and wiped when it is dropped.
#[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) struct Wiped(String);

impl Wiped {
    pub(crate) fn new(text: String) -> Self {
        Self(text)
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl Drop for Wiped {
    fn drop(&mut self) {
        drop(Secret(mem::take(&mut self.0)));
    }
}

impl fmt::Debug for Wiped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
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
