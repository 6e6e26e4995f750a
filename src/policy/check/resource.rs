//! The resources of a statement.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use super::{
    Elements,
    reason::{Mismatch, Reason, shown},
    report::Outcome,
};
use crate::policy::{
    arn::DbUserArn,
    glob::{self, Match},
    part::PREFIXES,
    reader::Reader,
};

pub(super) fn check(resources: &Elements, user: &DbUserArn, variables: bool) -> Outcome {
    let arn = user.to_string();
    let compare = |pattern: &str| compare(pattern, &arn, variables);
    let (found, element) = resources.covers(compare);
    match (found, resources) {
        (Match::Yes, _) => Outcome::Applies,
        (Match::Unknown, _) => Outcome::Unknown(unknown(element.unwrap_or_default(), variables)),
        (Match::No, Elements::AllBut(_)) => Outcome::Differs(Reason::new(
            Mismatch::NotResource,
            format!(
                "NotResource {} leaves it out",
                shown(element.unwrap_or_default())
            ),
        )),
        (Match::No, Elements::Listed(list)) => {
            // The resource that goes wrong last is the one that was meant.
            let nearest = list
                .iter()
                .map(|resource| explain(resource, user, variables))
                .rev()
                .max_by_key(|(rank, _)| *rank);
            Outcome::Differs(nearest.map_or_else(
                || Reason::new(Mismatch::Arn, "Resource is empty".into()),
                |(_, reason)| reason,
            ))
        }
    }
}

/// Compares a resource with an ARN: as a whole, and then part by part.
///
/// A wildcard is documented to stay within its part, unless it is an asterisk at the end of one
/// (IAM User Guide, "IAM JSON policy elements: Resource"). If only a wildcard that leaves its part
/// would match, the outcome is not documented.
fn compare(resource: &str, arn: &str, variables: bool) -> Match {
    let whole = glob::compare(resource, arn, variables);
    if whole == Match::No || resource == "*" {
        return whole;
    }
    let parts: Vec<_> = resource.splitn(PARTS, ':').collect();
    let texts = arn.splitn(parts.len(), ':');
    let apart = parts
        .iter()
        .zip(texts)
        .map(|(part, text)| glob::compare(part, text, variables))
        .min();
    let complete = parts.len() == PARTS || resource.ends_with('*');
    // There is no wildcard in a service.
    let service = parts
        .get(2)
        .is_none_or(|service| !service.contains(['*', '?']));
    match apart {
        Some(Match::Yes) if complete && service => Match::Yes,
        _ => Match::Unknown,
    }
}

fn unknown(resource: &str, variables: bool) -> Reason {
    let shown = shown(resource);
    if variables && resource.contains("${") {
        let message = format!("Resource {shown}: the value of the policy variable is unknown here");
        return Reason::new(Mismatch::Variable, message);
    }
    let message = format!("Resource {shown}: IAM does not document what this wildcard matches");
    Reason::new(Mismatch::Wildcard, message)
}

/// Returns the first part that does not match, and a number that grows with its place.
fn explain(resource: &str, user: &DbUserArn, variables: bool) -> (u8, Reason) {
    let (rank, mismatch, what) = first_difference(resource, user, variables);
    let message = format!("Resource {}: {what}", shown(resource));
    let remedy = match mismatch {
        Mismatch::Version => "set Version to 2012-10-17".into(),
        _ => format!("set Resource to {user}"),
    };
    (rank, Reason::new(mismatch, message).with_remedy(remedy))
}

