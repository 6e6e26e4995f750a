//! The parser of policies in JSON.

use alloc::vec::Vec;
use core::str::FromStr;

use thiserror::Error;

use super::{Effect, Elements, Policy, Statement, Version};

mod value;

use value::Json;

/// A text that is not an identity-based policy.
///
/// No variant holds a piece of the text. Statements are counted from 1.
#[derive(Clone, Copy, Debug, Eq, Error, Hash, PartialEq)]
#[cfg_attr(docsrs, doc(cfg(feature = "policy-json")))]
#[non_exhaustive]
pub enum ParsePolicyError {
    /// An element of the policy is missing or wrong.
    #[error("invalid policy: {element} is missing or wrong; expected {expected}")]
    Element {
        /// The name of the element.
        element: &'static str,
        /// The expected form.
        expected: &'static str,
    },
    /// The text is not JSON, or a name is used twice in an object, which IAM rejects.
    #[error("invalid JSON at line {line}, column {column}, or a name used twice in one object")]
    Json {
        /// The line, counted from 1.
        line: usize,
        /// The column, counted from 1.
        column: usize,
    },
    /// A statement has a `Principal`: it is of a trust policy or of the policy of a resource.
    #[error(
        "statement {statement} has a Principal; expected an identity-based policy, without one"
    )]
    Principal {
        /// The number of the statement.
        statement: usize,
    },
    /// An element of a statement is missing or wrong.
    #[error("invalid statement {statement}: {element} is missing or wrong; expected {expected}")]
    Statement {
        /// The number of the statement.
        statement: usize,
        /// The name of the element.
        element: &'static str,
        /// The expected form.
        expected: &'static str,
    },
    /// The policy or a statement has an element that IAM does not define.
    #[error("unknown element in the policy or a statement; names are case-sensitive")]
    UnknownElement,
}

#[cfg_attr(docsrs, doc(cfg(feature = "policy-json")))]
impl FromStr for Policy {
    type Err = ParsePolicyError;

    /// Parses a policy document of IAM (IAM User Guide, "Grammar of the IAM JSON policy language").
    ///
    /// # Errors
    ///
    /// [`ParsePolicyError`] for a text that IAM would not accept as the policy of a user or role.
    ///
    /// # Examples
    ///
    /// ```
    /// use rds_iam_token::policy::{DbUserArn, check::{Policy, Verdict}};
    ///
    /// let policy: Policy = r#"{
    ///     "Version": "2012-10-17",
    ///     "Statement": {
    ///         "Effect": "Allow",
    ///         "Action": "rds-db:Connect",
    ///         "Resource": "arn:aws:rds-db:us-east-2:111122223333:dbuser:*/app_*"
    ///     }
    /// }"#.parse()?;
    /// let user: DbUserArn =
    ///     "arn:aws:rds-db:us-east-2:111122223333:dbuser:db-ABCDEFGHIJKL01234/app_1".parse()?;
    /// assert_eq!(policy.check(&user).verdict(), Verdict::Allowed);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    fn from_str(text: &str) -> Result<Self, ParsePolicyError> {
        let json = serde_json::from_str(text).map_err(|error: serde_json::Error| {
            ParsePolicyError::Json {
                line: error.line(),
                column: error.column(),
            }
        })?;
        policy(json)
    }
}

fn policy(json: Json) -> Result<Policy, ParsePolicyError> {
    let error = |element, expected| ParsePolicyError::Element { element, expected };
    let Json::Object(members) = json else {
        return Err(error("policy", "an object"));
    };
    let mut version = Version::V2008;
    let mut statements = None;
    for (name, value) in members {
        match (name.as_str(), value) {
            ("Id", Json::Text(_)) => {}
            ("Statement", Json::List(list)) if !list.is_empty() => statements = Some(list),
            ("Statement", value @ Json::Object(_)) => statements = Some([value].into()),
            ("Version", Json::Text(text)) => {
                version = match text.as_str() {
                    "2008-10-17" => Version::V2008,
                    "2012-10-17" => Version::V2012,
                    _ => return Err(error("Version", "2012-10-17 or 2008-10-17")),
                }
            }
            ("Id" | "Version", _) => return Err(error("Id or Version", "a string")),
            ("Statement", _) => break,
            _ => return Err(ParsePolicyError::UnknownElement),
        }
    }
    let statements = statements
        .ok_or(error("Statement", "a statement, or a list of one or more"))?
        .into_iter()
        .enumerate()
        .map(|(index, json)| statement(index + 1, json))
        .collect::<Result<_, _>>()?;
    Ok(Policy::new(version, statements))
}

fn statement(number: usize, json: Json) -> Result<Statement, ParsePolicyError> {
    let error = |element, expected| ParsePolicyError::Statement {
        statement: number,
        element,
        expected,
    };
    let Json::Object(members) = json else {
        return Err(error("statement", "an object"));
    };
    let (mut sid, mut effect, mut conditions) = (None, None, Vec::new());
    let (mut actions, mut resources) = (None, None);
    for (name, value) in members {
        match name.as_str() {
            "Sid" => sid = Some(value.text().ok_or(error("Sid", "a string"))?),
            "Effect" => effect = Some(value.text().ok_or(error("Effect", "Allow or Deny"))?),
            "Action" if actions.is_none() => actions = value.texts().map(Elements::Listed),
            "NotAction" if actions.is_none() => actions = value.texts().map(Elements::AllBut),
            "Resource" if resources.is_none() => resources = value.texts().map(Elements::Listed),
            "NotResource" if resources.is_none() => {
                resources = value.texts().map(Elements::AllBut);
            }
            "Condition" => {
                let expected = error("Condition", "objects of operators, keys and values");
                conditions = value.conditions().ok_or(expected)?;
            }
            "Principal" | "NotPrincipal" => {
                return Err(ParsePolicyError::Principal { statement: number });
            }
            "Action" | "NotAction" => {
                return Err(error("Action", "one of Action and NotAction"));
            }
            "Resource" | "NotResource" => {
                return Err(error("Resource", "one of Resource and NotResource"));
            }
            _ => return Err(ParsePolicyError::UnknownElement),
        }
    }
    let effect = match effect.as_deref() {
        Some("Allow") => Effect::Allow,
        Some("Deny") => Effect::Deny,
        _ => return Err(error("Effect", "Allow or Deny")),
    };
    Ok(Statement {
        sid,
        effect,
        actions: actions.ok_or(error("Action", "a string, or a list of one or more"))?,
        resources: resources.ok_or(error("Resource", "a string, or a list of one or more"))?,
        conditions,
    })
}
