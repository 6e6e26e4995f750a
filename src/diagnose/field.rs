//! The parts of a token, as far as they may be shown.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::{fmt, time::Duration};

use super::expected::Expected;
use crate::{
    ascii,
    credentials::Credentials,
    host::Host,
    rds::{ACTION, SERVICE},
    region::Region,
    secret::{Secret, SecretText},
    sigv4::ALGORITHM,
    token::{
        parameter,
        read::Draft,
        shown::{self, Place},
    },
};

/// A part of a token, as far as it may be shown.
///
/// `Display` writes `name: value` in one line.
///
/// # Examples
///
/// ```
/// use rds_iam_token::diagnose::{Expected, diagnose};
///
/// let cut = "db.c1a2b3.eu-west-1.rds.amazonaws.com:5432/?Action=connect&DBUser=app&X-Amz-Alg";
/// let diagnosis = diagnose(cut, &Expected::new());
/// let fields: Vec<_> = diagnosis.fields().iter().map(ToString::to_string).collect();
/// assert_eq!(
///     fields,
///     [
///         "host: db.c1a2b3.eu-west-1.rds.amazonaws.com (instance)",
///         "port: 5432",
///         "user: app",
///         "action: connect",
///     ]
/// );
/// ```
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Field {
    name: &'static str,
    value: String,
}

impl Field {
    /// Returns the name, such as `host` or `access key id`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Returns what may be shown of the value, in one line: the value itself, its start, or its
    /// length.
    #[must_use]
    pub fn value(&self) -> &str {
        &self.value
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.value)
    }
}

/// Returns the parts that are present in a text, in the order in which they are reported.
pub(super) fn fields(text: &str, expected: &Expected) -> Vec<Field> {
    let mut fields = Fields(Vec::new());
    if let Some((authority, query)) = text.split_once('?') {
        let draft = Draft::read(text, &mut |_| {});
        fields.add_authority(authority, expected);
        fields.add_parameters(&draft, query, expected);
    }
    fields.0
}

struct Fields(Vec<Field>);

impl Fields {
    fn add(&mut self, name: &'static str, value: String) {
        self.0.push(Field { name, value });
    }

    fn add_authority(&mut self, authority: &str, expected: &Expected) {
        let authority = authority.strip_suffix('/').unwrap_or(authority);
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        };
        let mut value = Place::Host.shown(host, expected.host.as_ref().map(Host::as_str));
        if let Ok(name) = Host::new(host) {
            value = format!("{value} ({})", name.kind());
        }
        self.add("host", value);
        if let Some(port) = port {
            let number = ascii::decimal::<u16>(port).filter(|port| *port != 0);
            self.add(
                "port",
                number.map_or_else(|| shown::malformed(port), |port| port.to_string()),
            );
        }
    }

    fn add_parameters(&mut self, draft: &Draft<'_>, query: &str, expected: &Expected) {
        let credential = draft.credential.as_ref();
        let key_id = expected
            .credentials
            .as_ref()
            .map(Credentials::access_key_id);
        // AKIAIOSFODNN7EXAMPLE%2F2015, of a token that is cut there.
        let key_id_alone = || {
            let id = raw(query, parameter::CREDENTIAL)?
                .split(['/', '%'])
                .next()?;
            Some(Place::AccessKeyId.shown(id, key_id))
        };
        let malformed = |name| raw(query, name).map(shown::malformed);
        let region = expected.region.as_ref().map(Region::as_str);
        let end = || {
            let lifetime = Duration::from_secs(draft.lifetime?);
            Some(draft.date?.at().saturating_add(lifetime))
        };
        for (name, value) in [
            (
                "user",
                show(
                    Place::User,
                    draft.user.as_ref(),
                    expected.user.as_ref().map(Secret::expose_secret),
                )
                .or_else(|| malformed(parameter::USER)),
            ),
            (
                "region",
                show(Place::Region, credential.map(|of| &of.region), region),
            ),
            (
                "service",
                show(
                    Place::Service,
                    credential.map(|of| &of.service),
                    Some(SERVICE),
                ),
            ),
            (
                "action",
                show(Place::Action, draft.action.as_ref(), Some(ACTION))
                    .or_else(|| malformed(parameter::ACTION)),
            ),
            (
                "algorithm",
                show(Place::Algorithm, draft.algorithm.as_ref(), Some(ALGORITHM))
                    .or_else(|| malformed(parameter::ALGORITHM)),
            ),
            (
                "signed headers",
                show(Place::SignedHeaders, draft.signed_headers.as_ref(), None)
                    .or_else(|| malformed(parameter::SIGNED_HEADERS)),
            ),
            (
                "access key id",
                show(
                    Place::AccessKeyId,
                    credential.map(|of| &of.access_key_id),
                    key_id,
                )
                .or_else(key_id_alone),
            ),
            (
                "scope date",
                show(Place::ScopeDate, credential.map(|of| &of.date), None),
            ),
            (
                "signed at",
                draft
                    .date
                    .map(|date| date.at().to_string())
                    .or_else(|| malformed(parameter::DATE)),
            ),
            (
                "lifetime",
                draft
                    .lifetime
                    .map(|seconds| format!("{} s", shown::number(seconds)))
                    .or_else(|| malformed(parameter::EXPIRES)),
            ),
            ("expires at", end().map(|at| at.to_string())),
            (
                "session token",
                session_token(draft).or_else(|| malformed(parameter::SECURITY_TOKEN)),
            ),
            (
                "signature",
                signature(draft).or_else(|| malformed(parameter::SIGNATURE)),
            ),
        ] {
            if let Some(value) = value {
                self.add(name, value);
            }
        }
    }
}

/// Returns the first value of a parameter, still encoded.
fn raw<'a>(query: &'a str, name: &str) -> Option<&'a str> {
    parameter::split(query)
        .find(|(found, _)| *found == name)
        .and_then(|(_, value)| value)
}

fn show(place: Place, value: Option<&SecretText<'_>>, expected: Option<&str>) -> Option<String> {
    value.map(|value| place.shown(value.expose_secret(), expected))
}

fn session_token(draft: &Draft<'_>) -> Option<String> {
    let session_token = draft.session_token.as_ref()?.decoded();
    let length = session_token.expose_secret().len();
    Some(format!("{length} characters, not shown"))
}

fn signature(draft: &Draft<'_>) -> Option<String> {
    let length = draft.signature.as_ref()?.expose_secret().len();
    Some(format!("{length} digits, not shown"))
}
