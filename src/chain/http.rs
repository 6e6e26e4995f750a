//! Exchanges with a server, with their attempts.

use alloc::{format, string::String, vec::Vec};
use core::time::Duration;

use crate::{
    chain::{
        answer::{Answer, HttpFailure, HttpResponse},
        error::{ErrorKind, Failure},
        format::{date, url::Url},
        need::{Ask, HttpRequest, Method},
        run::{Outcome, Run},
        shown::shown,
    },
    secret::Secret,
    timestamp::Timestamp,
};

impl HttpRequest {
    pub(crate) fn new(method: Method, url: Secret) -> Self {
        Self {
            method,
            url,
            headers: Vec::new(),
            body: Secret::new(""),
            timeouts: (Duration::from_secs(5), Duration::from_secs(10)),
            wait: Duration::ZERO,
            proxy: true,
            ca_bundle: None,
        }
    }

    pub(crate) fn with_header(mut self, name: &'static str, value: Secret) -> Self {
        self.headers.push((name, value));
        self
    }

    pub(crate) fn with_body(mut self, body: Secret) -> Self {
        self.body = body;
        self
    }

    pub(crate) fn with_ca_bundle(mut self, path: Option<String>) -> Self {
        self.ca_bundle = path;
        self
    }

    /// Sets what holds for addresses that are local to the machine: no proxy, short timeouts.
    pub(crate) fn local(mut self, timeout: Duration) -> Self {
        self.proxy = false;
        self.timeouts = (timeout, timeout);
        self
    }
}

/// What came of a request.
#[derive(Clone, Copy)]
pub(crate) enum Reply<'a> {
    Response(&'a HttpResponse),
    Failed(HttpFailure, &'a str),
    Unsupported(&'a str),
}

/// What a reply means.
pub(crate) enum Verdict<T> {
    Done(T),
    /// The same may succeed later; the failure counts if there are no attempts left.
    Retry(Failure),
    Fail(Failure),
}

/// The pause before the next attempt.
#[derive(Clone, Copy)]
pub(crate) enum Wait {
    /// One second.
    Second,
    /// At random up to 1 s, then up to 2 s (the standard mode of the SDKs).
    Backoff,
}

/// Sends a request up to three times.
pub(crate) fn exchange<'a, T>(
    run: &mut Run<'a>,
    wait: Wait,
    request: impl Fn(&Run<'a>) -> Result<HttpRequest, Failure>,
    judge: impl Fn(&Run<'a>, Reply<'a>) -> Verdict<T>,
) -> Outcome<T> {
    let mut attempt = 1;
    loop {
        let delay = delay(run, wait, attempt);
        let request = request(run)?;
        let answer = run.ask(|| {
            Ask::Http(HttpRequest {
                wait: delay,
                ..request
            })
        })?;
        let reply = match answer {
            Answer::Http(response) => Reply::Response(response),
            Answer::NoResponse { failure, detail } => Reply::Failed(*failure, detail),
            Answer::Unsupported(reason) => Reply::Unsupported(reason),
            _ => Reply::Unsupported("the request was not made"),
        };
        match judge(run, reply) {
            Verdict::Done(result) => return Ok(result),
            Verdict::Retry(_) if attempt < ATTEMPTS => attempt += 1,
            Verdict::Retry(failure) | Verdict::Fail(failure) => return Err(failure.into()),
        }
    }
}

fn delay(run: &Run<'_>, wait: Wait, attempt: u32) -> Duration {
    match (wait, attempt) {
        (_, 1) => Duration::ZERO,
        (Wait::Second, _) => Duration::from_secs(1),
        (Wait::Backoff, _) => Duration::from_millis(run.random() % 1_000) * 2_u32.pow(attempt - 2),
    }
}

/// Returns the response; an exchange without one may be repeated.
pub(crate) fn response<'a, T>(
    reply: Reply<'a>,
    whom: &str,
) -> Result<&'a HttpResponse, Verdict<T>> {
    match reply {
        Reply::Response(response) => Ok(response),
        Reply::Failed(failure, detail) => Err(Verdict::Retry(unreachable(whom, failure, detail))),
        Reply::Unsupported(reason) => Err(Verdict::Fail(unsupported(whom, reason))),
    }
}

