//! Digits and letters.

use alloc::{string::String, vec::Vec};
use core::str::FromStr;

/// Reads text that was put together from ASCII digits and letters.
#[expect(
    clippy::expect_used,
    reason = "callers pass the digits and letters they wrote themselves"
)]
pub(crate) fn as_str(ascii: &[u8]) -> &str {
    core::str::from_utf8(ascii).expect("digits and letters are UTF-8")
}

/// Takes over text that was put together from ASCII.
#[expect(
    clippy::expect_used,
    reason = "callers pass the ASCII they wrote themselves"
)]
pub(crate) fn into_string(ascii: Vec<u8>) -> String {
    String::from_utf8(ascii).expect("ASCII is UTF-8")
}

/// Reads a number as it is written by `Display`: digits, without a sign or zeros in front.
pub(crate) fn decimal<T: FromStr>(digits: &str) -> Option<T> {
    digits
        .parse()
        .ok()
        .filter(|_| digits == "0" || !digits.starts_with(['0', '+']))
}
