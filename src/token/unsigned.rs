//! A token's text before it is signed.

use alloc::string::String;

use crate::{
    credentials::Credentials,
    endpoint::Endpoint,
    secret::Secret,
    sigv4::{ALGORITHM, CanonicalRequest, CredentialScope, Signature, uri_encoded},
};

/// A token's text up to its signature, with room for that, and where its parts stand.
///
/// The parameters are in the order of the `aws` command. The canonical request has them sorted,
/// which moves one of them: the session token goes before the names of the signed headers. So it
/// is made of slices of this text, and the text is written once.
pub(crate) struct UnsignedToken {
    text: Secret,
    query_start: usize,
    /// Where the names of the signed headers stand.
    query_middle: usize,
}

impl UnsignedToken {
    /// Lays the text out. `lifetime` is in seconds.
    pub(crate) fn new(
        endpoint: &Endpoint,
        user: &str,
        lifetime: u16,
        credentials: &Credentials,
        scope: &CredentialScope<'_>,
    ) -> Self {
        use Part::{Encoded, Number, Plain};

        let [day, region, service, termination] = scope.parts();
        let authority = [Plain(endpoint.host()), Plain(":"), Number(endpoint.port())];
        let parameters = [
            Plain("Action="),
            Plain(ACTION),
            Plain("&DBUser="),
            Encoded(user),
            Plain("&X-Amz-Algorithm="),
            Plain(ALGORITHM),
            Plain("&X-Amz-Credential="),
            Encoded(credentials.access_key_id()),
            Plain(ENCODED_SLASH),
            Plain(day),
            Plain(ENCODED_SLASH),
            Plain(region),
            Plain(ENCODED_SLASH),
            Plain(service),
            Plain(ENCODED_SLASH),
            Plain(termination),
            Plain("&X-Amz-Date="),
            Plain(scope.date().as_str()),
            Plain("&X-Amz-Expires="),
            Number(lifetime),
        ];
        let security_token = credentials
            .expose_session_token()
            .map(|session_token| [Plain("&X-Amz-Security-Token="), Encoded(session_token)]);
        let security_token = security_token.as_ref().map_or(&[][..], |parts| parts);

        let query_start = length(&authority) + QUERY_MARK.len();
        let query_middle = query_start + length(&parameters);
        let capacity = query_middle + SIGNED_HEADERS.len() + length(security_token) + SIGNATURE_LEN;
        let mut text = String::with_capacity(capacity);
        write(&mut text, &authority);
        text.push_str(QUERY_MARK);
        write(&mut text, &parameters);
        text.push_str(SIGNED_HEADERS);
        write(&mut text, security_token);
        Self {
            text: Secret::new(text),
            query_start,
            query_middle,
        }
    }

    /// Gives the canonical request, in slices of the text.
    pub(crate) fn canonical_request(&self) -> CanonicalRequest<'_> {
        let (before, end) = self.text.expose_secret().split_at(self.query_middle);
        let (start, query) = before.split_at(self.query_start);
        let (authority, _) = start.split_at(start.len() - QUERY_MARK.len());
        let (signed_headers, security_token) = end.split_at(SIGNED_HEADERS.len());
        CanonicalRequest::from_pieces([query, security_token, signed_headers], authority)
    }

    /// Completes the text, in the room that was left for it.
    pub(crate) fn sign(self, signature: &Signature) -> Secret {
        let mut text = self.text.into_exposed_string();
        text.push_str(SIGNATURE);
        text.push_str(signature.expose_hex());
        Secret::new(text)
    }
}

/// A piece of the text.
enum Part<'a> {
    Plain(&'a str),
    Encoded(&'a str),
    Number(u16),
}

impl Part<'_> {
    fn length(&self) -> usize {
        match *self {
            Self::Plain(text) => text.len(),
            Self::Encoded(text) => uri_encoded(text.as_bytes()).map(str::len).sum(),
            Self::Number(number) => decimal_digits(number).count(),
        }
    }

    fn write(&self, text: &mut String) {
        match *self {
            Self::Plain(plain) => text.push_str(plain),
            Self::Encoded(decoded) => text.extend(uri_encoded(decoded.as_bytes())),
            Self::Number(number) => text.extend(decimal_digits(number)),
        }
    }
}

fn length(parts: &[Part<'_>]) -> usize {
    parts.iter().map(Part::length).sum()
}

fn write(text: &mut String, parts: &[Part<'_>]) {
    for part in parts {
        part.write(text);
    }
}

fn decimal_digits(number: u16) -> impl Iterator<Item = char> {
    [10_000, 1_000, 100, 10, 1]
        .into_iter()
        .filter(move |&unit| unit == 1 || unit <= number)
        .filter_map(move |unit| char::from_digit(u32::from(number / unit % 10), 10))
}

/// The only action of a database.
pub(crate) const ACTION: &str = "connect";

const QUERY_MARK: &str = "/?";

/// A slash within a parameter.
const ENCODED_SLASH: &str = "%2F";

const SIGNED_HEADERS: &str = "&X-Amz-SignedHeaders=host";

const SIGNATURE: &str = "&X-Amz-Signature=";

/// The signature's name and its 64 digits.
const SIGNATURE_LEN: usize = SIGNATURE.len() + 64;
