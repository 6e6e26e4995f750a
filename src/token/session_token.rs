//! The session token of a token.

use alloc::vec::Vec;

use super::value::{decode, scan};
use crate::{
    ascii,
    credentials::{Credentials, is_session_token},
    presign::Value,
    secret::{Secret, SecretText},
};

/// A session token, encoded as in the text or decoded.
#[derive(Clone)]
pub(crate) enum SessionToken<'a> {
    /// As it is signed, with nothing but `+`, `/` and `=` encoded.
    Base64(&'a str),
    Decoded(SecretText<'a>),
}

impl<'a> SessionToken<'a> {
    /// Parses a value. AWS's session tokens are base64, and every signer encodes base64 in the same way: one
    /// pass finds that, and nothing is decoded.
    pub(super) fn read(value: &'a str) -> Option<Self> {
        if is_encoded_base64(value.as_bytes()) {
            return Some(Self::Base64(value));
        }
        decode(value).map(|(text, _)| Self::Decoded(text))
    }

    /// Returns the session token as it is signed.
    pub(crate) fn signed(&self) -> Value<'_> {
        match self {
            Self::Base64(value) => Value::Encoded(value),
            Self::Decoded(text) => Value::Raw(text.expose_secret()),
        }
    }

    /// Returns a copy of the session token.
    pub(crate) fn decoded(&self) -> Secret {
        match self {
            Self::Base64(value) => {
                let mut bytes = Vec::with_capacity(value.len());
                // Which is correctly encoded, so that nothing is left out.
                let _ = scan(value, |piece| bytes.extend_from_slice(piece));
                Secret::new(ascii::into_string(bytes))
            }
            Self::Decoded(text) => Secret::new(text.expose_secret()),
        }
    }

    /// Returns `true` if this is the session token of credentials.
    pub(crate) fn is_of(&self, credentials: &Credentials) -> bool {
        match self {
            Self::Base64(value) => credentials.encoded_session_token() == Some(value),
            Self::Decoded(text) => credentials.expose_session_token() == Some(text.expose_secret()),
        }
    }

    /// Returns `true` if credentials can have this session token.
    pub(crate) fn fits(&self) -> bool {
        match self {
            Self::Base64(_) => true,
            Self::Decoded(text) => is_session_token(text.expose_secret()),
        }
    }
}

/// Returns `true` if all bytes of a value are unreserved, but for the reserved ones of base64, which are encoded
/// canonically. All bytes are looked at together, which costs a fraction of one after the other.
fn is_encoded_base64(value: &[u8]) -> bool {
    let Some((third, last)) = value.get(2..).zip(value.last_chunk::<2>()) else {
        return false;
    };
    let second = value.iter().skip(1);
    let is_unreserved =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    let triples = value.iter().zip(second).zip(third);
    let fits = triples.fold(true, |fits, ((&byte, &high), &low)| {
        let is_of_base64 = matches!((high, low), (b'2', b'B' | b'F') | (b'3', b'D'));
        fits & (is_unreserved(byte) || byte == b'%' && is_of_base64)
    });
    fits & last.iter().all(|&byte| is_unreserved(byte))
}

#[cfg(test)]
mod tests {
    use alloc::{format, string::String};

    use super::*;
    use crate::sigv4::uri_encode;

    /// A value, its text if it can be read, and whether it is found to be base64.
    const VALUES: &[(&str, Option<&str>, bool)] = &[
        ("", None, false),
        ("a", Some("a"), false),
        ("ab", Some("ab"), true),
        ("IQoJb3JpZ2lu-._~", Some("IQoJb3JpZ2lu-._~"), true),
        ("%2B%2F%3D", Some("+/="), true),
        ("a%2Bb%2Fc%3D%3D", Some("a+b/c=="), true),
        // Signed in a different encoding than that of the text.
        ("a%2bb", Some("a+b"), false),
        ("a+b/c", Some("a+b/c"), false),
        ("a%61b", Some("aab"), false),
        // Reserved, and not in base64.
        ("a%21b", Some("a!b"), false),
        ("a%26b%25", Some("a&b%"), false),
        ("%C3%A9", Some("é"), false),
        // No encoding of a text.
        ("ab%2", None, false),
        ("ab%", None, false),
        ("%2", None, false),
        ("%%2B", None, false),
        ("%2%2B", None, false),
        ("%2G", None, false),
        ("%C3", None, false),
        ("a=b", None, false),
        ("aé", None, false),
    ];

    #[test]
    fn a_value_in_the_encoding_of_base64_is_found_and_any_is_decoded() {
        for &(value, text, is_base64) in VALUES {
            assert_eq!(is_encoded_base64(value.as_bytes()), is_base64, "{value}");
            let read = SessionToken::read(value);
            let decoded = read.as_ref().map(SessionToken::decoded);
            assert_eq!(decoded.as_ref().map(Secret::expose_secret), text, "{value}");
            let signed = read.as_ref().map(|read| match read.signed() {
                Value::Encoded(value) => String::from(value),
                Value::Raw(text) => uri_encode(text),
            });
            assert_eq!(signed, text.map(uri_encode), "{value}");
        }
    }

    /// Against decoding and encoding once more, for each triple of bytes with a meaning here, at the
    /// start, in the middle and at the end.
    #[test]
    fn only_what_is_encoded_as_it_is_signed_is_found() {
        const BYTES: &[char] = &['%', '2', '3', 'B', 'D', 'F', 'b', 'f', '+', '=', '~', 'z'];
        for first in BYTES {
            for second in BYTES {
                for third in BYTES {
                    let triple = format!("{first}{second}{third}");
                    for value in [format!("{triple}zz"), format!("zz{triple}"), triple] {
                        let mut text = String::new();
                        let mut keep = |piece: &[u8]| {
                            text.extend(piece.iter().map(|&byte| char::from(byte)));
                        };
                        let is_correct = scan(&value, &mut keep).is_ok();
                        let is_base64 = text.chars().all(|letter| {
                            letter.is_ascii_alphanumeric() || "-._~+/=".contains(letter)
                        });
                        let expected = is_correct && is_base64 && uri_encode(&text) == value;
                        assert_eq!(is_encoded_base64(value.as_bytes()), expected, "{value}");
                    }
                }
            }
        }
    }
}
