//! The presigned `GET` of `AssumeRole`.

use alloc::{boxed::Box, format, string::String, vec::Vec};

use crate::{
    chain::{
        endpoint::Endpoint,
        error::{ErrorKind, Failure},
        format::url::Url,
        sts::Parameters,
    },
    credentials::Credentials,
    secret::Secret,
    sigv4::{ALGORITHM, CanonicalRequest, CredentialScope, SigningKey, StringToSign, uri_encode},
    timestamp::Timestamp,
};

/// Writes the URL.
pub(super) fn url(
    endpoint: &Endpoint,
    credentials: &Credentials,
    parameters: &Parameters<'_>,
    at: Timestamp,
) -> Result<Secret, Box<Failure>> {
    let invalid = |problem: &str| {
        let reason = format!("the configured endpoint of STS {problem}");
        Failure::new(ErrorKind::InvalidConfig, reason)
    };
    let url = Url::parse(&endpoint.url).map_err(invalid)?;
    if !matches!(url.path, "" | "/") {
        return Err(invalid("has a path, which a presigned request cannot have"));
    }
    let port = url
        .port
        .filter(|port| *port != if url.tls { 443 } else { 80 });
    let port = port.map_or_else(String::new, |port| format!(":{port}"));
    let host = format!("{}{port}", url.host.to_ascii_lowercase());

    let scope = CredentialScope::new(at, &endpoint.region, SERVICE);
    let date = format!("{at}").replace(['-', ':'], "");
    let credential = format!("{}/{scope}", credentials.access_key_id());
    let mut query: Vec<(&str, &str)> = Vec::from([("Action", "AssumeRole")]);
    query.extend(parameters);
    query.extend([
        ("Version", "2011-06-15"),
        ("X-Amz-Algorithm", ALGORITHM),
        ("X-Amz-Credential", &credential),
        ("X-Amz-Date", &date),
        ("X-Amz-Expires", LIFETIME),
    ]);
    if let Some(token) = credentials.expose_session_token() {
        query.push(("X-Amz-Security-Token", token));
    }
    query.push(("X-Amz-SignedHeaders", "host"));
    let query = query.iter().fold(Secret::new(""), |query, (name, value)| {
        let value = Secret::new(uri_encode(value));
        let separator = if query.expose_secret().is_empty() {
            ""
        } else {
            "&"
        };
        Secret::concat(&[
            query.expose_secret(),
            separator,
            name,
            "=",
            value.expose_secret(),
        ])
    });
    let request = CanonicalRequest::new(query.expose_secret(), &host);
    let key = SigningKey::derive(credentials.expose_secret_access_key(), &scope);
    let signature = key.sign(&StringToSign::new(&scope, &request.hash()));
    let scheme = if url.tls { "https://" } else { "http://" };
    Ok(Secret::concat(&[
        scheme,
        &host,
        "/?",
        query.expose_secret(),
        "&X-Amz-Signature=",
        signature.expose_hex(),
    ]))
}

const SERVICE: &str = "sts";

/// In seconds. STS ignores it.
const LIFETIME: &str = "900";
