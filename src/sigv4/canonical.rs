//! Step 1: the canonical request.

use core::fmt;

use sha2::{Digest, Sha256};

use crate::secret::Secret;

/// A `GET /` without a body, whose only signed header is `host`, in the one form that both sides can
/// rebuild.
///
/// It is a secret if its query holds a session token, so only [`to_secret`](Self::to_secret)
/// returns its text.
#[derive(Clone, Copy)]
pub struct CanonicalRequest<'a> {
    /// In pieces, some of which may be empty.
    query: [&'a str; 3],
    host: &'a str,
}

impl<'a> CanonicalRequest<'a> {
    /// Creates a canonical request from a canonical query and the value of the `host` header, as
    /// they are.
    ///
    /// In a canonical query, names and values are encoded by [`uri_encode`](super::uri_encode) and
    /// sorted by name, then by value. In the header the port follows the host; most clients leave
    /// out the default port of their scheme, which is for the caller to decide.
    #[must_use]
    pub fn new(query: &'a str, host: &'a str) -> Self {
        Self::in_pieces([query, "", ""], host)
    }

    pub(crate) fn in_pieces(query: [&'a str; 3], host: &'a str) -> Self {
        Self { query, host }
    }

    /// Returns the SHA-256 of the text.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        let mut hash = CanonicalHash::new();
        for piece in self.query.iter().chain(&[HOST, self.host, END]) {
            hash.absorb(piece);
        }
        hash.finish()
    }

    /// Copies the text, to be compared with the one that AWS prints.
    #[must_use]
    pub fn to_secret(&self) -> Secret {
        let [first, second, last] = self.query;
        Secret::concat(&[START, first, second, last, HOST, self.host, END])
    }
}

impl fmt::Debug for CanonicalRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CanonicalRequest")
            .field("host", &self.host)
            .finish_non_exhaustive()
    }
}

/// The hash of a canonical request, as far as its text was absorbed.
#[derive(Clone)]
pub(crate) struct CanonicalHash(Sha256);

impl CanonicalHash {
    /// Starts before the query.
    pub(crate) fn new() -> Self {
        Self(Sha256::new_with_prefix(START))
    }

    /// Absorbs the next piece of the text.
    pub(crate) fn absorb(&mut self, piece: impl AsRef<[u8]>) {
        self.0.update(piece);
    }

    /// Returns the hash, after [`END`].
    pub(crate) fn finish(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

/// The text before the query.
const START: &str = "GET\n/\n";

/// The text between the query and the host.
pub(crate) const HOST: &str = "\nhost:";

/// The end of the headers, their names, and the SHA-256 of an empty body.
pub(crate) const END: &str =
    "\n\nhost\ne3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

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
