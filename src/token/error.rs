//! The error of a text that is not a token.

use thiserror::Error;

/// A reason why a text is not a token, with the place in the text.
///
/// No variant holds a piece of the text, so that an error can be logged. An `offset` counts bytes
/// of the text from 0. A `name` is a parameter's.
#[derive(Clone, Copy, Debug, Eq, Error, Hash, PartialEq)]
#[non_exhaustive]
pub enum ParseTokenError {
    /// A parameter is present twice.
    #[error("invalid token: {name} is present twice, again at byte {offset}")]
    Duplicate {
        /// The parameter.
        name: &'static str,
        /// The start of the second one.
        offset: usize,
    },
    /// A byte that is not printable ASCII, or a percent sign without two hexadecimal digits after
    /// it.
    #[error("invalid token: a character is not allowed or not encoded correctly, at byte {offset}")]
    Encoding {
        /// The byte at fault.
        offset: usize,
    },
    /// The host is not a DNS name.
    #[error("invalid token: the host is not a DNS name, at byte {offset}")]
    Host {
        /// The byte at fault.
        offset: usize,
    },
    /// A parameter is missing.
    #[error("invalid token: {name} is missing")]
    Missing {
        /// The parameter.
        name: &'static str,
    },
    /// There is no slash between the port and the question mark.
    #[error("invalid token: a slash is missing before the question mark, at byte {offset}")]
    MissingSlash {
        /// The place for the slash.
        offset: usize,
    },
    /// There is no question mark, so there are no parameters.
    #[error("invalid token: the question mark and the parameters are missing, at byte {offset}")]
    NoQuery {
        /// The end of the text.
        offset: usize,
    },
    /// The port is missing, or is not a number from 1 to 65535.
    #[error("invalid token: expected a port from 1 to 65535 at byte {offset}")]
    Port {
        /// The place for the port.
        offset: usize,
    },
    /// The text is over 64 KiB long.
    #[error("invalid token: {length} bytes are too many; expected at most 65536")]
    TooLong {
        /// In bytes.
        length: usize,
    },
    /// A parameter is none of those of a token. Case counts.
    #[error("invalid token: a parameter is unknown, at byte {offset}")]
    Unknown {
        /// The start of the parameter.
        offset: usize,
    },
    /// The value of a parameter is malformed.
    #[error("invalid token: {name} is malformed, at byte {offset}")]
    Value {
        /// The parameter.
        name: &'static str,
        /// The start of the value.
        offset: usize,
    },
}
