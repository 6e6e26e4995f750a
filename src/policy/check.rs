//! A check of an existing policy: whether it allows a login, and if not, why.
//!
//! [`Policy::check`] follows the logic that IAM documents: a `Deny` that applies wins, then an
//! `Allow`, and without either the login is denied (IAM User Guide, "Policy evaluation logic").
//! What the policy alone does not decide, such as the value of a policy variable or of a condition,
//! is [`Verdict::Undecided`], and never a guess.
//!
//! It judges one identity-based policy. More than one can be attached, and a permissions boundary or
//! an organization's policies can deny what this one allows.
//!
//! # Examples
//!
//! ```
//! use rds_iam_token::policy::{
//!     DbUserArn,
//!     check::{Effect, Elements, Mismatch, Outcome, Policy, Statement, Verdict, Version},
//! };
//!
//! let user: DbUserArn =
//!     "arn:aws:rds-db:eu-west-1:111122223333:dbuser:db-ABCDEFGHIJKL01234/app".parse()?;
//! let name = "arn:aws:rds-db:eu-west-1:111122223333:dbuser:orders/app";
//! let policy = Policy::new(
//!     Version::V2012,
//!     vec![Statement::new(
//!         Effect::Allow,
//!         Elements::Listed(vec!["rds-db:connect".into()]),
//!         Elements::Listed(vec![name.into()]),
//!     )],
//! );
//! let report = policy.check(&user);
//! assert_eq!(report.verdict(), Verdict::Denied);
//! let Outcome::Differs(reason) = &report.outcomes()[0] else { panic!() };
//! assert_eq!(reason.mismatch(), Mismatch::ResourceName);
//! # Ok::<(), rds_iam_token::policy::Error>(())
//! ```

use alloc::{string::String, vec::Vec};

use super::{arn::DbUserArn, glob::Match};

mod action;
mod condition;
#[cfg(feature = "policy-json")]
mod json;
mod reason;
mod report;
mod resource;

#[cfg(feature = "policy-json")]
pub use json::ParsePolicyError;
pub use reason::{Mismatch, Reason};
pub use report::{Outcome, Report, Verdict};

/// A policy document.
///
/// With the feature `policy-json` it is parsed from JSON with `FromStr`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Policy {
    version: Version,
    statements: Vec<Statement>,
}

impl Policy {
    /// Creates a policy from its version and statements.
    #[must_use]
    pub fn new(version: Version, statements: Vec<Statement>) -> Self {
        Self {
            version,
            statements,
        }
    }

    /// Checks whether the policy allows `rds-db:connect` for a user.
    #[must_use]
    pub fn check(&self, user: &DbUserArn) -> Report {
        let variables = self.version == Version::V2012;
        let outcomes = self
            .statements
            .iter()
            .map(|statement| statement.check(user, variables))
            .collect();
        Report::new(user, &self.statements, outcomes)
    }
}

/// The version of the policy language.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Version {
    /// 2008-10-17, also that of a policy without `Version`; it has no policy variables.
    V2008,
    /// 2012-10-17.
    V2012,
}

/// A statement of a policy.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Statement {
    sid: Option<String>,
    effect: Effect,
    actions: Elements,
    resources: Elements,
    conditions: Vec<Condition>,
}

impl Statement {
    /// Creates a statement from its effect, actions and resources.
    #[must_use]
    pub fn new(effect: Effect, actions: Elements, resources: Elements) -> Self {
        Self {
            sid: None,
            effect,
            actions,
            resources,
            conditions: Vec::new(),
        }
    }

    /// Sets the ID, `Sid`, by which a report names the statement beside its number.
    #[must_use]
    pub fn with_sid(mut self, sid: impl Into<String>) -> Self {
        self.sid = Some(sid.into());
        self
    }

    /// Adds a condition by its operator and key, such as `IpAddress` and `aws:SourceIp`.
    ///
    /// Its values are not needed: the values of keys are unknown here.
    #[must_use]
    pub fn with_condition(mut self, operator: impl Into<String>, key: impl Into<String>) -> Self {
        self.conditions.push(Condition {
            operator: operator.into(),
            key: key.into(),
        });
        self
    }

    /// Returns the first thing that does not match, or else the first that is unknown.
    fn check(&self, user: &DbUserArn, variables: bool) -> Outcome {
        let action = action::check(&self.actions);
        let resource = resource::check(&self.resources, user, variables);
        let conditions = self
            .conditions
            .iter()
            .map(|condition| condition::check(condition, self.effect));
        let mut outcome = Outcome::Applies;
        for found in [action, resource].into_iter().chain(conditions) {
            match found {
                Outcome::Differs(_) => return found,
                Outcome::Unknown(_) if outcome == Outcome::Applies => outcome = found,
                _ => {}
            }
        }
        outcome
    }
}

/// The effect of a statement.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Effect {
    /// The statement allows what it matches.
    Allow,
    /// The statement denies what it matches, whatever others allow.
    Deny,
}

/// The actions or the resources of a statement.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Elements {
    /// All but these: `NotAction` or `NotResource`.
    AllBut(Vec<String>),
    /// These: `Action` or `Resource`.
    Listed(Vec<String>),
}

impl Elements {
    /// Returns whether the elements cover what each is compared with, and the element that decides.
    ///
    /// One that matches outweighs one that is unknown.
    fn covers(&self, compare: impl Fn(&str) -> Match) -> (Match, Option<&str>) {
        let (Self::AllBut(list) | Self::Listed(list)) = self;
        let (found, element) = list
            .iter()
            .map(|element| (compare(element), Some(element.as_str())))
            .rev()
            .max_by_key(|(found, _)| *found)
            .unwrap_or((Match::No, None));
        match (self, found) {
            (Self::AllBut(_), Match::No) => (Match::Yes, element),
            (Self::AllBut(_), Match::Yes) => (Match::No, element),
            _ => (found, element),
        }
    }
}

/// A condition of a statement.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Condition {
    operator: String,
    key: String,
}
