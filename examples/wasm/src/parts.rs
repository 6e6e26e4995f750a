//! The parts of a token.

use rds_iam_token::{
    Host, ParseTokenError, TokenParts,
    diagnose::{Diagnosis, Expected, diagnose},
};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use crate::{
    input::{self, rejection},
    output::{moment, number, object},
};

/// Parses a token and returns its parts, as far as they may be shown.
#[wasm_bindgen(unchecked_return_type = "TokenParts")]
pub fn inspect(token: &str) -> Result<JsValue, JsValue> {
    let parts =
        TokenParts::parse(token).map_err(|error: ParseTokenError| rejection("token", error))?;
    Ok(describe(&parts, &diagnose(token, &Expected::new())))
}

/// Returns the kind of a host and the region in its name.
#[wasm_bindgen(unchecked_return_type = "Endpoint")]
pub fn endpoint(host: &str) -> Result<JsValue, JsValue> {
    input::host(host).map(|host| describe_host(&host))
}

/// Returns the parts that a diagnosis shows whole.
pub(crate) fn describe(parts: &TokenParts<'_>, diagnosis: &Diagnosis) -> JsValue {
    let is_shown = |name: &str, value: &str| {
        let field = diagnosis.fields().iter().find(|field| field.name() == name);
        field.is_some_and(|field| field.value() == value)
    };
    let shown = |name: &str, value: &str| {
        if is_shown(name, value) {
            value.into()
        } else {
            JsValue::UNDEFINED
        }
    };
    let host = Host::new(parts.host())
        .ok()
        .filter(|host| is_shown("host", &format!("{} ({})", parts.host(), host.kind())));
    let session_token = parts
        .session_token()
        .and_then(|session_token| u64::try_from(session_token.expose_secret().len()).ok());
    object([
        (
            "host",
            host.as_ref()
                .map_or(JsValue::UNDEFINED, |_| parts.host().into()),
        ),
        ("port", parts.port().into()),
        (
            "endpoint",
            host.as_ref().map_or(JsValue::UNDEFINED, describe_host),
        ),
        ("user", shown("user", parts.user())),
        ("region", shown("region", parts.region())),
        ("service", shown("service", parts.service())),
        ("action", shown("action", parts.action())),
        ("algorithm", shown("algorithm", parts.algorithm())),
        (
            "signedHeaders",
            shown("signed headers", parts.signed_headers()),
        ),
        ("accessKeyId", shown("access key id", parts.access_key_id())),
        ("scopeDate", shown("scope date", parts.scope_date())),
        ("signedAt", moment(parts.signed_at())),
        ("lifetime", number(parts.lifetime().as_secs().min(LONGEST))),
        ("expiresAt", moment(parts.expires_at())),
        (
            "sessionTokenLength",
            session_token.map_or(JsValue::UNDEFINED, number),
        ),
    ])
}

fn describe_host(host: &Host) -> JsValue {
    let region = host.inferred_region();
    object([
        ("kind", host.kind().to_string().into()),
        ("acceptsTokens", host.kind().accepts_tokens().into()),
        (
            "region",
            region.map_or(JsValue::UNDEFINED, |region| region.as_str().into()),
        ),
    ])
}

/// In seconds: a longer lifetime is no number of a token.
const LONGEST: u64 = 9_999_999_999;
