//! Environment variables. One that is set and empty counts as absent, as for AWS's own tools.

use std::env;

use rds_iam_token::{Credentials, Input};

/// Returns the text of a variable, unless it is empty.
pub(crate) fn variable(name: &str) -> Result<Option<String>, String> {
    Ok(raw(name)?.filter(|value| !value.is_empty()))
}

/// Returns the text of a variable, which may be empty.
pub(crate) fn raw(name: &str) -> Result<Option<String>, String> {
    env::var_os(name)
        .map(|value| {
            value
                .into_string()
                .map_err(|_| format!("{name} is not UTF-8"))
        })
        .transpose()
}

/// Checks the access key in the environment, if there is a whole one. An error names the variable.
pub(crate) fn check() -> Result<(), String> {
    let has_both =
        variable("AWS_ACCESS_KEY_ID")?.is_some() && variable("AWS_SECRET_ACCESS_KEY")?.is_some();
    if has_both {
        credentials()?;
    }
    Ok(())
}

/// Returns the access key in the environment.
pub(crate) fn credentials() -> Result<Credentials, String> {
    let [id, secret, session] = [
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
    ];
    let required = |name| variable(name)?.ok_or_else(|| format!("{name} is not set"));
    let credentials = Credentials::new(required(id)?, required(secret)?).map_err(|error| {
        match error.input() {
            Input::AccessKeyId => format!("{id}: {error}"),
            _ => format!("{secret}: {error}"),
        }
    })?;
    match variable(session)? {
        Some(token) => credentials
            .with_session_token(token)
            .map_err(|error| format!("{session}: {error}")),
        None => Ok(credentials),
    }
}
