//! Step 3: the signing key and the signature.

use core::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use zeroize::ZeroizeOnDrop;

use super::{
    encode::{from_hex_digits, hex_digits},
    scope::CredentialScope,
    string_to_sign::StringToSign,
};
use crate::{ascii, secret::SecretBytes};

/// A key for one day, one region and one service.
///
/// For that day it signs like the secret that it is derived from. It is wiped when it is dropped.
#[derive(Clone)]
pub struct SigningKey {
    bytes: SecretBytes<32>,
    /// Keyed, in both its hashes.
    mac: HmacSha256,
}

impl SigningKey {
    /// Derives the key: HMAC-SHA256 over each part of the scope in turn, each keyed with the
    /// output before it, the first with `AWS4` and the secret access key.
    #[must_use]
    pub fn derive(secret_access_key: &str, scope: &CredentialScope<'_>) -> Self {
        let day = scope.date().day_as_bytes();
        let first = finish(first_key(secret_access_key).chain_update(day));
        let bytes = scope
            .names()
            .iter()
            .fold(first, |key, name| finish(keyed(&key).chain_update(name)));
        let mac = keyed(&bytes);
        Self { bytes, mac }
    }

    /// Signs a string to sign.
    #[must_use]
    pub fn sign(&self, string_to_sign: &StringToSign) -> Signature {
        Signature::of(self.mac_of(string_to_sign))
    }

    /// Signs a single string to sign, without a copy of the key.
    pub(crate) fn sign_once(self, string_to_sign: &StringToSign) -> Signature {
        Signature::of(self.mac.chain_update(string_to_sign.as_bytes()))
    }

    /// Returns `true` if a signature of 64 lowercase hexadecimal digits is the one that this key
    /// makes, in constant time.
    #[must_use]
    pub fn verify(&self, string_to_sign: &StringToSign, signature: &str) -> bool {
        let mac = self.mac_of(string_to_sign);
        from_hex_digits(signature.as_bytes()).is_some_and(|bytes| mac.verify_slice(&bytes).is_ok())
    }

    /// Returns the key.
    #[must_use]
    pub fn expose_secret(&self) -> &[u8; 32] {
        &self.bytes.0
    }

    fn mac_of(&self, string_to_sign: &StringToSign) -> HmacSha256 {
        self.mac.clone().chain_update(string_to_sign.as_bytes())
    }
}

impl ZeroizeOnDrop for SigningKey {}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey([redacted])")
    }
}

/// The proof that the sender has the secret. It is wiped when it is dropped.
#[derive(Clone)]
pub struct Signature(SecretBytes<64>);

impl Signature {
    fn of(mac: HmacSha256) -> Self {
        Self(SecretBytes(hex_digits(&finish(mac).0)))
    }

    /// Returns the signature as 64 lowercase hexadecimal digits.
    #[must_use]
    pub fn expose_hex(&self) -> &str {
        ascii::as_str(&self.0.0)
    }
}

impl ZeroizeOnDrop for Signature {}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signature([redacted])")
    }
}

type HmacSha256 = Hmac<Sha256>;

/// Keys with `AWS4` and the secret. HMAC hashes a key of over a block (RFC 2104, section 2).
fn first_key(secret_access_key: &str) -> HmacSha256 {
    let secret = secret_access_key.as_bytes();
    let mut block = SecretBytes([0; BLOCK_LEN]);
    let (prefix, room) = block.0.split_at_mut(PREFIX.len());
    prefix.copy_from_slice(PREFIX);
    if let Some(room) = room.get_mut(..secret.len()) {
        room.copy_from_slice(secret);
        return keyed_with_block(&block);
    }
    let hash = Sha256::new()
        .chain_update(PREFIX)
        .chain_update(secret)
        .finalize();
    keyed(&SecretBytes(hash.into()))
}

/// Keys with a hash, which HMAC pads with zeros.
fn keyed(key: &SecretBytes<32>) -> HmacSha256 {
    let mut block = SecretBytes([0; BLOCK_LEN]);
    block.0[..32].copy_from_slice(&key.0);
    keyed_with_block(&block)
}

fn keyed_with_block(block: &SecretBytes<BLOCK_LEN>) -> HmacSha256 {
    HmacSha256::new((&block.0).into())
}

fn finish(mac: HmacSha256) -> SecretBytes<32> {
    SecretBytes(mac.finalize().into_bytes().into())
}

const PREFIX: &[u8] = b"AWS4";

/// In bytes, of SHA-256 and so of its HMAC.
const BLOCK_LEN: usize = 64;

#[cfg(test)]
mod tests {
    use super::super::worked_example;
    use super::*;
    use crate::error::Error;

    #[test]
    fn the_worked_example_is_signed() -> Result<(), Error> {
        let region = worked_example::region()?;
        let scope = CredentialScope::new(worked_example::at()?, &region, worked_example::SERVICE);
        let string_to_sign = StringToSign::new(&scope, &worked_example::HASH);
        let key = SigningKey::derive(worked_example::SECRET_ACCESS_KEY, &scope);
        assert_eq!(
            key.sign(&string_to_sign).expose_hex(),
            worked_example::SIGNATURE
        );
        Ok(())
    }

    #[test]
    fn a_signature_is_verified_to_the_last_digit() -> Result<(), Error> {
        let region = worked_example::region()?;
        let scope = CredentialScope::new(worked_example::at()?, &region, worked_example::SERVICE);
        let string_to_sign = StringToSign::new(&scope, &worked_example::HASH);
        let key = SigningKey::derive(worked_example::SECRET_ACCESS_KEY, &scope);
        let signature = worked_example::SIGNATURE;
        assert!(key.verify(&string_to_sign, signature));
        for wrong in [
            "",
            &signature.to_uppercase(),
            &signature.replace("e93c", "f93c"),
            &signature.replace("865d", "865c"),
            signature.trim_end_matches("5d"),
            &[signature, "00"].concat(),
        ] {
            assert!(!key.verify(&string_to_sign, wrong), "{wrong}");
        }
        Ok(())
    }

    /// Keys of a secret of so many letters `s` in the scope of the worked example, by Python's hmac:
    /// with `AWS4`, 60 of them fill a block.
    const KEYS_AROUND_A_BLOCK: &[(usize, &str)] = &[
        (
            59,
            "56bc26932b6c303c5c88bc2025e6e119bdfd708ae086c3c1319e7d20c98e8408",
        ),
        (
            60,
            "299ff17582c8c0e40f509099fd08f4fcc938536355abadd45d59ca79c62860b2",
        ),
        (
            61,
            "c13582d1aa30bc82d78158aa0a16cb628e8ac6b1f4bf10eb0e437282efa74041",
        ),
    ];

    #[test]
    fn a_secret_as_long_as_a_block_is_used_whole() -> Result<(), Error> {
        let region = worked_example::region()?;
        let scope = CredentialScope::new(worked_example::at()?, &region, worked_example::SERVICE);
        for &(length, key) in KEYS_AROUND_A_BLOCK {
            let derived = SigningKey::derive(&"s".repeat(length), &scope);
            assert_eq!(hex::encode(derived.expose_secret()), key, "{length}");
        }
        Ok(())
    }
}
