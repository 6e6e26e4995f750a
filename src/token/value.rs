//! The encoding of a parameter's value.

use alloc::{string::String, vec::Vec};
use core::mem;

use zeroize::{Zeroize, Zeroizing};

use crate::{
    ascii,
    secret::{Secret, SecretText},
    sigv4::{is_unreserved, unreserved_len},
};

/// Splits a text at its first slash, which is encoded or not.
pub(super) fn split_at_slash(text: &str) -> (&str, Option<&str>) {
    for (at, byte) in text.bytes().enumerate() {
        let len = match byte {
            b'/' => 1,
            b'%' if matches!(text.as_bytes().get(at + 1..at + 3), Some(b"2F" | b"2f")) => 3,
            _ => continue,
        };
        return (text.split_at(at).0, text.get(at + len..));
    }
    (text, None)
}

/// Decodes text that is not empty and correctly encoded, and returns it with whether it is encoded
/// canonically, as it is signed.
///
/// The decoded text may be a secret, so nothing is left behind.
pub(super) fn decode(value: &str) -> Option<(SecretText<'_>, bool)> {
    if value.is_empty() {
        return None;
    }
    if value
        .bytes()
        .fold(true, |all, byte| all & is_unreserved(byte))
    {
        return Some((SecretText::Borrowed(value), true));
    }
    if ascii::find(value.as_bytes(), b'%').is_none() {
        let is_canonical = scan(value, |_| {}).ok()?;
        return Some((SecretText::Borrowed(value), is_canonical));
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(value.len()));
    let is_canonical = scan(value, |piece| bytes.extend_from_slice(piece)).ok()?;
    match String::from_utf8(mem::take(&mut bytes)) {
        Ok(text) => Some((SecretText::Owned(Secret::new(text)), is_canonical)),
        Err(error) => {
            error.into_bytes().zeroize();
            None
        }
    }
}

/// Decodes a text that is the same in every token, unless it has swallowed another parameter.
pub(super) fn decode_constant(value: &str) -> Option<SecretText<'_>> {
    let (text, _) = decode(value)?;
    let is_alone = match &text {
        SecretText::Borrowed(_) => true,
        SecretText::Owned(text) => !text.expose_secret().contains(['%', '&', '=']),
    };
    is_alone.then_some(text)
}

/// Decodes a value in pieces, and returns `true` if it is encoded canonically.
///
/// # Errors
///
/// The place of the first byte that no signer prints in a value, or that starts an escape without
/// completing it.
pub(super) fn scan(value: &str, mut sink: impl FnMut(&[u8])) -> Result<bool, usize> {
    let mut is_canonical = true;
    let mut rest = value.as_bytes();
    loop {
        let (run, after) = rest.split_at(unreserved_len(rest));
        sink(run);
        rest = match after {
            [] => return Ok(is_canonical),
            [b'%', high, low, rest @ ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                let byte = hex_value(*high) << 4 | hex_value(*low);
                is_canonical &= is_canonical_escape(*high, *low, byte);
                sink(&[byte]);
                rest
            }
            [byte, rest @ ..] if is_printed(*byte) => {
                is_canonical = false;
                sink(&[*byte]);
                rest
            }
            _ => return Err(value.len() - after.len()),
        }
    }
}

/// Returns `true` if an escape has uppercase digits and is of a reserved byte.
fn is_canonical_escape(high: u8, low: u8, byte: u8) -> bool {
    !high.is_ascii_lowercase() && !low.is_ascii_lowercase() && unreserved_len(&[byte]) == 0
}

/// Returns the value of a hexadecimal digit.
fn hex_value(digit: u8) -> u8 {
    (digit & 0xf) + if digit.is_ascii_alphabetic() { 9 } else { 0 }
}

/// Returns `true` for a reserved byte that some signer prints in a value as it is. The rest of
/// printable ASCII is encoded by every signer; it would end the value or hide another parameter.
fn is_printed(byte: u8) -> bool {
    matches!(
        byte,
        b'!' | b'$' | b'&' | b'('..=b',' | b'/' | b':' | b';' | b'?' | b'@'
    )
}
