//! Step 4: compare the values of a token with the expected ones.

use alloc::{format, string::String, vec::Vec};
use core::time::Duration;

use percent_encoding::percent_decode_str;

use super::{
    cause::Cause,
    expected::Expected,
    finding::Finding,
    words::{described, differ_in_case_alone, in_words},
};
use crate::{
    credentials::Credentials,
    host::Host,
    rds::{ACTION, MAX_LIFETIME, SERVICE},
    region::Region,
    secret::{Secret, SecretText},
    sigv4::ALGORITHM,
    token::{
        read::{Credential, Draft},
        shown::{self, LONG_LIVED, Place, TEMPORARY},
    },
};

/// Compares everything that could be read. A session token that may be cut or malformed is not
/// missing.
pub(super) fn compare(
    draft: &Draft<'_>,
    may_have_session_token: bool,
    expected: &Expected,
) -> Vec<Finding> {
    let mut findings = Findings(Vec::new());
    findings.check_form(draft);
    findings.check_place(draft, expected);
    findings.check_user(draft, expected);
    findings.check_key(draft, may_have_session_token, expected);
    findings.check_time(draft, expected);
    findings.0
}

struct Findings(Vec<Finding>);

impl Findings {
    fn add(&mut self, cause: Cause, message: impl Into<String>) {
        self.0.push(Finding::new(cause, message));
    }

    /// Checks a text that is the same in every token, or that follows from the rest.
    fn check_text(
        &mut self,
        (cause, place): (Cause, Place),
        fact: &str,
        found: Option<&str>,
        expected: &str,
    ) {
        if let Some(found) = found.filter(|found| *found != expected) {
            let found = place.shown(found, Some(expected));
            let expected = shown::expected(expected);
            self.add(cause, format!("{fact} {found}; expected {expected}"));
        }
    }

    fn check_form(&mut self, draft: &Draft<'_>) {
        let credential = draft.credential.as_ref();
        self.check_text(
            (Cause::WrongAlgorithm, Place::Algorithm),
            "signed with algorithm",
            text(draft.algorithm.as_ref()),
            ALGORITHM,
        );
        self.check_text(
            (Cause::WrongService, Place::Service),
            "signed for service",
            credential.map(|credential| credential.service.expose_secret()),
            SERVICE,
        );
        self.check_text(
            (Cause::WrongAction, Place::Action),
            "signed for action",
            text(draft.action.as_ref()),
            ACTION,
        );
        self.check_text(
            (Cause::WrongSignedHeaders, Place::SignedHeaders),
            "signed with headers",
            text(draft.signed_headers.as_ref()),
            "host",
        );
        if let (Some(date), Some(credential)) = (draft.date, credential) {
            self.check_text(
                (Cause::WrongScopeDate, Place::ScopeDate),
                "signed for day",
                Some(credential.date.expose_secret()),
                date.day(),
            );
        }
    }

    fn check_place(&mut self, draft: &Draft<'_>, expected: &Expected) {
        let signed = draft.host.and_then(|host| Host::new(host).ok());
        if let (Some(signed), Some(spelled)) = (&signed, draft.host) {
            self.check_host(signed, spelled, expected.host.as_ref());
        }
        let ports = draft.port.zip(expected.port);
        if let Some((port, expected)) = ports.filter(|(port, expected)| port != expected) {
            self.add(
                Cause::WrongPort,
                format!("signed for port {port}; expected {expected}"),
            );
        }
        let of_host = || expected.host.as_ref().and_then(Host::inferred_region);
        let region = expected.region.clone().or_else(of_host);
        // The host in a damaged token may be anything.
        let of_signed = signed.as_ref().and_then(Host::region_code);
        let of_signed = of_signed.filter(|code| Place::Region.fits(code));
        if let Some(expected) = region.as_ref().map(Region::as_str).or(of_signed) {
            let credential = draft.credential.as_ref();
            self.check_text(
                (Cause::WrongRegion, Place::Region),
                "signed for region",
                credential.map(|credential| credential.region.expose_secret()),
                expected,
            );
        }
    }

