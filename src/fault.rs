//! A fault of a text, and where it is.

use core::fmt;

/// A rule that a rejected text breaks.
///
/// `Display` writes a phrase, `line break` or `too long`.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Fault {
    /// A printable ASCII character that is not allowed in this input.
    Character,
    /// An ASCII control character other than white space.
    ControlCharacter,
    /// The text is empty.
    Empty,
    /// A label of a host is empty: a dot at the start, or two in a row.
    EmptyLabel,
    /// A label of a host is over 63 bytes long.
    LabelTooLong,
    /// A line feed or carriage return, as at the end of text that was read from a file.
    LineBreak,
    /// A character outside ASCII.
    NonAscii,
    /// A number is out of its range, as the second 60 of a time or the day 31 of a short month.
    OutOfRange,
    /// The text starts with none of the required prefixes.
    Prefix,
    /// The text is longer than allowed.
    TooLong,
    /// The text is shorter than required.
    TooShort,
    /// A space, tab or other white space within a line.
    WhiteSpace,
}

impl Fault {
    /// Returns the flaw of this fault at a byte, counted from 0.
    #[must_use]
    pub const fn at(self, offset: usize) -> Flaw {
        Flaw {
            fault: self,
            offset,
        }
    }

    /// Finds the first byte of a text that is not allowed in it.
    pub(crate) fn find(text: &str, allowed: impl Fn(u8) -> bool) -> Result<(), Flaw> {
        if text.is_empty() {
            return Err(Self::Empty.at(0));
        }
        text.bytes()
            .enumerate()
            .find(|&(_, byte)| !allowed(byte))
            .map_or(Ok(()), |(offset, byte)| Err(Self::of(byte).at(offset)))
    }

    /// Returns the fault of a byte that is not allowed.
    pub(crate) fn of(byte: u8) -> Self {
        match byte {
            b'\n' | b'\r' => Self::LineBreak,
            b' ' | b'\t' | b'\x0b' | b'\x0c' => Self::WhiteSpace,
            b'\x00'..b' ' | b'\x7f' => Self::ControlCharacter,
            b'\x80'.. => Self::NonAscii,
            _ => Self::Character,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Character => "character that is not allowed",
            Self::ControlCharacter => "control character",
            Self::Empty => "empty",
            Self::EmptyLabel => "empty label",
            Self::LabelTooLong => "label over 63 bytes",
            Self::LineBreak => "line break",
            Self::NonAscii => "character outside ASCII",
            Self::OutOfRange => "number out of range",
            Self::Prefix => "unknown prefix",
            Self::TooLong => "too long",
            Self::TooShort => "too short",
            Self::WhiteSpace => "white space",
        })
    }
}

/// A fault of a text, and the byte at which it is.
///
/// `Display` writes both, `line break at byte 14`, and of an empty text or a prefix the fault alone. No piece of the text is in it, so that it can be
/// logged whatever the text was.
///
/// # Examples
///
/// ```
/// use rds_iam_token::{Error, Fault, Host};
///
/// let rejected = Host::new("db.example.com\n");
/// assert_eq!(rejected, Err(Error::Host(Fault::LineBreak.at(14))));
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Flaw {
    /// The broken rule.
    pub fault: Fault,
    /// The byte at which the fault is, counted from 0.
    pub offset: usize,
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.fault {
            Fault::Empty | Fault::Prefix => self.fault.fmt(f),
            _ => write!(f, "{} at byte {}", self.fault, self.offset),
        }
    }
}
