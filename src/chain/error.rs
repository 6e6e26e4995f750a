//! Why there are no credentials, and what helps.

use alloc::{boxed::Box, format, string::String, vec::Vec};
use core::{
    fmt::{self, Write as _},
    ops::{Deref, DerefMut},
};

use crate::chain::{shown::redacted, source::Source};

mod kind;

pub use kind::ErrorKind;

/// An error of a search, or of a parser in [`parse`](crate::chain::parse).
///
/// `Display` is one line: the reason that ended the search. [`report`](Self::report) adds what to
/// do, and each source that was tried before. Neither contains a secret.
#[derive(Clone)]
pub struct Error {
    failure: Failure,
    attempts: Vec<Attempt>,
    profile: Option<String>,
}

impl Error {
    /// Creates an error whose texts are redacted, wherever they come from.
    pub(crate) fn new(
        mut failure: Failure,
        mut attempts: Vec<Attempt>,
        profile: Option<&str>,
    ) -> Self {
        let redact = |text: &mut String| *text = redacted(text);
        redact(&mut failure.reason);
        failure.remedies.iter_mut().for_each(redact);
        failure.code.iter_mut().for_each(redact);
        failure.message.iter_mut().for_each(redact);
        for tried in &mut attempts {
            redact(&mut tried.reason);
            tried.remedy.iter_mut().for_each(redact);
        }
        let profile = profile.map(redacted);
        Self {
            failure,
            attempts,
            profile,
        }
    }

    /// Returns what kind of failure ended the search.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.failure.kind
    }

    /// Returns the source that failed, or `None` if each one had nothing.
    #[must_use]
    pub fn failed_source(&self) -> Option<Source> {
        self.failure.source
    }

    /// Returns the profile that was called, if the search came as far as the files.
    #[must_use]
    pub fn profile(&self) -> Option<&str> {
        self.profile.as_deref()
    }

    /// Returns the error code of the service that rejected a request, such as `AccessDenied`.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.failure.code.as_deref()
    }

    /// Returns the service's message for its error code, as far as it may be shown.
    #[must_use]
    pub fn service_message(&self) -> Option<&str> {
        self.failure.message.as_deref()
    }

    /// Returns the sources that were tried before, each with the reason why it had no credentials.
    #[must_use]
    pub fn attempts(&self) -> &[Attempt] {
        &self.attempts
    }

    /// Returns what to do, the likeliest first.
    #[must_use]
    pub fn remedies(&self) -> Vec<&str> {
        let own = self.failure.remedies.iter();
        let likely = self.attempts.iter().filter(|tried| tried.is_likely);
        let likely = likely.filter_map(|tried| tried.remedy.as_ref());
        let others = self.attempts.iter().filter(|tried| !tried.is_likely);
        let others = others.filter_map(|tried| tried.remedy.as_ref());
        let found: Vec<&String> = match self.failed_source() {
            None if self.kind() == ErrorKind::NoCredentials => {
                likely.chain(others).chain(own).collect()
            }
            // It is asked last, so something before it may have been meant.
            Some(Source::InstanceMetadata) => likely.chain(own).collect(),
            _ => own.chain(likely).collect(),
        };
        found.into_iter().map(String::as_str).collect()
    }

    /// Returns the whole story in lines: the reason, what to do, and each source that was tried.
    #[must_use]
    pub fn report(&self) -> String {
        let mut report = format!("{self}\n");
        for remedy in self.remedies() {
            let _infallible = writeln!(report, "  try: {remedy}");
        }
        for Attempt { source, reason, .. } in &self.attempts {
            let _infallible = writeln!(report, "  {source}: {reason}");
        }
        if let Some(source) = self.failure.source {
            let _infallible = writeln!(report, "  {source}: {}", self.failure.reason);
        }
        report
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(source) = self.failure.source {
            return write!(f, "{source}: {}", self.failure.reason);
        }
        f.write_str(&self.failure.reason)?;
        if self.kind() == ErrorKind::NoCredentials {
            if let Some(tried) = self.attempts.iter().find(|tried| tried.is_likely) {
                return write!(f, "; {}: {}", tried.source, tried.reason);
            }
        }
        Ok(())
    }
}

/// Shows the kind and the line of `Display`, since `main` prints what it returns so.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Error")
            .field(&self.kind())
            .field(&format_args!("{self}"))
            .finish()
    }
}

impl core::error::Error for Error {}

/// A source that had no credentials, and why.
#[derive(Clone, Debug)]
pub struct Attempt {
    pub(crate) source: Source,
    pub(crate) reason: String,
    pub(crate) remedy: Option<String>,
    /// `true` if this is likely to be what went wrong: something is present, and cannot be used.
    pub(crate) is_likely: bool,
}

impl Attempt {
    /// Returns the source.
    #[must_use]
    pub fn source(&self) -> Source {
        self.source
    }

    /// Returns the reason, which never contains a secret.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

/// What ended a search, before the attempts are added; a pointer wide.
#[derive(Clone, Debug)]
pub(crate) struct Failure(Box<Details>);

#[derive(Clone, Debug)]
pub(crate) struct Details {
    pub(crate) kind: ErrorKind,
    pub(crate) source: Option<Source>,
    pub(crate) reason: String,
    pub(crate) remedies: Vec<String>,
    pub(crate) code: Option<String>,
    pub(crate) message: Option<String>,
    /// `true` for a document of which nothing could be parsed, such as one that is cut off.
    pub(crate) is_unreadable: bool,
}

impl Failure {
    pub(crate) fn new(kind: ErrorKind, reason: impl Into<String>) -> Self {
        Self(Box::new(Details {
            kind,
            source: None,
            reason: reason.into(),
            remedies: Vec::new(),
            code: None,
            message: None,
            is_unreadable: false,
        }))
    }

    /// Adds something to do, less likely than what was added before.
    pub(crate) fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.0.remedies.push(remedy.into());
        self
    }

    /// Sets the source, unless one nearer to the cause is set.
    pub(crate) fn at(mut self, source: Source) -> Self {
        self.0.source.get_or_insert(source);
        self
    }

    /// Sets the code and message of the service from a different failure.
    pub(crate) fn with_code_of(mut self, other: &Self) -> Self {
        self.0.code.clone_from(&other.0.code);
        self.0.message.clone_from(&other.0.message);
        self
    }

    /// Adds the place before the reason.
    pub(crate) fn within(mut self, place: &str) -> Self {
        self.0.reason = format!("{place}: {}", self.0.reason);
        self
    }
}

impl Deref for Failure {
    type Target = Details;

    fn deref(&self) -> &Details {
        &self.0
    }
}

impl DerefMut for Failure {
    fn deref_mut(&mut self) -> &mut Details {
        &mut self.0
    }
}
