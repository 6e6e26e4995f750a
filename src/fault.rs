//! What is wrong with a text.

use core::fmt;

/// What is wrong with a text that is refused.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Fault {
    /// A printable ASCII character that this input may not have.
    Character,
    /// An ASCII control character other than white space.
    ControlCharacter,
    /// There is no text at all.
    Empty,
    /// Nothing before a dot, or between two.
    EmptyLabel,
    /// More than 63 bytes between two dots of a host.
    LabelTooLong,
    /// A line feed or carriage return, as text has when it is read from a file and kept whole.
    LineBreak,
    /// A character outside ASCII.
    NonAscii,
    /// None of the prefixes that the input must have.
    Prefix,
    /// More than the input may have.
    TooLong,
    /// Less than the input must have.
    TooShort,
    /// A space, tab or other white space within a line.
    WhiteSpace,
}

impl Fault {
    /// Finds the first byte of a text that is not allowed there.
    pub(crate) fn find(text: &str, allowed: impl Fn(u8) -> bool) -> Result<(), (Self, usize)> {
        if text.is_empty() {
            return Err((Self::Empty, 0));
        }
        text.bytes()
            .enumerate()
            .find(|&(_, byte)| !allowed(byte))
            .map_or(Ok(()), |(offset, byte)| Err((Self::of(byte), offset)))
    }

    /// Says what kind of byte it is that is not allowed.
    fn of(byte: u8) -> Self {
        match byte {
            b'\n' | b'\r' => Self::LineBreak,
            b' ' | b'\t' | b'\x0b' | b'\x0c' => Self::WhiteSpace,
            b'\x00'..b' ' | b'\x7f' => Self::ControlCharacter,
            b'\x80'.. => Self::NonAscii,
            _ => Self::Character,
        }
    }

    /// Joins the fault and its place, as a message goes on after the name of the input.
    pub(crate) fn at(self, offset: usize) -> impl fmt::Display {
        At {
            fault: self,
            offset,
        }
    }
}

impl fmt::Display for Fault {
    /// Writes the fault as the predicate of a sentence about the input.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Character => "has a character that is not allowed",
            Self::ControlCharacter => "has a control character",
            Self::Empty => "is empty",
            Self::EmptyLabel => "has an empty label",
            Self::LabelTooLong => "has a label of over 63 bytes",
            Self::LineBreak => "has a line break (as text read from a file ends with)",
            Self::NonAscii => "has a character outside ASCII",
            Self::Prefix => "does not start as it must",
            Self::TooLong => "is too long",
            Self::TooShort => "is too short",
            Self::WhiteSpace => "has white space",
        })
    }
}

/// A fault and its place.
struct At {
    fault: Fault,
    offset: usize,
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.fault {
            Fault::Empty | Fault::Prefix => self.fault.fmt(f),
            _ => write!(f, "{}, at byte {}", self.fault, self.offset),
        }
    }
}
