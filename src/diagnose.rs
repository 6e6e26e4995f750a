//! What is wrong with a token that a database refuses.
//!
//! "PAM authentication failed for user" and "Access denied for user … (using password: YES)" are
//! all that a client is told, whatever the reason. [`diagnose`] reads the text that was used as
//! the password, and what is known of what it should be, and says what it finds. It reads through
//! the damage of a copy where there is only one way to read it. [`Server::other_causes`] lists what
//! gives the same message and is not in the token.
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
//! let known = Expected::new()
//!     .with_user("App")
//!     .with_time(Timestamp::from_unix_seconds(1_440_948_960)?);
//!
//! let diagnosis = diagnose(password, &known);
//! let causes: Vec<_> = diagnosis.findings().iter().map(|finding| finding.cause()).collect();
//! assert_eq!(causes, [Cause::SurroundingText, Cause::UserCase, Cause::Expired]);
//! assert_eq!(
//!     diagnosis.findings()[2].to_string(),
//!     "expired: expired 2 h 45 min ago, at 2015-08-30T12:51:00Z",
//! );
//! # Ok::<(), rds_iam_token::Error>(())
//! ```

use alloc::{format, vec, vec::Vec};
use core::num::NonZero;

use crate::{
    ascii, host,
    secret::Secret,
    token::{parameter, read::MAX_LEN},
};

mod cause;
mod compare;
mod expected;
mod field;
mod finding;
mod key_id;
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

/// Says what is wrong with the text that was used as a password.
///
/// It takes any text, and time in proportion to its length; a text over 64 KiB is not read.
#[must_use]
pub fn diagnose(password: &str, known: &Expected) -> Diagnosis {
    if password.len() > MAX_LEN {
        let length = password.len();
        let message = format!("is {length} bytes long, and no token is over {MAX_LEN}");
        return Diagnosis::of_nothing(Finding::new(Cause::NotAToken, message));
    }
    let Repair {
        text, mut findings, ..
    } = Repair::new(password, known);
    if text.expose_secret().is_empty() {
        return Diagnosis::of_nothing(Finding::new(Cause::Empty, "there is no text"));
    }
    let length = password.trim().len();
    match text.expose_secret().split_once('?') {
        Some((authority, query)) if is_token(authority, query) => {
            findings.extend(read::check(text.expose_secret(), query, length, known));
        }
        None if is_start_of_host(text.expose_secret(), known) => {
            findings.push(truncated::finding(length));
        }
        _ => {
            let message = "has nothing of a token in it";
            return Diagnosis::of_nothing(Finding::new(Cause::NotAToken, message));
        }
    }
    findings.sort_by_key(Finding::cause);
    if findings
        .iter()
        .any(|finding| finding.cause() == Cause::WrongService)
    {
        findings.retain(|finding| !OF_ANOTHER_SERVICE.contains(&finding.cause()));
    }
    let fields = field::fields(text.expose_secret(), known);
    Diagnosis {
        text,
        findings,
        fields,
    }
}

/// What was found in a text.
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

    /// Gives what is wrong, worst first: a cause before what follows from it.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Tells whether nothing was found. What is not known was not checked.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.findings.is_empty()
    }

    /// Returns the parts of the token, as far as they are present and may be shown: what a report
    /// may print of a token, whole or damaged. The list is empty if the text is not a token.
    ///
    /// A part that does not have the form of its place is described by its length, and so is
    /// any with 20 letters and digits in a row, but for a key id, the name of an RDS endpoint, and
    /// what the caller said to expect. A user is shown up to the first separator.
    #[must_use]
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// Reads the text without the damage of a copy, for
    /// [`TokenParts::parse`](crate::TokenParts::parse); it is empty where there is no token in it.
    #[must_use]
    pub fn expose_repaired(&self) -> &str {
        self.text.expose_secret()
    }
}

/// Tells whether a text has a parameter of a token, or ends soon after the host and port of one.
///
/// Where a secret parameter stands before the first question mark, that is part of a value, and what is
/// before it is no host.
fn is_token(authority: &str, query: &str) -> bool {
    if parameter::names_secret(authority) {
        return false;
    }
    let names = || parameter::split(query).map(|(name, _)| name);
    let is_parameter = |name: &str| {
        parameter::ALL
            .iter()
            .any(|known| known.eq_ignore_ascii_case(name))
    };
    let is_start = [parameter::ACTION, parameter::USER]
        .iter()
        .any(|name| name.starts_with(query));
    names().any(is_parameter)
        || is_start
            && authority
                .strip_suffix('/')
                .and_then(|text| text.rsplit_once(':'))
                .is_some_and(|(host, port)| {
                    host::check(host).is_ok() && ascii::decimal::<NonZero<u16>>(port).is_some()
                })
}

/// Tells whether a text that ends before its question mark started as a token: with a host that is
/// known, or that RDS gives, or that is cut where tools cut.
fn is_start_of_host(text: &str, known: &Expected) -> bool {
    let host = text.split(':').next().unwrap_or_default();
    let is_known = known.host.as_ref().is_some_and(|known| {
        let start = known.as_str().get(..host.len());
        host.len() > 3 && start.is_some_and(|start| start.eq_ignore_ascii_case(host))
    });
    let is_host = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:/".contains(&byte);
    let is_long = text.len() >= 24
        && text.matches('.').count() >= 2
        && !text.bytes().any(|byte| byte.is_ascii_uppercase());
    text.bytes().all(is_host) && (is_known || is_long || text.contains(".rds."))
}

/// What is right in a token for another service.
const OF_ANOTHER_SERVICE: &[Cause] = &[
    Cause::Scheme,
    Cause::MissingSlash,
    Cause::MissingPort,
    Cause::MalformedHost,
    Cause::UnknownParameter,
    Cause::MissingParameter,
    Cause::WrongAction,
    Cause::UnsignableHost,
    Cause::Lifetime,
];
