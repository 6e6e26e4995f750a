//! The conditions of a statement.

use alloc::format;

use super::{
    Condition, Effect,
    reason::{Mismatch, Reason, shown},
    report::Outcome,
};

/// Checks whether a condition fails for certain, without the request.
///
/// RDS documents that it does not support some keys, and not whether they are absent. An absent key
/// fails each operator that is not negated (IAM User Guide, "Condition operators"), so such an
/// `Allow` does not apply. What would rather open a door than close one is not concluded.
pub(super) fn check(condition: &Condition, effect: Effect) -> Outcome {
    let operator = condition.operator.to_ascii_lowercase();
    let unsupported = UNSUPPORTED
        .iter()
        .any(|key| key.eq_ignore_ascii_case(&condition.key));
    let name = format!(
        "Condition {} on {}",
        shown(&condition.operator),
        shown(&condition.key)
    );
    if !unsupported {
        let message = format!("{name}: its value is unknown here");
        return Outcome::Unknown(Reason::new(Mismatch::Condition, message));
    }
    let message = format!("{name}: RDS does not support this key for rds-db:connect");
    let reason = Reason::new(Mismatch::UnsupportedCondition, message)
        .with_remedy("remove the condition".into());
    let fails_if_absent = !operator.contains("not")
        && !operator.ends_with("ifexists")
        && !operator.starts_with("forallvalues:")
        && operator != "null";
    if fails_if_absent && effect == Effect::Allow {
        Outcome::Differs(reason)
    } else {
        Outcome::Unknown(reason)
    }
}

/// Amazon RDS User Guide, "Limitations for IAM database authentication".
const UNSUPPORTED: &[&str] = &[
    "aws:Referer",
    "aws:SourceIp",
    "aws:SourceVpc",
    "aws:SourceVpce",
    "aws:UserAgent",
    "aws:VpcSourceIp",
];
