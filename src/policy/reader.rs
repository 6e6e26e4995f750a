//! A reader of ARNs, from left to right.

use super::{error::Error, part};

/// The rest of a text, and how much of it was read.
pub(super) struct Reader<'a> {
    text: &'a str,
    offset: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, offset: 0 }
    }

    pub(super) fn rest(&self) -> &'a str {
        self.text
    }

    /// Returns the error of a part that is wrong or missing here.
    pub(super) fn error(&self) -> Error {
        Error::Arn {
            offset: self.offset,
        }
    }

    pub(super) fn skip(&mut self, expected: &str) -> Result<(), Error> {
        let rest = self
            .text
            .strip_prefix(expected)
            .ok_or_else(|| self.error())?;
        self.read_to(rest);
        Ok(())
    }

    pub(super) fn until(&mut self, mark: char) -> Result<&'a str, Error> {
        let (part, rest) = self.text.split_once(mark).ok_or_else(|| self.error())?;
        self.read_to(rest);
        Ok(part)
    }

    /// Reads up to a slash that is not in a policy variable.
    pub(super) fn until_slash(&mut self) -> Option<&'a str> {
        let mut end = 0;
        loop {
            let rest = self.text.get(end..)?;
            let next = rest.find(['/', '$'])?;
            end += next;
            match self.text.get(end..).and_then(part::variable_len) {
                Some(len) => end += len,
                None if self.text.get(end..)?.starts_with('/') => break,
                None => end += 1,
            }
        }
        let part = self.text.get(..end)?;
        self.read_to(self.text.get(end + 1..)?);
        Some(part)
    }

    fn read_to(&mut self, rest: &'a str) {
        self.offset += self.text.len() - rest.len();
        self.text = rest;
    }
}
