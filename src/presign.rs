//! A presigned `GET /`: its text in sections, which are printed in one order and signed in another.
//!
//! Measuring, printing, hashing and patching all work on the same few sections. In the canonical
//! request the parameters are sorted, which moves one of them: the session token goes before the
//! names of the signed headers. So the text is written once, and what is signed is made of slices
//! of it.

use alloc::{string::String, vec::Vec};

use zeroize::Zeroize;

use crate::{
    ascii::{self, joined},
    secret::Secret,
    sigv4::{
        ALGORITHM, AmzDate, CanonicalHash, CanonicalRequest, CredentialScope, END, HOST, Signature,
        TERMINATION, uri_encoded, uri_encoded_len,
    },
};

pub(crate) mod parameter;
mod request;
mod template;

pub use request::PresignedRequest;
pub(crate) use template::Template;

/// The contents of a presigned `GET /`. Values are not encoded yet.
#[derive(Clone, Copy)]
pub(crate) struct Presigned<'a> {
    pub(crate) host: &'a str,
    pub(crate) port: Option<u16>,
    /// Sorted by name. Each name is encoded and sorts before `X-Amz-`.
    pub(crate) parameters: &'a [(&'a str, &'a str)],
    pub(crate) access_key_id: &'a str,
    /// In seconds.
    pub(crate) lifetime: u32,
    pub(crate) session_token: Option<&'a str>,
}

/// A section of the text.
#[derive(Clone, Copy)]
pub(crate) enum Section {
    /// The host, and the port if it is signed.
    Authority,
    /// The characters between the authority and the query.
    Mark,
    /// The query up to the day of the credential scope.
    Head,
    /// The query from that day up to the date.
    Scope,
    /// The date with the time.
    Date,
    Expires,
    SignedHeaders,
    /// Empty without a session token.
    SecurityToken,
    /// The name of the parameter alone, which the digits follow.
    Signature,
}

use Section::{
    Authority, Date, Expires, Head, Mark, Scope, SecurityToken, Signature as SignatureName,
    SignedHeaders,
};

/// The sections of the text, as the `aws` command orders them. A section's number is its place here.
const PRINTED: [Section; 9] = [
    Authority,
    Mark,
    Head,
    Scope,
    Date,
    Expires,
    SignedHeaders,
    SecurityToken,
    SignatureName,
];

/// The sections of the canonical query.
const CANONICAL: [Section; 6] = [Head, Scope, Date, Expires, SecurityToken, SignedHeaders];

/// The number of sections of the canonical query that are the same all day.
const OF_DAY: usize = 2;

impl Presigned<'_> {
    /// Returns the hash of the canonical request, of which nothing is written down.
    pub(crate) fn canonical_hash(&self, scope: &CredentialScope<'_>) -> [u8; 32] {
        let mut hash = CanonicalHash::new();
        for section in CANONICAL {
            self.write(section, scope, &mut hash);
        }
        hash.absorb(HOST);
        self.write(Authority, scope, &mut hash);
        hash.absorb(END);
        hash.finish()
    }

    /// Writes a section.
    fn write(&self, section: Section, scope: &CredentialScope<'_>, sink: &mut impl Sink) {
        match section {
            Authority => {
                sink.put(self.host.as_bytes());
                if let Some(port) = self.port {
                    sink.put(b":");
                    sink.put_decimal(port.into());
                }
            }
            Mark => sink.put(b"/?"),
            Head => {
                for (name, value) in self.parameters {
                    sink.put(name.as_bytes());
                    sink.put(b"=");
                    sink.put_encoded(value);
                    sink.put(b"&");
                }
                sink.put(joined!(
                    parameter::ALGORITHM,
                    "=",
                    ALGORITHM,
                    "&",
                    parameter::CREDENTIAL,
                    "="
                ));
                sink.put_encoded(self.access_key_id);
                sink.put(SLASH.as_bytes());
            }
            Scope => {
                let [region, service, _] = scope.names();
                sink.put(scope.date().day_as_bytes());
                sink.put(SLASH.as_bytes());
                sink.put(region.as_bytes());
                sink.put(SLASH.as_bytes());
                sink.put(service.as_bytes());
                sink.put(joined!(SLASH, TERMINATION, "&", parameter::DATE, "="));
            }
            Date => sink.put(scope.date().as_bytes()),
            Expires => {
                sink.put(joined!("&", parameter::EXPIRES, "="));
                sink.put_decimal(self.lifetime);
            }
            SignedHeaders => sink.put(joined!("&", parameter::SIGNED_HEADERS, "=host")),
            SecurityToken => {
                if let Some(session_token) = self.session_token {
                    sink.put(joined!("&", parameter::SECURITY_TOKEN, "="));
                    sink.put_encoded(session_token);
                }
            }
            SignatureName => sink.put(joined!("&", parameter::SIGNATURE, "=")),
        }
    }
}

