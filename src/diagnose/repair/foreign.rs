//! Characters that are in no token.

/// Returns the kinds of such characters in a text that has no other.
pub(super) fn names(text: &str) -> Option<impl Iterator<Item = &'static str>> {
    let kinds = FOREIGN.iter().filter(|(_, is_kind)| text.contains(is_kind));
    text.chars()
        .all(is_foreign)
        .then_some(kinds.map(|(name, _)| *name))
}

pub(super) fn is_foreign(letter: char) -> bool {
    FOREIGN.iter().any(|(_, is_kind)| is_kind(letter))
}

pub(super) fn is_line_break(letter: char) -> bool {
    matches!(letter, '\n' | '\r')
}

type IsKind = fn(char) -> bool;

/// Characters that are in no token, by name.
const FOREIGN: &[(&str, IsKind)] = &[
    ("line breaks", is_line_break),
    ("white space", |letter| {
        !is_line_break(letter) && letter.is_whitespace() || letter == '\u{200b}'
    }),
    ("a byte order mark", |letter| letter == '\u{feff}'),
    ("quotes", |letter| {
        matches!(letter, '"' | '\'' | '`' | '\u{2018}'..='\u{201f}')
    }),
    ("backslashes", |letter| letter == '\\'),
    ("carets", |letter| letter == '^'),
    ("control characters", |letter| {
        letter.is_control() && !letter.is_whitespace()
    }),
];
