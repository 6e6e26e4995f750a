//! Digits and letters in ASCII.

use alloc::{string::String, vec::Vec};
use core::str::FromStr;

/// Converts bytes that were written as ASCII digits and letters.
#[expect(
    clippy::expect_used,
    reason = "callers pass the digits and letters they wrote themselves"
)]
pub(crate) fn as_str(ascii: &[u8]) -> &str {
    core::str::from_utf8(ascii).expect("digits and letters are UTF-8")
}

/// Converts bytes that were written as ASCII, without a copy.
#[expect(
    clippy::expect_used,
    reason = "callers pass the ASCII they wrote themselves"
)]
pub(crate) fn into_string(ascii: Vec<u8>) -> String {
    String::from_utf8(ascii).expect("ASCII is UTF-8")
}

/// Parses a number as `Display` writes it: digits, without a sign or leading zeros.
pub(crate) fn decimal<T: FromStr>(digits: &str) -> Option<T> {
    digits
        .parse()
        .ok()
        .filter(|_| digits == "0" || !digits.starts_with(['0', '+']))
}

/// Concatenates constants, in the compiler.
macro_rules! joined {
    ($($piece:expr),+) => {{
        const PIECES: &[&str] = &[$($piece),+];
        const JOINED: [u8; $crate::ascii::length(PIECES)] = $crate::ascii::join(PIECES);
        &JOINED
    }};
}

pub(crate) use joined;

/// Returns the length of pieces together, for [`joined`].
pub(crate) const fn length(mut pieces: &[&str]) -> usize {
    let mut length = 0;
    while let [piece, rest @ ..] = pieces {
        length += piece.len();
        pieces = rest;
    }
    length
}

/// Concatenates pieces, for [`joined`].
#[expect(
    clippy::indexing_slicing,
    reason = "is done by the compiler, which would reject it"
)]
pub(crate) const fn join<const LENGTH: usize>(mut pieces: &[&str]) -> [u8; LENGTH] {
    let mut joined = [0; LENGTH];
    let mut end = 0;
    while let [piece, rest @ ..] = pieces {
        let mut bytes = piece.as_bytes();
        while let [byte, after @ ..] = bytes {
            joined[end] = *byte;
            end += 1;
            bytes = after;
        }
        pieces = rest;
    }
    joined
}
