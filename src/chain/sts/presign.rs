//! The presigned `GET` of `AssumeRole`.

use alloc::format;

use crate::{
    chain::{
        endpoint::Endpoint,
        error::{ErrorKind, Failure},
        format::url::Url,
        sts::Parameters,
    },
    credentials::Credentials,
    error::Error,
    host::Host,
    presign::PresignedRequest,
    secret::Secret,
    timestamp::Timestamp,
};

/// Writes the URL.
pub(super) fn url(
    endpoint: &Endpoint,
    credentials: &Credentials,
    parameters: &Parameters<'_>,
    at: Timestamp,
) -> Result<Secret, Failure> {
    let invalid = |problem: &str| {
        let reason = format!("the configured endpoint of STS {problem}");
        Failure::new(ErrorKind::InvalidConfig, reason)
            .remedy("correct AWS_ENDPOINT_URL_STS, AWS_ENDPOINT_URL or endpoint_url")
    };
    let url = Url::parse(&endpoint.url).map_err(invalid)?;
    if !matches!(url.path, "" | "/") {
        return Err(invalid("has a path, which a presigned request cannot have"));
    }
    // Clients leave out the default port of a scheme in the header `host`, which is signed.
    let port = url
        .port
        .filter(|port| *port != if url.tls { 443 } else { 80 });
    let text = request(url.host, port, parameters)
        .map_err(|error| invalid(&format!("cannot be signed for: {error}")))?
        .sign(credentials, &endpoint.region, at);
    let scheme = if url.tls { "https://" } else { "http://" };
    Ok(Secret::concat(&[scheme, text.expose_secret()]))
}

fn request(
    host: &str,
    port: Option<u16>,
    parameters: &Parameters<'_>,
) -> Result<PresignedRequest, Error> {
    let mut request = PresignedRequest::new(Host::new(host)?, "sts", LIFETIME)?
        .with_parameter("Action", "AssumeRole")?
        .with_parameter("Version", "2011-06-15")?;
    if let Some(port) = port {
        request = request.with_port(port)?;
    }
    for (name, value) in parameters {
        request = request.with_parameter(*name, *value)?;
    }
    Ok(request)
}

/// In seconds: STS accepts such a request no longer, whatever its lifetime.
const LIFETIME: u64 = 900;
