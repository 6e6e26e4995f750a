//! Step 1: the canonical request.

use core::fmt;

use sha2::{Digest, Sha256};

use crate::secret::Secret;

/// What is asked for, in the one form that both sides can rebuild: a `GET /` without a body,
/// whose only signed header is `host`.
///
/// It is a secret where its query holds a session token, so it is read by
/// [`to_secret`](Self::to_secret) alone.
#[derive(Clone, Copy)]
pub struct CanonicalRequest<'a> {
    /// The canonical query, in as many pieces as suit the caller.
    query: [&'a str; 3],
    host: &'a str,
}

impl<'a> CanonicalRequest<'a> {
    /// Takes a canonical query and the value of the `host` header, as they are.
    ///
    /// In a canonical query, names and values are encoded by [`uri_encode`](super::uri_encode) and
    /// sorted by name, then by value. In the header the port follows the host; most clients leave
    /// out the default port of their scheme, which is for the caller to decide.
    #[must_use]
    pub fn new(query: &'a str, host: &'a str) -> Self {
        Self::from_pieces([query, "", ""], host)
    }

    pub(crate) fn from_pieces(query: [&'a str; 3], host: &'a str) -> Self {
        Self { query, host }
    }

    /// Hashes the text.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        let mut sha256 = Sha256::new();
        for piece in self.pieces() {
            sha256.update(piece);
        }
        sha256.finalize().into()
    }

    /// Copies the text, to be compared with the one that AWS prints.
    #[must_use]
    pub fn to_secret(&self) -> Secret {
        Secret::concat(&self.pieces())
    }

    fn pieces(&self) -> [&'a str; 7] {
        let [first, second, third] = self.query;
        ["GET\n/\n", first, second, third, "\nhost:", self.host, END]
    }
}

impl fmt::Debug for CanonicalRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CanonicalRequest")
            .field("host", &self.host)
            .finish_non_exhaustive()
    }
}

/// The end of the headers, their names, and the SHA-256 of an empty body.
const END: &str = "\n\nhost\ne3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

#[cfg(test)]
mod tests {
    use super::super::worked_example;
    use super::*;

    #[test]
    fn the_canonical_request_of_the_worked_example_is_written_and_hashed() {
        let request = CanonicalRequest::new(worked_example::QUERY, worked_example::HOST);
        assert_eq!(
            request.to_secret().expose_secret(),
            worked_example::CANONICAL_REQUEST
        );
        assert_eq!(request.hash(), worked_example::HASH);
    }
}