/// A presigned request up to the digits of its signature, with room for those.
#[derive(Clone)]
pub(crate) struct Unsigned {
    text: Secret,
    /// The end of each section, as it is printed.
    ends: [usize; PRINTED.len()],
}

impl Unsigned {
    pub(crate) fn new(presigned: &Presigned<'_>, scope: &CredentialScope<'_>) -> Self {
        let mut length = Length(SIGNATURE_LEN);
        for section in PRINTED {
            presigned.write(section, scope, &mut length);
        }
        let mut text = Vec::with_capacity(length.0);
        let ends = PRINTED.map(|section| {
            presigned.write(section, scope, &mut text);
            text.len()
        });
        Self {
            text: Secret::new(ascii::into_string(text)),
            ends,
        }
    }

    /// Returns the canonical request, in slices of the text.
    pub(crate) fn canonical_request(&self) -> CanonicalRequest<'_> {
        let query = CANONICAL.map(|section| self.section(section));
        CanonicalRequest::in_pieces(query, self.section(Authority))
    }

    /// Returns the hash of the canonical request up to the date.
    fn hash_until_date(&self) -> CanonicalHash {
        let mut hash = CanonicalHash::new();
        for section in CANONICAL.split_at(OF_DAY).0 {
            hash.absorb(self.section(*section));
        }
        hash
    }

    /// Copies the canonical request from the date on.
    fn canonical_from_date(&self) -> Secret {
        let [_, _, date, expires, security_token, signed_headers] =
            CANONICAL.map(|section| self.section(section));
        Secret::concat(&[
            date,
            expires,
            security_token,
            signed_headers,
            HOST,
            self.section(Authority),
            END,
        ])
    }

    /// Completes the text, in the room that was left for the signature.
    pub(crate) fn sign(self, signature: &Signature) -> Secret {
        let mut text = self.text.into_exposed_string();
        text.push_str(signature.expose_hex());
        Secret::new(text)
    }

    /// Copies the text into a buffer, with another moment of the same day, and completes it.
    ///
    /// What the buffer held is overwritten, and wiped first if that would leave some of it behind:
    /// past the end of the text, or in memory that is given back because it is too small.
    fn signed_at(&self, date: &AmzDate, signature: &Signature, mut buffer: String) -> Secret {
        let text = self.text.expose_secret();
        let len = text.len() + SIGNATURE_LEN;
        if !(buffer.len()..=buffer.capacity()).contains(&len) {
            buffer.zeroize();
        }
        buffer.clear();
        buffer.reserve_exact(len);
        let (start, end) = self.place(Date);
        let ((until_date, _), (_, after_date)) = (text.split_at(start), text.split_at(end));
        for piece in [
            until_date,
            date.as_str(),
            after_date,
            signature.expose_hex(),
        ] {
            buffer.push_str(piece);
        }
        Secret::new(buffer)
    }

    /// Overwrites the day of the credential scope.
    fn set_day(&mut self, date: &AmzDate) {
        let (start, _) = self.place(Scope);
        self.text.overwrite(start, date.day());
    }

    fn section(&self, section: Section) -> &str {
        let (start, end) = self.place(section);
        self.text
            .expose_secret()
            .get(start..end)
            .unwrap_or_default()
    }

    /// Returns the start and the end of a section.
    fn place(&self, section: Section) -> (usize, usize) {
        let (before, rest) = self.ends.split_at(section as usize);
        let end_of = |ends: Option<&usize>| ends.copied().unwrap_or_default();
        (end_of(before.last()), end_of(rest.first()))
    }
}

