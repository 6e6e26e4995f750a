//! The report of a check.

use alloc::{format, string::String, string::ToString, vec::Vec};
use core::fmt;

use super::{
    Effect, Statement,
    reason::{Reason, shown},
};
use crate::policy::arn::DbUserArn;

/// The verdict of a policy, and the outcome of each statement.
///
/// `Display` writes a line with the verdict and the statement that decides, and a line for each
/// other statement.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Report {
    verdict: Verdict,
    decided_by: Option<usize>,
    outcomes: Vec<Outcome>,
    /// The user's ARN, for `Display`.
    user: String,
    /// The effect and the ID of each statement, for `Display`.
    statements: Vec<(Effect, Option<String>)>,
}

impl Report {
    pub(super) fn new(user: &DbUserArn, statements: &[Statement], outcomes: Vec<Outcome>) -> Self {
        let find = |effect, fits: fn(&Outcome) -> bool| {
            let mut found = statements.iter().zip(&outcomes);
            found.position(|(statement, outcome)| statement.effect == effect && fits(outcome))
        };
        let applies = |outcome: &Outcome| matches!(outcome, Outcome::Applies);
        let unknown = |outcome: &Outcome| matches!(outcome, Outcome::Unknown(_));
        let allow = find(Effect::Allow, applies);
        let may_allow = find(Effect::Allow, unknown);
        let may_deny = find(Effect::Deny, unknown);
        let (verdict, decided_by) = if let Some(deny) = find(Effect::Deny, applies) {
            (Verdict::Denied, Some(deny))
        } else if allow.is_none() && may_allow.is_none() {
            (Verdict::Denied, None)
        } else if may_deny.is_some() || allow.is_none() {
            (Verdict::Undecided, may_deny.or(may_allow))
        } else {
            (Verdict::Allowed, allow)
        };
        Self {
            verdict,
            decided_by,
            outcomes,
            user: user.to_string(),
            statements: statements
                .iter()
                .map(|statement| (statement.effect, statement.sid.clone()))
                .collect(),
        }
    }

    /// Returns the verdict.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        self.verdict
    }

    /// Returns the index of the statement that decides; `None` if no statement applies.
    #[must_use]
    pub fn decided_by(&self) -> Option<usize> {
        self.decided_by
    }

    /// Returns the outcome of each statement, in the order of the policy.
    #[must_use]
    pub fn outcomes(&self) -> &[Outcome] {
        &self.outcomes
    }

    fn name(&self, index: usize) -> String {
        let number = index + 1;
        match self.statements.get(index) {
            Some((_, Some(sid))) => format!("statement {number} ({})", shown(sid)),
            _ => format!("statement {number}"),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let login = format!("rds-db:connect on {}", self.user);
        let name = self.decided_by.map(|index| self.name(index));
        match (self.verdict, name) {
            (Verdict::Allowed, Some(name)) => writeln!(f, "allowed: {name} allows {login}")?,
            (Verdict::Denied, Some(name)) => {
                writeln!(
                    f,
                    "denied: {name} denies {login}, and a Deny overrides every Allow"
                )?;
            }
            (Verdict::Undecided, Some(name)) => {
                write!(f, "undecided: {name} decides {login}: ")?;
                let index = self.decided_by.unwrap_or_default();
                match self.outcomes.get(index) {
                    Some(Outcome::Unknown(reason)) => writeln!(f, "{reason}")?,
                    _ => writeln!(f, "not known")?,
                }
            }
            (_, None) => writeln!(f, "denied: no statement allows {login}")?,
        }
        for (index, (outcome, (effect, _))) in
            self.outcomes.iter().zip(&self.statements).enumerate()
        {
            if self.decided_by == Some(index) {
                continue;
            }
            let name = self.name(index);
            match outcome {
                Outcome::Applies => match effect {
                    Effect::Allow => writeln!(f, "{name}: allows it")?,
                    Effect::Deny => writeln!(f, "{name}: denies it")?,
                },
                Outcome::Differs(reason) if *effect == Effect::Allow => {
                    write!(f, "{name}: {reason}")?;
                    match reason.remedy() {
                        Some(remedy) => writeln!(f, "; {remedy}")?,
                        None => writeln!(f)?,
                    }
                }
                Outcome::Differs(reason) => writeln!(f, "{name}: does not deny it: {reason}")?,
                Outcome::Unknown(reason) => writeln!(f, "{name}: cannot be decided: {reason}")?,
            }
        }
        Ok(())
    }
}

/// The verdict of a policy on a login.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Verdict {
    /// A statement allows it, and none denies it.
    Allowed,
    /// A statement denies it, or none allows it.
    Denied,
    /// The policy alone does not decide.
    Undecided,
}

/// The outcome of a statement for a login.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Outcome {
    /// It applies.
    Applies,
    /// It does not apply, for this reason.
    Differs(Reason),
    /// The policy alone does not decide, for this reason.
    Unknown(Reason),
}
