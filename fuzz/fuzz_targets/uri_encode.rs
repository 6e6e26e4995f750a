//! Any bytes are encoded as an encoder would that goes byte by byte, and decode to themselves.

#![no_main]

use libfuzzer_sys::fuzz_target;
use rds_iam_token::sigv4::uri_encode;
use rds_iam_token_fuzz::{decode, encode};

fuzz_target!(|bytes: &[u8]| {
    let encoded = uri_encode(bytes);
    assert_eq!(encoded, encode(bytes));
    assert_eq!(decode(&encoded).as_deref(), Some(bytes));
});
