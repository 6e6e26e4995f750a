//! URI encoding, and hashes as text.

use alloc::{string::String, vec::Vec};

use crate::ascii;

/// Encodes every byte but the unreserved characters of RFC 3986, section 2.3: `A`–`Z`, `a`–`z`,
/// `0`–`9`, `-`, `.`, `_` and `~`.
///
/// The others become `%` and two uppercase hexadecimal digits, a space `%20` and a slash `%2F`.
/// Text that is encoded already is encoded again. (`UriEncode` in the documentation of AWS.)
///
/// # Examples
///
/// ```
/// use rds_iam_token::sigv4::uri_encode;
///
/// assert_eq!(uri_encode("jane doe+%2B"), "jane%20doe%2B%252B");
/// ```
#[must_use]
pub fn uri_encode(bytes: impl AsRef<[u8]>) -> String {
    let bytes = bytes.as_ref();
    let mut encoded = Vec::with_capacity(uri_encoded_len(bytes));
    push_uri_encoded(&mut encoded, bytes);
    ascii::into_string(encoded)
}

/// Appends an encoded text.
pub(crate) fn push_uri_encoded(text: &mut Vec<u8>, bytes: &[u8]) {
    uri_encoded(bytes, |piece| text.extend_from_slice(piece));
}

/// Encodes a text in pieces.
pub(crate) fn uri_encoded(bytes: &[u8], mut sink: impl FnMut(&[u8])) {
    let mut rest = bytes;
    while let [byte, after @ ..] = rest {
        if is_unreserved(*byte) {
            let (run, after) = rest.split_at(unreserved_len(rest));
            sink(run);
            rest = after;
        } else {
            sink(&[b'%', digit(byte >> 4), digit(byte & 0xf)]);
            rest = after;
        }
    }
}

/// Returns the length of the encoded text in bytes.
pub(crate) fn uri_encoded_len(bytes: &[u8]) -> usize {
    let reserved = bytes.iter().filter(|&&byte| !is_unreserved(byte));
    encoded_len(bytes.len(), reserved.count())
}

/// Returns the length of an encoded text, or the greatest number for one that no memory can hold,
/// as of 1.5 GB on a target of 32 bits.
fn encoded_len(len: usize, reserved: usize) -> usize {
    len.saturating_add(reserved.saturating_mul(2))
}

/// Returns the number of unreserved bytes at the start of a text.
pub(crate) fn unreserved_len(bytes: &[u8]) -> usize {
    let end = bytes.iter().position(|&byte| !is_unreserved(byte));
    end.unwrap_or(bytes.len())
}

/// Returns `true` for a byte that is not encoded.
pub(crate) fn is_unreserved(byte: u8) -> bool {
    UNRESERVED.get(usize::from(byte)) == Some(&true)
}

/// `true` for each byte that is unreserved. A look-up costs a third of a computation.
#[expect(
    clippy::indexing_slicing,
    reason = "is done by the compiler, which would reject it"
)]
const UNRESERVED: [bool; 256] = {
    let mut unreserved = [false; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        unreserved[byte as usize] =
            byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
        byte += 1;
    }
    unreserved
};

/// Returns the digit of a number under 16.
fn digit(number: u8) -> u8 {
    number + if number < 10 { b'0' } else { b'A' - 10 }
}

/// Returns the 64 lowercase hexadecimal digits of an output of SHA-256 or HMAC-SHA256.
pub(super) fn hex_digits(output: &[u8; 32]) -> [u8; 64] {
    let mut digits = [0; 64];
    for (pair, byte) in digits.chunks_exact_mut(2).zip(output) {
        pair.copy_from_slice(&[hex_digit(byte >> 4), hex_digit(byte & 0xf)]);
    }
    digits
}

/// Returns the output of 64 lowercase hexadecimal digits.
pub(super) fn from_hex_digits(digits: &[u8]) -> Option<[u8; 32]> {
    let digits: &[u8; 64] = digits.try_into().ok()?;
    let mut output = [0; 32];
    let mut fit = true;
    for (byte, pair) in output.iter_mut().zip(digits.chunks_exact(2)) {
        for &digit in pair {
            fit &= matches!(digit, b'0'..=b'9' | b'a'..=b'f');
            let number = (digit & 0xf) + 9 * (digit >> 6);
            *byte = *byte << 4 | number;
        }
    }
    fit.then_some(output)
}

/// Returns the digit of a number under 16: without a table, since the time to read one depends on
/// the number.
fn hex_digit(number: u8) -> u8 {
    number + b'0' + u8::from(number > 9) * (b'a' - b'0' - 10)
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};

    use super::super::worked_example;
    use super::*;

    #[test]
    fn the_credential_of_the_worked_example_is_encoded() {
        let encoded = uri_encode(worked_example::CREDENTIAL);
        assert_eq!(encoded, worked_example::ENCODED_CREDENTIAL);
    }

    #[test]
    fn a_length_does_not_wrap_around() {
        let third = usize::MAX / 3;
        for (len, reserved, encoded) in [
            (0, 0, 0),
            (3, 1, 5),
            (third, third, usize::MAX),
            (third + 1, third, usize::MAX),
            (third + 1, third + 1, usize::MAX),
            (usize::MAX / 2, usize::MAX / 2, usize::MAX),
            (usize::MAX, usize::MAX, usize::MAX),
        ] {
            assert_eq!(encoded_len(len, reserved), encoded, "{len}, {reserved}");
        }
    }

    /// The same set in the terms of the crate that is most used for it, which takes three
    /// times as long for a session token.
    const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
        .remove(b'-')
        .remove(b'.')
        .remove(b'_')
        .remove(b'~');

    #[test]
    fn every_byte_and_every_pair_is_encoded_as_by_percent_encoding() {
        for pair in 0..=u16::MAX {
            let pair = &pair.to_be_bytes();
            for bytes in [&pair[..], &pair[1..]] {
                let encoded = uri_encode(bytes);
                assert_eq!(
                    encoded,
                    percent_encode(bytes, RESERVED).to_string(),
                    "{bytes:?}"
                );
                assert_eq!(encoded.len(), uri_encoded_len(bytes), "{bytes:?}");
            }
        }
    }
}