    fn check_host(&mut self, signed: &Host, spelled: &str, expected: Option<&Host>) {
        let kind = signed.kind();
        let shown = Place::Host.shown(spelled, expected.map(Host::as_str));
        let described = described(kind);
        let is_expected = expected == Some(signed);
        if spelled.ends_with('.') {
            self.add(
                Cause::WrongHost,
                format!("signed for host {shown} with a dot at its end; expected none"),
            );
        } else if let Some(expected) = expected.filter(|expected| {
            // localhost leads to db.c1a2…: the endpoint is what is signed for.
            !is_expected && (expected.kind().accepts_tokens() || !kind.accepts_tokens())
        }) {
            let expected = shown::expected(expected.as_str());
            self.add(
                Cause::WrongHost,
                format!("signed for host {shown} ({described}); expected {expected}"),
            );
        }
        if !kind.accepts_tokens() && !is_expected {
            self.add(
                Cause::UnsignableHost,
                format!("signed for host {shown} ({described}); expected a host name of RDS"),
            );
        }
    }

    fn check_user(&mut self, draft: &Draft<'_>, expected: &Expected) {
        let (Some(user), Some(expected)) = (
            text(draft.user.as_ref()),
            expected.user.as_ref().map(Secret::expose_secret),
        ) else {
            return;
        };
        // Jane+Doe: a plus sign that is not encoded is a finding of its own.
        let with_spaces = user
            .bytes()
            .map(|byte| if byte == b'+' { b' ' } else { byte });
        let is_form =
            matches!(draft.user, Some(SecretText::Borrowed(_))) && with_spaces.eq(expected.bytes());
        if user == expected || is_form {
            return;
        }
        let (cause, how) = if percent_decode_str(user).eq(expected.bytes()) {
            (Cause::EncodedTwice, ", encoded once")
        } else if differ_in_case_alone(user, expected) {
            (Cause::UserCase, ", case counts")
        } else {
            (Cause::WrongUser, "")
        };
        let user = Place::User.shown(user, Some(expected));
        let expected = shown::expected(expected);
        self.add(
            cause,
            format!("signed for user {user}; expected {expected}{how}"),
        );
    }

    fn check_key(&mut self, draft: &Draft<'_>, may_have_session_token: bool, expected: &Expected) {
        let Some(Credential { access_key_id, .. }) = &draft.credential else {
            return;
        };
        let access_key_id = access_key_id.expose_secret();
        let expected = expected.credentials.as_ref();
        let expected = expected.map(Credentials::access_key_id);
        let id = Place::AccessKeyId.shown(access_key_id, expected);
        if let Some(expected) = expected.filter(|expected| *expected != access_key_id) {
            let expected = shown::expected(expected);
            let message = format!("signed with access key {id}; expected {expected}");
            self.add(Cause::WrongAccessKey, message);
        }
        let has_session_token = draft.session_token.is_some();
        if access_key_id.starts_with(TEMPORARY) && !has_session_token && !may_have_session_token {
            let message = format!(
                "signed with temporary key {id}, but the session token is missing; expected that of the key"
            );
            self.add(Cause::MissingSessionToken, message);
        }
        if access_key_id.starts_with(LONG_LIVED) && has_session_token {
            let message = format!(
                "signed with long-lived key {id}, but a session token is present; expected none"
            );
            self.add(Cause::UnexpectedSessionToken, message);
        }
    }

    fn check_time(&mut self, draft: &Draft<'_>, expected: &Expected) {
        let longest = u64::from(MAX_LIFETIME);
        let lifetime = draft.lifetime.unwrap_or(longest);
        if !(1..=longest).contains(&lifetime) {
            let seconds = shown::number(lifetime);
            let message = format!("the lifetime is {seconds} s; expected 1 s to 900 s");
            self.add(Cause::Lifetime, message);
        }
        let (Some(now), Some(date)) = (expected.time, draft.date) else {
            return;
        };
        let signed_at = date.at();
        let end = signed_at.saturating_add(Duration::from_secs(lifetime.min(longest)));
        if now >= end {
            let ago = in_words(now.saturating_duration_since(end));
            self.add(Cause::Expired, format!("expired {ago} ago, at {end}"));
        }
        if signed_at > now.saturating_add(expected.tolerance) {
            let ahead = in_words(signed_at.saturating_duration_since(now));
            let message =
                format!("signed {ahead} from now, at {signed_at}; expected a time before now");
            self.add(Cause::NotYetValid, message);
        }
        let expiry = expected.credentials.as_ref().and_then(Credentials::expiry);
        if let Some(expiry) = expiry.filter(|expiry| now >= *expiry) {
            let ago = in_words(now.saturating_duration_since(expiry));
            let message = format!("signed with credentials that expired {ago} ago, at {expiry}");
            self.add(Cause::CredentialsExpired, message);
        }
    }
}

fn text<'a>(value: Option<&'a SecretText<'_>>) -> Option<&'a str> {
    value.map(SecretText::expose_secret)
}
