//! The two requests to STS.

use alloc::format;

use crate::{
    chain::{
        context::Context,
        document,
        endpoint::Service,
        error::{ErrorKind, Failure},
        http::{self, Reply, Verdict, Wait},
        keys::Keys,
        need::{HttpRequest, Method},
        run::{Outcome, Run},
    },
    credentials::Credentials,
    secret::Secret,
    sigv4::uri_encode,
};

/// The parameters of a request besides `Action` and `Version`, sorted by name.
pub(crate) type Parameters<'p> = [(&'static str, &'p str)];

/// Assumes a role with the keys of a different identity, by a presigned `GET`.
///
/// STS accepts every action as a `GET` that is signed in its query, and ignores `X-Amz-Expires`:
/// such a URL is good for about 15 minutes, and is as secret as a token. The longest one has about
/// 6.5 kB; STS accepts 16 kB. No live STS was asked so far, but the canonical request is the one
/// that botocore presigns.
pub(crate) fn assume_role<'a>(
    run: &mut Run<'a>,
    context: &Context<'a>,
    credentials: &Credentials,
    parameters: &Parameters<'_>,
) -> Outcome<Keys> {
    let region = context.region(run)?;
    let endpoint = context.endpoint(run, Service::Sts, region.as_ref())?;
    let request = |run: &Run<'a>| {
        let url = presign::url(&endpoint, credentials, parameters, run.now())?;
        Ok(HttpRequest::new(Method::Get, url).with_ca_bundle(context.ca_bundle()))
    };
    let whom = http::host(&endpoint.url);
    http::exchange(run, Wait::Backoff, request, |run, reply| {
        judge(run, reply, whom)
    })
}

/// Assumes a role with an identity token, by a form that is not signed: the token has up to 20 kB.
pub(crate) fn assume_role_with_web_identity<'a>(
    run: &mut Run<'a>,
    context: &Context<'a>,
    parameters: &Parameters<'_>,
) -> Outcome<Keys> {
    let region = context.region(run)?;
    let endpoint = context.endpoint(run, Service::Sts, region.as_ref())?;
    let request = |_: &Run<'a>| {
        let url = Secret::new(format!("{}/", endpoint.url));
        Ok(HttpRequest::new(Method::Post, url)
            .with_header(
                "content-type",
                Secret::new("application/x-www-form-urlencoded"),
            )
            .with_header("accept", Secret::new("text/xml"))
            .with_body(form("AssumeRoleWithWebIdentity", parameters))
            .with_ca_bundle(context.ca_bundle()))
    };
    let whom = http::host(&endpoint.url);
    http::exchange(run, Wait::Backoff, request, |run, reply| {
        judge(run, reply, whom)
    })
}

/// Writes a form.
fn form(action: &str, parameters: &Parameters<'_>) -> Secret {
    let start = Secret::concat(&["Action=", action, "&Version=2011-06-15"]);
    parameters.iter().fold(start, |form, (name, value)| {
        let value = Secret::new(uri_encode(value));
        Secret::concat(&[form.expose_secret(), "&", name, "=", value.expose_secret()])
    })
}

fn judge(run: &Run<'_>, reply: Reply<'_>, whom: &str) -> Verdict<Keys> {
    let response = match http::response(reply, whom) {
        Ok(response) => response,
        Err(verdict) => return verdict,
    };
    let outcome = document::sts(response.body());
    match (response.status(), outcome) {
        (200, Ok(keys)) => Verdict::Done(keys),
        (500.., Err(failure)) => {
            Verdict::Retry(http::status(whom, response.status()).with_code_of(&failure))
        }
        (_, Err(failure)) if failure.kind == ErrorKind::ServiceRefused => {
            let code = failure.code.clone().unwrap_or_default();
            if RETRIED.contains(&code.as_str()) {
                return Verdict::Retry(failure);
            }
            Verdict::Fail(explain(
                failure,
                &code,
                whom,
                http::clock_skew(response, run.now()),
            ))
        }
        (200, Err(failure)) => Verdict::Fail(failure.within(whom)),
        (status, _) => Verdict::Fail(http::status(whom, status)),
    }
}

/// Adds what an error code means and what to do.
fn explain(failure: Failure, code: &str, whom: &str, clock_skew: Option<Failure>) -> Failure {
    let says_time = failure.message.as_deref().is_some_and(|message| {
        message.contains("Signature expired") || message.contains("not yet current")
    });
    let timed = says_time || TIMED.contains(&code);
    if let Some(skew) = clock_skew.filter(|_| timed) {
        return skew.with_code_of(&failure);
    }
    if says_time {
        let skew = Failure::new(
            ErrorKind::ClockSkew,
            format!(
                "{whom} finds the time of the signature wrong: {}",
                failure.reason
            ),
        );
        return skew
            .with_code_of(&failure)
            .remedy("set the clock of this machine, for example with chronyc makestep");
    }
    let remedy = MEANINGS.iter().find(|(known, _)| *known == code);
    let failure = failure.within(whom);
    match remedy {
        Some((_, remedy)) => failure.remedy(*remedy),
        None => failure,
    }
}

/// Codes after which the same request may succeed.
const RETRIED: &[&str] = &[
    "BandwidthLimitExceeded",
    "IDPCommunicationError",
    "InternalFailure",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "ServiceUnavailable",
    "SlowDown",
    "ThrottledException",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
];

/// Codes that a wrong clock can cause.
const TIMED: &[&str] = &[
    "InvalidSignatureException",
    "RequestExpired",
    "RequestInTheFuture",
    "RequestTimeTooSkewed",
    "SignatureDoesNotMatch",
];

/// Codes, and what to do.
const MEANINGS: &[(&str, &str)] = &[
    (
        "AccessDenied",
        "allow sts:AssumeRole to the caller, and name the caller in the trust policy of the role",
    ),
    (
        "ExpiredToken",
        "renew the credentials of the source: they have expired",
    ),
    (
        "ExpiredTokenException",
        "renew the identity token: it has expired",
    ),
    (
        "IDPRejectedClaim",
        "compare the audience and subject of the identity token with the trust policy of the role",
    ),
    (
        "InvalidClientTokenId",
        "check that the access key is active, that its account has enabled the region, and that a \
         key which starts with ASIA has its session token",
    ),
    (
        "InvalidIdentityToken",
        "create the OIDC provider of the cluster or workflow in IAM, with its issuer and audience",
    ),
    (
        "PackedPolicyTooLarge",
        "shorten the session tags and policies of the role",
    ),
    (
        "RegionDisabledException",
        "enable STS in this region: IAM console, Account settings, Endpoints",
    ),
    (
        "SignatureDoesNotMatch",
        "check that the secret access key belongs to the access key id",
    ),
    (
        "ValidationError",
        "check role_arn, role_session_name, external_id and duration_seconds",
    ),
];

mod presign;
