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
    /// The start of the canonical query.
    query_start: &'a str,
    /// The rest of it, in as many pieces as suit the caller.
    query_rest: [&'a str; 3],
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
        Self::from_pieces(query, ["", "", ""], host)
    }

    pub(crate) fn from_pieces(
        query_start: &'a str,
        query_rest: [&'a str; 3],
        host: &'a str,
    ) -> Self {
        Self {
            query_start,
            query_rest,
            host,
        }
    }

    /// Hashes the text.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        self.hash_rest(&self.hash_start())
    }

    /// Hashes the text as far as the start of its query.
    pub(crate) fn hash_start(&self) -> CanonicalHash {
        let mut hash = CanonicalHash::new();
        hash.absorb(self.query_start.as_bytes());
        hash
    }

    /// Hashes the rest of the text.
    pub(crate) fn hash_rest(&self, start: &CanonicalHash) -> [u8; 32] {
        let mut hash = start.clone();
        let [first, second, third] = self.query_rest;
        for piece in [first, second, third, HOST, self.host] {
            hash.absorb(piece.as_bytes());
        }
        hash.finish()
    }

    /// Copies the text, to be compared with the one that AWS prints.
    #[must_use]
    pub fn to_secret(&self) -> Secret {
        let [first, second, third] = self.query_rest;
        Secret::concat(&[
            START,
            self.query_start,
            first,
            second,
            third,
            HOST,
            self.host,
            END,
        ])
    }
}

impl fmt::Debug for CanonicalRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CanonicalRequest")
            .field("host", &self.host)
            .finish_non_exhaustive()
    }
}

/// The hash of a canonical request, as far as its text was given.
#[derive(Clone)]
pub(crate) struct CanonicalHash(Sha256);

impl CanonicalHash {
    /// Starts where the query does.
    pub(crate) fn new() -> Self {
        Self(Sha256::new_with_prefix(START))
    }

    /// Goes on with a piece of the query, [`HOST`], or a piece of the host.
    pub(crate) fn absorb(&mut self, piece: &[u8]) {
        self.0.update(piece);
    }

    /// Ends after the host.
    pub(crate) fn finish(mut self) -> [u8; 32] {
        self.absorb(END.as_bytes());
        self.0.finalize().into()
    }
}

/// What comes before the query.
const START: &str = "GET\n/\n";

/// What comes between the query and the host.
pub(crate) const HOST: &str = "\nhost:";

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
