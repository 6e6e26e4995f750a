//! `aws login`: its cache is read, and never refreshed, which needs a signature with ECDSA P-256.

use alloc::format;

use sha2::{Digest, Sha256};

use crate::chain::{
    context::Context,
    document,
    error::{ErrorKind, Failure},
    format::date,
    keys::Keys,
    run::{Outcome, Run},
    source::{read_file, sso_token},
};

/// Returns the keys of a login session, which is an ARN.
pub(crate) fn keys<'a>(run: &mut Run<'a>, context: &Context<'a>, session: &str) -> Outcome<Keys> {
    let missing = |reason| {
        Failure::new(ErrorKind::LoginMissing, reason)
            .remedy(format!("run aws login --profile {}", context.name))
    };
    let name = cache_name(session);
    let directory = context.environment.get("AWS_LOGIN_CACHE_DIRECTORY");
    let path = match directory {
        Some(directory) => Some(format!("{}/{name}", directory.trim_end_matches('/'))),
        None => context
            .environment
            .in_home(&[".aws", "login", "cache", &name]),
    };
    let path = path.ok_or_else(|| missing("HOME is not set, so there is no cache".into()))?;
    let contents = read_file(run, &path)?.ok_or_else(|| {
        missing(format!(
            "no one is logged in to {session}: {path} does not exist"
        ))
    })?;
    let keys = document::login(contents).map_err(|failure| failure.within(&path))?;
    let now = run.now();
    if let Some(expiry) = keys.expiry.filter(|expiry| *expiry <= now) {
        let ago = date::distance(now, expiry);
        let reason = format!("the login expired at {expiry}, {ago} ago");
        return Err(Failure::new(ErrorKind::LoginExpired, reason)
            .remedy(format!("run aws login --profile {}", context.name))
            .remedy(
                "let the aws command refresh it: credential_process = aws configure \
                     export-credentials --profile NAME",
            )
            .into());
    }
    Ok(keys)
}

/// Returns the name of the cache file of a session.
pub(crate) fn cache_name(session: &str) -> alloc::string::String {
    sso_token::hex_json(&Sha256::digest(session))
}
