//! The access token of IAM Identity Center, which the `aws` command caches and others read.
//!
//! A refresh rotates the refresh token too, so a new token must get back into the file, or the next
//! program has to log in again. The file is read again before the refresh and before the write,
//! since another program may have done the same. What can still be lost: two programs that refresh
//! in the same second, of which the service accepts one; and a token whose write fails, which is
//! then used for this search alone and noted in
//! [`Resolved::notes`](crate::chain::Resolved::notes).

use alloc::{format, string::String};
use core::time::Duration;

use sha1::{Digest, Sha1};

use crate::{
    chain::{
        answer::Answer,
        context::Context,
        document,
        endpoint::Service,
        error::{ErrorKind, Failure},
        format::{date, json::Object},
        http::{self, Reply, Verdict, Wait},
        need::{Ask, HttpRequest, Method},
        run::{Outcome, Run, Stop},
        source::{read_file, sso::SsoRole},
    },
    region::Region,
    secret::Secret,
    timestamp::Timestamp,
};

/// The content of a cache file.
pub(crate) struct Token<'a> {
    pub(crate) access: Secret,
    pub(crate) expires: Timestamp,
    pub(crate) registration_expires: Option<Timestamp>,
    object: Object<'a>,
}

impl<'a> Token<'a> {
    pub(crate) fn parse(contents: &'a [u8]) -> Result<Self, Failure> {
        let object = document::object(contents)?;
        let access = document::required(&object, "accessToken")?;
        document::required(&object, "expiresAt")?;
        let expires = document::expiry(&object, "expiresAt")?;
        Ok(Self {
            access,
            expires: expires.ok_or_else(|| document::document("expiresAt is missing"))?,
            registration_expires: document::expiry(&object, "registrationExpiresAt")?,
            object,
        })
    }

    /// Returns `true` if the file has all that a refresh needs.
    pub(crate) fn is_refreshable(&self) -> bool {
        let has = |name| {
            self.object
                .raw(name)
                .is_some_and(|value| value.starts_with('"'))
        };
        ["refreshToken", "clientId", "clientSecret"]
            .into_iter()
            .all(has)
            && self.registration_expires.is_some()
    }
}

/// Returns a token that lasts, after a refresh if less than 15 minutes are left.
pub(crate) fn access_token<'a>(
    run: &mut Run<'a>,
    context: &Context<'a>,
    role: &SsoRole<'a>,
    region: &Region,
) -> Outcome<Secret> {
    let login = role.login(context);
    let missing = |reason| Failure::new(ErrorKind::SsoTokenMissing, reason).remedy(login.as_str());
    let name = cache_name(role.session.unwrap_or(role.start_url));
    let path = context
        .environment
        .in_home(&[".aws", "sso", "cache", &name]);
    let path = path.ok_or_else(|| missing("HOME is not set, so there is no cache".into()))?;
    let contents = read_file(run, &path)?
        .ok_or_else(|| missing(format!("no one is logged in: {path} does not exist")))?;
    let parse = |contents| {
        Token::parse(contents).map_err(|failure| failure.within(&path).remedy(login.as_str()))
    };
    let mut token = parse(contents)?;
    let due = |token: &Token<'_>, now: Timestamp| {
        role.session.is_some()
            && token.is_refreshable()
            && token.registration_expires.is_some_and(|end| end > now)
            && token.expires <= now.saturating_add(Duration::from_secs(15 * 60))
    };
    let mut rejected = None;
    if due(&token, run.now()) {
        let contents = read_file(run, &path)?.unwrap_or(contents);
        token = parse(contents)?;
        if due(&token, run.now()) {
            match refresh(run, context, &token, region, (&path, contents)) {
                Ok(access) => return Ok(access),
                Err(Stop::Need) => return Err(Stop::Need),
                Err(Stop::Failed(failure)) => rejected = Some(failure),
            }
        }
    }
    let now = run.now();
    if token.expires > now {
        if let Some(failure) = rejected {
            run.notes
                .push(format!("the token was not refreshed: {}", failure.reason));
        }
        return Ok(token.access);
    }
    let ago = date::distance(now, token.expires);
    let mut reason = format!("the access token expired at {}, {ago} ago", token.expires);
    if let Some(failure) = rejected {
        if matches!(
            failure.kind,
            ErrorKind::Unreachable | ErrorKind::Unsupported
        ) {
            return Err(failure.within(&reason).remedy(login).into());
        }
        reason = format!("{reason}; the refresh failed: {}", failure.reason);
    }
    Err(Failure::new(ErrorKind::SsoTokenExpired, reason)
        .remedy(login)
        .into())
}

