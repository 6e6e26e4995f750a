//! Good inputs, for tests that are about something else.

#![allow(dead_code, reason = "each test uses some of these")]

use rds_iam_token::{Credentials, Endpoint, Region, Timestamp, TokenRequest};

pub(crate) fn at(unix_seconds: i64) -> Timestamp {
    Timestamp::from_unix_seconds(unix_seconds).unwrap()
}

pub(crate) fn region(name: &str) -> Region {
    Region::new(name).unwrap()
}

/// Creates an endpoint with the port of PostgreSQL.
pub(crate) fn endpoint(host: &str) -> Endpoint {
    Endpoint::new(host, 5432).unwrap()
}

pub(crate) fn request(host: &str, region: &str, user: &str) -> TokenRequest {
    TokenRequest::new(endpoint(host), self::region(region), user).unwrap()
}

pub(crate) fn long_lived(access_key_id: &str) -> Credentials {
    Credentials::new(access_key_id, "not-a-real-secret").unwrap()
}

pub(crate) fn temporary(access_key_id: &str, session_token: &str) -> Credentials {
    long_lived(access_key_id)
        .with_session_token(session_token)
        .unwrap()
}

pub(crate) fn base64(text: &str) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut encoded = String::new();
    for bytes in text.as_bytes().chunks(3) {
        let mut group = [0; 4];
        group[1..=bytes.len()].copy_from_slice(bytes);
        let bits = u32::from_be_bytes(group);
        for at in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * at) & 63) as usize];
            encoded.push(if at <= bytes.len() {
                letter.into()
            } else {
                '='
            });
        }
    }
    encoded
}
