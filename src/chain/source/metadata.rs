//! The instance metadata service, version 2. There is no fall-back to version 1.

use alloc::{format, string::String};
use core::time::Duration;

use crate::{
    chain::{
        answer::HttpFailure,
        context::Context,
        document,
        error::{ErrorKind, Failure},
        format::url::Url,
        http::{self, Reply, Verdict, Wait},
        keys::Keys,
        need::{HttpRequest, Method},
        run::{Outcome, Run},
        source::Source,
    },
    secret::Secret,
};

/// Asks for the keys of the instance's role; `None` if there is no service, or no role.
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
        run.pass_over_with(
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
            .push("the instance metadata service hands out expired credentials".into());
    }
    Ok(Some(keys))
}

/// Asks for the region, by the availability zone without its letter.
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

/// Where the service is.
struct Service {
    base: String,
}

impl Service {
    fn find(run: &mut Run<'_>, context: &Context<'_>) -> Outcome<Option<Self>> {
        if context.environment.is_on("AWS_EC2_METADATA_DISABLED") {
            run.pass_over_with(
                Source::InstanceMetadata,
                "switched off by AWS_EC2_METADATA_DISABLED",
                "on EC2, unset AWS_EC2_METADATA_DISABLED",
            );
            return Ok(None);
        }
        base(run, context)
            .map(|base| Some(Self { base }))
            .map_err(Into::into)
    }

    fn whom(&self) -> &str {
        http::host(&self.base)
    }

    /// Asks for a session token. A host that cannot be reached means that this is no instance; one
    /// that can be reached and issues none is an error.
    fn session(&self, run: &mut Run<'_>) -> Outcome<Option<Secret>> {
        let request = |_: &Run<'_>| {
            let url = Secret::concat(&[&self.base, "/latest/api/token"]);
            Ok(HttpRequest::new(Method::Put, url)
                .with_header("x-aws-ec2-metadata-token-ttl-seconds", Secret::new("21600"))
                .local(TIMEOUT))
        };
        let token = http::exchange(run, Wait::Second, request, |_, reply| self.judge(reply))?;
        if token.is_none() {
            run.pass_over(
                Source::InstanceMetadata,
                format!(
                    "{} cannot be reached, so this is no EC2 instance",
                    self.whom()
                ),
            );
        }
        Ok(token)
    }

    fn judge(&self, reply: Reply<'_>) -> Verdict<Option<Secret>> {
        let whom = self.whom();
        let no_token = |reason| Failure::new(ErrorKind::ImdsNoToken, reason);
        match reply {
            Reply::Response(response) => match (response.status(), response.body()) {
                (200, body) => match core::str::from_utf8(body).map(str::trim) {
                    Ok(token)
                        if !token.is_empty()
                            && token.bytes().all(|byte| byte.is_ascii_graphic()) =>
                    {
                        Verdict::Done(Some(Secret::new(token)))
                    }
                    _ => Verdict::Fail(document::document(format!(
                        "{whom}: the token is malformed"
                    ))),
                },
                (403, _) => Verdict::Fail(
                    no_token(format!(
                        "{whom} issues no token: it is switched off (status 403)"
                    ))
                    .remedy(
                        "switch it on: aws ec2 modify-instance-metadata-options --instance-id ID \
                         --http-endpoint enabled",
                    ),
                ),
                (status, _) => {
                    let failure = no_token(format!("{whom} issues no token: status {status}"))
                        .remedy("check that no proxy answers in place of the metadata service");
                    if matches!(status, 401 | 500..) {
                        Verdict::Retry(failure)
                    } else {
                        Verdict::Fail(failure)
                    }
                }
            },
            Reply::Failed(HttpFailure::ConnectTimeout | HttpFailure::Refused, _) => {
                Verdict::Done(None)
            }
            Reply::Failed(failure, _) => Verdict::Fail(
                no_token(format!("{whom} was reached and sent no token: {failure}")).remedy(
                    "in a container, allow a second hop: aws ec2 modify-instance-metadata-options \
                     --instance-id ID --http-put-response-hop-limit 2",
                ),
            ),
            Reply::Unsupported(_) => Verdict::Done(None),
        }
    }

    /// Asks with the session token, and once more with a new one if it is no longer valid.
    fn get<'a, T>(
        &self,
        run: &mut Run<'a>,
        session: &mut Secret,
        path: &str,
        read: impl Fn(u16, &'a [u8]) -> Result<T, Failure>,
    ) -> Outcome<T> {
        let mut renewed = false;
        loop {
            let request = |_: &Run<'a>| {
                Ok(
                    HttpRequest::new(Method::Get, Secret::concat(&[&self.base, path]))
                        .with_header("x-aws-ec2-metadata-token", session.clone())
                        .local(TIMEOUT),
                )
            };
            let judge = |_: &Run<'a>, reply: Reply<'a>| {
                let response = match http::response(reply, self.whom()) {
                    Ok(response) => response,
                    Err(verdict) => return verdict,
                };
                match (response.status(), read(response.status(), response.body())) {
                    (401, _) if !renewed => Verdict::Done(None),
                    (_, Ok(result)) => Verdict::Done(Some(result)),
                    (500.., Err(failure)) => Verdict::Retry(failure),
                    (_, Err(failure)) => Verdict::Fail(failure),
                }
            };
            if let Some(result) = http::exchange(run, Wait::Second, request, judge)? {
                return Ok(result);
            }
            renewed = true;
            if let Some(token) = self.session(run)? {
                *session = token;
            }
        }
    }
}

/// Returns the endpoint: the one in code, in the variable, in the profile, or that of the mode, in
/// the same order.
fn base(run: &Run<'_>, context: &Context<'_>) -> Result<String, Failure> {
    let invalid = |reason: String| {
        Failure::new(ErrorKind::InvalidConfig, reason)
            .remedy("correct AWS_EC2_METADATA_SERVICE_ENDPOINT or its MODE, or unset both")
    };
    let endpoint = run.settings.metadata_endpoint.as_deref().or_else(|| {
        context.setting(
            "AWS_EC2_METADATA_SERVICE_ENDPOINT",
            "ec2_metadata_service_endpoint",
        )
    });
    if let Some(endpoint) = endpoint {
        return match Url::parse(endpoint) {
            Ok(url) if !url.path.contains('?') => Ok(url.join("")),
            Ok(_) => Err(invalid("the configured endpoint has a query".into())),
            Err(problem) => Err(invalid(format!("the configured endpoint {problem}"))),
        };
    }
    let mode = run.settings.metadata_mode.as_deref().or_else(|| {
        context.setting(
            "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
            "ec2_metadata_service_endpoint_mode",
        )
    });
    match mode {
        Some(mode) if mode.eq_ignore_ascii_case("ipv4") => Ok(IPV4.into()),
        Some(mode) if mode.eq_ignore_ascii_case("ipv6") => Ok(IPV6.into()),
        Some(_) => Err(invalid("the endpoint mode is neither IPv4 nor IPv6".into())),
        None if context.environment.is_on("AWS_IMDS_USE_IPV6") => Ok(IPV6.into()),
        None => Ok(IPV4.into()),
    }
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

const IPV4: &str = "http://169.254.169.254";
const IPV6: &str = "http://[fd00:ec2::254]";
const ROLES: &str = "/latest/meta-data/iam/security-credentials/";
const ZONE: &str = "/latest/meta-data/placement/availability-zone/";
const TIMEOUT: Duration = Duration::from_secs(1);