fn first_difference(resource: &str, user: &DbUserArn, variables: bool) -> (u8, Mismatch, String) {
    if !variables
        && resource.contains("${")
        && compare(resource, &user.to_string(), true) != Match::No
    {
        let what = "a policy variable is plain text unless Version is 2012-10-17";
        return (9, Mismatch::Version, what.into());
    }
    let parts: Vec<_> = resource.splitn(PARTS, ':').collect();
    let &[arn, partition, service, region, account, rest] = parts.as_slice() else {
        return (0, Mismatch::Arn, "not the ARN of a database user".into());
    };
    let differs = |pattern: &str, text: &str| glob::compare(pattern, text, variables) == Match::No;
    if arn != "arn" {
        return (0, Mismatch::Arn, "not the ARN of a database user".into());
    }
    let expected = user.region().partition();
    if differs(partition, expected) {
        let what = format!("partition {}; expected {expected}", shown(partition));
        return (1, Mismatch::Partition, what);
    }
    if service == "rds" {
        let of = match api_type(rest) {
            Some(of) => format!(", of {of}, and not of a database user"),
            None => String::new(),
        };
        let what = format!("an ARN of the API, rds:{of}; expected rds-db: and dbuser:");
        return (3, Mismatch::Service, what);
    }
    if differs(service, "rds-db") {
        let what = format!("service {}; expected rds-db", shown(service));
        return (2, Mismatch::Service, what);
    }
    let expected = user.region().as_str();
    if differs(region, expected) {
        let what = format!("region {}; expected {expected}", shown(region));
        return (4, Mismatch::Region, what);
    }
    if differs(account, user.account()) {
        let what = format!("account {}; expected {}", shown(account), user.account());
        return (5, Mismatch::Account, what);
    }
    let Some(id_and_user) = rest.strip_prefix("dbuser:") else {
        return (6, Mismatch::ResourceType, type_difference(rest));
    };
    let mut reader = Reader::new(id_and_user);
    let Some(id) = reader.until_slash() else {
        let what = "no user; expected a slash and the user after the resource ID";
        return (7, Mismatch::User, what.into());
    };
    if differs(id, user.resource_id()) {
        let (mismatch, what) = id_difference(id, user.resource_id());
        return (7, mismatch, what);
    }
    let (mismatch, what) = user_difference(reader.rest(), user.user());
    (8, mismatch, what)
}

/// Returns what an ARN of the API names, from the start of its resource.
fn api_type(resource: &str) -> Option<&'static str> {
    let (name, _) = resource.split_once(':')?;
    Some(match name {
        // arn:aws:rds:eu-west-1:111122223333:db:orders
        "db" => "an instance (db:)",
        // arn:aws:rds:eu-west-1:111122223333:cluster:orders
        "cluster" => "a cluster (cluster:)",
        // arn:aws:rds:eu-west-1:111122223333:db-proxy:prx-0f9d9414be09b1c57
        "db-proxy" => "a proxy (db-proxy:)",
        _ => return None,
    })
}

fn type_difference(resource: &str) -> String {
    if let Some(of) = api_type(resource) {
        return format!("type of {of}; expected dbuser: with the resource ID");
    }
    // dbuser/db-ABC/app
    if resource.starts_with("dbuser") {
        return "no colon after dbuser; expected dbuser:".into();
    }
    // db-ABC/app
    "dbuser: is missing before the resource ID".into()
}

fn id_difference(found: &str, expected: &str) -> (Mismatch, String) {
    let shown = shown(found);
    let kind = |id: &str| PREFIXES.iter().position(|prefix| id.starts_with(prefix));
    let is_name = || match found.split_once('-') {
        // orders, database-1
        _ if kind(found).is_none() => !found.contains(['*', '?', '$']),
        // db-orders, prx-orders: a proxy's ID is hexadecimal
        Some((prefix, id)) => id.bytes().any(|byte| {
            byte.is_ascii_lowercase() && !(prefix == "prx" && byte.is_ascii_hexdigit())
        }),
        None => false,
    };
    if found.eq_ignore_ascii_case(expected) {
        let what = format!("resource ID {shown} in a different letter case; expected {expected}");
        return (Mismatch::ResourceId, what);
    }
    if found.trim() == expected {
        let what = format!("resource ID {shown}; expected {expected} without the space around it");
        return (Mismatch::ResourceId, what);
    }
    if is_name() {
        let what = format!("{shown} is a name; expected the resource ID, {expected}");
        return (Mismatch::ResourceName, what);
    }
    match (kind(found), kind(expected)) {
        (Some(found), Some(expected_kind)) if found != expected_kind => {
            let of = KINDS.get(found).copied().unwrap_or_default();
            let needed = KINDS.get(expected_kind).copied().unwrap_or_default();
            let what = format!("{shown} is the ID of {of}; expected that of {needed}, {expected}");
            (Mismatch::ResourceKind, what)
        }
        _ => {
            let what = format!("resource ID {shown}; expected {expected}");
            (Mismatch::ResourceId, what)
        }
    }
}

fn user_difference(found: &str, expected: &str) -> (Mismatch, String) {
    if found.to_lowercase() == expected.to_lowercase() {
        let what = format!(
            "user {} in a different letter case; expected {}",
            shown(found),
            shown(expected)
        );
        return (Mismatch::UserCase, what);
    }
    let space = if found.trim() == expected {
        " without the space around it"
    } else {
        ""
    };
    let what = format!("user {}; expected {}{space}", shown(found), shown(expected));
    (Mismatch::User, what)
}

/// Of the same places as [`PREFIXES`].
const KINDS: [&str; 3] = ["an instance", "the cluster", "the proxy"];

/// Partition, service, region, account and resource, after `arn`.
const PARTS: usize = 6;
