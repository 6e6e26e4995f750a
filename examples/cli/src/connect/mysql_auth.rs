//! The password of the local side, which clients prove without sending it.

use sha1::{Digest, Sha1};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// How a client proves that it has the password.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Plugin {
    CachingSha2,
    Native,
}

impl Plugin {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::CachingSha2 => CACHING_SHA2,
            Self::Native => NATIVE,
        }
    }

    /// Returns the plugin for a client that named one or none, and whether its proof can be verified at once.
    /// If not, it is asked for one again, as some clients expect it: those that would have liked a different
    /// plugin than that of the greeting, and send nothing before.
    pub(crate) fn of(name: Option<&[u8]>, proof: &[u8]) -> (Self, bool) {
        let name = name.unwrap_or(NATIVE.as_bytes());
        if name == CACHING_SHA2.as_bytes() {
            (Self::CachingSha2, proof.len() == 32)
        } else {
            let is_native = name == NATIVE.as_bytes();
            (Self::Native, is_native && matches!(proof.len(), 0 | 20))
        }
    }

    /// Verifies a proof, in constant time. Without a password, any proof is accepted.
    pub(crate) fn verify(self, proof: &[u8], password: Option<&str>, scramble: &[u8; 20]) -> bool {
        let Some(password) = password else {
            return true;
        };
        let expected = match self {
            Self::CachingSha2 => caching_sha2(password, scramble),
            Self::Native => native(password, scramble),
        };
        expected.ct_eq(proof).into()
    }
}

/// Returns `SHA1(password) XOR SHA1(scramble, SHA1(SHA1(password)))`.
fn native(password: &str, scramble: &[u8; 20]) -> Zeroizing<Vec<u8>> {
    let once = Zeroizing::new(Sha1::digest(password).to_vec());
    let twice = Zeroizing::new(Sha1::digest(&*once).to_vec());
    let mask = Sha1::new()
        .chain_update(scramble)
        .chain_update(&*twice)
        .finalize();
    exclusive_or(&once, &mask)
}

/// Returns `SHA256(password) XOR SHA256(SHA256(SHA256(password)), scramble)`.
fn caching_sha2(password: &str, scramble: &[u8; 20]) -> Zeroizing<Vec<u8>> {
    let once = Zeroizing::new(Sha256::digest(password).to_vec());
    let twice = Zeroizing::new(Sha256::digest(&*once).to_vec());
    let mask = Sha256::new()
        .chain_update(&*twice)
        .chain_update(scramble)
        .finalize();
    exclusive_or(&once, &mask)
}

fn exclusive_or(left: &[u8], right: &[u8]) -> Zeroizing<Vec<u8>> {
    left.iter()
        .zip(right)
        .map(|(left, right)| left ^ right)
        .collect::<Vec<_>>()
        .into()
}

/// Returns random bytes as a scramble: without NUL, which ends it, and without `$`, as the servers make theirs.
pub(crate) fn scramble(random: [u8; 20]) -> [u8; 20] {
    random.map(|byte| match byte & 0x7f {
        byte @ (0 | b'$') => byte + 1,
        byte => byte,
    })
}

pub(crate) const CACHING_SHA2: &str = "caching_sha2_password";
pub(crate) const NATIVE: &str = "mysql_native_password";

/// The only plugin that a token goes to.
pub(crate) const CLEAR: &str = "mysql_clear_password";
