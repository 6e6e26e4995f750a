//! The whole flow of signing.

use alloc::string::{String, ToString};
use core::time::Duration;

use crate::{
    credentials::Credentials,
    endpoint::Endpoint,
    error::Error,
    presign::{Presigned, Template, Unsigned, Value},
    rds,
    region::Region,
    secret::Secret,
    sigv4::{AmzDate, CredentialScope, SigningKey},
    timestamp::Timestamp,
    token::Token,
    user,
};

/// A request for a token: user, endpoint, region and lifetime.
///
/// # Examples
///
/// ```
/// use rds_iam_token::{Credentials, Endpoint, Region, Timestamp, TokenRequest};
///
/// let endpoint = Endpoint::new("orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com", 5432)?;
/// let request = TokenRequest::new(endpoint, Region::new("eu-west-1")?, "app")?;
/// let credentials = Credentials::new("AKIDEXAMPLE", "not-a-real-secret")?;
/// let at = Timestamp::from_unix_seconds(1_440_938_160)?;
///
/// let token = request.sign(&credentials, at);
/// assert!(token.expose_secret().starts_with(
///     "orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com:5432/?Action=connect&DBUser=app&",
/// ));
/// # Ok::<(), rds_iam_token::Error>(())
/// ```
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct TokenRequest {
    endpoint: Endpoint,
    region: Region,
    /// From 1 to 512 bytes, without NUL, CR and LF.
    user: String,
    /// In seconds, from 1 to [`rds::MAX_LIFETIME`].
    lifetime: u32,
}

impl TokenRequest {
    /// Creates a request from an endpoint, its region and a database user. The lifetime is the
    /// longest that RDS accepts, 900 s.
    ///
    /// The region is the database's own. The user is spelled as in the database: case counts. Users
    /// that only some databases can have are accepted (MySQL ends at 32 characters, PostgreSQL at 63
    /// bytes), because the type of database is unknown here.
    ///
    /// # Errors
    ///
    /// [`Error::User`] when `user` is empty, over 512 bytes, or has a NUL, CR or LF.
    pub fn new(endpoint: Endpoint, region: Region, user: impl Into<String>) -> Result<Self, Error> {
        // A rejected user may be a token.
        let user = Secret::new(user);
        user::check(user.expose_secret())?;
        Ok(Self {
            endpoint,
            region,
            user: user.into_exposed_string(),
            lifetime: rds::MAX_LIFETIME,
        })
    }

    /// Sets a shorter lifetime. Fractions of a second are truncated.
    ///
    /// AWS does not document that RDS ends a token before its 15 minutes are over, so a shorter
    /// lifetime may have no effect.
    ///
    /// # Errors
    ///
    /// [`Error::Lifetime`] when `lifetime` is under 1 s or over 900 s.
    ///
    /// # Examples
    ///
    /// ```
    /// # use rds_iam_token::{Endpoint, Error, Region, TokenRequest};
    /// # let endpoint = Endpoint::new("db.c1a2b3.eu-west-1.rds.amazonaws.com", 5432)?;
    /// use core::time::Duration;
    ///
    /// let request = TokenRequest::new(endpoint, Region::new("eu-west-1")?, "app")?;
    /// let too_long = request.with_lifetime(Duration::from_secs(901));
    /// assert_eq!(too_long, Err(Error::Lifetime { seconds: 901, max: 900 }));
    /// # Ok::<(), Error>(())
    /// ```
    pub fn with_lifetime(mut self, lifetime: Duration) -> Result<Self, Error> {
        let seconds = lifetime.as_secs();
        self.lifetime = u32::try_from(seconds)
            .ok()
            .filter(|seconds| (1..=rds::MAX_LIFETIME).contains(seconds))
            .ok_or(Error::Lifetime {
                seconds,
                max: rds::MAX_LIFETIME,
            })?;
        Ok(self)
    }

    /// Signs a token. Nothing is asked of AWS, and nothing can fail.
    ///
    /// The lifetime begins at `at`, which should be now: neither earlier nor, above all, ahead of
    /// the clock. Expired credentials sign as well; [`Token::is_expired`] is then `true`.
    #[must_use]
    pub fn sign(&self, credentials: &Credentials, at: Timestamp) -> Token {
        let scope = self.scope(AmzDate::new(at));
        let unsigned = self.unsigned(credentials, &scope);
        let key = SigningKey::derive(credentials.expose_secret_access_key(), &scope);
        let signature = key.sign_once(&unsigned.string_to_sign(&scope));
        Token::new(unsigned.sign(&signature), self.expires_at(credentials, at))
    }

    /// Returns the canonical request of [`sign`](Self::sign), to compare with that of a different signer.
    ///
    /// It is a secret because it holds the session token, if there is one.
    #[must_use]
    pub fn canonical_request(&self, credentials: &Credentials, at: Timestamp) -> Secret {
        self.unsigned(credentials, &self.scope(AmzDate::new(at)))
            .canonical_request()
            .to_secret()
    }

    /// Returns the string to sign of [`sign`](Self::sign), to compare with that of a different signer.
    #[must_use]
    pub fn string_to_sign(&self, credentials: &Credentials, at: Timestamp) -> String {
        let scope = self.scope(AmzDate::new(at));
        let unsigned = self.unsigned(credentials, &scope);
        unsigned.string_to_sign(&scope).to_string()
    }

    /// Returns the endpoint.
    #[must_use]
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// Returns the region.
    #[must_use]
    pub fn region(&self) -> &Region {
        &self.region
    }

    /// Returns the database user.
    #[must_use]
    pub fn user(&self) -> &str {
        &self.user
    }

    /// Returns the lifetime in whole seconds.
    #[must_use]
    pub fn lifetime(&self) -> Duration {
        Duration::from_secs(self.lifetime.into())
    }

    pub(crate) fn scope(&self, date: AmzDate) -> CredentialScope<'_> {
        CredentialScope::on(date, &self.region, rds::SERVICE)
    }

    pub(crate) fn template(&self, credentials: &Credentials) -> Template {
        let parameters = rds::parameters(Value::Raw(&self.user));
        let presigned = self.presigned(&parameters, credentials);
        Template::new(&presigned, &self.region, rds::SERVICE)
    }

    fn unsigned(&self, credentials: &Credentials, scope: &CredentialScope<'_>) -> Unsigned {
        let parameters = rds::parameters(Value::Raw(&self.user));
        Unsigned::new(&self.presigned(&parameters, credentials), scope)
    }

    fn presigned<'a>(
        &'a self,
        parameters: &'a [(&'a str, Value<'a>)],
        credentials: &'a Credentials,
    ) -> Presigned<'a> {
        Presigned {
            host: self.endpoint.host().as_str(),
            port: Some(self.endpoint.port()),
            parameters,
            access_key_id: credentials.access_key_id(),
            lifetime: self.lifetime,
            session_token: credentials.encoded_session_token().map(Value::Encoded),
        }
    }

    /// Returns the expiry of a token that is signed at a moment.
    pub(crate) fn expires_at(&self, credentials: &Credentials, at: Timestamp) -> Timestamp {
        let end = at.saturating_add(self.lifetime());
        credentials.expiry().map_or(end, |expiry| end.min(expiry))
    }
}
