//! `get-vanilla`, presigned: the example each step is tested on.
//!
//! Source: AWS's SigV4 test suite, `tests/aws-signing-test-suite/v4/get-vanilla` in
//! awslabs/aws-c-auth.

use crate::{error::Error, region::Region, timestamp::Timestamp};

pub(crate) const SECRET_ACCESS_KEY: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
pub(crate) const SERVICE: &str = "service";
pub(crate) const HOST: &str = "example.amazonaws.com";
pub(crate) const DATE: &str = "20150830";
pub(crate) const DATE_TIME: &str = "20150830T123600Z";
pub(crate) const SCOPE: &str = "20150830/us-east-1/service/aws4_request";
pub(crate) const CREDENTIAL: &str = "AKIDEXAMPLE/20150830/us-east-1/service/aws4_request";
pub(crate) const ENCODED_CREDENTIAL: &str =
    "AKIDEXAMPLE%2F20150830%2Fus-east-1%2Fservice%2Faws4_request";
pub(crate) const QUERY: &str = "X-Amz-Algorithm=AWS4-HMAC-SHA256\
    &X-Amz-Credential=AKIDEXAMPLE%2F20150830%2Fus-east-1%2Fservice%2Faws4_request\
    &X-Amz-Date=20150830T123600Z&X-Amz-Expires=3600&X-Amz-SignedHeaders=host";
pub(crate) const CANONICAL_REQUEST: &str = "GET\n/\nX-Amz-Algorithm=AWS4-HMAC-SHA256\
    &X-Amz-Credential=AKIDEXAMPLE%2F20150830%2Fus-east-1%2Fservice%2Faws4_request\
    &X-Amz-Date=20150830T123600Z&X-Amz-Expires=3600&X-Amz-SignedHeaders=host\n\
    host:example.amazonaws.com\n\nhost\n\
    e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
pub(crate) const HASH: [u8; 32] = [
    0xbb, 0x77, 0x05, 0xb4, 0xaa, 0x3c, 0xb8, 0xe8, 0xf5, 0xe1, 0xe0, 0xb3, 0xd4, 0xc0, 0xb6, 0x40,
    0x30, 0x79, 0x7a, 0x31, 0x3c, 0x8c, 0xee, 0xe4, 0x3e, 0x33, 0x11, 0x7c, 0xc4, 0x3e, 0xad, 0xc5,
];
pub(crate) const STRING_TO_SIGN: &str = "AWS4-HMAC-SHA256\n20150830T123600Z\n\
    20150830/us-east-1/service/aws4_request\n\
    bb7705b4aa3cb8e8f5e1e0b3d4c0b64030797a313c8ceee43e33117cc43eadc5";
pub(crate) const SIGNATURE: &str =
    "e93c787ed7f371d5c6b165c1b38ede9550f4dce4144713e844b25b7192d3865d";

/// 2015-08-30T12:36:00Z.
pub(crate) fn at() -> Result<Timestamp, Error> {
    Timestamp::from_unix_seconds(1_440_938_160)
}

pub(crate) fn region() -> Result<Region, Error> {
    Region::new("us-east-1")
}
