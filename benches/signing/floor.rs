//! The work that nobody who signs can leave out, by `sha2` and `hmac` alone.

use std::hint::black_box;

use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use rds_iam_token::{
    Credentials, Timestamp, TokenRequest,
    sigv4::{CredentialScope, SigningKey},
};
use sha2::{Digest, Sha256};

/// The texts that are hashed for one token, each in one piece.
#[derive(Clone)]
pub(crate) struct Floor {
    canonical_request: String,
    string_to_sign: String,
    /// The text to encode.
    values: [String; 3],
    encoded: String,
    first_key: String,
    /// What a key is derived from.
    scope: [String; 4],
    /// Has absorbed the key of the day.
    mac: Hmac<Sha256>,
}

impl Floor {
    pub(crate) fn of(request: &TokenRequest, credentials: &Credentials, at: Timestamp) -> Self {
        let scope = CredentialScope::new(at, request.region(), "rds-db");
        let secret = credentials.expose_secret_access_key();
        let key = SigningKey::derive(secret, &scope);
        let day = scope.to_string()[..8].to_owned();
        let canonical_request = request.canonical_request(credentials, at);
        let session_token = credentials.expose_session_token().unwrap_or_default();
        Self {
            canonical_request: canonical_request.into_exposed_string(),
            string_to_sign: request.string_to_sign(credentials, at),
            values: [request.user(), credentials.access_key_id(), session_token].map(str::to_owned),
            encoded: String::with_capacity(3 * (session_token.len() + 1_000)),
            first_key: format!("AWS4{secret}"),
            scope: [&day, request.region().as_str(), "rds-db", "aws4_request"].map(str::to_owned),
            mac: keyed(key.expose_secret()),
        }
    }

    /// How many bytes are hashed with the day's key at hand.
    pub(crate) fn bytes(&self) -> usize {
        self.canonical_request.len() + self.string_to_sign.len()
    }

    /// How many bytes are hashed to derive a key.
    pub(crate) fn bytes_of_key(&self) -> usize {
        self.scope.iter().map(String::len).sum()
    }

    /// Hashes, with the day's key at hand.
    pub(crate) fn hash(&mut self) {
        black_box(hash(
            &self.canonical_request,
            &self.string_to_sign,
            self.mac.clone(),
        ));
    }

    /// Hashes, with a key of its own.
    pub(crate) fn derive_and_hash(&mut self) {
        let key = derived(&self.first_key, &self.scope);
        black_box(hash(
            &self.canonical_request,
            &self.string_to_sign,
            keyed(&key),
        ));
    }

    /// The same, after encoding the inputs.
    pub(crate) fn encode_derive_and_hash(&mut self) {
        self.encoded.clear();
        for value in &self.values {
            encode(black_box(value), &mut self.encoded);
        }
        self.derive_and_hash();
    }

    /// Derives the key of a day.
    pub(crate) fn derive(&mut self) {
        black_box(keyed(&derived(&self.first_key, &self.scope)));
    }
}

fn hash(canonical_request: &str, string_to_sign: &str, mac: Hmac<Sha256>) -> ([u8; 32], [u8; 32]) {
    let hash = Sha256::digest(black_box(canonical_request)).into();
    let signature = mac.chain_update(black_box(string_to_sign));
    (hash, signature.finalize().into_bytes().into())
}

fn derived(first_key: &str, scope: &[String; 4]) -> [u8; 32] {
    let [day, rest @ ..] = scope;
    let first = keyed(black_box(first_key).as_bytes()).chain_update(black_box(day));
    rest.iter().fold(
        first.finalize().into_bytes().into(),
        |key: [u8; 32], part| {
            let mac = keyed(&key).chain_update(black_box(part));
            mac.finalize().into_bytes().into()
        },
    )
}

fn keyed(key: &[u8]) -> Hmac<Sha256> {
    let mut block = [0; 64];
    block[..key.len()].copy_from_slice(key);
    Hmac::new(&block.into())
}

/// Encodes as `percent-encoding` does, the crate most used for it.
fn encode(value: &str, encoded: &mut String) {
    encoded.extend(percent_encode(value.as_bytes(), RESERVED));
}

const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');
