//! What is in a token.

use rds_iam_token::{Endpoint, ParseTokenError, TokenParts};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};
use zeroize::Zeroizing;

use crate::{
    input::{self, refusal},
    output::{moment, number, object},
};

/// Reads what a token says, without its signature and session token.
#[wasm_bindgen(unchecked_return_type = "TokenParts")]
pub fn inspect(token: String) -> Result<JsValue, JsValue> {
    let token = Zeroizing::new(token);
    TokenParts::parse(&token)
        .map(|parts| describe(&parts))
        .map_err(|error: ParseTokenError| refusal("token", error))
}

/// Reads what the name of a host tells.
#[wasm_bindgen(unchecked_return_type = "Endpoint")]
pub fn endpoint(host: &str) -> Result<JsValue, JsValue> {
    input::host(host).map(|endpoint| describe_endpoint(&endpoint))
}

pub(crate) fn describe(parts: &TokenParts<'_>) -> JsValue {
    let endpoint = Endpoint::new(parts.host(), parts.port()).ok();
    let session_token = parts
        .expose_session_token()
        .and_then(|session_token| u64::try_from(session_token.len()).ok());
    object([
        ("host", parts.host().into()),
        ("port", parts.port().into()),
        (
            "endpoint",
            endpoint
                .as_ref()
                .map_or(JsValue::UNDEFINED, describe_endpoint),
        ),
        ("user", shown(parts.user())),
        ("region", shown(parts.region())),
        ("service", shown(parts.service())),
        ("action", shown(parts.action())),
        ("algorithm", shown(parts.algorithm())),
        ("signedHeaders", shown(parts.signed_headers())),
        ("accessKeyId", shown(parts.access_key_id())),
        ("scopeDate", shown(parts.scope_date())),
        ("signedAt", moment(parts.signed_at())),
        ("lifetime", number(parts.lifetime().as_secs())),
        ("expiresAt", moment(parts.expires_at())),
        (
            "sessionTokenLength",
            session_token.map_or(JsValue::UNDEFINED, number),
        ),
    ])
}

/// Gives a text of a token up to the name of a secret parameter: where an ampersand is lost, a value
/// has the next one in it.
pub(crate) fn shown(text: &str) -> JsValue {
    match text.to_ascii_lowercase().find("x-amz-s") {
        Some(end) => format!("{}…", text.split_at(end).0).into(),
        None => text.into(),
    }
}

fn describe_endpoint(endpoint: &Endpoint) -> JsValue {
    let region = endpoint.inferred_region();
    object([
        ("kind", endpoint.kind().to_string().into()),
        ("takesTokens", endpoint.kind().accepts_tokens().into()),
        (
            "region",
            region.map_or(JsValue::UNDEFINED, |region| region.as_str().into()),
        ),
    ])
}
