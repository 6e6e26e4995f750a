//! Where in a text a token starts and ends.

use alloc::{string::String, vec::Vec};

use zeroize::Zeroizing;

use super::super::expected::Expected;
use crate::{
    host::Host,
    token::parameter::{SECURITY_TOKEN, SIGNATURE, SIGNED_HEADERS},
};

/// Finds where the host starts in what is before the question mark.
///
/// Words may stand in front, and lines may break within a host, which look the same. So the longer
/// reading is taken where it makes a host that is known or that RDS gives, and the shorter does not.
pub(super) fn start(before: &str, known: &Expected) -> usize {
    let before = before.strip_suffix('/').unwrap_or(before);
    let compact = Compact::new(before);
    let on_this_line = without_start(host_and_port(before), known);
    let over_lines = without_start(host_and_port(&compact.letters), known);
    if likelihood(over_lines, known) > likelihood(on_this_line, known) {
        compact.offset(compact.letters.len() - over_lines.len())
    } else {
        before.len() - on_this_line.len()
    }
}

/// Finds where the last parameter ends.
pub(super) fn end(text: &str) -> usize {
    let text = text.strip_suffix("\\n").unwrap_or(text);
    let compact = Compact::new(text);
    end_in(&compact, text).unwrap_or(text.len())
}

fn end_in(compact: &Compact, text: &str) -> Option<usize> {
    let (_, query) = compact.letters.split_once('?')?;
    let (_, signature) = query.split_once(SIGNATURE)?;
    let signature = signature.strip_prefix('=')?;
    let digits = signature.bytes().take_while(u8::is_ascii_hexdigit);
    if digits.count() < DIGITS {
        return None;
    }
    let signature_end = compact.letters.len() - signature.len() + DIGITS;
    let mut end = compact.offset_after(signature_end);
    let after = text.get(end..)?;
    if after.starts_with(|letter: char| letter.is_ascii_alphanumeric()) {
        return None;
    }
    let (_, rest) = compact.letters.split_at(signature_end);
    let whole = rest.trim_end_matches('&');
    if whole.is_empty() && !rest.is_empty() && !query.contains(SIGNED_HEADERS) {
        return None;
    }
    if whole.starts_with('&') {
        let last = whole.rsplit('&').next().unwrap_or_default();
        let (value, is_value) = LAST
            .iter()
            .find_map(|(name, is_value)| Some((after_name(last, name)?, is_value)))?;
        let len = value
            .find(|letter| !is_value(letter))
            .unwrap_or(value.len());
        let value_start = signature_end + whole.len() - value.len();
        let start = compact.offset(value_start);
        let after = compact.offset_after(value_start + len);
        let value = text.get(start..after)?;
        let is_host_alone = value
            .strip_prefix("host")
            .is_some_and(|rest| rest.starts_with(is_joint));
        end = start
            + if is_host_alone {
                "host".len()
            } else {
                first_words(value)
            };
    }
    Some(end)
}

/// Finds the first space within a line.
fn first_words(text: &str) -> usize {
    let mut offset = 0;
    for line in text.split_inclusive(['\n', '\r']) {
        let indented = line.len() - line.trim_start_matches(is_joint).len();
        let words = line.trim_matches(is_joint);
        if let Some(at) = words.find([' ', '\t']) {
            return offset + indented + at;
        }
        offset += line.len();
    }
    text.len()
}

/// Of a signature.
const DIGITS: usize = 64;

type IsValue = fn(char) -> bool;

/// What some signers print after the signature.
const LAST: &[(&str, IsValue)] = &[
    (SIGNED_HEADERS, |letter| {
        letter.is_ascii_alphanumeric() || "%-".contains(letter)
    }),
    (SECURITY_TOKEN, |letter| {
        letter.is_ascii_alphanumeric() || "%+/=_~-".contains(letter)
    }),
];

/// Finds a token in which even the question mark is encoded: its first byte and its end.
pub(super) fn of_encoded(text: &str) -> Option<(usize, usize)> {
    let is_encoded = |letter: char| {
        letter.is_ascii_alphanumeric() || "-._~%".contains(letter) || is_joint(letter)
    };
    let mark = [
        "%3FAction%3D",
        "%3fAction%3d",
        "%3FDBUser%3D",
        "%3fDBUser%3d",
        "%253F",
        "%253f",
    ]
    .iter()
    .find_map(|mark| text.find(mark))?;
    let (before, after) = text.split_at(mark);
    let start = before.rfind(|letter| !is_encoded(letter)).map_or(0, |at| {
        before
            .get(at..)
            .and_then(|rest| rest.chars().next())
            .map_or(at, |letter| at + letter.len_utf8())
    });
    let end = after
        .find(|letter| !is_encoded(letter))
        .map_or(text.len(), |at| mark + at);
    Some((start, end))
}

/// Gives the end of a text that can be `host:port`.
fn host_and_port(text: &str) -> &str {
    let is_foreign =
        |letter: char| !(letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.' | ':'));
    let last = text.rsplit(is_foreign).next().unwrap_or_default();
    let second_last_colon = last.rmatch_indices(':').nth(1);
    second_last_colon.map_or(last, |(at, _)| last.split_at(at + 1).1)
}

/// Leaves out what stands before a host that is known.
fn without_start<'a>(authority: &'a str, known: &Expected) -> &'a str {
    let Some(known) = &known.host else {
        return authority;
    };
    let at = Zeroizing::new(authority.to_ascii_lowercase()).find(known.as_str());
    at.and_then(|at| authority.get(at..)).unwrap_or(authority)
}

/// Says how likely a text is the host and port that were signed for.
fn likelihood(authority: &str, known: &Expected) -> u8 {
    let (host, _) = authority.split_once(':').unwrap_or((authority, ""));
    let is_known = |name: &Host| known.host.as_ref() == Some(name);
    match Host::new(host).ok() {
        Some(name) if is_known(&name) => 3,
        Some(name) if name.kind().accepts_tokens() => 2,
        Some(_) => 1,
        None => 0,
    }
}

/// Gives what follows the name of a parameter and its equals sign.
fn after_name<'a>(parameter: &'a str, name: &str) -> Option<&'a str> {
    parameter.strip_prefix(name)?.strip_prefix('=')
}

/// A text without what may stand where lines were broken.
struct Compact {
    letters: Zeroizing<String>,
    /// Where each byte is in the text.
    offsets: Vec<usize>,
    end: usize,
}

impl Compact {
    fn new(text: &str) -> Self {
        let mut letters = Zeroizing::new(String::with_capacity(text.len()));
        let mut offsets = Vec::with_capacity(text.len());
        for (at, letter) in text.char_indices().filter(|(_, letter)| !is_joint(*letter)) {
            letters.push(letter);
            offsets.extend(at..at + letter.len_utf8());
        }
        Self {
            letters,
            offsets,
            end: text.len(),
        }
    }

    /// Gives the place in the text of a byte.
    fn offset(&self, at: usize) -> usize {
        self.offsets.get(at).copied().unwrap_or(self.end)
    }

    /// Gives the place in the text behind the byte before.
    fn offset_after(&self, at: usize) -> usize {
        at.checked_sub(1).map_or(0, |last| self.offset(last) + 1)
    }
}

/// Tells whether a letter may stand where a line was broken: white space, what says that a line
/// goes on, and what marks a quoted line.
fn is_joint(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '\\' | '^' | '>')
}
