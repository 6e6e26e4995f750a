//! What is wrong with a token.

use rds_iam_token::{
    TokenParts,
    diagnose::{Expected, Finding, Server},
};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};
use zeroize::Zeroizing;

use crate::{
    input::{Object, moment, refusal},
    output::{array, object},
    parts::{describe, shown},
};

/// Says what is wrong with the text that was used as a password, and what to do.
#[wasm_bindgen(unchecked_return_type = "Diagnosis")]
pub fn diagnose(
    password: String,
    #[wasm_bindgen(unchecked_param_type = "Known")] known: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "Moment")] now: f64,
) -> Result<JsValue, JsValue> {
    let password = Zeroizing::new(password);
    let known = read(&Object(known))?.with_time(moment("now", now)?);
    let diagnosis = rds_iam_token::diagnose::diagnose(&password, &known);
    let token = diagnosis.expose_repaired();
    let parts = TokenParts::parse(token).ok();
    let readable = match parts {
        Some(_) => Vec::new(),
        None => readable(token),
    };
    Ok(object([
        (
            "findings",
            array(diagnosis.findings().iter().map(describe_finding)),
        ),
        ("parts", parts.as_ref().map_or(JsValue::UNDEFINED, describe)),
        ("readable", array(readable)),
    ]))
}

/// Lists what gives the same refusal though nothing is wrong with the token, the likeliest first.
#[wasm_bindgen(js_name = otherCauses, unchecked_return_type = "OtherCause[]")]
pub fn other_causes(
    #[wasm_bindgen(unchecked_param_type = "Server")] server: &str,
) -> Result<JsValue, JsValue> {
    let server = match server {
        "mysql" => Server::MySql,
        "postgres" => Server::PostgreSql,
        "proxy" => Server::Proxy,
        _ => {
            let message = "server is none of postgres, mysql and proxy";
            return Err(refusal("server", message));
        }
    };
    Ok(array(server.other_causes().map(|cause| {
        object([
            ("message", cause.message().into()),
            ("remedy", cause.remedy().into()),
        ])
    })))
}

fn read(values: &Object<'_>) -> Result<Expected, JsValue> {
    let mut known = Expected::new();
    if let Some(host) = values.host()? {
        known = known.with_host(host.host().clone());
    }
    if let Some(port) = values.number("port", u16::MAX)? {
        known = known.with_port(port);
    }
    if let Some(region) = values.region()? {
        known = known.with_region(region);
    }
    if let Some(user) = values.text("user")? {
        known = known.with_user(user);
    }
    if let Some(credentials) = values.credentials()? {
        known = known.with_credentials(credentials);
    }
    Ok(known)
}

fn describe_finding(finding: &Finding) -> JsValue {
    object([
        ("cause", finding.cause().to_string().into()),
        ("message", finding.message().into()),
        ("remedy", finding.remedy().into()),
    ])
}

/// Lists the parameters that hold no secret, as they are.
fn readable(token: &str) -> Vec<JsValue> {
    let Some((authority, query)) = token.split_once('?') else {
        return Vec::new();
    };
    let named = |name: &str, value: &str| object([("name", name.into()), ("value", shown(value))]);
    let mut readable = vec![named("host and port", authority.trim_end_matches('/'))];
    let parameters = query
        .split('&')
        .filter_map(|parameter| parameter.split_once('='))
        // What has an equals sign in it may have another parameter in it.
        .filter(|(name, value)| SHOWN.contains(name) && !value.contains('='));
    readable.extend(parameters.map(|(name, value)| named(name, value)));
    readable
}

/// The parameters that hold no secret.
const SHOWN: &[&str] = &[
    "Action",
    "DBUser",
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-Expires",
    "X-Amz-SignedHeaders",
];
