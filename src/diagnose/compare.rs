//! What a token says, against what it should.

use alloc::{format, string::String, vec::Vec};
use core::time::Duration;

use percent_encoding::percent_decode_str;

use super::{
    cause::Cause,
    expected::Expected,
    finding::Finding,
    key_id,
    words::{described, in_words},
};
use crate::{
    credentials::Credentials,
    host::Host,
    rds::{ACTION, MAX_LIFETIME, SERVICE},
    region::Region,
    secret::{Secret, SecretText},
    sigv4::{ALGORITHM, AmzDate},
    token::{
        read::{Credential, Draft},
        shown::{self, Place},
    },
};

/// Looks at everything that could be read. What a token that is cut lacks is not missing.
pub(super) fn check(draft: &Draft<'_>, is_cut: bool, known: &Expected) -> Vec<Finding> {
    let mut findings = Findings(Vec::new());
    findings.check_form(draft);
    findings.check_place(draft, known);
    findings.check_user(draft, known);
    findings.check_key(draft, is_cut, known);
    findings.check_time(draft, known);
    findings.0
}

struct Findings(Vec<Finding>);

impl Findings {
    fn add(&mut self, cause: Cause, message: impl Into<String>) {
        self.0.push(Finding::new(cause, message));
    }

    /// Checks a text that is the same in every token.
    fn check_constant(
        &mut self,
        cause: Cause,
        (what, place): (&str, Place),
        found: Option<&str>,
        expected: &str,
    ) {
        if let Some(found) = found.filter(|found| *found != expected) {
            let found = place.shown(found, Some(expected));
            self.add(
                cause,
                format!("is signed for {what} {found}, not {expected}"),
            );
        }
    }

    fn check_form(&mut self, draft: &Draft<'_>) {
        let credential = draft.credential.as_ref();
        let service = credential.map(|credential| credential.service.expose_secret());
        let headers = text(draft.signed_headers.as_ref());
        self.check_constant(
            Cause::WrongAlgorithm,
            ("algorithm", Place::Algorithm),
            text(draft.algorithm.as_ref()),
            ALGORITHM,
        );
        self.check_constant(
            Cause::WrongService,
            ("service", Place::Service),
            service,
            SERVICE,
        );
        self.check_constant(
            Cause::WrongAction,
            ("action", Place::Action),
            text(draft.action.as_ref()),
            ACTION,
        );
        self.check_constant(
            Cause::WrongSignedHeaders,
            ("headers", Place::SignedHeaders),
            headers,
            "host",
        );
        if let (Some(signed_at), Some(credential)) = (draft.signed_at, &draft.credential) {
            let date = AmzDate::new(signed_at);
            self.check_constant(
                Cause::WrongScopeDate,
                ("date", Place::ScopeDate),
                Some(credential.date.expose_secret()),
                date.day(),
            );
        }
    }

    fn check_place(&mut self, draft: &Draft<'_>, known: &Expected) {
        let credential = draft.credential.as_ref();
        let region = credential.map(|credential| credential.region.expose_secret());
        let signed = draft.host.and_then(|host| Host::new(host).ok());
        if let Some(signed) = &signed {
            self.check_host(draft, signed, known);
        }
        if let (Some(port), Some(expected)) = (draft.port, known.port)
            && port != expected
        {
            self.add(
                Cause::WrongPort,
                format!("is signed for port {port}, not {expected}"),
            );
        }
        let of_known = known
            .region
            .clone()
            .or_else(|| known.host.as_ref().and_then(Host::inferred_region));
        let expected = of_known
            .as_ref()
            .map(Region::as_str)
            .or_else(|| signed.as_ref()?.region_code());
        if let (Some(region), Some(expected)) = (region, expected)
            && region != expected
        {
            let region = Place::Region.shown(region, Some(expected));
            self.add(
                Cause::WrongRegion,
                format!("is signed for {region}, not {expected}"),
            );
        }
    }

    fn check_host(&mut self, draft: &Draft<'_>, signed: &Host, known: &Expected) {
        let kind = signed.kind();
        let host = draft.host.unwrap_or_default();
        let shown = Place::Host.shown(host, known.host.as_ref().map(Host::as_str));
        if host.ends_with('.') {
            self.add(
                Cause::WrongHost,
                format!("is signed for {shown} with a dot at its end"),
            );
        } else if let Some(expected) = &known.host
            && !host.eq_ignore_ascii_case(expected.as_str())
            // Where another name leads to the endpoint, the endpoint is what is signed for.
            && (expected.kind().accepts_tokens() || !kind.accepts_tokens())
        {
            self.add(
                Cause::WrongHost,
                format!(
                    "is signed for {shown}, {}, not for {}",
                    described(kind),
                    expected
                ),
            );
        }
        if !kind.accepts_tokens() {
            let message = format!("is signed for {shown}, {}", described(kind));
            self.add(Cause::UnsignableHost, message);
        }
    }

