//! Any text is parsed as by a reader that only splits and decodes, or is rejected; and nothing secret
//! is shown of it.

#![no_main]

use std::collections::BTreeMap;

use libfuzzer_sys::fuzz_target;
use rds_iam_token::TokenParts;
use rds_iam_token_fuzz::{decode, secrets};

fuzz_target!(|text: &str| {
    match TokenParts::parse(text) {
        Ok(parts) => {
            check_values(text, &parts);
            check_shown(&parts);
            assert!(parts.expires_at() >= parts.signed_at());
        }
        Err(error) => assert!(!error.to_string().contains('\n')),
    }
});

fn check_values(text: &str, parts: &TokenParts<'_>) {
    let (authority, query) = text.split_once("/?").unwrap();
    assert_eq!(authority, format!("{}:{}", parts.host(), parts.port()));
    let mut values = BTreeMap::new();
    for parameter in query.split('&') {
        let (name, value) = parameter.split_once('=').unwrap();
        let value = String::from_utf8(decode(value).unwrap()).unwrap();
        assert!(values.insert(name, value).is_none());
    }
    let scope = format!(
        "{}/{}/{}/{}/aws4_request",
        parts.access_key_id(),
        parts.scope_date(),
        parts.region(),
        parts.service()
    );
    let date = parts.signed_at().to_string().replace(['-', ':'], "");
    let mut expected = BTreeMap::from([
        ("Action", parts.action().to_owned()),
        ("DBUser", parts.user().to_owned()),
        ("X-Amz-Algorithm", parts.algorithm().to_owned()),
        ("X-Amz-Credential", scope),
        ("X-Amz-Date", date),
        ("X-Amz-Expires", parts.lifetime().as_secs().to_string()),
        ("X-Amz-SignedHeaders", parts.signed_headers().to_owned()),
        ("X-Amz-Signature", parts.expose_signature().to_owned()),
    ]);
    if let Some(session_token) = parts.session_token() {
        expected.insert("X-Amz-Security-Token", session_token.into_exposed_string());
    }
    assert_eq!(values, expected);
}

fn check_shown(parts: &TokenParts<'_>) {
    let shown = format!("{parts} {parts:?}");
    for secret in secrets(parts) {
        assert!(!shown.contains(&secret));
    }
    assert!(!parts.to_string().chars().any(char::is_control));
}
