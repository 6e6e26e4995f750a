//! The diagnosis of a token that a database rejects.
//!
//! "PAM authentication failed for user" and "Access denied for user … (using password: YES)" are
//! all that a client learns, whatever the reason. [`diagnose`] compares the text that was used as
//! the password with what is expected, and returns what it finds. It undoes the damage of a copy
//! if there is only one way to do so. [`Server::other_causes`] lists what produces the same message
//! and is not in the token.
//!
//! The steps, in this order: undo what copying did, find out whether the end is missing, read what
//! can be read, compare that with what is expected, check the signature.
//!
//! # Examples
//!
//! ```
//! use rds_iam_token::{
//!     Timestamp,
//!     diagnose::{Cause, Expected, diagnose},
//! };
//!
//! let password = "\"db.c1a2b3.eu-west-1.rds.amazonaws.com:5432/?Action=connect&DBUser=app\
//!     &X-Amz-Algorithm=AWS4-HMAC-SHA256\
//!     &X-Amz-Credential=AKIDEXAMPLE%2F20150830%2Feu-west-1%2Frds-db%2Faws4_request\
//!     &X-Amz-Date=20150830T123600Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host\
//!     &X-Amz-Signature=a3a6e3a7bd1ac9e5b0ba0e4a07e0cf3e70f1a5cf6bc2b6d0b0e0e5b0c1d2e3f4\"";
//! let expected = Expected::new()
//!     .with_user("App")
//!     .with_time(Timestamp::from_unix_seconds(1_440_948_960)?);
//!
//! let diagnosis = diagnose(password, &expected);
//! let causes: Vec<_> = diagnosis.findings().iter().map(|finding| finding.cause()).collect();
//! assert_eq!(causes, [Cause::SurroundingText, Cause::UserCase, Cause::Expired]);
//! assert_eq!(
//!     diagnosis.findings()[2].to_string(),
//!     "expired: expired 2 h 45 min ago, at 2015-08-30T12:51:00Z",
//! );
//! # Ok::<(), rds_iam_token::Error>(())
//! ```

use alloc::{format, vec, vec::Vec};

use crate::{
    secret::Secret,
    token::{
        parameter::{self, SECURITY_TOKEN},
        read::MAX_LEN,
    },
};

mod cause;
mod compare;
mod expected;
mod field;
mod finding;
mod read;
mod repair;
mod server;
mod signature;
mod truncated;
mod words;

pub use cause::Cause;
pub use expected::Expected;
pub use field::Field;
pub use finding::Finding;
pub use server::{OtherCause, Server, ServerCode};

use repair::Repair;

/// Explains what is wrong with the text that was used as a password.
///
/// Any text is accepted. The time is proportional to its length; a text over 64 KiB is not read.
#[must_use]
pub fn diagnose(password: &str, expected: &Expected) -> Diagnosis {
    if password.len() > MAX_LEN {
        let length = password.len();
        let message = format!("the text is {length} bytes long; expected at most {MAX_LEN}");
        return Diagnosis::of_nothing(Finding::new(Cause::NotAToken, message));
    }
    let Repair { text, findings, .. } = Repair::new(password, expected);
    if text.expose_secret().is_empty() {
        return Diagnosis::of_nothing(Finding::new(
            Cause::Empty,
            "the text is empty; expected a token",
        ));
    }
    let length = password.trim().len();
    let mut diagnosis = Diagnosis {
        findings,
        fields: field::fields(text.expose_secret(), expected),
        text,
    };
    let text = diagnosis.text.expose_secret();
    let found = match read::query(text) {
        Some(query) => examine(text, query, length, expected),
        None if !text.contains('?') && truncated::is_start_of_host(text, expected) => {
            vec![truncated::finding(text, length)]
        }
        None => {
            let message = "the text has no part of a token; perhaps it is an ordinary password, which \
                           PostgreSQL rejects for a user who has rds_iam, directly or through a role";
            return Diagnosis::of_nothing(Finding::new(Cause::NotAToken, message));
        }
    };
    diagnosis.add(found);
    diagnosis
}

/// Runs the steps after the first. `length` is that of the password.
fn examine(text: &str, query: &str, length: usize, expected: &Expected) -> Vec<Finding> {
    let whole_part = truncated::whole_part(text, query);
    let is_cut = whole_part.is_some();
    let (draft, mut findings) = read::read(text, whole_part.unwrap_or(text));
    if is_cut {
        findings.push(truncated::finding(text, length));
    } else {
        findings.extend(read::missing(query));
    }
    let may_have_session_token =
        is_cut || parameter::split(query).any(|(name, _)| name == SECURITY_TOKEN);
    findings.extend(compare::compare(&draft, may_have_session_token, expected));
    let last = read::encoding(query).or_else(|| signature::check(text, length, expected));
    findings.extend(last.filter(|last| findings.iter().all(|found| found.cause() != last.cause())));
    findings
}

/// The findings about a text.
#[derive(Clone, Debug)]
pub struct Diagnosis {
    text: Secret,
    findings: Vec<Finding>,
    fields: Vec<Field>,
}

impl Diagnosis {
    fn of_nothing(finding: Finding) -> Self {
        Self {
            text: Secret::concat(&[]),
            findings: vec![finding],
            fields: Vec::new(),
        }
    }

    /// Adds findings, sorts them, and removes what follows from others.
    fn add(&mut self, found: Vec<Finding>) {
        self.findings.extend(found);
        self.findings.sort_by_key(Finding::cause);
        let mut at = 0;
        while let Some(cause) = self.findings.get(at).map(Finding::cause) {
            self.findings
                .retain(|finding| !cause.consequences().contains(&finding.cause()));
            at += 1;
        }
    }

    /// Returns what is wrong, a cause before its consequences.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Returns `true` if nothing was found. What is not expected was not compared.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.findings.is_empty()
    }

    /// Returns the parts of the token, as far as they are present and may be shown: what a report
    /// may print of a token, whole or damaged. The list is empty if the text is not a token.
    ///
    /// A part that does not have the form of its place is described by its length, and so is any
    /// with 20 letters and digits in a row, but for a key id, the name of an RDS endpoint, and what
    /// the caller expects. A user is shown up to the first separator.
    #[must_use]
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// Returns the text without the damage of a copy, for
    /// [`TokenParts::parse`](crate::TokenParts::parse). It is empty if there is no token in it.
    #[must_use]
    pub fn expose_repaired(&self) -> &str {
        self.text.expose_secret()
    }
}