/// Refreshes the token, and writes it back.
fn refresh<'a>(
    run: &mut Run<'a>,
    context: &Context<'a>,
    token: &Token<'a>,
    region: &Region,
    (path, contents): (&str, &[u8]),
) -> Outcome<Secret> {
    let endpoint = context.endpoint(run, Service::SsoOidc, Some(region))?;
    let field = |name| token.object.raw(name).unwrap_or("null");
    let request = |_: &Run<'a>| {
        let url = Secret::new(format!("{}/token", endpoint.url));
        Ok(HttpRequest::new(Method::Post, url)
            .with_header("content-type", Secret::new("application/json"))
            .with_body(Secret::concat(&[
                "{\"grantType\":\"refresh_token\",\"clientId\":",
                field("clientId"),
                ",\"clientSecret\":",
                field("clientSecret"),
                ",\"refreshToken\":",
                field("refreshToken"),
                "}",
            ]))
            .with_ca_bundle(context.ca_bundle()))
    };
    let whom = http::host(&endpoint.url);
    let answer = http::exchange(run, Wait::Backoff, request, |_, reply| judge(reply, whom))?;
    let access = document::required(&answer, "accessToken")?;
    let seconds = answer.number("expiresIn").unwrap_or_default();
    let lifetime = Duration::from_secs(u64::try_from(seconds).unwrap_or_default());
    let expires = run.now().saturating_add(lifetime);

    // Another program may have written a newer token: then its file stays.
    let unchanged = read_file(run, path)?.is_some_and(|current| current == contents);
    if unchanged {
        let expires = format!("\"{expires}\"");
        let contents = token.object.with(&[
            ("accessToken", answer.raw("accessToken").unwrap_or("null")),
            ("expiresAt", &expires),
            (
                "refreshToken",
                answer.raw("refreshToken").unwrap_or(field("refreshToken")),
            ),
        ]);
        let written = run.ask(|| Ask::WriteFile {
            path: path.into(),
            contents,
        })?;
        if !matches!(written, Answer::Written) {
            run.notes.push(format!(
                "the refreshed token could not be written to {path}"
            ));
        }
    }
    Ok(access)
}

fn judge<'a>(reply: Reply<'a>, whom: &str) -> Verdict<Object<'a>> {
    let response = match http::response(reply, whom) {
        Ok(response) => response,
        Err(verdict) => return verdict,
    };
    match (response.status(), document::object(response.body())) {
        (200, Ok(object)) => match document::required(&object, "accessToken") {
            Ok(_) => Verdict::Done(object),
            Err(failure) => Verdict::Fail(failure.within(whom)),
        },
        (200, Err(failure)) => Verdict::Fail(failure.within(whom)),
        (status @ (429 | 500..), _) => Verdict::Retry(http::status(whom, status)),
        (status, Ok(object)) => Verdict::Fail(match document::text(&object, "error") {
            Ok(Some(code)) => document::rejected(&code, None).within(whom),
            _ => http::status(whom, status),
        }),
        (status, _) => Verdict::Fail(http::status(whom, status)),
    }
}

/// Returns the name of the cache file of a session, or of a start URL exactly as it is written.
pub(crate) fn cache_name(session_or_start_url: &str) -> String {
    hex_json(&Sha1::digest(session_or_start_url))
}

/// Writes a hash in hexadecimal, with `.json` after it.
pub(crate) fn hex_json(hash: &[u8]) -> String {
    let digits = hash.iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
    let digits = digits.filter_map(|digit| char::from_digit(digit.into(), 16));
    digits.chain(".json".chars()).collect()
}
