//! The grammar of `~/.aws/config` and `~/.aws/credentials`.
//!
//! It is the one that the SDKs of AWS share, with the quoted names of the `aws` command: `=` is the
//! only separator, a comment after a value is cut if white space stands before it, keys are
//! lowercase, the last of two equal keys wins, and equal sections are merged. Quotes are part of a
//! value. Values are slices of the file, so that no secret is copied.

use alloc::{borrow::Cow, collections::BTreeMap, string::String, vec::Vec};

use crate::chain::format::ini::parser::{Parser, lines, without_comment};

mod parser;

/// Which of the two files it is, whose section headers differ.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum File {
    Config,
    Credentials,
}

/// What a section describes.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Kind {
    Profile,
    SsoSession,
    Services,
}

/// A file, parsed.
#[derive(Debug, Default)]
pub(crate) struct Ini<'a> {
    pub(crate) sections: BTreeMap<Kind, BTreeMap<Cow<'a, str>, Section<'a>>>,
    /// Names of sections of the config file that lack the word `profile`.
    pub(crate) unprefixed: Vec<&'a str>,
}

/// The properties of a section, in the order of the file.
#[derive(Default)]
pub(crate) struct Section<'a>(Vec<(String, Value<'a>)>);

/// A value: its lines without white space around them, and the text that they span.
pub(crate) struct Value<'a> {
    lines: Vec<&'a str>,
    span: &'a str,
}

/// A fault of a file, and its line (from 1).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct IniError {
    pub(crate) line: usize,
    pub(crate) problem: &'static str,
}

impl<'a> Ini<'a> {
    pub(crate) fn parse(text: &'a str, file: File) -> Result<Self, IniError> {
        let mut parser = Parser::new(text, file);
        if text.starts_with('\u{feff}') {
            return Err(IniError {
                line: 1,
                problem: "starts with a byte order mark",
            });
        }
        for (number, line) in lines(text).enumerate() {
            parser.line(line).map_err(|problem| IniError {
                line: number + 1,
                problem,
            })?;
        }
        Ok(parser.finish())
    }

    pub(crate) fn section(&self, kind: Kind, name: &str) -> Option<&Section<'a>> {
        self.sections.get(&kind)?.get(name)
    }
}

impl<'a> Section<'a> {
    /// Returns a value of one line, or of several the text that they span, which is then no valid
    /// value of anything.
    pub(crate) fn get(&self, key: &str) -> Option<&'a str> {
        self.value(key).map(|value| value.span)
    }

    /// Returns a value of a block nested under a key.
    pub(crate) fn nested(&self, block: &str, key: &str) -> Option<&'a str> {
        let lines = self.value(block)?.lines.iter().skip(1);
        lines.rev().find_map(|line| {
            let (name, value) = line.split_once('=')?;
            (name.trim().eq_ignore_ascii_case(key)).then(|| without_comment(value).trim())
        })
    }

    /// Returns each key with the lines of its value.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &[&'a str])> {
        self.0
            .iter()
            .map(|(key, value)| (key.as_str(), value.lines.as_slice()))
    }

    fn value(&self, key: &str) -> Option<&Value<'a>> {
        self.0
            .iter()
            .rev()
            .find_map(|(name, value)| (name == key).then_some(value))
    }
}

/// Shows the keys.
impl core::fmt::Debug for Section<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_list()
            .entries(self.0.iter().map(|(key, _)| key))
            .finish()
    }
}
