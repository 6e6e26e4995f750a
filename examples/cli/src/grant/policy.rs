//! The IAM policy.

use rds_iam_token::{
    Error, Host, HostKind,
    policy::{DbUserArn, connect_policy},
};

use crate::region::region;

use super::{Arguments, required};

/// Returns the policy, and adds notes on what will not work.
pub(super) fn policy(arguments: &Arguments, notes: &mut Vec<String>) -> Result<String, String> {
    let host = arguments
        .hostname
        .as_deref()
        .map(Host::new)
        .transpose()
        .map_err(|error| format!("--hostname: {error}"))?;
    let region = region(arguments.region.as_deref(), host.as_ref(), notes)?
        .ok_or("--region is required, or --hostname with a region in the host name")?;
    let resource_id = required("--resource-id", arguments.resource_id.as_deref())?;
    let account = required("--account", arguments.account.as_deref())?;
    let arn = DbUserArn::new(region, account, resource_id, &arguments.username)
        .map_err(|error| format!("{}: {error}", flag_of(error)))?;
    notes.extend(host.and_then(|host| wrong_prefix(host.kind(), resource_id)));
    Ok(connect_policy(&[arn]))
}

/// Returns the flag of a part of the policy.
fn flag_of(error: Error) -> &'static str {
    match error {
        Error::Account { .. } => "--account",
        Error::ResourceId { .. } => "--resource-id",
        _ => "--username",
    }
}

/// Returns a warning if a resource id is not one of the host's, as far as the kind of host says.
fn wrong_prefix(kind: HostKind, resource_id: &str) -> Option<String> {
    let prefix = match kind {
        HostKind::ClusterReader | HostKind::ClusterWriter => "cluster-",
        HostKind::Proxy | HostKind::ProxyEndpoint => "prx-",
        _ => return None,
    };
    (resource_id != "*" && !resource_id.starts_with(prefix)).then(|| {
        format!(
            "warning: the resource id of this kind of host ({kind}) starts with {prefix}; this policy \
             is for a different database"
        )
    })
}
