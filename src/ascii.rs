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

/// Finds a byte, eight bytes at a time: in short texts faster than the search of `core`. After the first
/// eight, 64 at a time are skipped.
pub(crate) fn find(text: &[u8], byte: u8) -> Option<usize> {
    let mut rest = text;
    if let Some((word, after)) = text.split_first_chunk() {
        if let Some(place) = find_in_word(*word, byte) {
            return Some(place);
        }
        rest = after;
    }
    while let Some((chunk, after)) = rest.split_first_chunk::<64>() {
        if chunk
            .iter()
            .fold(false, |found, other| found | other.eq(&byte))
        {
            break;
        }
        rest = after;
    }
    while let Some((word, after)) = rest.split_first_chunk() {
        if let Some(place) = find_in_word(*word, byte) {
            return Some(text.len() - rest.len() + place);
        }
        rest = after;
    }
    let place = rest.iter().position(|&found| found == byte)?;
    Some(text.len() - rest.len() + place)
}

fn find_in_word(word: [u8; 8], byte: u8) -> Option<usize> {
    const ONES: u64 = u64::MAX / 0xff;
    let zero_if_found = u64::from_le_bytes(word) ^ (ONES * u64::from(byte));
    // The high bit of the first byte that is zero, and of none before it.
    let found = zero_if_found.wrapping_sub(ONES) & !zero_if_found & (ONES << 7);
    (found != 0).then(|| found.trailing_zeros() as usize / 8)
}

/// Splits a text at the first of an ASCII character.
pub(crate) fn split_once(text: &str, byte: u8) -> Option<(&str, &str)> {
    let place = find(text.as_bytes(), byte)?;
    Some((text.get(..place)?, text.get(place + 1..)?))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_concatenated_in_their_order() {
        let pieces = &["a", "", "bc"];
        assert_eq!(length(pieces), 3);
        assert_eq!(join::<3>(pieces), *b"abc");
        assert_eq!(joined!("a", "bc"), b"abc");
    }

    #[test]
    fn the_first_of_a_byte_is_found_at_every_place() {
        for len in 0..140 {
            for place in 0..len {
                for (other, byte) in [(b'a', b'&'), (0, 1), (1, 0), (0x80, 0), (0xff, 0x7f)] {
                    let mut text = alloc::vec![other; len];
                    assert_eq!(find(&text, byte), None);
                    for found in text.iter_mut().skip(place) {
                        *found = byte;
                    }
                    assert_eq!(find(&text, byte), Some(place), "{len}, {byte}");
                }
            }
        }
    }
}
