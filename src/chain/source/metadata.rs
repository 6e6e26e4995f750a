//! The instance metadata service, version 2. There is no fall-back to version 1.

use alloc::{format, string::String};
use core::time::Duration;

use crate::chain::{
    context::Context,
    document,
    error::Failure,
    http,
    keys::Keys,
    run::{Outcome, Run},
    source::{Source, metadata::service::Service},
};

mod endpoint;
mod service;

/// Requests the keys of the instance's role; `None` if there is no service, or no role.
pub(crate) fn keys<'a>(run: &mut Run<'a>, context: &Context<'a>) -> Outcome<Option<Keys>> {
    let Some(service) = Service::find(run, context)? else {
        return Ok(None);
    };
    let Some(mut session) = service.session(run)? else {
        return Ok(None);
    };
    let role = service.get(run, &mut session, ROLES, |status, body| match status {
        200 => role_name(body).map(Some),
        404 => Ok(None),
        status => Err(http::status(service.whom(), status)),
    })?;
    let Some(role) = role.filter(|role| !role.is_empty()) else {
        run.suspect(
            Source::InstanceMetadata,
            "the instance has no role",
            "attach a role to the instance: EC2 console, Actions, Security, Modify IAM role",
        );
        return Ok(None);
    };
    let path = format!("{ROLES}{role}");
    let mut keys = service.get(run, &mut session, &path, |status, body| match status {
        200 => document::metadata(body).map_err(|failure| failure.within(service.whom())),
        status => Err(http::status(service.whom(), status)),
    })?;
    let now = run.now();
    if keys.expiry.is_some_and(|expiry| expiry <= now) {
        // Static stability: AWS asks clients to go on with the last keys while the service cannot
        // renew them. The aws command adds 15 minutes and 2 to 10 at random.
        let extra = Duration::from_secs(15 * 60 + 120 + run.random() % 480);
        keys.expiry = Some(now.saturating_add(extra));
        run.notes
            .push("the instance metadata service issues expired credentials".into());
    }
    Ok(Some(keys))
}

/// Requests the region, by the availability zone without its letter.
pub(crate) fn region_code<'a>(run: &mut Run<'a>, context: &Context<'a>) -> Outcome<Option<String>> {
    let Some(service) = Service::find(run, context)? else {
        return Ok(None);
    };
    let Some(mut session) = service.session(run)? else {
        return Ok(None);
    };
    service.get(run, &mut session, ZONE, |status, body| match status {
        200 => {
            let zone = core::str::from_utf8(body).unwrap_or_default().trim();
            Ok(zone
                .char_indices()
                .last()
                .and_then(|(end, _)| zone.get(..end))
                .map(String::from))
        }
        404 => Ok(None),
        status => Err(http::status(service.whom(), status)),
    })
}

/// Returns the first line of the list of roles.
fn role_name(body: &[u8]) -> Result<String, Failure> {
    let text = core::str::from_utf8(body).unwrap_or("<");
    let name = text.trim().lines().next().unwrap_or_default().trim();
    let valid = name
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"+=,.@_-".contains(&byte));
    if valid {
        return Ok(name.into());
    }
    Err(
        document::document("the role's name is malformed; something else answers").remedy(
            "check whether a login page, firewall or proxy answers in place of the service",
        ),
    )
}

const ROLES: &str = "/latest/meta-data/iam/security-credentials/";
const ZONE: &str = "/latest/meta-data/placement/availability-zone/";