    fn check_user(&mut self, draft: &Draft<'_>, known: &Expected) {
        let (Some(user), Some(expected)) = (
            text(draft.user.as_ref()),
            known.user.as_ref().map(Secret::expose_secret),
        ) else {
            return;
        };
        let is_encoded = percent_decode_str(user).eq(expected.bytes());
        // A plus sign that is not encoded is a finding of its own.
        let with_spaces = user
            .bytes()
            .map(|byte| if byte == b'+' { b' ' } else { byte });
        let is_form =
            matches!(draft.user, Some(SecretText::Borrowed(_))) && with_spaces.eq(expected.bytes());
        if user == expected || is_form {
            return;
        }
        let cause = if is_encoded {
            Cause::EncodedTwice
        } else if differ_in_case_alone(user, expected) {
            Cause::UserCase
        } else {
            Cause::WrongUser
        };
        self.add(
            cause,
            format!(
                "is for user {}, not {}",
                Place::User.shown(user, Some(expected)),
                shown::expected(expected)
            ),
        );
    }

    fn check_key(&mut self, draft: &Draft<'_>, is_cut: bool, known: &Expected) {
        let Some(Credential { access_key_id, .. }) = &draft.credential else {
            return;
        };
        let access_key_id = access_key_id.expose_secret();
        let expected = known.credentials.as_ref();
        let expected_id = expected.map(Credentials::access_key_id);
        let id = Place::AccessKeyId.shown(access_key_id, expected_id);
        if let Some(expected) =
            expected.filter(|expected| expected.access_key_id() != access_key_id)
        {
            let expected = expected.access_key_id();
            self.add(
                Cause::WrongAccessKey,
                format!("is signed by {id}, not by {expected}"),
            );
        }
        match draft.session_token {
            None if access_key_id.starts_with(key_id::TEMPORARY) && !is_cut => self.add(
                Cause::MissingSessionToken,
                format!("is signed by {id}, a temporary key, and has no session token"),
            ),
            Some(_) if access_key_id.starts_with(key_id::LONG_LIVED) => self.add(
                Cause::UnexpectedSessionToken,
                format!("is signed by {id}, a long-lived key, and has a session token"),
            ),
            _ => {}
        }
    }

    fn check_time(&mut self, draft: &Draft<'_>, known: &Expected) {
        let longest = u64::from(MAX_LIFETIME);
        if let Some(lifetime) = draft
            .lifetime
            .filter(|seconds| !(1..=longest).contains(seconds))
        {
            self.add(
                Cause::Lifetime,
                format!(
                    "asks for {} s, and RDS takes 1 s to 900 s",
                    shown::number(lifetime)
                ),
            );
        }
        let (Some(now), Some(signed_at)) = (known.time, draft.signed_at) else {
            return;
        };
        let lifetime = draft.lifetime.unwrap_or(longest).min(longest);
        let end = signed_at.saturating_add(Duration::from_secs(lifetime));
        if now >= end {
            let ago = in_words(now.saturating_duration_since(end));
            self.add(Cause::Expired, format!("expired {ago} ago, at {end}"));
        }
        if signed_at > now.saturating_add(known.tolerance) {
            let ahead = in_words(signed_at.saturating_duration_since(now));
            self.add(
                Cause::NotYetValid,
                format!("begins {ahead} from now, at {signed_at}"),
            );
        }
        let expiry = known.credentials.as_ref().and_then(Credentials::expiry);
        if let Some(expiry) = expiry.filter(|expiry| now >= *expiry) {
            let ago = in_words(now.saturating_duration_since(expiry));
            let message = format!("was signed by credentials that ended {ago} ago, at {expiry}");
            self.add(Cause::CredentialsExpired, message);
        }
    }
}

fn text<'a>(value: Option<&'a SecretText<'_>>) -> Option<&'a str> {
    value.map(SecretText::expose_secret)
}

/// Compares without a copy, which would be left behind. Some letters have two forms in lower case, and
/// some in upper case.
fn differ_in_case_alone(one: &str, other: &str) -> bool {
    let lower = |text| str::chars(text).flat_map(char::to_lowercase);
    let upper = |text| str::chars(text).flat_map(char::to_uppercase);
    lower(one).eq(lower(other)) || upper(one).eq(upper(other))
}
