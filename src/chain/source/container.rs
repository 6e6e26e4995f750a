//! The endpoint that a container gets its credentials from: ECS, EKS Pod Identity, Greengrass, and
//! Lambda with `SnapStart`.

use alloc::{format, string::String};
use core::time::Duration;

use crate::{
    chain::{
        document,
        environment::Environment,
        error::{ErrorKind, Failure},
        format::url::Url,
        http::{self, Reply, Verdict, Wait},
        keys::Keys,
        need::{HttpRequest, Method},
        run::{Outcome, Run},
        source::{Source, read_file},
    },
    secret::Secret,
};

/// Queries the endpoint; `None` if none is configured.
pub(crate) fn keys<'a>(run: &mut Run<'a>, environment: &Environment<'a>) -> Outcome<Option<Keys>> {
    let Some(url) = url(environment)? else {
        run.pass_over(
            Source::Container,
            format!("{RELATIVE} and {FULL} are not set"),
        );
        return Ok(None);
    };
    let token = token(run, environment)?;
    let request = |_: &Run<'a>| {
        let request = HttpRequest::new(Method::Get, Secret::new(url.as_str()))
            .with_header("accept", Secret::new("application/json"))
            .local(Duration::from_secs(2));
        Ok(match &token {
            Some(token) => request.with_header("authorization", token.clone()),
            None => request,
        })
    };
    let whom = http::host(&url);
    http::exchange(run, Wait::Second, request, |_, reply| {
        judge(reply, whom, token.is_some())
    })
    .map(Some)
}

/// Returns the URL. The relative one wins; an empty variable counts as not set.
pub(crate) fn url(environment: &Environment<'_>) -> Result<Option<String>, Failure> {
    if let Some(path) = environment.get(RELATIVE) {
        if !path.starts_with('/') || !path.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(invalid(RELATIVE, "is not a path that starts with /"));
        }
        return Ok(Some(format!("http://{ECS}{path}")));
    }
    let Some(full) = environment.get(FULL) else {
        return Ok(None);
    };
    let url = Url::parse(full).map_err(|problem| invalid(FULL, problem))?;
    // The aws command compares names, and others resolve names first: here only literal addresses
    // and the name localhost count, since a name can be resolved to anything later.
    if !url.tls && !url.is_loopback() && !url.is_container_endpoint() {
        return Err(invalid(
            FULL,
            "is http:// on a host that is neither loopback nor an address of ECS or EKS",
        ));
    }
    Ok(Some(full.into()))
}

/// Returns the authorization token: from the file, or else from the variable.
fn token<'a>(run: &mut Run<'a>, environment: &Environment<'a>) -> Outcome<Option<Secret>> {
    let (name, token) = if let Some(path) = environment.get(TOKEN_FILE) {
        let contents = read_file(run, path)?.ok_or_else(|| {
            Failure::new(
                ErrorKind::File,
                format!("{path}, which {TOKEN_FILE} names, does not exist"),
            )
            .remedy("check that the token is mounted into the container")
        })?;
        let token = core::str::from_utf8(contents)
            .map_err(|_| invalid(TOKEN_FILE, "names a file that is not a token"))?;
        (TOKEN_FILE, token)
    } else if let Some(token) = environment.get(TOKEN) {
        (TOKEN, token)
    } else {
        return Ok(None);
    };
    let printable = |byte: u8| byte == b' ' || byte == b'\t' || byte.is_ascii_graphic();
    if token.is_empty() || !token.bytes().all(printable) {
        return Err(invalid(name, "has a token that is empty, or contains a line break").into());
    }
    Ok(Some(Secret::new(token)))
}

fn judge(reply: Reply<'_>, whom: &str, authorized: bool) -> Verdict<Keys> {
    let response = match http::response(reply, whom) {
        Ok(response) => response,
        Err(verdict) => return verdict,
    };
    match (response.status(), document::container(response.body())) {
        (200, Ok(keys)) => Verdict::Done(keys),
        (_, Err(failure)) if failure.kind == ErrorKind::ServiceRefused => Verdict::Fail(
            failure
                .within(whom)
                .remedy("check the role of the task or service account"),
        ),
        // A document that is cut off, or a page of something in between.
        (200, Err(failure)) if failure.is_unreadable => Verdict::Retry(failure.within(whom)),
        (200, Err(failure)) => Verdict::Fail(failure.within(whom)),
        (status, _) => {
            let failure = http::status(whom, status);
            Verdict::Retry(match status {
                400 | 401 | 403 if !authorized => failure.remedy(format!("set {TOKEN_FILE}")),
                400 | 401 | 403 => failure.remedy(
                    "check that the authorization token is that of this container, and not expired",
                ),
                _ => failure.remedy(
                    "check the agent of the container (ECS agent, EKS Pod Identity \
                                     Agent)",
                ),
            })
        }
    }
}

fn invalid(name: &str, problem: &str) -> Failure {
    Failure::new(ErrorKind::InvalidConfig, format!("{name} {problem}")).remedy(format!(
        "correct {name}, which the container service sets itself"
    ))
}

const ECS: &str = "169.254.170.2";
const RELATIVE: &str = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
const FULL: &str = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
const TOKEN: &str = "AWS_CONTAINER_AUTHORIZATION_TOKEN";
const TOKEN_FILE: &str = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";
