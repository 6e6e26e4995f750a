//! URI encoding.

use alloc::{string::String, vec::Vec};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};

use crate::ascii;

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
    let mut encoded = Vec::with_capacity(uri_encoded_len(bytes));
    uri_encoded(bytes).for_each(|piece| encoded.extend_from_slice(piece));
    ascii::into_string(encoded)
}

/// Gives the encoded text in pieces.
pub(crate) fn uri_encoded(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    percent_encode(bytes, RESERVED).map(str::as_bytes)
}

/// Counts the bytes of the encoded text.
pub(crate) fn uri_encoded_len(bytes: &[u8]) -> usize {
    uri_encoded(bytes).map(<[u8]>::len).sum()
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
}
