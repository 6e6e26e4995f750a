//! The diagnosis of a token.

use rds_iam_token::{
    TokenParts,
    diagnose::{Expected, Field, Finding, OtherCause, Server},
};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use crate::{
    input::{Object, moment, rejection},
    output::{array, object},
    parts::describe,
};

/// Finds out what is wrong with the text that was used as a password, and what to do.
#[wasm_bindgen(unchecked_return_type = "Diagnosis")]
pub fn diagnose(
    password: &str,
    #[wasm_bindgen(unchecked_param_type = "Expected")] expected: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "Moment")] now: f64,
) -> Result<JsValue, JsValue> {
    let expected = read(&Object(expected))?.with_time(moment("now", now)?);
    let diagnosis = rds_iam_token::diagnose::diagnose(password, &expected);
    let parts = TokenParts::parse(diagnosis.expose_repaired()).ok();
    Ok(object([
        (
            "findings",
            array(diagnosis.findings().iter().map(describe_finding)),
        ),
        (
            "parts",
            parts.map_or(JsValue::UNDEFINED, |parts| describe(&parts, &diagnosis)),
        ),
        (
            "fields",
            array(diagnosis.fields().iter().map(describe_field)),
        ),
    ]))
}

/// Returns the causes that are not in the token: those of one kind of server, then those of all.
#[wasm_bindgen(js_name = otherCauses, unchecked_return_type = "OtherCauses")]
pub fn other_causes(
    #[wasm_bindgen(unchecked_param_type = "Server")] server: &str,
) -> Result<JsValue, JsValue> {
    let server = match server {
        "mysql" => Server::MySql,
        "postgres" => Server::PostgreSql,
        "proxy" => Server::Proxy,
        _ => {
            let message = "invalid server: expected postgres, mysql or proxy";
            return Err(rejection("server", message));
        }
    };
    Ok(object([
        (
            "special",
            array(server.special_causes().map(describe_cause)),
        ),
        ("common", array(Server::common_causes().map(describe_cause))),
    ]))
}

fn read(values: &Object<'_>) -> Result<Expected, JsValue> {
    let mut expected = Expected::new();
    if let Some(host) = values.host()? {
        expected = expected.with_host(host);
    }
    if let Some(port) = values.number("port", u16::MAX)? {
        expected = expected.with_port(port);
    }
    if let Some(region) = values.region()? {
        expected = expected.with_region(region);
    }
    if let Some(user) = values.text("user")? {
        expected = expected.with_user(user);
    }
    if let Some(credentials) = values.credentials()? {
        expected = expected.with_credentials(credentials);
    }
    Ok(expected)
}

fn describe_finding(finding: &Finding) -> JsValue {
    object([
        ("cause", finding.cause().to_string().into()),
        ("message", finding.message().into()),
        ("remedy", finding.remedy().into()),
    ])
}

fn describe_field(field: &Field) -> JsValue {
    object([
        ("name", field.name().into()),
        ("value", field.value().into()),
    ])
}

fn describe_cause(cause: &OtherCause) -> JsValue {
    object([
        ("message", cause.message().into()),
        ("remedy", cause.remedy().into()),
    ])
}