/// A place that sections are written to.
trait Sink {
    fn put(&mut self, bytes: &[u8]);

    fn put_encoded(&mut self, text: &str) {
        uri_encoded(text.as_bytes(), |piece| self.put(piece));
    }

    fn put_decimal(&mut self, number: u32) {
        let mut digits = [0; 10];
        let (mut rest, mut start) = (number, digits.len());
        for digit in digits.iter_mut().rev() {
            let [last, ..] = (rest % 10).to_le_bytes();
            *digit = b'0' + last;
            start -= 1;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        self.put(digits.split_at(start).1);
    }
}

/// A number of bytes.
struct Length(usize);

impl Sink for Length {
    fn put(&mut self, bytes: &[u8]) {
        self.0 += bytes.len();
    }

    fn put_encoded(&mut self, text: &str) {
        self.0 += uri_encoded_len(text.as_bytes());
    }

    fn put_decimal(&mut self, number: u32) {
        self.0 += number.checked_ilog10().map_or(1, |log| log as usize + 1);
    }
}

impl Sink for Vec<u8> {
    fn put(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }
}

impl Sink for CanonicalHash {
    fn put(&mut self, bytes: &[u8]) {
        self.absorb(bytes);
    }
}

/// A slash within a parameter.
const SLASH: &str = "%2F";

/// In bytes, and in digits.
const SIGNATURE_LEN: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{error::Error, sigv4::worked_example};

    fn worked_example(port: Option<u16>, lifetime: u32) -> Presigned<'static> {
        Presigned {
            host: worked_example::HOST,
            port,
            parameters: &[],
            access_key_id: "AKIDEXAMPLE",
            lifetime,
            session_token: None,
        }
    }

    #[test]
    fn the_worked_example_is_written_and_hashed() -> Result<(), Error> {
        let region = worked_example::region()?;
        let scope = CredentialScope::new(worked_example::at()?, &region, worked_example::SERVICE);
        let presigned = worked_example(None, 3_600);
        let unsigned = Unsigned::new(&presigned, &scope);
        let expected = [
            worked_example::HOST,
            "/?",
            worked_example::QUERY,
            "&X-Amz-Signature=",
        ];
        assert_eq!(unsigned.text.expose_secret(), expected.concat());
        let canonical_request = unsigned.canonical_request();
        assert_eq!(
            canonical_request.to_secret().expose_secret(),
            worked_example::CANONICAL_REQUEST
        );
        assert_eq!(canonical_request.hash(), worked_example::HASH);
        assert_eq!(presigned.canonical_hash(&scope), worked_example::HASH);
        Ok(())
    }

    #[test]
    fn a_number_is_written_as_by_display_and_measured() -> Result<(), Error> {
        let region = worked_example::region()?;
        let scope = CredentialScope::new(worked_example::at()?, &region, worked_example::SERVICE);
        for lifetime in [0, 1, 9, 10, 99, 900, 604_800, 1_000_000_000, u32::MAX] {
            for port in [1, 10, 443, 5_432, u16::MAX] {
                let unsigned = Unsigned::new(&worked_example(Some(port), lifetime), &scope);
                let authority = alloc::format!("{}:{port}", worked_example::HOST);
                assert_eq!(unsigned.section(Authority), authority);
                let expires = alloc::format!("&X-Amz-Expires={lifetime}");
                assert_eq!(unsigned.section(Expires), expires);
                let text = unsigned.text.into_exposed_string();
                assert_eq!(text.capacity(), text.len() + SIGNATURE_LEN);
            }
        }
        Ok(())
    }
}
