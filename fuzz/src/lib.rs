//! What the targets share: percent-encoding once more, byte by byte and without the library, and the
//! one server that they know.

pub mod login;

use rds_iam_token::{Credentials, Endpoint, Region, Secret, Timestamp, TokenParts};

/// Encodes as RFC 3986 has it, all but its unreserved characters.
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    let mut encoded = String::new();
    for byte in bytes {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                encoded.push(char::from(*byte));
            }
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

/// Decodes a text, or returns nothing if a percent sign encodes no byte.
#[must_use]
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let mut decoded = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let mut digit = || char::from(rest.next()?).to_digit(16);
            decoded.push(u8::try_from(digit()? * 16 + digit()?).ok()?);
        } else {
            decoded.push(byte);
        }
    }
    Some(decoded)
}

/// Lists what is secret in a token and long enough not to be met by chance, unless it stands in what
/// is not secret as well.
#[must_use]
pub fn secrets(parts: &TokenParts<'_>) -> Vec<String> {
    let open = [
        parts.host(),
        parts.action(),
        parts.user(),
        parts.algorithm(),
        parts.access_key_id(),
        parts.scope_date(),
        parts.region(),
        parts.service(),
        parts.signed_headers(),
    ];
    let session_token = parts.session_token().map(Secret::into_exposed_string);
    [Some(parts.expose_signature().to_owned()), session_token]
        .into_iter()
        .flatten()
        .filter(|secret| secret.len() >= 20 && !open.iter().any(|text| text.contains(secret)))
        .collect()
}

/// When the seeds were signed.
#[must_use]
pub fn now() -> Timestamp {
    Timestamp::from_unix_seconds(1_440_938_160).unwrap()
}

/// What the seeds are signed for.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("db.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com", 5432).unwrap()
}

/// Where the seeds are signed for.
#[must_use]
pub fn region() -> Region {
    Region::new("eu-west-1").unwrap()
}

/// What the seeds are signed with, by the id of the key.
#[must_use]
pub fn credentials(id: &str) -> Option<Credentials> {
    let credentials = || Credentials::new(id, SECRET).unwrap();
    match id {
        "AKIDEXAMPLE" => Some(credentials()),
        "ASIDEXAMPLE" => credentials().with_session_token(SESSION_TOKEN).ok(),
        _ => None,
    }
}

const SECRET: &str = "not-a-real-secret-but-a-long-one";

const SESSION_TOKEN: &str = "not+a/real=session-token/but+a/long=one==";
