//! URI encoding.

use alloc::string::String;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};

/// Encodes every byte but the unreserved characters of RFC 3986, section 2.3: `A`–`Z`, `a`–`z`,
/// `0`–`9`, `-`, `.`, `_` and `~`.
///
/// The others become `%` and two upper-case hexadecimal digits, a space `%20` and a slash `%2F`.
/// What looks encoded is encoded again. (`UriEncode` in the documentation of AWS.)
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
    let mut encoded = String::with_capacity(uri_encoded_len(bytes));
    encoded.extend(uri_encoded(bytes));
    encoded
}

/// Gives the encoded text in pieces.
pub(crate) fn uri_encoded(bytes: &[u8]) -> impl Iterator<Item = &str> {
    percent_encode(bytes, RESERVED)
}

/// Counts the bytes of the encoded text, several at a time.
pub(crate) fn uri_encoded_len(bytes: &[u8]) -> usize {
    let reserved =
        |few: &[u8]| -> u8 { few.iter().map(|&byte| u8::from(!is_unreserved(byte))).sum() };
    let reserved: usize = bytes
        .chunks(255)
        .map(|few| usize::from(reserved(few)))
        .sum();
    bytes.len() + 2 * reserved
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

#[cfg(test)]
mod tests {
    use super::super::worked_example;
    use super::*;

    #[test]
    fn the_credential_of_the_worked_example_is_encoded() {
        let encoded = uri_encode(worked_example::CREDENTIAL);
        assert_eq!(encoded, worked_example::ENCODED_CREDENTIAL);
    }

    #[test]
    fn every_byte_is_counted_as_it_is_encoded() {
        for byte in 0..=u8::MAX {
            let encoded: String = uri_encoded(&[byte]).collect();
            assert_eq!(uri_encoded_len(&[byte]), encoded.len(), "{byte:#x}");
        }
    }
}
