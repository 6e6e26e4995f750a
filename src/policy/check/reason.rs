//! The reason for which a statement does not apply.

use alloc::{format, string::String};
use core::fmt;

/// The first thing of a statement that does not match, or is unknown.
///
/// `Display` writes a phrase about it. It shows pieces of the policy, escaped and cut.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Reason {
    mismatch: Mismatch,
    message: String,
    remedy: Option<String>,
}

impl Reason {
    pub(super) fn new(mismatch: Mismatch, message: String) -> Self {
        Self {
            mismatch,
            message,
            remedy: None,
        }
    }

    pub(super) fn with_remedy(mut self, remedy: String) -> Self {
        self.remedy = Some(remedy);
        self
    }

    /// Returns what does not match.
    #[must_use]
    pub fn mismatch(&self) -> Mismatch {
        self.mismatch
    }

    /// Returns how to change a statement that should have allowed the login, if that is plain.
    #[must_use]
    pub fn remedy(&self) -> Option<&str> {
        self.remedy.as_deref()
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// The kind of a [`Reason`].
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Mismatch {
    /// A different account.
    Account,
    /// No action is `rds-db:connect`.
    Action,
    /// An action has the service `rds`, that of the API.
    ActionService,
    /// Not the ARN of a database user at all.
    Arn,
    /// A condition on a key whose value is unknown.
    Condition,
    /// `NotAction` leaves the action out.
    NotAction,
    /// `NotResource` leaves the user out.
    NotResource,
    /// A different partition.
    Partition,
    /// A different region.
    Region,
    /// A different resource ID.
    ResourceId,
    /// The ID of something else: an instance in place of a cluster, or neither in place of a proxy.
    ResourceKind,
    /// A name in place of a resource ID.
    ResourceName,
    /// A type other than `dbuser:`, or none.
    ResourceType,
    /// A service other than `rds-db`.
    Service,
    /// A condition on a key that RDS does not support for `rds-db:connect`.
    UnsupportedCondition,
    /// A different user, or none.
    User,
    /// The user in a different letter case.
    UserCase,
    /// A policy variable, whose value is unknown.
    Variable,
    /// A policy variable in a policy whose version has none.
    Version,
    /// A wildcard in a place for which IAM documents no meaning.
    Wildcard,
}

/// Quotes a piece of a policy, escaped and cut.
pub(super) fn shown(text: &str) -> String {
    match text.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("{:?}…", text.get(..end).unwrap_or_default()),
        None => format!("{text:?}"),
    }
}

/// In characters: more than any ARN of a database user should have.
const MAX_SHOWN: usize = 200;
