//! What may be shown of texts that others wrote: services, processes, HTTP clients.

use alloc::string::String;

/// Returns the first line of a text, as far as it may be shown: at most 300 bytes, without control
/// characters, without what follows a question mark in a URL, and without long words that look like
/// a key or a token.
pub(crate) fn shown(text: &str) -> String {
    let line = text.trim().lines().next().unwrap_or_default();
    let mut shown = String::new();
    for word in line.split(' ') {
        if shown.len() + word.len() > 300 {
            shown.push('…');
            break;
        }
        if !shown.is_empty() {
            shown.push(' ');
        }
        let url = word.split_once('?').map_or(word, |(before, _)| before);
        if looks_secret(url) {
            shown.push_str("[redacted]");
        } else {
            shown.extend(url.chars().filter(|letter| !letter.is_control()));
        }
    }
    shown
}

/// Returns `true` for 24 or more letters and digits in a row that are mixed as in a key or token.
fn looks_secret(word: &str) -> bool {
    word.split(|letter: char| !letter.is_ascii_alphanumeric() && !"+/=_-".contains(letter))
        .any(|run| {
            run.len() >= 24
                && !run.starts_with('/')
                && run.bytes().any(|byte| byte.is_ascii_digit())
                && run.bytes().any(|byte| byte.is_ascii_uppercase())
                && run.bytes().any(|byte| byte.is_ascii_lowercase())
        })
}
