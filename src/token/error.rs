//! Why a text is no token.

use thiserror::Error;

/// A text that is no token, and where it goes wrong.
///
/// No variant holds a piece of the text, so that an error can be logged. An `offset` counts bytes
/// of the text from 0, and is the place where what is meant starts. A `name` is a parameter's.
#[derive(Clone, Copy, Debug, Eq, Error, Hash, PartialEq)]
#[non_exhaustive]
pub enum ParseTokenError {
    /// A parameter is there twice.
    #[error("token has {name} twice, again at byte {offset}")]
    Duplicate {
        /// The parameter.
        name: &'static str,
        /// Where it is the second time.
        offset: usize,
    },
    /// A byte that is not printable ASCII, or a percent sign that two hexadecimal digits do not
    /// follow.
    #[error("token has a character that is not allowed or wrongly encoded, at byte {offset}")]
    Encoding {
        /// Where it is.
        offset: usize,
    },
    /// The host is not a DNS name.
    #[error("token has a host that is not a DNS name, at byte {offset}")]
    Host {
        /// Where the fault is.
        offset: usize,
    },
    /// A parameter is missing.
    #[error("token has no {name}")]
    Missing {
        /// The parameter.
        name: &'static str,
    },
    /// There is no slash between the port and the question mark.
    #[error("token has no slash before its question mark, at byte {offset}")]
    MissingSlash {
        /// Where the slash belongs.
        offset: usize,
    },
    /// There is no question mark, so there are no parameters.
    #[error("token has no parameters: it ends at byte {offset} without a question mark")]
    NoQuery {
        /// Where the text ends.
        offset: usize,
    },
    /// The port is missing, or no number from 1 to 65535.
    #[error("token has no port from 1 to 65535, at byte {offset}")]
    Port {
        /// Where the port belongs.
        offset: usize,
    },
    /// The text is over 64 KiB long.
    #[error("token is {length} bytes long: at most 65536 are read")]
    TooLong {
        /// In bytes.
        length: usize,
    },
    /// A parameter is none of those that a token has. Case counts.
    #[error("token has an unknown parameter, at byte {offset}")]
    Unknown {
        /// Where it is.
        offset: usize,
    },
    /// The value of a parameter is malformed.
    #[error("token has a malformed {name}, at byte {offset}")]
    Value {
        /// The parameter.
        name: &'static str,
        /// Where the value is.
        offset: usize,
    },
}
