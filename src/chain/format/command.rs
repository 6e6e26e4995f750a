//! Command lines, as `credential_process` has them.

use alloc::{string::String, vec::Vec};

use zeroize::Zeroizing;

use crate::chain::settings::Platform;

/// Splits a command into a program and its arguments; `None` for a quote that is not closed.
///
/// On Unix the rules are those of `sh` without any expansion (Python's `shlex`); on Windows a
/// backslash is literal but before a double quote.
pub(crate) fn split(line: &str, platform: Platform) -> Option<Zeroizing<Vec<String>>> {
    match platform {
        Platform::Unix => split_unix(line),
        Platform::Windows => split_windows(line),
    }
}

fn split_unix(line: &str) -> Option<Zeroizing<Vec<String>>> {
    let mut words = Words::new(line);
    let mut quote = None;
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        match (quote, letter) {
            (None, '\'' | '"') => {
                quote = Some(letter);
                words.start();
            }
            (Some(open), _) if letter == open => quote = None,
            (None, '\\') => words.push(letters.next()?),
            (Some('"'), '\\') => {
                let next = letters.next()?;
                if !matches!(next, '"' | '\\') {
                    words.push('\\');
                }
                words.push(next);
            }
            (None, ' ' | '\t' | '\r' | '\n') => words.end(),
            _ => words.push(letter),
        }
    }
    quote.is_none().then(|| words.finish())
}

/// Splits as `CommandLineToArgvW` does, but rejects a quote that is not closed.
fn split_windows(line: &str) -> Option<Zeroizing<Vec<String>>> {
    let mut words = Words::new(line);
    let mut quoted = false;
    let mut backslashes = 0_usize;
    for letter in line.chars() {
        match letter {
            '\\' => {
                backslashes += 1;
                continue;
            }
            '"' => {
                (0..backslashes / 2).for_each(|_| words.push('\\'));
                if backslashes % 2 == 1 {
                    words.push('"');
                } else {
                    quoted = !quoted;
                    words.start();
                }
            }
            _ => {
                (0..backslashes).for_each(|_| words.push('\\'));
                if !quoted && matches!(letter, ' ' | '\t') {
                    words.end();
                } else {
                    words.push(letter);
                }
            }
        }
        backslashes = 0;
    }
    (0..backslashes).for_each(|_| words.push('\\'));
    (!quoted).then(|| words.finish())
}

/// Words, of which the last may be open: their text one after the other, and where each starts.
struct Words {
    text: Zeroizing<String>,
    starts: Vec<usize>,
    open: bool,
}

impl Words {
    fn new(line: &str) -> Self {
        Self {
            // As long as the line, so that it never grows and leaves a copy behind.
            text: Zeroizing::new(String::with_capacity(line.len())),
            starts: Vec::new(),
            open: false,
        }
    }

    fn start(&mut self) {
        if !self.open {
            self.starts.push(self.text.len());
            self.open = true;
        }
    }

    fn push(&mut self, letter: char) {
        self.start();
        self.text.push(letter);
    }

    fn end(&mut self) {
        self.open = false;
    }

    fn finish(self) -> Zeroizing<Vec<String>> {
        let ends = self.starts.iter().skip(1).copied().chain([self.text.len()]);
        let words = self.starts.iter().zip(ends);
        Zeroizing::new(
            words
                .filter_map(|(&start, end)| self.text.get(start..end))
                .map(String::from)
                .collect(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Words = Option<&'static [&'static str]>;

    /// A command, and its words on Unix and on Windows.
    const COMMANDS: &[(&str, Words, Words)] = &[
        ("a  b\tc", Some(&["a", "b", "c"]), Some(&["a", "b", "c"])),
        ("a \"b c\"d", Some(&["a", "b cd"]), Some(&["a", "b cd"])),
        ("a \"\" 'b'", Some(&["a", "", "b"]), Some(&["a", "", "'b'"])),
        (
            r"C:\x\y.exe a",
            Some(&["C:xy.exe", "a"]),
            Some(&[r"C:\x\y.exe", "a"]),
        ),
        (
            r#"a "b \"c\"""#,
            Some(&["a", "b \"c\""]),
            Some(&["a", "b \"c\""]),
        ),
        (r#"a "b\\""#, Some(&["a", r"b\"]), Some(&["a", r"b\"])),
        (r"a\ b", Some(&["a b"]), Some(&[r"a\", "b"])),
        ("", Some(&[]), Some(&[])),
        // A quote that is not closed, and a backslash before nothing.
        ("a \"b", None, None),
        ("a 'b", None, Some(&["a", "'b"])),
        ("a\\", None, Some(&["a\\"])),
    ];

    #[test]
    fn a_command_is_split_as_the_platform_does() {
        for (line, unix, windows) in COMMANDS {
            for (platform, expected) in [(Platform::Unix, unix), (Platform::Windows, windows)] {
                let words = split(line, platform);
                let words: Option<Vec<&str>> = words
                    .as_ref()
                    .map(|words| words.iter().map(String::as_str).collect());
                assert_eq!(words.as_deref(), *expected, "{line:?}, {platform:?}");
            }
        }
    }
}
