//! Encodings that a token went through on its way.

use alloc::{format, string::String, vec::Vec};
use core::iter;

use percent_encoding::percent_decode_str;
use zeroize::Zeroizing;

use super::{
    Repair, bounds,
    url::{self, Password},
    value_of,
};
use crate::{
    diagnose::cause::Cause,
    secret::Secret,
    sigv4::uri_encode,
    token::parameter::{self, CREDENTIAL, SECURITY_TOKEN},
};

impl Repair {
    /// Extracts the password of a connection URL, and decodes it as drivers do if it is encoded.
    pub(super) fn take_from_url(&mut self) {
        let Some(password) = url::password(self.text()) else {
            return;
        };
        let (decoded, message) = match password {
            Password::Encoded(password) => (decoded(password), None),
            Password::HalfEncoded(password, letter) => {
                let (name, what) = match letter {
                    '/' => ("a slash", "end the host"),
                    '?' => ("a question mark", "end the host"),
                    '#' => ("a hash", "end the host"),
                    _ => ("an ampersand", "split the query"),
                };
                let message = format!(
                    "{name} ({letter}) in the password of a URL, where drivers {what}; expected all of \
                     the token percent-encoded once more"
                );
                (decoded(password), Some(message))
            }
            Password::Raw(password) => {
                let message = "the token is in a connection URL as it is, and drivers decode a URL; \
                               expected it percent-encoded once more";
                (Some(Secret::new(password)), Some(message.into()))
            }
            Password::RawInQuery(password) => {
                let message = "the token is in the query of a URL as it is, and drivers split that at \
                               each &; expected it percent-encoded once more";
                (Some(Secret::new(password)), Some(message.into()))
            }
        };
        if let Some(decoded) = decoded {
            self.text = decoded;
            if let Some(message) = message {
                self.find(Cause::Decoded, message);
            }
        }
    }

    pub(super) fn unescape_ampersands(&mut self) {
        for escaped in AMPERSANDS {
            if self.text().contains(escaped) {
                self.text = replaced(self.text(), escaped, "&");
                self.find(
                    Cause::EscapedAmpersand,
                    format!("ampersands are written as {escaped}; expected &"),
                );
            }
        }
    }

    /// Replaces `%%2F`, as ini and batch files have it.
    pub(super) fn halve_percent_signs(&mut self) {
        let is_escape = |(at, _): (usize, &str)| {
            let digits = self.text().as_bytes().get(at + 2..at + 4);
            digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
        };
        if self.text().match_indices("%%").any(is_escape) {
            self.text = replaced(self.text(), "%%", "%");
            let message =
                "percent signs are doubled (%%), as ini and batch files need them; expected %";
            self.find(Cause::MalformedEncoding, message);
        }
    }

    /// Decodes a token in which even the question mark is encoded, as it is in a URL.
    pub(super) fn decode_whole(&mut self) {
        for _ in 0..MOST_ENCODINGS {
            let Some((start, end)) = bounds::of_encoded(self.text()) else {
                return;
            };
            let Some(decoded) = self.text().get(start..end).and_then(decoded) else {
                return;
            };
            self.keep((start, end), decoded);
            let message = "the token is percent-encoded as a whole; expected it as it was printed";
            self.find(Cause::EncodedTwice, message);
        }
    }

    /// Encodes parameters in which nothing is encoded: `&X-Amz-Credential=AKIA…/20150830/us-east-1/…`.
    pub(super) fn encode_parameters(&mut self) {
        let Some((authority, query)) = self.text().split_once('?') else {
            return;
        };
        if query.contains('%') || !value_of(query, CREDENTIAL).contains('/') {
            return;
        }
        let mut encoded = String::with_capacity(3 * self.text().len());
        encoded.push_str(authority);
        let marks = iter::once('?').chain(iter::repeat('&'));
        for (mark, (name, value)) in marks.zip(parameter::split(query)) {
            encoded.push(mark);
            encoded.push_str(name);
            if let Some(value) = value {
                encoded.push('=');
                encoded.push_str(Secret::new(uri_encode(value)).expose_secret());
            }
        }
        self.text = Secret::new(encoded);
        let message = "parameters are not percent-encoded; expected %2F for each slash";
        self.find(Cause::Decoded, message);
    }

    /// Decodes parameters whose percent signs were encoded once more: `AKIA…%252F20150830%252F…`.
    pub(super) fn decode_parameters(&mut self) {
        for _ in 0..MOST_ENCODINGS {
            let is_twice = |name| value_of(self.query(), name).contains("%25");
            if !is_twice(CREDENTIAL) && !is_twice(SECURITY_TOKEN) {
                return;
            }
            self.text = replaced(self.text(), "%25", "%");
            let message = "parameters are percent-encoded twice; expected once";
            self.find(Cause::EncodedTwice, message);
        }
    }
}

/// The ampersands of HTML, XML, JSON and JavaScript.
const AMPERSANDS: &[&str] = &[
    "&amp;amp;",
    "&amp;",
    "&AMP;",
    "&#38;",
    "&#x26;",
    "\\u0026",
    "\\x26",
];

/// More are not undone.
const MOST_ENCODINGS: usize = 3;

/// Replaces a text by a shorter one, without leaving a copy behind.
fn replaced(text: &str, from: &str, to: &str) -> Secret {
    let mut pieces = text.split(from);
    let mut replaced = String::with_capacity(text.len());
    replaced.extend(pieces.next());
    for piece in pieces {
        replaced.push_str(to);
        replaced.push_str(piece);
    }
    Secret::new(replaced)
}

/// Percent-decodes a text, without leaving a copy behind.
fn decoded(text: &str) -> Option<Secret> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len()));
    bytes.extend(percent_decode_str(text));
    core::str::from_utf8(&bytes).ok().map(Secret::new)
}
