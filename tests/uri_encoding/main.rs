//! URI encoding, byte for byte.

use rds_iam_token::sigv4::uri_encode;

mod encodings;

#[test]
fn the_published_encodings_are_made() {
    for &(bytes, encoded) in encodings::ENCODINGS {
        assert_eq!(uri_encode(bytes), encoded, "{bytes:?}");
    }
}

#[test]
fn every_byte_is_encoded_unless_it_is_unreserved() {
    // RFC 3986, section 2.3.
    let unreserved = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    for byte in 0..=u8::MAX {
        let expected = if unreserved.contains(&byte) {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        };
        assert_eq!(uri_encode([byte]), expected);
    }
}
