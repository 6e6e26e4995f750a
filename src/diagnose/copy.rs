//! What happens to a token when it is copied.

use alloc::{format, string::String, vec::Vec};
use core::iter;

use percent_encoding::percent_decode_str;
use zeroize::Zeroizing;

use super::{cause::Cause, finding::Finding};
use crate::{
    secret::Secret,
    sigv4::uri_encoded,
    token::parameter::{self, CREDENTIAL, SIGNATURE},
};

/// A text without what happened to it on its way, and what that was.
pub(super) struct Copy {
    pub(super) text: Secret,
    pub(super) findings: Vec<Finding>,
}

impl Copy {
    /// Undoes what can be undone without a guess.
    pub(super) fn repair(text: &str) -> Self {
        let mut copy = Self {
            text: Secret::new(text),
            findings: Vec::new(),
        };
        let mut around = Vec::new();
        copy.unescape_ampersands();
        copy.drop_introduction(&mut around);
        copy.encode_parameters();
        copy.drop_foreign_characters(&mut around);
        copy.decode_whole();
        copy.drop_start(&mut around);
        copy.drop_end(&mut around);
        copy.decode_parameters();
        if !around.is_empty() {
            copy.find(
                Cause::SurroundingText,
                format!("has {}", around.join(" and ")),
            );
        }
        copy
    }

    fn text(&self) -> &str {
        self.text.expose_secret()
    }

    fn find(&mut self, cause: Cause, message: impl Into<String>) {
        self.findings.push(Finding::new(cause, message));
    }

    fn unescape_ampersands(&mut self) {
        for escaped in ["&amp;", "\\u0026"] {
            if self.text().contains(escaped) {
                self.text = replaced(self.text(), escaped, "&");
                self.find(
                    Cause::EscapedAmpersand,
                    format!("has {escaped} in place of &"),
                );
            }
        }
    }

    /// Drops words before the host, as in `Password: host:5432/?…`.
    fn drop_introduction(&mut self, around: &mut Vec<&'static str>) {
        let before = self.text().split('?').next().unwrap_or_default().trim_end();
        let Some((words, host)) = before.rsplit_once([' ', '\t']) else {
            return;
        };
        if host.contains(':') && words.contains(|letter: char| letter.is_alphanumeric()) {
            let (_, token) = self.text().split_at(words.len() + 1);
            self.text = Secret::new(token);
            around.push("other text in front");
        }
    }

    /// Encodes parameters in which nothing is encoded.
    fn encode_parameters(&mut self) {
        let (token, behind) = self.text().split_at(self.text().trim_end().len());
        let Some((authority, query)) = token.split_once('?') else {
            return;
        };
        if query.contains('%') || !self.credential().contains('/') {
            return;
        }
        let mut encoded = String::with_capacity(3 * self.text().len());
        encoded.push_str(authority);
        for (mark, (name, value)) in iter::once('?')
            .chain(iter::repeat('&'))
            .zip(parameter::split(query))
        {
            encoded.push(mark);
            encoded.push_str(name);
            if let Some(value) = value {
                encoded.push('=');
                encoded.extend(uri_encoded(value.as_bytes()));
            }
        }
        encoded.push_str(behind);
        self.text = Secret::new(encoded);
        self.find(
            Cause::Decoded,
            "has parameters that are not percent-encoded",
        );
    }

    fn credential(&self) -> &str {
        let query = self.text().split_once('?').map_or("", |(_, query)| query);
        let credential = parameter::split(query).find(|(name, _)| *name == CREDENTIAL);
        credential.and_then(|(_, value)| value).unwrap_or_default()
    }

    /// Drops what stands in no token, wherever it is.
    fn drop_foreign_characters(&mut self, around: &mut Vec<&'static str>) {
        for (name, is_foreign) in FOREIGN {
            if self.text().contains(is_foreign) {
                let mut kept = String::with_capacity(self.text().len());
                kept.extend(self.text().split(is_foreign));
                self.text = Secret::new(kept);
                around.push(name);
            }
        }
    }

    /// Decodes a text in which even the question mark is encoded.
    fn decode_whole(&mut self) {
        let text = self.text();
        if text.contains('?') || !(text.contains("%3F") || text.contains("%3f")) {
            return;
        }
        if let Some(decoded) = decoded(text) {
            self.text = decoded;
            self.find(Cause::EncodedTwice, "is percent-encoded as a whole");
        }
    }

    /// Drops what is in front of `host:port`.
    fn drop_start(&mut self, around: &mut Vec<&'static str>) {
        let text = self.text();
        let before = text.split('?').next().unwrap_or_default();
        if before.len() == text.len() {
            return;
        }
        let authority = before.strip_suffix('/').unwrap_or(before);
        let host_and_port = authority
            .rsplit(is_foreign_to_host)
            .next()
            .unwrap_or_default();
        let start = authority.len() - host_and_port.len() + second_last_colon(host_and_port);
        let (start, _) = authority.split_at(start);
        if start.is_empty() {
            return;
        }
        let is_scheme = start.contains("//");
        let (_, token) = text.split_at(start.len());
        self.text = Secret::new(token);
        if is_scheme {
            self.find(Cause::Scheme, "has a scheme in front of its host");
        } else {
            around.push("other text in front");
        }
    }

    /// Drops what is behind the last parameter.
    fn drop_end(&mut self, around: &mut Vec<&'static str>) {
        let text = self.text();
        let last = text.rsplit('&').next().unwrap_or_default();
        let token = match last
            .strip_prefix(SIGNATURE)
            .and_then(|rest| rest.strip_prefix('='))
        {
            Some(value) => {
                let end = value.find(|digit: char| !digit.is_ascii_alphanumeric());
                let (signature, after) = value.split_at(end.unwrap_or(value.len()));
                if signature.len() < 64 {
                    text
                } else {
                    text.strip_suffix(after).unwrap_or(text)
                }
            }
            None => text.trim_end_matches([',', ';', ')', ']', '}', '>']),
        };
        if token.len() < text.len() {
            self.text = Secret::new(token);
            around.push("other text behind");
        }
    }

    /// Decodes parameters whose percent signs were encoded once more.
    fn decode_parameters(&mut self) {
        let credential = self.credential();
        if credential.contains("%252F") || credential.contains("%252f") {
            self.text = replaced(self.text(), "%25", "%");
            self.find(
                Cause::EncodedTwice,
                "has parameters that are percent-encoded twice",
            );
        }
    }
}

type IsForeign = fn(char) -> bool;

/// Characters that no token has, by what they are called.
const FOREIGN: &[(&str, IsForeign)] = &[
    ("line breaks", |letter| matches!(letter, '\n' | '\r')),
    ("white space", |letter| {
        letter.is_whitespace() || matches!(letter, '\u{200b}' | '\u{feff}')
    }),
    ("quotes", |letter| {
        matches!(letter, '"' | '\'' | '`' | '\u{2018}'..='\u{201f}')
    }),
    ("backslashes", |letter| letter == '\\'),
];

fn is_foreign_to_host(letter: char) -> bool {
    !(letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.' | ':'))
}

/// Finds the end of what stands before `host:port` and a colon.
fn second_last_colon(authority: &str) -> usize {
    authority
        .rmatch_indices(':')
        .nth(1)
        .map_or(0, |(at, _)| at + 1)
}

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
