//! Any bytes are encoded as an encoder would that goes byte by byte, and decode to themselves.

#![no_main]

use libfuzzer_sys::fuzz_target;
use rds_iam_token::sigv4::uri_encode;

fuzz_target!(|bytes: &[u8]| {
    let encoded = uri_encode(bytes);
    let mut expected = String::new();
    for byte in bytes {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                expected.push(char::from(*byte));
            }
            _ => expected.push_str(&format!("%{byte:02X}")),
        }
    }
    assert_eq!(encoded, expected);
    assert!(percent_encoding::percent_decode_str(&encoded).eq(bytes.iter().copied()));
});
