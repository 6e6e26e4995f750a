//! The user who is logging in.

use sha2::{Digest, Sha256};

use crate::{endpoint::Endpoint, token::TokenParts};

/// A login: the contents of a token that was verified.
#[derive(Clone, Debug)]
pub struct Login<'a> {
    parts: TokenParts<'a>,
    endpoint: &'a Endpoint,
}

impl<'a> Login<'a> {
    pub(super) fn new(parts: TokenParts<'a>, endpoint: &'a Endpoint) -> Self {
        Self { parts, endpoint }
    }

    /// Returns the database user.
    #[must_use]
    pub fn user(&self) -> &str {
        self.parts.user()
    }

    /// Returns the ID of the access key that signed.
    #[must_use]
    pub fn access_key_id(&self) -> &str {
        self.parts.access_key_id()
    }

    /// Returns the endpoint that the token is for.
    #[must_use]
    pub fn endpoint(&self) -> &'a Endpoint {
        self.endpoint
    }

    /// Returns an ID of the token, for a list of those that were used: the SHA-256 of its signature.
    ///
    /// All texts of one token have the same ID, and no two tokens have. It is no secret: the
    /// signature cannot be computed from it. An ID can be dropped from the list when the token has
    /// expired ([`TokenParts::expires_at`]).
    ///
    /// # Examples
    ///
    /// ```
    /// # use rds_iam_token::{
    /// #     Credentials, Endpoint, Region, Timestamp, TokenRequest, Verifier, VerifyError,
    /// # };
    /// # let endpoint = Endpoint::new("db.example.com", 5432)?;
    /// # let region = Region::new("eu-west-1")?;
    /// # let credentials = Credentials::new("AKIDEXAMPLE", "not-a-real-secret")?;
    /// # let now = Timestamp::from_unix_seconds(1_440_938_160)?;
    /// # let request = TokenRequest::new(endpoint.clone(), region.clone(), "app")?;
    /// # let token = request.sign(&credentials, now).into_exposed_string();
    /// # let verifier = Verifier::new(endpoint, region);
    /// use std::collections::HashSet;
    ///
    /// let mut used = HashSet::new();
    /// for (text, is_new) in [(token.clone(), true), (token.replace("db.example", "DB.example"), false)] {
    ///     let login = verifier.verify(&text, now, |_| Some(&credentials))?;
    ///     assert_eq!(used.insert(login.signature_id()), is_new);
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn signature_id(&self) -> [u8; 32] {
        Sha256::digest(self.parts.expose_signature()).into()
    }

    /// Returns the contents of the token.
    #[must_use]
    pub fn parts(&self) -> &TokenParts<'a> {
        &self.parts
    }
}