pub(crate) fn unreachable(whom: &str, failure: HttpFailure, detail: &str) -> Failure {
    let detail = shown(detail);
    let reason = if detail.is_empty() {
        format!("{whom} did not answer: {failure}")
    } else {
        format!("{whom} did not answer: {failure} ({detail})")
    };
    let reason = Failure::new(ErrorKind::Unreachable, reason);
    match failure {
        HttpFailure::Tls => reason.remedy(
            "if a proxy re-encrypts TLS, set AWS_CA_BUNDLE to the certificates of its authority",
        ),
        _ if is_local(whom) => {
            reason.remedy(format!("allow connections from this program to {whom}"))
        }
        _ => reason.remedy(format!(
            "allow connections from this machine to {whom}, or set HTTPS_PROXY"
        )),
    }
}

/// Returns `true` for hosts that are asked without a proxy.
fn is_local(host: &str) -> bool {
    let url = format!("http://{host}");
    Url::parse(&url).is_ok_and(|url| url.is_loopback() || url.is_container_endpoint())
}

pub(crate) fn unsupported(whom: &str, reason: &str) -> Failure {
    let reason = format!("{whom} was not contacted: {}", shown(reason));
    Failure::new(ErrorKind::Unsupported, reason)
}

pub(crate) fn status(whom: &str, status: u16) -> Failure {
    Failure::new(
        ErrorKind::HttpStatus,
        format!("{whom} answered with status {status}"),
    )
}

/// Returns how far the clock is off, if the response has a date and the difference is over 5 minutes.
pub(crate) fn clock_skew(response: &HttpResponse, now: Timestamp) -> Option<Failure> {
    let theirs = date::parse_http(response.header("date")?)?;
    let off = theirs.unix_seconds().abs_diff(now.unix_seconds());
    let direction = if theirs > now { "slow" } else { "fast" };
    (off > 300).then(|| {
        let distance = date::distance(now, theirs);
        let reason = format!("the clock of this machine is {distance} {direction}: its time is {now}, the server's is {theirs}");
        Failure::new(ErrorKind::ClockSkew, reason)
            .remedy("set the clock of this machine, for example with chronyc makestep")
    })
}

/// Returns the host of a URL, which is what may be shown of it.
pub(crate) fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?']).next().unwrap_or(rest)
}

const ATTEMPTS: u32 = 3;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        chain::{run::Entry, settings::Settings},
        error::Error,
    };

    #[test]
    fn a_retry_waits_a_second_or_at_random_up_to_one_and_then_two() -> Result<(), Error> {
        let settings = Settings::default().with_seed(1_234_567);
        let now = Timestamp::from_unix_seconds(0)?;
        let answered = [Entry {
            at: now,
            answer: Answer::Missing,
        }];
        let mut run = Run::new(&settings, &answered, now);
        assert!(run.ask(|| Ask::File(String::new())).is_ok());
        for (wait, attempt, milliseconds) in [
            (Wait::Second, 1, 0),
            (Wait::Second, 2, 1_000),
            (Wait::Second, 3, 1_000),
            (Wait::Backoff, 1, 0),
            // The number of this point ends in 317.
            (Wait::Backoff, 2, 317),
            (Wait::Backoff, 3, 634),
        ] {
            let expected = Duration::from_millis(milliseconds);
            assert_eq!(delay(&run, wait, attempt), expected, "{attempt}");
        }
        Ok(())
    }

    #[test]
    fn a_clock_is_wrong_if_it_is_off_by_more_than_five_minutes() -> Result<(), Error> {
        let date = [("date", "Tue, 14 Nov 2023 22:13:20 GMT")];
        let response = HttpResponse::new(403, date, "");
        for (now, direction) in [
            (1_699_999_699, Some("5 min slow")),
            (1_699_999_700, None),
            (1_700_000_000, None),
            (1_700_000_300, None),
            (1_700_000_301, Some("5 min fast")),
        ] {
            let now = Timestamp::from_unix_seconds(now)?;
            let reason = clock_skew(&response, now).map(|failure| failure.reason.clone());
            let expected = direction.map(|direction| {
                format!(
                    "the clock of this machine is {direction}: its time is {now}, the server's is \
                     2023-11-14T22:13:20Z"
                )
            });
            assert_eq!(reason, expected);
        }
        Ok(())
    }

    #[test]
    fn the_host_of_a_url_ends_before_its_path_and_query() {
        for (url, expected) in [
            ("https://sts.amazonaws.com/", "sts.amazonaws.com"),
            ("http://127.0.0.1:1338?role=a", "127.0.0.1:1338"),
            ("http://[::1]", "[::1]"),
        ] {
            assert_eq!(host(url), expected);
        }
    }
}
