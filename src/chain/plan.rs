//! What a profile does to get credentials: a base, and the roles that are assumed from it.
//!
//! A plan is a pure function of the files.

use alloc::{format, vec::Vec};

use crate::chain::{
    context::Context,
    error::{ErrorKind, Failure},
    format::profiles::{Profile, Profiles},
    keys::Keys,
    machine::Resolved,
    run::{Outcome, Run, Stop},
    source::{
        Source, container, environment, keys_of_profile, login, metadata, process, role::Role,
        sso::SsoRole, web_identity::WebIdentity,
    },
};

mod problem;

/// The steps from a base to the role of the profile that was called.
pub(crate) struct Plan<'a> {
    pub(crate) base: Base<'a>,
    /// In the order in which they are assumed.
    pub(crate) roles: Vec<Role<'a>>,
}

/// The source of the first keys.
pub(crate) enum Base<'a> {
    Keys(Keys, Source),
    WebIdentity(WebIdentity<'a>),
    Sso(SsoRole<'a>),
    Login(&'a str),
    Process {
        line: &'a str,
        account_id: Option<&'a str>,
    },
    /// What `credential_source` names.
    Named(Source),
}

impl<'a> Plan<'a> {
    /// Plans a profile; `None` if it has no credentials.
    ///
    /// Keys of a source profile are used even if it has a role of its own, which ends a chain. A
    /// profile can be its own source only if it has something else than its role.
    pub(crate) fn of(profiles: &Profiles<'a>, name: &'a str) -> Result<Option<Self>, Failure> {
        let Some(mut profile) = profiles.profile(name) else {
            return Ok(None);
        };
        if !Role::is_in(&profile) {
            let base = Base::of(profiles, &profile)?;
            return Ok(base.map(|base| Self {
                base,
                roles: Vec::new(),
            }));
        }
        let mut roles = Vec::new();
        let mut visited: Vec<&str> = [name].into();
        let base = loop {
            roles.push(Role::of(&profile).map_err(|failure| failure.at(Source::AssumeRole))?);
            let source = match source_of(&profile)? {
                Next::Named(source) => break Base::Named(source),
                Next::Profile(source) => source,
            };
            if source == profile.name {
                let base = Base::of(profiles, &profile)?;
                break base.ok_or_else(|| problem::loops(&visited, source))?;
            }
            if visited.contains(&source) {
                return Err(problem::loops(&visited, source));
            }
            visited.push(source);
            let next = profiles
                .profile(source)
                .ok_or_else(|| problem::missing(profiles, &profile, source))?;
            if keys_of_profile::are_in(&next) || !Role::is_in(&next) {
                break Base::of(profiles, &next)?
                    .ok_or_else(|| problem::empty(&profile, source))?;
            }
            profile = next;
        };
        roles.reverse();
        Ok(Some(Self { base, roles }))
    }

    pub(crate) fn source(&self) -> Source {
        if self.roles.is_empty() {
            self.base.source()
        } else {
            Source::AssumeRole
        }
    }

    /// Resolves the keys of the base, and assumes the roles.
    pub(crate) fn resolve(self, run: &mut Run<'a>, context: &Context<'a>) -> Outcome<Resolved> {
        let mut resolved = self.base.resolve(run, context)?;
        for role in &self.roles {
            let keys = role.keys(run, context, resolved.credentials());
            let keys = keys.map_err(|stop| stop.at(Source::AssumeRole))?;
            resolved = keys.resolved(run, Source::AssumeRole)?;
        }
        Ok(resolved)
    }
}

impl<'a> Base<'a> {
    /// Finds what a profile has besides a role, in the order of the `aws` command.
    fn of(profiles: &Profiles<'a>, profile: &Profile<'_, 'a>) -> Result<Option<Self>, Failure> {
        let web_identity = WebIdentity::of_profile(profile);
        if let Some(found) = web_identity.map_err(|failure| failure.at(Source::WebIdentity))? {
            return Ok(Some(Self::WebIdentity(found)));
        }
        let sso = SsoRole::of(profiles, profile);
        if let Some(found) = sso.map_err(|failure| failure.at(Source::Sso))? {
            return Ok(Some(Self::Sso(found)));
        }
        if let Some(keys) = keys_of_profile::find(profile, Source::CredentialsFile)? {
            return Ok(Some(Self::Keys(keys, Source::CredentialsFile)));
        }
        if let Some(session) = profile.get("login_session") {
            return Ok(Some(Self::Login(session)));
        }
        if let Some(line) = profile.raw("credential_process") {
            let account_id = profile.get("aws_account_id");
            return Ok(Some(Self::Process { line, account_id }));
        }
        let keys = keys_of_profile::find(profile, Source::ConfigFile)?;
        Ok(keys.map(|keys| Self::Keys(keys, Source::ConfigFile)))
    }

    pub(crate) fn source(&self) -> Source {
        match self {
            Self::Keys(_, source) | Self::Named(source) => *source,
            Self::WebIdentity(_) => Source::WebIdentity,
            Self::Sso(_) => Source::Sso,
            Self::Login(_) => Source::Login,
            Self::Process { .. } => Source::Process,
        }
    }

    fn resolve(self, run: &mut Run<'a>, context: &Context<'a>) -> Outcome<Resolved> {
        let source = self.source();
        let keys = match self {
            Self::Keys(keys, _) => Ok(keys),
            Self::WebIdentity(found) => found.keys(run, context),
            Self::Sso(found) => found.keys(run, context),
            Self::Login(session) => login::keys(run, context, session),
            Self::Process { line, account_id } => process::keys(run, line, account_id),
            Self::Named(source) => return named(run, context, source),
        };
        keys.map_err(|stop| stop.at(source))?.resolved(run, source)
    }
}

/// Queries the source that `credential_source` names, which must have credentials.
fn named<'a>(run: &mut Run<'a>, context: &Context<'a>, source: Source) -> Outcome<Resolved> {
    let environment = &context.environment;
    let resolved = match source {
        Source::Environment => environment::resolve(run, environment)?,
        Source::Container => of_keys(run, container::keys, environment, source)?,
        _ => of_keys(run, metadata::keys, context, source)?,
    };
    let empty = || {
        let reason = format!("credential_source names the {source}, which has no credentials");
        Stop::from(Failure::new(ErrorKind::NoCredentials, reason).at(Source::AssumeRole))
    };
    resolved.ok_or_else(empty)
}

fn of_keys<'a, C>(
    run: &mut Run<'a>,
    keys: impl Fn(&mut Run<'a>, &C) -> Outcome<Option<Keys>>,
    context: &C,
    source: Source,
) -> Outcome<Option<Resolved>> {
    match keys(run, context).map_err(|stop| stop.at(source))? {
        Some(keys) => keys.resolved(run, source).map(Some),
        None => Ok(None),
    }
}

/// What a role is assumed from.
enum Next<'a> {
    Profile(&'a str),
    Named(Source),
}

/// Returns `source_profile` or `credential_source`, of which there must be one.
fn source_of<'a>(profile: &Profile<'_, 'a>) -> Result<Next<'a>, Failure> {
    let name = profile.name;
    let invalid = |reason| Failure::new(ErrorKind::InvalidConfig, reason).at(Source::AssumeRole);
    match (
        profile.get("source_profile"),
        profile.get("credential_source"),
    ) {
        (Some(source), None) => Ok(Next::Profile(source)),
        (None, Some(source)) => {
            let named = NAMED
                .iter()
                .find(|(known, _)| known.eq_ignore_ascii_case(source));
            named
                .map(|(_, source)| Next::Named(*source))
                .ok_or_else(|| {
                    invalid(format!("profile {name} has an unknown credential_source")).remedy(
                        "set credential_source to Environment, Ec2InstanceMetadata or EcsContainer",
                    )
                })
        }
        (None, None) => Err(invalid(format!(
            "profile {name} has role_arn, but neither source_profile nor credential_source"
        ))
        .remedy(format!(
            "write source_profile or credential_source into profile {name}"
        ))),
        (Some(_), Some(_)) => Err(invalid(format!(
            "profile {name} has both source_profile and credential_source"
        ))
        .remedy(format!(
            "remove source_profile or credential_source from profile {name}"
        ))),
    }
}

const NAMED: &[(&str, Source)] = &[
    ("Environment", Source::Environment),
    ("Ec2InstanceMetadata", Source::InstanceMetadata),
    ("EcsContainer", Source::Container),
];
