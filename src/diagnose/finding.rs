//! The findings.

use alloc::string::String;
use core::fmt;

use super::cause::Cause;

/// A fact that is wrong about a token.
///
/// It contains no secret. `Display` writes `name: message` on one line.
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

    /// Returns the cause, which has a stable name and a remedy.
    #[must_use]
    pub fn cause(&self) -> Cause {
        self.cause
    }

    /// Returns the fact and what was expected, on one line.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Returns what to do, on one line.
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
