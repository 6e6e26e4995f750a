//! What happens to a token when it is copied.

use alloc::{format, string::String, vec::Vec};
use core::iter;

use percent_encoding::percent_decode_str;
use zeroize::Zeroizing;

use super::{cause::Cause, expected::Expected, finding::Finding};
use crate::{
    secret::Secret,
    sigv4::uri_encode,
    token::parameter::{self, CREDENTIAL, SECURITY_TOKEN, USER},
};

mod bounds;
mod foreign;
mod url;

use foreign::{is_foreign, is_line_break};

/// A text without what happened to it on its way, and what that was.
pub(super) struct Repair {
    pub(super) text: Secret,
    pub(super) findings: Vec<Finding>,
    /// What was around the token or in it.
    around: Vec<&'static str>,
}

impl Repair {
    /// Undoes what can be undone without a guess.
    pub(super) fn new(text: &str, known: &Expected) -> Self {
        let mut repair = Self {
            text: Secret::new(text),
            findings: Vec::new(),
            around: Vec::new(),
        };
        repair.take_from_url();
        repair.unescape_ampersands();
        repair.decode_whole();
        repair.drop_start(known);
        repair.drop_end();
        repair.join_lines();
        repair.encode_parameters();
        repair.drop_foreign_characters();
        repair.decode_parameters();
        repair.around.dedup();
        if !repair.around.is_empty() {
            let message = format!("has {}", repair.around.join(" and "));
            repair.find(Cause::SurroundingText, message);
        }
        repair
    }

    fn text(&self) -> &str {
        self.text.expose_secret()
    }

    fn find(&mut self, cause: Cause, message: impl Into<String>) {
        if self.findings.iter().all(|finding| finding.cause() != cause) {
            self.findings.push(Finding::new(cause, message));
        }
    }

    /// Notes what a piece of text is that is dropped.
    fn note(&mut self, dropped: &str, other: &'static str) {
        match foreign::names(dropped) {
            Some(names) => self.around.extend(names),
            None => self.around.push(other),
        }
    }

    /// Takes the password out of a connection URL, and decodes it as drivers do where it is encoded.
    fn take_from_url(&mut self) {
        let Some(password) = url::password(self.text()) else {
            return;
        };
        if password.contains('?') {
            self.text = Secret::new(password);
            let message = "stands in a connection URL as it is, and drivers decode a URL";
            self.find(Cause::Decoded, message);
        } else if let Some(decoded) = decoded(password) {
            self.text = decoded;
        }
    }

    fn unescape_ampersands(&mut self) {
        for escaped in AMPERSANDS {
            if self.text().contains(escaped) {
                self.text = replaced(self.text(), escaped, "&");
                self.find(
                    Cause::EscapedAmpersand,
                    format!("has {escaped} in place of &"),
                );
            }
        }
    }

    /// Decodes a token in which even the question mark is encoded, as it is in a URL.
    fn decode_whole(&mut self) {
        for _ in 0..MOST_ENCODINGS {
            let Some((start, end)) = bounds::of_encoded(self.text()) else {
                return;
            };
            let (before, rest) = self.text().split_at(start);
            let (token, after) = rest.split_at(end - start);
            let Some(decoded) = decoded(token) else {
                return;
            };
            let (before, after) = (Secret::new(before), Secret::new(after));
            self.note(before.expose_secret(), "other text in front");
            self.note(after.expose_secret(), "other text behind");
            self.text = decoded;
            self.find(Cause::EncodedTwice, "is percent-encoded as a whole");
        }
    }

    /// Drops what is in front of the host.
    fn drop_start(&mut self, known: &Expected) {
        let Some((before, _)) = self.text().split_once('?') else {
            return;
        };
        if parameter::names_secret(before) {
            return;
        }
        let (dropped, token) = self.text().split_at(bounds::start(before, known));
        let (dropped, token) = (Secret::new(dropped), Secret::new(token));
        self.text = token;
        if dropped.expose_secret().contains("//") {
            self.find(Cause::Scheme, "has a scheme in front of its host");
        } else {
            self.note(dropped.expose_secret(), "other text in front");
        }
    }

    /// Drops what is behind the last parameter.
    fn drop_end(&mut self) {
        let (token, dropped) = self.text().split_at(bounds::end(self.text()));
        let (token, dropped) = (Secret::new(token), Secret::new(dropped));
        self.text = token;
        self.note(dropped.expose_secret(), "other text behind");
    }

    /// Joins lines, with what marks that a line goes on and how far it is indented.
    fn join_lines(&mut self) {
        if !self.text().contains(is_line_break) {
            return;
        }
        let mut joined = String::with_capacity(self.text().len());
        for line in self.text().split(is_line_break) {
            let line = line.trim_start_matches([' ', '\t', '>']);
            joined.push_str(line.trim_end_matches([' ', '\t', '\\', '^']));
        }
        self.text = Secret::new(joined);
        self.around.push("line breaks");
    }

    /// Encodes parameters in which nothing is encoded.
    fn encode_parameters(&mut self) {
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
        self.find(
            Cause::Decoded,
            "has parameters that are not percent-encoded",
        );
    }

    /// Drops what stands in no token, wherever it is but in a user that is not encoded.
    fn drop_foreign_characters(&mut self) {
        let query = self.text().split_once('?').map_or("", |(_, query)| query);
        let user = value_of(query, USER).trim_end_matches('\\');
        let user = if user.contains(is_foreign) { user } else { "" };
        let Some((before, after)) = self.text().split_once(user) else {
            return;
        };
        if !before.contains(is_foreign) && !after.contains(is_foreign) {
            return;
        }
        let mut kept = String::with_capacity(self.text().len());
        let mut dropped = String::with_capacity(self.text().len());
        for (part, is_user) in [(before, false), (user, true), (after, false)] {
            for letter in part.chars() {
                if is_user || !is_foreign(letter) {
                    kept.push(letter);
                } else {
                    dropped.push(letter);
                }
            }
        }
        self.text = Secret::new(kept);
        self.note(&dropped, "");
    }

    /// Decodes parameters whose percent signs were encoded once more.
    fn decode_parameters(&mut self) {
        for _ in 0..MOST_ENCODINGS {
            let query = self.text().split_once('?').map_or("", |(_, query)| query);
            let is_twice = |name| value_of(query, name).contains("%25");
            if !is_twice(CREDENTIAL) && !is_twice(SECURITY_TOKEN) {
                return;
            }
            self.text = replaced(self.text(), "%25", "%");
            self.find(
                Cause::EncodedTwice,
                "has parameters that are percent-encoded twice",
            );
        }
    }
}

/// How HTML, XML, JSON and JavaScript write an ampersand.
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

/// Gives the value of a parameter, or nothing.
fn value_of<'a>(query: &'a str, name: &str) -> &'a str {
    let value = parameter::split(query).find(|(there, _)| *there == name);
    value.and_then(|(_, value)| value).unwrap_or_default()
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
