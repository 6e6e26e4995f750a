//! The order of the sources: that of the `aws` command, version 2.
//!
//! A source that is not configured is passed over. One that is configured and fails ends the
//! search, so that nobody connects with an unexpected identity.

use alloc::format;

use crate::chain::{
    context::Context,
    environment::Environment,
    error::{ErrorKind, Failure},
    format::profiles::Profile,
    machine::Resolved,
    plan::Plan,
    run::{Outcome, Run},
    source::{Source, container, environment, metadata, role::Role, web_identity::WebIdentity},
};

pub(crate) fn credentials(run: &mut Run<'_>) -> Outcome<Resolved> {
    let environment = Environment::ask(run)?;
    let uses_environment = run.settings.uses_environment();
    if uses_environment {
        if let Some(resolved) = environment::resolve(run, &environment)? {
            return Ok(resolved);
        }
    }
    let context = Context::ask(run, environment)?;
    let is_role = context.profile().as_ref().is_some_and(Role::is_in);
    if !is_role && uses_environment {
        if let Some(resolved) = web_identity(run, &context)? {
            return Ok(resolved);
        }
    }
    if let Some(resolved) = profile(run, &context)? {
        return Ok(resolved);
    }
    if let Some(resolved) = container(run, &context)? {
        return Ok(resolved);
    }
    if let Some(resolved) = instance(run, &context)? {
        return Ok(resolved);
    }
    Err(
        Failure::new(ErrorKind::NoCredentials, "no source has credentials")
            .remedy("log in with the aws command, or set keys in the environment; the guide to credentials of rds-iam-token lists the source of each deployment")
            .into(),
    )
}

fn web_identity<'a>(run: &mut Run<'a>, context: &Context<'a>) -> Outcome<Option<Resolved>> {
    let source = Source::WebIdentity;
    if !run.settings.uses(source) {
        return Ok(None);
    }
    let found = WebIdentity::of_environment(&context.environment);
    let Some(found) = found.map_err(|failure| failure.at(source))? else {
        return Ok(None);
    };
    let keys = found.keys(run, context).map_err(|stop| stop.at(source))?;
    keys.resolved(run, source).map(Some)
}

fn profile<'a>(run: &mut Run<'a>, context: &Context<'a>) -> Outcome<Option<Resolved>> {
    let Some(plan) = Plan::of(&context.profiles, context.name)? else {
        pass_over(run, context, context.profile().as_ref());
        return Ok(None);
    };
    let mut sources = [plan.source(), plan.base.source()].into_iter();
    if let Some(source) = sources.find(|source| !run.settings.uses(*source)) {
        run.pass_over(source, "left out by the settings");
        return Ok(None);
    }
    plan.resolve(run, context).map(Some)
}

/// Notes why the profile has no credentials.
fn pass_over(run: &mut Run<'_>, context: &Context<'_>, profile: Option<&Profile<'_, '_>>) {
    let name = context.name;
    let source = Source::ConfigFile;
    if profile.is_some() {
        run.pass_over_with(
            source,
            format!("profile {name} has no credentials"),
            format!("run aws configure sso --profile {name}, or use another profile"),
        );
        return;
    }
    let names = context.profiles.names().join(", ");
    let unprefixed = context.profiles.unprefixed().join("], [");
    let reason = format!("there is no profile {name}");
    if !unprefixed.is_empty() {
        run.suspect(
            source,
            format!("{reason}; the config file has [{unprefixed}], without the word profile"),
            format!("in the config file, write [profile NAME] instead of [{unprefixed}]"),
        );
    } else if names.is_empty() {
        run.pass_over(source, reason);
    } else {
        let reason = format!("{reason}, only: {names}");
        run.suspect(
            source,
            reason,
            format!("set AWS_PROFILE to one of: {names}"),
        );
    }
}

fn container<'a>(run: &mut Run<'a>, context: &Context<'a>) -> Outcome<Option<Resolved>> {
    let source = Source::Container;
    if !run.settings.uses(source) {
        return Ok(None);
    }
    let keys = container::keys(run, &context.environment).map_err(|stop| stop.at(source))?;
    keys.map(|keys| keys.resolved(run, source)).transpose()
}

fn instance<'a>(run: &mut Run<'a>, context: &Context<'a>) -> Outcome<Option<Resolved>> {
    let source = Source::InstanceMetadata;
    if !run.settings.uses(source) {
        return Ok(None);
    }
    let keys = metadata::keys(run, context).map_err(|stop| stop.at(source))?;
    keys.map(|keys| keys.resolved(run, source)).transpose()
}
