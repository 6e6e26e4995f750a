//! The parts of a token's text, before any of it is written.

use crate::{
    endpoint::Endpoint,
    sigv4::{ALGORITHM, CanonicalHash, CredentialScope, END, HOST, uri_encoded, uri_encoded_len},
};

/// What a token is to say. Nothing in it is encoded yet.
#[derive(Clone, Copy)]
pub(crate) struct Content<'a> {
    pub(crate) endpoint: &'a Endpoint,
    pub(crate) user: &'a str,
    /// In seconds.
    pub(crate) lifetime: u16,
    pub(crate) access_key_id: &'a str,
    pub(crate) session_token: Option<&'a str>,
}

/// The parts of a token's text up to its signature, in the order of the `aws` command.
///
/// The canonical request has the parameters sorted, which moves one of them: the session token goes
/// before the names of the signed headers.
pub(super) struct Layout<'a> {
    pub(super) authority: [Part<'a>; 3],
    pub(super) before_day: [Part<'a>; 9],
    pub(super) before_date: [Part<'a>; 8],
    pub(super) from_date: [Part<'a>; 3],
    pub(super) security_token: [Part<'a>; 2],
}

impl<'a> Layout<'a> {
    pub(super) fn new(content: &Content<'a>, scope: &'a CredentialScope<'a>) -> Self {
        use Part::{Encoded, Number, Plain};

        let [region, service, termination] = scope.names();
        Self {
            authority: [
                Plain(content.endpoint.host().as_str()),
                Plain(":"),
                Number(content.endpoint.port()),
            ],
            before_day: [
                Plain("Action="),
                Plain(ACTION),
                Plain("&DBUser="),
                Encoded(content.user),
                Plain("&X-Amz-Algorithm="),
                Plain(ALGORITHM),
                Plain("&X-Amz-Credential="),
                Encoded(content.access_key_id),
                Plain(ENCODED_SLASH),
            ],
            before_date: [
                Plain(scope.date().day()),
                Plain(ENCODED_SLASH),
                Plain(region),
                Plain(ENCODED_SLASH),
                Plain(service),
                Plain(ENCODED_SLASH),
                Plain(termination),
                Plain("&X-Amz-Date="),
            ],
            from_date: [
                Plain(scope.date().as_str()),
                Plain("&X-Amz-Expires="),
                Number(content.lifetime),
            ],
            security_token: match content.session_token {
                Some(session_token) => [Plain("&X-Amz-Security-Token="), Encoded(session_token)],
                None => [Plain(""), Plain("")],
            },
        }
    }
}

impl Content<'_> {
    /// Hashes the canonical request, without writing any of it down.
    pub(crate) fn canonical_hash(&self, scope: &CredentialScope<'_>) -> [u8; 32] {
        let layout = Layout::new(self, scope);
        let mut hash = CanonicalHash::new();
        for parts in [
            &layout.before_day[..],
            &layout.before_date,
            &layout.from_date,
            &layout.security_token,
            &[Part::Plain(SIGNED_HEADERS), Part::Plain(HOST)],
            &layout.authority,
            &[Part::Plain(END)],
        ] {
            write(parts, |piece| hash.absorb(piece));
        }
        hash.finish()
    }
}

/// A part of the text.
#[derive(Clone, Copy)]
pub(super) enum Part<'a> {
    Plain(&'a str),
    Encoded(&'a str),
    Number(u16),
}

/// Counts the bytes of parts.
pub(super) fn length(parts: &[Part<'_>]) -> usize {
    let length_of = |part: &Part<'_>| match *part {
        Part::Plain(text) => text.len(),
        Part::Encoded(text) => uri_encoded_len(text.as_bytes()),
        Part::Number(number) => decimal_digits(number).count(),
    };
    parts.iter().map(length_of).sum()
}

/// Gives the bytes of parts, piece by piece.
pub(super) fn write(parts: &[Part<'_>], mut sink: impl FnMut(&[u8])) {
    for part in parts {
        match *part {
            Part::Plain(text) => sink(text.as_bytes()),
            Part::Encoded(text) => uri_encoded(text.as_bytes(), &mut sink),
            Part::Number(number) => decimal_digits(number).for_each(|digit| sink(&[digit])),
        }
    }
}

fn decimal_digits(number: u16) -> impl Iterator<Item = u8> {
    [10_000, 1_000, 100, 10, 1]
        .into_iter()
        .filter(move |&unit| unit == 1 || unit <= number)
        .filter_map(move |unit| u8::try_from(number / unit % 10).ok())
        .map(|digit| b'0' + digit)
}

/// The only action of a database.
pub(crate) const ACTION: &str = "connect";

/// A slash within a parameter.
const ENCODED_SLASH: &str = "%2F";

pub(super) const SIGNED_HEADERS: &str = "&X-Amz-SignedHeaders=host";
