//! A presigned `GET /`: its text in sections, which are printed in one order and signed in a different one.
//!
//! Measuring, printing, hashing and patching all work on the same few sections. In the canonical
//! request the parameters are sorted, which moves one of them: the session token goes before the
//! names of the signed headers. So the text is written once, and what is signed is made of slices
//! of it.

use crate::{
    ascii::joined,
    sigv4::{ALGORITHM, CanonicalHash, CredentialScope, END, HOST, TERMINATION},
};

pub(crate) mod parameter;
mod request;
mod sink;
mod template;
mod unsigned;

pub use request::PresignedRequest;
use sink::Sink;
pub(crate) use template::Template;
pub(crate) use unsigned::Unsigned;

/// The contents of a presigned `GET /`.
#[derive(Clone, Copy)]
pub(crate) struct Presigned<'a> {
    pub(crate) host: &'a str,
    pub(crate) port: Option<u16>,
    /// Sorted by name. Each name is encoded and sorts before `X-Amz-`.
    pub(crate) parameters: &'a [(&'a str, Value<'a>)],
    pub(crate) access_key_id: &'a str,
    /// In seconds.
    pub(crate) lifetime: u32,
    pub(crate) session_token: Option<Value<'a>>,
}

/// The value of a parameter.
#[derive(Clone, Copy)]
pub(crate) enum Value<'a> {
    /// Not encoded yet.
    Raw(&'a str),
    /// As [`uri_encode`](crate::sigv4::uri_encode) encodes it.
    Encoded(&'a str),
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
                    sink.put_value(*value);
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
                sink.put_value(Value::Raw(self.access_key_id));
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
            SignedHeaders => sink.put(joined!("&", parameter::SIGNED_HEADERS, "=", SIGNED)),
            SecurityToken => {
                if let Some(session_token) = self.session_token {
                    sink.put(joined!("&", parameter::SECURITY_TOKEN, "="));
                    sink.put_value(session_token);
                }
            }
            SignatureName => sink.put(joined!("&", parameter::SIGNATURE, "=")),
        }
    }
}

/// The name of the only signed header.
pub(crate) const SIGNED: &str = "host";

/// A slash within a parameter.
const SLASH: &str = "%2F";
