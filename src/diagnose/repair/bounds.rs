//! The start and the end of a token in a text.

use alloc::{string::String, vec::Vec};

use zeroize::Zeroizing;

use crate::{
    ascii,
    diagnose::expected::Expected,
    host::{self, Host},
    token::parameter::{self, SECURITY_TOKEN, SIGNATURE, SIGNED_HEADERS},
};

/// Finds the start of the host in a text that ends before the question mark.
///
/// `the token is db.c1a2…`, or a line that is broken within the host: both have white space. So the
/// longer reading is chosen if it makes a host that is expected or that RDS assigns, and the shorter
/// does not.
pub(super) fn start(before: &str, expected: &Expected) -> usize {
    let before = before.strip_suffix('/').unwrap_or(before);
    let compact = Compact::new(before);
    let on_this_line = without_start(host_and_port(before), expected);
    let over_lines = without_start(host_and_port(&compact.letters), expected);
    if likelihood(over_lines, expected) > likelihood(on_this_line, expected) {
        compact.offset(compact.letters.len() - over_lines.len())
    } else {
        before.len() - on_this_line.len()
    }
}

/// Finds the end of the last parameter.
///
/// `…&X-Amz-Signature=0123…&X-Amz-SignedHeaders=host", "expires": 900}`
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
        let (value, is_value) = LAST.iter().find_map(|(name, is_value)| {
            Some((last.strip_prefix(name)?.strip_prefix('=')?, is_value))
        })?;
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

/// The parameters that some signers print after the signature.
const LAST: &[(&str, IsValue)] = &[
    (SIGNED_HEADERS, |letter| {
        letter.is_ascii_alphanumeric() || "%-".contains(letter)
    }),
    (SECURITY_TOKEN, |letter| {
        letter.is_ascii_alphanumeric() || "%+/=_~-.".contains(letter)
    }),
];

/// Finds a token in which even the question mark is encoded: its first byte and its end.
///
/// `db.c1a2…%3A5432%2F%3FAction%3Dconnect%26DBUser…`, also with a slash before `%3F`, which `quote` of
/// Python keeps, with a colon before the port, and encoded twice.
pub(super) fn of_encoded(text: &str) -> Option<(usize, usize)> {
    let mark = marks(text).find(|mark| is_mark_of_token(text, *mark))?;
    let (before, after) = text.split_at(mark);
    let token = before.strip_suffix('/').unwrap_or(before);
    let start = token
        .rfind(|letter| !is_encoded(letter) && letter != ':')
        .map_or(0, |at| after_letter(before, at));
    let end = after
        .find(|letter| !is_encoded(letter))
        .map_or(text.len(), |at| mark + at);
    Some((start, end))
}

/// Finds the first encoded question mark of each kind that the name of a parameter follows.
fn marks(text: &str) -> impl Iterator<Item = usize> {
    let names_parameter = |at: usize| {
        let name = text.get(at..).unwrap_or_default();
        let name = name.trim_start_matches(['%', '2', '5']);
        let name = name.get("3F".len()..).unwrap_or_default();
        parameter::ALL.iter().any(|known| name.starts_with(known))
    };
    ["%3F", "%3f", "%253F", "%253f"]
        .into_iter()
        .filter_map(move |mark| {
            let mut places = text.match_indices(mark).map(|(at, _)| at);
            places.find(|at| names_parameter(*at))
        })
}

/// Returns `true` if an encoded question mark is that of a token, and not one in the value of a user:
/// `db.c1a2…:5432/?Action=connect&DBUser=a%3FDBUser%3Db` is no token that is encoded as a whole.
fn is_mark_of_token(text: &str, mark: usize) -> bool {
    let (before, _) = text.split_at(mark);
    let mut runs = before.rsplit(|letter| !is_encoded(letter) && !"/:".contains(letter));
    let run = runs.next().unwrap_or_default();
    COLONS.iter().any(|colon| run.contains(colon)) || !before.contains('?')
}

/// The colon before a port, encoded once or twice.
const COLONS: &[&str] = &[":", "%3A", "%3a", "%253A", "%253a"];

fn is_encoded(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || "-._~%".contains(letter) || is_joint(letter)
}

/// Returns the place behind a letter.
fn after_letter(text: &str, at: usize) -> usize {
    let letter = text.get(at..).and_then(|rest| rest.chars().next());
    letter.map_or(at, |letter| at + letter.len_utf8())
}

/// Returns the end of a text that may be `host:port`.
fn host_and_port(text: &str) -> &str {
    let is_foreign =
        |letter: char| !(letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.' | ':'));
    let last = text.rsplit(is_foreign).next().unwrap_or_default();
    let mut colons = last.rmatch_indices(':').map(|(at, _)| at).skip(1);
    // password:db.c1a2…:5432, and db.c1a2…:5432:5432 of an endpoint that has its port already.
    let is_port_twice = |at: usize| {
        let (before, ports) = last.split_at(at);
        let mut ports = ports.trim_start_matches(':').split(':');
        host::check(before.rsplit(':').next().unwrap_or_default()).is_ok()
            && ports.all(|port| ascii::decimal::<u16>(port).is_some())
    };
    let start = match colons.next() {
        Some(at) if is_port_twice(at) => colons.next(),
        start => start,
    };
    start.map_or(last, |at| last.split_at(at + 1).1)
}

/// Removes what is in front of the host that is expected: `-pdb.c1a2…:5432` of an option.
fn without_start<'a>(authority: &'a str, expected: &Expected) -> &'a str {
    let Some(known) = &expected.host else {
        return authority;
    };
    let at = Zeroizing::new(authority.to_ascii_lowercase()).find(known.as_str());
    at.and_then(|at| authority.get(at..)).unwrap_or(authority)
}

/// Returns how likely a text is the host and port that were signed for.
fn likelihood(authority: &str, expected: &Expected) -> u8 {
    let (host, _) = authority.split_once(':').unwrap_or((authority, ""));
    let is_known = |name: &Host| expected.host.as_ref() == Some(name);
    match Host::new(host).ok() {
        Some(name) if is_known(&name) => 3,
        Some(name) if name.kind().accepts_tokens() => 2,
        Some(_) => 1,
        None => 0,
    }
}

/// A text without the characters at which lines are broken.
struct Compact {
    letters: Zeroizing<String>,
    /// The place in the text of each byte.
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

    /// Returns the place in the text of a byte.
    fn offset(&self, at: usize) -> usize {
        self.offsets.get(at).copied().unwrap_or(self.end)
    }

    /// Returns the place in the text behind the byte before.
    fn offset_after(&self, at: usize) -> usize {
        at.checked_sub(1).map_or(0, |last| self.offset(last) + 1)
    }
}

/// Returns `true` if a line may be broken at a letter: white space, the marks for a line that goes on,
/// and the mark of a quoted line.
pub(super) fn is_joint(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '\\' | '^' | '>')
}
