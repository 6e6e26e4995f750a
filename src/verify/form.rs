//! The form of a token.

use super::error::VerifyError;
use crate::{
    presign::SIGNED,
    rds::{ACTION, SERVICE},
    sigv4::ALGORITHM,
    token::TokenParts,
};

/// Checks the parameters that are the same in every token.
pub(super) fn check(parts: &TokenParts<'_>) -> Result<(), VerifyError> {
    if parts.algorithm() != ALGORITHM {
        return Err(VerifyError::Algorithm);
    }
    if parts.service() != SERVICE {
        return Err(VerifyError::Service);
    }
    if parts.action() != ACTION {
        return Err(VerifyError::Action);
    }
    if parts.signed_headers() != SIGNED {
        return Err(VerifyError::SignedHeaders);
    }
    if parts.scope_date() != parts.date().day() {
        return Err(VerifyError::ScopeDate);
    }
    Ok(())
}
