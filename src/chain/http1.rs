//! Requests and responses as the bytes of HTTP/1.1, for drivers without an HTTP client.

use alloc::{format, vec::Vec};
use core::mem;

use zeroize::Zeroizing;

use crate::{
    chain::{answer::HttpResponse, format::url::Url, need::HttpRequest},
    secret::Secret,
};

impl HttpRequest {
    /// Returns the request as HTTP/1.1, for a connection that is closed after the response.
    #[must_use]
    pub fn to_http1(&self) -> Secret {
        let url = self.expose_url();
        let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
        let (host, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        let slash = if path.starts_with('/') { "" } else { "/" };
        let length = format!("{}", self.expose_body().len());
        let start = [self.method(), " ", slash, path, " HTTP/1.1\r\nhost: ", host];
        let headers = self.expose_headers();
        let headers = headers.flat_map(|(name, value)| ["\r\n", name, ": ", value]);
        let end = [
            "\r\nconnection: close\r\ncontent-length: ",
            &length,
            "\r\n\r\n",
        ];
        let pieces = start.into_iter().chain(headers).chain(end);
        let pieces: Vec<&str> = pieces.chain([self.expose_body()]).collect();
        Secret::concat(&pieces)
    }

    /// Returns the host of the URL, without the brackets of an IPv6 address, and the port.
    #[must_use]
    pub fn host_and_port(&self) -> (&str, u16) {
        let url = Url::parse(self.expose_url());
        url.map_or(("", 0), |url| {
            let default = if url.tls { 443 } else { 80 };
            (
                url.host.trim_matches(['[', ']']),
                url.port.unwrap_or(default),
            )
        })
    }

    /// Returns `true` if the request needs TLS.
    #[must_use]
    pub fn needs_tls(&self) -> bool {
        Url::parse(self.expose_url()).map_or(true, |url| url.tls)
    }
}

impl HttpResponse {
    /// Parses a whole response of HTTP/1.1, read until the connection was closed; `None` for a
    /// malformed or cut-off one.
    #[must_use]
    pub fn from_http1(bytes: &[u8]) -> Option<Self> {
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
        let head = core::str::from_utf8(bytes.get(..end)?).ok()?;
        let body = bytes.get(end + 4..)?;
        let mut lines = head.split("\r\n");
        let status = lines.next()?.strip_prefix("HTTP/1.")?.split(' ').nth(1)?;
        let status = status.parse().ok()?;
        let headers: Vec<(&str, &str)> = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name, value.trim()))
            .collect();
        let header = |name: &str| {
            let mut found = headers
                .iter()
                .filter(|(given, _)| given.eq_ignore_ascii_case(name));
            found.next().map(|(_, value)| *value)
        };
        let body = if header("transfer-encoding").is_some_and(|coding| coding.contains("chunked")) {
            join_chunks(body)?
        } else {
            let length = header("content-length").map(str::parse).transpose().ok()?;
            body.get(..length.unwrap_or(body.len()))?.to_vec()
        };
        Some(Self::new(status, headers.iter().copied(), body))
    }
}

/// Concatenates the chunks of a body.
fn join_chunks(mut rest: &[u8]) -> Option<Vec<u8>> {
    // As long as all chunks together, so that it never grows and leaves a copy behind.
    let mut body = Zeroizing::new(Vec::with_capacity(rest.len()));
    loop {
        let end = rest.windows(2).position(|window| window == b"\r\n")?;
        let length = core::str::from_utf8(rest.get(..end)?).ok()?;
        let length = length.split(';').next().map(str::trim)?;
        let length = usize::from_str_radix(length, 16).ok()?;
        if length == 0 {
            return Some(mem::take(&mut *body));
        }
        let start = end + 2;
        let chunk = rest.get(start..)?.get(..length)?;
        body.extend_from_slice(chunk);
        rest = rest.get(start + length..)?.strip_prefix(b"\r\n")?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::need::Method;

    #[test]
    fn a_request_is_written_with_its_length() {
        let url = Secret::new("http://127.0.0.1:1338?role=a");
        let request = HttpRequest::new(Method::Put, url).with_header("accept", Secret::new("*/*"));
        let text = request.to_http1();
        assert_eq!(
            text.expose_secret(),
            "PUT /?role=a HTTP/1.1\r\nhost: 127.0.0.1:1338\r\naccept: */*\r\nconnection: close\r\n\
             content-length: 0\r\n\r\n"
        );
        assert_eq!(request.host_and_port(), ("127.0.0.1", 1_338));
        assert!(!request.needs_tls());
        let request = HttpRequest::new(Method::Get, Secret::new("HTTP://localhost/"));
        assert_eq!(request.host_and_port(), ("localhost", 80));
        assert!(!request.needs_tls());
        let request = HttpRequest::new(Method::Get, Secret::new("https://[::1]/"));
        assert_eq!(request.host_and_port(), ("::1", 443));
        assert!(request.needs_tls());
    }

    /// A response, and its status and body.
    const RESPONSES: &[(&str, Option<(u16, &str)>)] = &[
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
            Some((200, "{}")),
        ),
        ("HTTP/1.0 404 Not Found\r\n\r\nno", Some((404, "no"))),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1;x=y\r\n}\r\n0\r\n\r\n",
            Some((200, "{}")),
        ),
        // Cut off.
        ("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n{}", None),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{",
            None,
        ),
        ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n", None),
        // Not a response.
        ("SSH-2.0-OpenSSH_9.9\r\n\r\n", None),
        ("HTTP/1.1 ok\r\n\r\n", None),
        ("HTTP/1.1 2x0 OK\r\n\r\n{}", None),
        ("", None),
    ];

    #[test]
    fn a_response_is_parsed_only_if_it_is_whole() {
        for (text, expected) in RESPONSES {
            let response = HttpResponse::from_http1(text.as_bytes());
            let response = response.as_ref();
            let parts = response.map(|response| (response.status(), response.body()));
            let expected = expected.map(|(status, body)| (status, body.as_bytes()));
            assert_eq!(parts, expected, "{text:?}");
        }
    }
}
