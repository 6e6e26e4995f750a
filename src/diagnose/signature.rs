//! Whether the credentials that should have signed a token did.

use super::{cause::Cause, expected::Expected, finding::Finding, truncated};
use crate::{
    endpoint::Endpoint,
    region::Region,
    token::TokenParts,
    verify::{Verifier, VerifyError},
};

/// Checks the signature of a token that can be read whole, by the credentials that should have
/// signed it.
pub(super) fn check(text: &str, length: usize, known: &Expected) -> Option<Finding> {
    let credentials = known.credentials.as_ref()?;
    let parts = TokenParts::parse(text).ok()?;
    if parts.access_key_id() != credentials.access_key_id() {
        return None;
    }
    if let (Some(start), Some(whole)) = (
        parts.expose_session_token(),
        credentials.expose_session_token(),
    ) && whole != start
        && whole.starts_with(start)
    {
        return Some(truncated::finding(length));
    }
    let endpoint = Endpoint::new(parts.host(), parts.port()).ok()?;
    let verifier = Verifier::new(endpoint, Region::new(parts.region()).ok()?);
    let (cause, message) = match verifier
        .verify(text, parts.signed_at(), |_| Some(credentials))
        .err()?
    {
        VerifyError::MissingSessionToken => (
            Cause::MissingSessionToken,
            "has no session token, and its key has one",
        ),
        VerifyError::SessionToken => (
            Cause::WrongSessionToken,
            "has a session token that is not that of its key",
        ),
        VerifyError::Signature => (
            Cause::WrongSignature,
            "has a signature that the secret does not make",
        ),
        VerifyError::UnexpectedSessionToken => (
            Cause::UnexpectedSessionToken,
            "has a session token, and its key has none",
        ),
        _ => return None,
    };
    Some(Finding::new(cause, message))
}
