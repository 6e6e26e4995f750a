//! What may be shown of texts that others wrote: services, processes, HTTP clients.

use alloc::string::String;

/// Returns the first line of a text, redacted, and without what follows a question mark in a URL. Of
/// a longer one, the words that fit into 300 bytes.
pub(crate) fn shown(text: &str) -> String {
    let line = text.trim().lines().next().unwrap_or_default();
    let mut shown = String::new();
    for word in line.split(' ') {
        let space = if shown.is_empty() { "" } else { " " };
        let url = word.split_once('?').map_or(word, |(before, _)| before);
        if shown.len() + space.len() + url.len() > 300 {
            shown.push('…');
            break;
        }
        shown.extend([space, url]);
    }
    redacted(&shown)
}

/// Replaces what looks like a secret access key or a token, and control characters.
///
/// Names of profiles, roles and files go into messages, because without them nobody finds the
/// mistake; and somebody will paste a key into the place of a name.
pub(crate) fn redacted(text: &str) -> String {
    let mut shown = String::new();
    let mut rest = text;
    while !rest.is_empty() {
        let start = rest.find(is_letter_of_key).unwrap_or(rest.len());
        let (before, after) = rest.split_at(start);
        let end = after
            .find(|letter| !is_letter_of_key(letter))
            .unwrap_or(after.len());
        let (run, after) = after.split_at(end);
        shown.extend(
            before
                .chars()
                .map(|letter| if letter.is_control() { ' ' } else { letter }),
        );
        shown.push_str(if looks_secret(run) { "[redacted]" } else { run });
        rest = after;
    }
    shown
}

/// Returns `true` for 24 or more letters and digits that are mixed as in base64. Neither
/// `AWSAdministratorAccess-123456789012` nor an absolute path of shorter names looks so.
fn looks_secret(run: &str) -> bool {
    let is_mixed = |run: &str| {
        let bytes = || run.bytes();
        run.len() >= 24
            && bytes().any(|byte| byte.is_ascii_digit())
            && bytes().any(|byte| byte.is_ascii_uppercase())
            && bytes().any(|byte| byte.is_ascii_lowercase())
    };
    if run.starts_with('/') {
        run.split('/').any(is_mixed)
    } else {
        is_mixed(run)
    }
}

fn is_letter_of_key(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || "+/=".contains(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A text, and what is shown of it.
    const TEXTS: &[(&str, &str)] = &[
        ("exit: 1\nmore", "exit: 1"),
        (
            "GET https://sts/?X-Amz-Security-Token=abc failed",
            "GET https://sts/ failed",
        ),
        // The secret of AWS's documentation.
        (
            "key wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY!",
            "key [redacted]!",
        ),
        (
            "profile AWSAdministratorAccess-123456789012",
            "profile AWSAdministratorAccess-123456789012",
        ),
        (
            "/home/user1/Projects/MyApplication/.aws/config is missing",
            "/home/user1/Projects/MyApplication/.aws/config is missing",
        ),
        // A slash in front, as of a closing tag, makes no path of a secret.
        ("</TokenwJalrXUtnFEMIK7MDENGbPxRfi>", "<[redacted]>"),
        ("\u{1b}[31mred", " [31mred"),
        ("", ""),
    ];

    #[test]
    fn a_text_is_shown_without_what_looks_secret() {
        for (text, expected) in TEXTS {
            assert_eq!(shown(text), *expected, "{text:?}");
        }
    }

    #[test]
    fn a_line_is_cut_between_words_after_300_bytes() {
        let word = |len| "a".repeat(len);
        let line = |first, second| alloc::format!("{} {}", word(first), word(second));
        for (text, expected) in [
            (word(300), word(300)),
            (word(301), "…".into()),
            (line(100, 199), line(100, 199)),
            (line(100, 200), word(100) + "…"),
        ] {
            assert_eq!(shown(&text), expected);
        }
    }
}
