//! The faults of a chain of profiles.

use alloc::format;

use crate::chain::{
    error::{ErrorKind, Failure},
    format::profiles::{Profile, Profiles},
    source::Source,
};

pub(super) fn loops(visited: &[&str], again: &str) -> Failure {
    let path = visited.join(" → ");
    Failure::new(
        ErrorKind::Loop,
        format!("source profiles form a loop: {path} → {again}"),
    )
    .at(Source::AssumeRole)
    .remedy(format!(
        "write keys or another source_profile into one of: {}",
        visited.join(", ")
    ))
}

pub(super) fn missing(profiles: &Profiles<'_>, profile: &Profile<'_, '_>, source: &str) -> Failure {
    let name = profile.name;
    let reason = format!("profile {name} has source_profile {source}, which does not exist");
    let failure = Failure::new(ErrorKind::InvalidConfig, reason).at(Source::AssumeRole);
    if profiles.lacks_prefix(source) {
        return failure.remedy(format!(
            "in the config file, write [profile {source}] instead of [{source}]"
        ));
    }
    let names = profiles.names().join(", ");
    failure.remedy(format!(
        "set source_profile to a profile that exists: {names}"
    ))
}

pub(super) fn empty(profile: &Profile<'_, '_>, source: &str) -> Failure {
    let name = profile.name;
    let reason = format!("profile {name} has source_profile {source}, which has no credentials");
    Failure::new(ErrorKind::InvalidConfig, reason)
        .at(Source::AssumeRole)
        .remedy(format!(
            "write keys, SSO settings or credential_process into profile {source}"
        ))
}
