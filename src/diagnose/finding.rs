//! What is found.

use alloc::string::String;
use core::fmt;

use super::cause::Cause;

/// What is wrong with a token, with the facts.
///
/// It holds nothing secret. `Display` writes `name: message` in one line.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Finding {
    cause: Cause,
    message: String,
}

impl Finding {
    pub(super) fn new(cause: Cause, message: impl Into<String>) -> Self {
        Self {
            cause,
            message: message.into(),
        }
    }

    /// Gives the cause, which has a stable name and a remedy.
    #[must_use]
    pub fn cause(&self) -> Cause {
        self.cause
    }

    /// Reads the message, one line with the facts.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Says what to do, in one line.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        self.cause.remedy()
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.cause, self.message)
    }
}
