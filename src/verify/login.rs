//! Who is logging in.

use crate::{endpoint::Endpoint, token::TokenParts};

/// Who is logging in: what a token says that was found to be good.
#[derive(Clone, Debug)]
pub struct Login<'a> {
    parts: TokenParts<'a>,
    endpoint: &'a Endpoint,
}

impl<'a> Login<'a> {
    pub(super) fn new(parts: TokenParts<'a>, endpoint: &'a Endpoint) -> Self {
        Self { parts, endpoint }
    }

    /// Reads the database user.
    #[must_use]
    pub fn user(&self) -> &str {
        self.parts.user()
    }

    /// Reads the id of the access key that signed.
    #[must_use]
    pub fn access_key_id(&self) -> &str {
        self.parts.access_key_id()
    }

    /// Gives the endpoint that the token is for.
    #[must_use]
    pub fn endpoint(&self) -> &'a Endpoint {
        self.endpoint
    }

    /// Gives all that the token says.
    #[must_use]
    pub fn parts(&self) -> &TokenParts<'a> {
        &self.parts
    }
}
