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
