//! Step 1: undo what copying did to a token.

use alloc::{format, string::String, vec::Vec};

use super::{cause::Cause, expected::Expected, finding::Finding};
use crate::{
    secret::Secret,
    token::{TokenParts, parameter},
};

mod base64;
mod bounds;
mod encoding;
mod foreign;
mod letters;
mod surroundings;
mod url;

/// A text without the damage that was done to it on its way, and the findings about that damage.
pub(super) struct Repair {
    pub(super) text: Secret,
    pub(super) findings: Vec<Finding>,
    /// The kinds of text around the token or in it.
    around: Vec<&'static str>,
}

impl Repair {
    /// Undoes what can be undone without a guess.
    ///
    /// A token is looked for inside the text only if the text as a whole is none: a user may be
    /// called `?Action=connect`.
    pub(super) fn new(text: &str, expected: &Expected) -> Self {
        let mut repair = Self {
            text: Secret::new(text),
            findings: Vec::new(),
            around: Vec::new(),
        };
        let whole = Whole::of(text, expected);
        if whole == Whole::Not {
            repair.decode_base64();
            repair.take_from_url();
            repair.unescape_ampersands();
            repair.halve_percent_signs();
            repair.decode_whole();
            repair.drop_start(expected);
        }
        repair.drop_end();
        repair.join_lines();
        repair.encode_parameters();
        repair.drop_foreign_characters();
        if whole != Whole::OfExpectedKey {
            repair.decode_parameters();
        }
        repair.restore_letters();
        repair.around.dedup();
        if !repair.around.is_empty() {
            let names = repair.around.join(" and ");
            repair.find(
                Cause::SurroundingText,
                format!("{names} around the token or in it; expected the token alone"),
            );
        }
        repair
    }

    fn text(&self) -> &str {
        self.text.expose_secret()
    }

    fn query(&self) -> &str {
        self.text().split_once('?').map_or("", |(_, query)| query)
    }

    fn find(&mut self, cause: Cause, message: impl Into<String>) {
        if self.findings.iter().all(|finding| finding.cause() != cause) {
            self.findings.push(Finding::new(cause, message));
        }
    }

    /// Notes the kind of a piece of text that is dropped.
    fn note(&mut self, dropped: &str, other: &'static str) {
        match foreign::names(dropped) {
            Some(names) => self.around.extend(names),
            None => self.around.push(other),
        }
    }

    /// Keeps a part of the text as it was decoded, and drops what is around it.
    fn keep(&mut self, (start, end): (usize, usize), decoded: Secret) {
        let (before, rest) = self.text().split_at(start);
        let (_, after) = rest.split_at(end - start);
        let (before, after) = (Secret::new(before), Secret::new(after));
        self.note(before.expose_secret(), IN_FRONT);
        self.note(after.expose_secret(), BEHIND);
        self.text = decoded;
    }

    fn decode_base64(&mut self) {
        if let Some((start, end, decoded)) = base64::token(self.text()) {
            self.keep((start, end), decoded);
            self.find(Cause::Base64, "the token is in base64; expected it decoded");
        }
    }

    /// Restores the letter case as far as possible, and finds that percent signs are missing.
    fn restore_letters(&mut self) {
        if let Some(restored) = letters::with_letter_case(self.text()) {
            self.text = restored;
            let message = "all letters are in one case; expected the names and values as printed";
            self.find(Cause::LetterCase, message);
        }
        if letters::has_no_percent_signs(self.query()) {
            let message =
                "percent signs are missing; expected %2F for each slash of X-Amz-Credential";
            self.find(Cause::LostPercentSigns, message);
        }
    }
}

/// Whether a text is a token as a whole.
#[derive(PartialEq)]
enum Whole {
    Not,
    Token,
    /// A token of the access key that is expected, with the session token that is.
    OfExpectedKey,
}

impl Whole {
    fn of(text: &str, expected: &Expected) -> Self {
        let Ok(parts) = TokenParts::parse(text) else {
            return Self::Not;
        };
        // -pdb.c1a2…: what is in front of a host may look like a part of it.
        let is_longer = expected.host.as_ref().is_some_and(|host| {
            let end = parts.host().len().checked_sub(host.as_str().len());
            end.is_some_and(|end| end > 0)
                && parts.host().to_ascii_lowercase().ends_with(host.as_str())
        });
        if is_longer {
            return Self::Not;
        }
        let is_expected = expected.credentials.as_ref().is_some_and(|credentials| {
            parts.access_key_id() == credentials.access_key_id()
                && parts.has_session_token_of(credentials)
        });
        if is_expected {
            Self::OfExpectedKey
        } else {
            Self::Token
        }
    }
}

const IN_FRONT: &str = "other text in front";

const BEHIND: &str = "other text behind";

/// Returns the value of a parameter, or nothing.
fn value_of<'a>(query: &'a str, name: &str) -> &'a str {
    let value = parameter::split(query).find(|(there, _)| *there == name);
    value.and_then(|(_, value)| value).unwrap_or_default()
}
