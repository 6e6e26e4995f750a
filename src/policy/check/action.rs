//! The actions of a statement.

use alloc::format;

use super::{
    Elements,
    reason::{Mismatch, Reason, shown},
    report::Outcome,
};
use crate::policy::glob::{self, Match};

/// The action of a login. Its letter case does not matter (IAM User Guide, "IAM JSON policy
/// elements: Action").
const CONNECT: &str = "rds-db:connect";

pub(super) fn check(actions: &Elements) -> Outcome {
    match actions.covers(compare) {
        (Match::Yes, _) => Outcome::Applies,
        (Match::Unknown, action) => Outcome::Unknown(Reason::new(
            Mismatch::Wildcard,
            format!(
                "Action {}: IAM documents no wildcard within a service",
                shown(action.unwrap_or_default())
            ),
        )),
        (Match::No, _) => Outcome::Differs(explain(actions)),
    }
}

fn compare(action: &str) -> Match {
    let action = action.to_ascii_lowercase();
    let found = glob::compare(&action, CONNECT, false);
    let service = action.split_once(':').map(|(service, _)| service);
    match service {
        _ if action == "*" => Match::Yes,
        Some(service) if service == "*" || !service.contains(['*', '?']) => found,
        _ => found.min(Match::Unknown),
    }
}

fn explain(actions: &Elements) -> Reason {
    let list = match actions {
        Elements::AllBut(_) => {
            return Reason::new(
                Mismatch::NotAction,
                format!("NotAction leaves {CONNECT} out"),
            );
        }
        Elements::Listed(list) => list,
    };
    let of_service = |service: &str| {
        list.iter().find(|action| {
            action
                .split_once(':')
                .is_some_and(|(found, _)| found.eq_ignore_ascii_case(service))
        })
    };
    let remedy = format!("set Action to {CONNECT}");
    // "rds-db:conect"
    if let Some(action) = of_service("rds-db") {
        let message = format!("Action {} is not {CONNECT}", shown(action));
        return Reason::new(Mismatch::Action, message).with_remedy(remedy);
    }
    // "rds:connect", "rds:*"
    if let Some(action) = of_service("rds") {
        let message = format!(
            "Action {} is of the service rds, the API; logins are of rds-db",
            shown(action)
        );
        return Reason::new(Mismatch::ActionService, message).with_remedy(remedy);
    }
    let message = format!("Action does not include {CONNECT}");
    Reason::new(Mismatch::Action, message).with_remedy(remedy)
}
