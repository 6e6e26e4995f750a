//! A token's text before it is signed.

use alloc::string::String;

use zeroize::Zeroize;

use crate::{
    credentials::Credentials,
    endpoint::Endpoint,
    secret::Secret,
    sigv4::{ALGORITHM, AmzDate, CanonicalRequest, CredentialScope, Signature, uri_encoded},
};

/// A token's text up to its signature, with room for that, and where its parts stand.
///
/// The parameters are in the order of the `aws` command. The canonical request has them sorted,
/// which moves one of them: the session token goes before the names of the signed headers. So it
/// is made of slices of this text, and the text is written once.
#[derive(Clone)]
pub(crate) struct UnsignedToken {
    text: Secret,
    places: Places,
}

/// Where in the text what starts.
#[derive(Clone, Copy)]
struct Places {
    query: usize,
    /// Within the credential.
    day: usize,
    date: usize,
    signed_headers: usize,
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
        let authority = [
            Plain(endpoint.host()),
            Plain(":"),
            Number(endpoint.port()),
            Plain(QUERY_MARK),
        ];
        let before_day = [
            Plain("Action="),
            Plain(ACTION),
            Plain("&DBUser="),
            Encoded(user),
            Plain("&X-Amz-Algorithm="),
            Plain(ALGORITHM),
            Plain("&X-Amz-Credential="),
            Encoded(credentials.access_key_id()),
            Plain(ENCODED_SLASH),
        ];
        let before_date = [
            Plain(day),
            Plain(ENCODED_SLASH),
            Plain(region),
            Plain(ENCODED_SLASH),
            Plain(service),
            Plain(ENCODED_SLASH),
            Plain(termination),
            Plain("&X-Amz-Date="),
        ];
        let from_date = [
            Plain(scope.date().as_str()),
            Plain("&X-Amz-Expires="),
            Number(lifetime),
        ];
        let security_token = credentials
            .expose_session_token()
            .map(|session_token| [Plain("&X-Amz-Security-Token="), Encoded(session_token)]);
        let security_token = security_token.as_ref().map_or(&[][..], |parts| parts);

        let query = length(&authority);
        let day = query + length(&before_day);
        let date = day + length(&before_date);
        let signed_headers = date + length(&from_date);
        let unsigned_len = signed_headers + SIGNED_HEADERS.len() + length(security_token);
        let mut text = String::with_capacity(unsigned_len + SIGNATURE_LEN);
        for parts in [&authority[..], &before_day, &before_date, &from_date] {
            write(&mut text, parts);
        }
        text.push_str(SIGNED_HEADERS);
        write(&mut text, security_token);
        Self {
            text: Secret::new(text),
            places: Places {
                query,
                day,
                date,
                signed_headers,
            },
        }
    }

    /// Copies the text into a buffer, with other dates.
    ///
    /// What the buffer held is overwritten, and wiped first where that would leave some of it
    /// behind: past the end of the text, or in memory that is given back because it is too small.
    pub(crate) fn dated(&self, date: &AmzDate, mut buffer: String) -> Self {
        let text = self.text.expose_secret();
        let len = text.len() + SIGNATURE_LEN;
        if !(buffer.len()..=buffer.capacity()).contains(&len) {
            buffer.zeroize();
        }
        buffer.clear();
        buffer.reserve_exact(len);
        let (until_date, from_date) = text.split_at(self.places.date);
        let (until_day, from_day) = until_date.split_at(self.places.day);
        let (_, after_day) = from_day.split_at(date.day().len());
        let (_, after_date) = from_date.split_at(date.as_str().len());
        for piece in [until_day, date.day(), after_day, date.as_str(), after_date] {
            buffer.push_str(piece);
        }
        Self {
            text: Secret::new(buffer),
            places: self.places,
        }
    }

    /// Gives the canonical request, in slices of the text.
    pub(crate) fn canonical_request(&self) -> CanonicalRequest<'_> {
        let (before, end) = self
            .text
            .expose_secret()
            .split_at(self.places.signed_headers);
        let (start, query) = before.split_at(self.places.query);
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
