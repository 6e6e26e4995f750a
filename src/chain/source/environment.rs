//! Keys in the environment. No file is read for them.
//!
//! On Lambda this is all there is: the runtime sets the variables, without an expiry.

use alloc::string::String;

use crate::{
    chain::{
        environment::Environment,
        error::{ErrorKind, Failure},
        format::date,
        keys::{self, Keys},
        machine::Resolved,
        run::{Outcome, Run},
        source::Source,
    },
    secret::Secret,
};

pub(crate) fn resolve(
    run: &mut Run<'_>,
    environment: &Environment<'_>,
) -> Outcome<Option<Resolved>> {
    let Some(id) = environment.get("AWS_ACCESS_KEY_ID") else {
        if environment.get("AWS_SECRET_ACCESS_KEY").is_some() {
            run.suspect(
                SOURCE,
                "AWS_ACCESS_KEY_ID is not set, although AWS_SECRET_ACCESS_KEY is",
                "export AWS_ACCESS_KEY_ID, the other half of AWS_SECRET_ACCESS_KEY",
            );
        } else {
            run.pass_over(SOURCE, "AWS_ACCESS_KEY_ID is not set");
        }
        return Ok(None);
    };
    let Some(secret) = environment.get("AWS_SECRET_ACCESS_KEY") else {
        let reason = "AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is missing or empty";
        return Err(Failure::new(ErrorKind::Partial, reason)
            .at(SOURCE)
            .remedy("export AWS_SECRET_ACCESS_KEY as well, or unset AWS_ACCESS_KEY_ID")
            .into());
    };
    let session_token = keys::session_token(
        ("AWS_SECURITY_TOKEN", environment.get("AWS_SECURITY_TOKEN")),
        ("AWS_SESSION_TOKEN", environment.get("AWS_SESSION_TOKEN")),
    )
    .map_err(|failure| failure.at(SOURCE))?;
    let expiry = environment
        .get("AWS_CREDENTIAL_EXPIRATION")
        .map(date::parse);
    if expiry == Some(None) {
        let reason = "AWS_CREDENTIAL_EXPIRATION is not a date of RFC 3339";
        return Err(Failure::new(ErrorKind::InvalidValue, reason)
            .at(SOURCE)
            .remedy("export AWS_CREDENTIAL_EXPIRATION as in 2030-01-31T12:00:00Z, or unset it")
            .into());
    }
    let keys = Keys {
        access_key_id: id.into(),
        secret_access_key: Secret::new(secret),
        session_token,
        expiry: expiry.flatten(),
        account_id: environment.get("AWS_ACCOUNT_ID").map(String::from),
    };
    keys.resolved(run, SOURCE).map(Some)
}

const SOURCE: Source = Source::Environment;
