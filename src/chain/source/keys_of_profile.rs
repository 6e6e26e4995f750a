//! Keys in a profile, of either file.
//!
//! The `aws` command looks for the id only, and signs with empty keys. Here a secret without an id
//! is half a pair, and an empty key is malformed.

use alloc::{format, string::String};

use crate::{
    chain::{
        error::{ErrorKind, Failure},
        format::{ini::Section, profiles::Profile},
        keys::{self, Keys},
        source::Source,
    },
    secret::Secret,
};

/// Returns the keys that a profile has in one of the files; halves of both are not combined.
pub(crate) fn find(profile: &Profile<'_, '_>, source: Source) -> Result<Option<Keys>, Failure> {
    let section = match source {
        Source::CredentialsFile => profile.credentials,
        _ => profile.config,
    };
    let Some(section) = section else {
        return Ok(None);
    };
    let (id, secret) = (section.get(ID), section.get(SECRET));
    let (id, secret) = match (id, secret) {
        (None, None) => return Ok(None),
        (Some(id), Some(secret)) => (id, secret),
        (Some(_), None) => return Err(partial(profile.name, source, ID, SECRET)),
        (None, Some(_)) => return Err(partial(profile.name, source, SECRET, ID)),
    };
    read(section, id, secret).map(Some).map_err(|failure| {
        failure
            .within(&format!("profile {}", profile.name))
            .at(source)
    })
}

fn read(section: &Section<'_>, id: &str, secret: &str) -> Result<Keys, Failure> {
    Ok(Keys {
        access_key_id: id.into(),
        secret_access_key: Secret::new(secret),
        session_token: keys::session_token(
            ("aws_security_token", section.get("aws_security_token")),
            ("aws_session_token", section.get("aws_session_token")),
        )?,
        expiry: None,
        account_id: section.get("aws_account_id").map(String::from),
    })
}

/// Returns `true` if a profile has a key or half of one, in either file.
pub(crate) fn are_in(profile: &Profile<'_, '_>) -> bool {
    profile.raw(ID).is_some() || profile.raw(SECRET).is_some()
}

fn partial(profile: &str, source: Source, present: &str, missing: &str) -> Failure {
    let reason = format!("profile {profile} has {present}, but no {missing} in the same file");
    Failure::new(ErrorKind::Partial, reason)
        .at(source)
        .remedy(format!(
            "write {missing} beside {present} in profile {profile}"
        ))
}

const ID: &str = "aws_access_key_id";
const SECRET: &str = "aws_secret_access_key";
