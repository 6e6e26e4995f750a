//! Step 5: check the signature with the credentials that should have signed.

use alloc::format;

use super::{cause::Cause, expected::Expected, finding::Finding, truncated};
use crate::{
    credentials::Credentials,
    endpoint::Endpoint,
    presign::{Presigned, Value},
    rds::{self, SERVICE},
    region::Region,
    sigv4::{CredentialScope, SigningKey, StringToSign},
    token::{SessionToken, TokenParts, shown::Place},
    verify::{Verifier, VerifyError},
};

/// Checks the signature of a token that can be read whole. `length` is that of the password.
pub(super) fn check(text: &str, length: usize, expected: &Expected) -> Option<Finding> {
    let credentials = expected.credentials.as_ref()?;
    let parts = TokenParts::parse(text).ok()?;
    if parts.access_key_id() != credentials.access_key_id() {
        return None;
    }
    let is_cut = |start: &str| {
        let whole = credentials.expose_session_token();
        whole.is_some_and(|whole| whole != start && whole.starts_with(start))
    };
    if parts
        .session_token()
        .is_some_and(|start| is_cut(start.expose_secret()))
    {
        return Some(truncated::finding(text, length));
    }
    let endpoint = Endpoint::new(parts.host(), parts.port()).ok()?;
    let region = Region::new(parts.region()).ok()?;
    let verifier = Verifier::new(endpoint.clone(), region.clone());
    let login = verifier.verify(text, parts.signed_at(), |_| Some(credentials));
    let (cause, message) = match login.err()? {
        VerifyError::MissingSessionToken => (
            Cause::MissingSessionToken,
            "the session token is missing; expected that of the access key",
        ),
        VerifyError::SessionToken => (
            Cause::WrongSessionToken,
            "the session token does not match the access key; expected the one that came with it",
        ),
        VerifyError::Signature => {
            let spelling = Spelling {
                parts: &parts,
                endpoint: &endpoint,
                region: &region,
                credentials,
            };
            return Some(spelling.finding().unwrap_or_else(|| {
                let message = "the signature does not match the secret access key";
                Finding::new(Cause::WrongSignature, message)
            }));
        }
        VerifyError::UnexpectedSessionToken => (
            Cause::UnexpectedSessionToken,
            "a session token is present; expected none with this access key",
        ),
        _ => return None,
    };
    Some(Finding::new(cause, message))
}

/// A token whose signature may be right for a different spelling of the endpoint.
struct Spelling<'a> {
    parts: &'a TokenParts<'a>,
    /// As RDS spells it.
    endpoint: &'a Endpoint,
    region: &'a Region,
    credentials: &'a Credentials,
}

impl Spelling<'_> {
    /// Explains a signature that is right for the spelling of a different signer.
    fn finding(&self) -> Option<Finding> {
        let Self {
            parts, endpoint, ..
        } = self;
        let host = endpoint.host();
        let shown = Place::Host.shown(parts.host(), Some(host.as_str()));
        // Orders.C1A2….rds.amazonaws.com, which `@aws-sdk/rds-signer` prints and signs unchanged.
        if self.is_signed(parts.host(), Some(endpoint.port())) {
            return Some(Finding::new(
                Cause::WrongHost,
                format!("the signature is right for the host spelled {shown}; expected {host}"),
            ));
        }
        // db.c1a2….rds.amazonaws.com:443, of which botocore signs no port.
        let signs_no_port =
            self.is_signed(host.as_str(), None) || self.is_signed(parts.host(), None);
        signs_no_port.then(|| {
            let port = endpoint.port();
            Finding::new(
                Cause::WrongPort,
                format!("port {port} is printed but not signed; expected host:port to be signed"),
            )
        })
    }

    /// Returns `true` if the signature is that of a spelling.
    fn is_signed(&self, host: &str, port: Option<u16>) -> bool {
        let parts = self.parts;
        let Ok(lifetime) = u32::try_from(parts.lifetime().as_secs()) else {
            return false;
        };
        let presigned = Presigned {
            host,
            port,
            parameters: &rds::parameters(Value::Raw(parts.user())),
            access_key_id: parts.access_key_id(),
            lifetime,
            session_token: parts.session_token_in_text().map(SessionToken::signed),
        };
        let scope = CredentialScope::on(parts.date(), self.region, SERVICE);
        let secret = self.credentials.expose_secret_access_key();
        let key = SigningKey::derive(secret, &scope);
        let string_to_sign = StringToSign::new(&scope, &presigned.canonical_hash(&scope));
        key.verify(&string_to_sign, parts.expose_signature())
    }
}
