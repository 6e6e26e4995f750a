//! Requests to the instance metadata service, and the session token that they need.

use alloc::{format, string::String};
use core::time::Duration;

use crate::{
    chain::{
        answer::HttpFailure,
        context::Context,
        document,
        error::{ErrorKind, Failure},
        http::{self, Reply, Verdict, Wait},
        need::{HttpRequest, Method},
        run::{Outcome, Run},
        shown::shown,
        source::{Source, metadata::endpoint},
    },
    secret::Secret,
};

/// The address of the service.
pub(super) struct Service {
    /// Without a slash at the end.
    base: String,
}

impl Service {
    pub(super) fn find(run: &mut Run<'_>, context: &Context<'_>) -> Outcome<Option<Self>> {
        if context.environment.is_on("AWS_EC2_METADATA_DISABLED") {
            run.suspect(
                Source::InstanceMetadata,
                "switched off by AWS_EC2_METADATA_DISABLED",
                "on EC2, unset AWS_EC2_METADATA_DISABLED",
            );
            return Ok(None);
        }
        let base = endpoint::find(run, context)?;
        Ok(Some(Self { base }))
    }

    pub(super) fn whom(&self) -> &str {
        http::host(&self.base)
    }

    /// Requests a session token. A host that cannot be reached means that this is no instance; one
    /// that can be reached and issues none is an error.
    pub(super) fn session(&self, run: &mut Run<'_>) -> Outcome<Option<Secret>> {
        let request = |_: &Run<'_>| {
            let url = Secret::concat(&[&self.base, "/latest/api/token"]);
            Ok(HttpRequest::new(Method::Put, url)
                .with_header("x-aws-ec2-metadata-token-ttl-seconds", Secret::new("21600"))
                .local(TIMEOUT))
        };
        let token = http::exchange(run, Wait::Second, request, |_, reply| self.judge(reply))?;
        match token {
            Ok(token) => Ok(Some(token)),
            Err(reason) => {
                run.pass_over(
                    Source::InstanceMetadata,
                    format!("{} {reason}", self.whom()),
                );
                Ok(None)
            }
        }
    }

    /// Returns the token, or why there is no service.
    fn judge(&self, reply: Reply<'_>) -> Verdict<Result<Secret, String>> {
        let whom = self.whom();
        let no_token = |reason| Failure::new(ErrorKind::ImdsNoToken, reason);
        let response = match reply {
            Reply::Response(response) => response,
            Reply::Failed(HttpFailure::ConnectTimeout | HttpFailure::Refused, _) => {
                return Verdict::Done(Err("cannot be reached: this is no EC2 instance".into()));
            }
            Reply::Failed(failure, _) => {
                let reason = format!("{whom} was reached and sent no token: {failure}");
                return Verdict::Fail(no_token(reason).remedy(
                    "in a container, allow a second hop: aws ec2 modify-instance-metadata-options \
                     --instance-id ID --http-put-response-hop-limit 2",
                ));
            }
            Reply::Unsupported(reason) => {
                return Verdict::Done(Err(format!("was not contacted: {}", shown(reason))));
            }
        };
        let token = core::str::from_utf8(response.body()).unwrap_or("?").trim();
        match response.status() {
            200 if token.is_empty() => {
                Verdict::Fail(no_token(format!("{whom} issues an empty token")))
            }
            200 if token
                .bytes()
                .all(|byte| byte.is_ascii_graphic() && byte != b'<') =>
            {
                Verdict::Done(Ok(Secret::new(token)))
            }
            200 => Verdict::Fail(
                document::document(format!("{whom}: the token is malformed"))
                    .remedy(SOMETHING_BETWEEN),
            ),
            403 => Verdict::Fail(
                no_token(format!("{whom} is switched off (status 403)")).remedy(
                    "switch it on: aws ec2 modify-instance-metadata-options --instance-id ID \
                     --http-endpoint enabled",
                ),
            ),
            status => {
                let failure = no_token(format!("{whom} issues no token: status {status}"))
                    .remedy(SOMETHING_BETWEEN);
                match status {
                    401 | 500.. => Verdict::Retry(failure),
                    _ => Verdict::Fail(failure),
                }
            }
        }
    }

    /// Sends a request with the session token, and once more with a new one if it has expired.
    pub(super) fn get<'a, T>(
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
                // The host was reached a moment ago: a second attempt would only cost time.
                let response = match http::response(reply, self.whom()) {
                    Ok(response) => response,
                    Err(Verdict::Retry(failure)) => return Verdict::Fail(failure),
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

const SOMETHING_BETWEEN: &str =
    "check whether a login page, firewall or proxy answers in place of the metadata service";
const TIMEOUT: Duration = Duration::from_secs(1);
