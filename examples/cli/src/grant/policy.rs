//! The IAM policy.

use rds_iam_token::{
    HostKind,
    policy::{DbUserPattern, Error, connect_policy},
};

use crate::{endpoint::optional_host, region::region};

use super::{Arguments, check_required, notes, required};

/// Returns the policy, and adds notes on what it opens and what will not work.
pub(super) fn policy(arguments: &Arguments, notes: &mut Vec<String>) -> Result<String, String> {
    let resource_id = arguments.resource_id.as_deref();
    let (pattern, kind) = pattern(arguments, "--resource-id", resource_id, notes)?;
    notes::patterns(&pattern, notes);
    notes::resource_id(kind, pattern.resource_id(), notes);
    Ok(connect_policy([pattern]))
}

/// Returns the users of a resource ID, and the kind of host.
pub(super) fn pattern(
    arguments: &Arguments,
    flag: &str,
    resource_id: Option<&str>,
    notes: &mut Vec<String>,
) -> Result<(DbUserPattern, Option<HostKind>), String> {
    let host = optional_host(arguments.hostname.as_deref())?;
    let partition = arguments.partition.as_deref();
    let (partition, region) = match arguments.region.as_deref() {
        Some(pattern) if pattern.contains(['*', '?']) => {
            if partition.is_none() {
                notes.push(
                    "note: partition aws, since a pattern of regions is in none; --partition sets a \
                     different one"
                        .to_owned(),
                );
            }
            (partition.unwrap_or("aws").to_owned(), pattern.to_owned())
        }
        code => {
            let region = region(code, host.as_ref(), notes)?
                .ok_or("--region is required, or --hostname with a region in the host name")?;
            let partition = partition.unwrap_or(region.partition());
            (partition.to_owned(), region.as_str().to_owned())
        }
    };
    check_required(arguments)?;
    let resource_id = required(flag, resource_id)?;
    let account = required("--account", arguments.account.as_deref())?;
    let pattern = DbUserPattern::new(partition, region, account, resource_id, arguments.user()?)
        .map_err(|error| format!("{}: {error}", flag_of(error, flag)))?;
    Ok((pattern, host.map(|host| host.kind())))
}

/// Returns the flag of a part of the policy.
fn flag_of(error: Error, resource_id: &str) -> &str {
    match error {
        Error::Account(_) => "--account",
        Error::Partition(_) => "--partition",
        Error::Region(_) => "--region",
        Error::ResourceId(_) => resource_id,
        Error::Pattern(_) | Error::User(_) => "--username",
        _ => "ARN",
    }
}
