//! The contents of a token.

use core::{fmt, time::Duration};

use super::{
    error::ParseTokenError,
    parameter,
    read::Draft,
    session_token::SessionToken,
    shown::{self, Place},
};
use crate::{
    credentials::Credentials,
    presign::Value,
    secret::{Secret, SecretText},
    sigv4::AmzDate,
    timestamp::Timestamp,
};

/// The contents of a token's text.
///
/// A text that can be parsed need not be a token that is accepted: [`Verifier`](crate::Verifier)
/// decides that, and [`diagnose`](crate::diagnose) finds causes. The parameters may be in any order,
/// which differs from one SDK to the next. They are percent-decoded once.
///
/// It is a view of a secret, so `Debug` and `Display` leave out the signature and the session
/// token.
///
/// # Examples
///
/// ```
/// # use rds_iam_token::{Credentials, Endpoint, Region, Timestamp, TokenParts, TokenRequest};
/// # let endpoint = Endpoint::new("db.c1a2b3.eu-west-1.rds.amazonaws.com", 5432)?;
/// # let request = TokenRequest::new(endpoint, Region::new("eu-west-1")?, "jane doe")?;
/// # let credentials = Credentials::new("AKIDEXAMPLE", "not-a-real-secret")?;
/// # let token = request.sign(&credentials, Timestamp::from_unix_seconds(1_440_938_160)?);
/// let parts = TokenParts::parse(token.expose_secret())?;
/// assert_eq!(parts.user(), "jane doe");
/// assert_eq!(parts.expires_at().to_string(), "2015-08-30T12:51:00Z");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct TokenParts<'a> {
    host: &'a str,
    port: u16,
    action: SecretText<'a>,
    user: SecretText<'a>,
    algorithm: SecretText<'a>,
    access_key_id: SecretText<'a>,
    scope_date: SecretText<'a>,
    region: SecretText<'a>,
    service: SecretText<'a>,
    date: AmzDate,
    /// In seconds.
    lifetime: u64,
    signed_headers: SecretText<'a>,
    session_token: Option<SessionToken<'a>>,
    signature: SecretText<'a>,
    /// The user as in the text, if that is how it is signed.
    canonical_user: Option<&'a str>,
}

impl<'a> TokenParts<'a> {
    /// Parses a text of at most 64 KiB.
    ///
    /// # Errors
    ///
    /// [`ParseTokenError`] for a text that no signer prints: not of the form
    /// `host:port/?parameters`, with parameters that are missing, doubled or unknown, or with values
    /// that are not encoded correctly or malformed. An action, service, algorithm, region or lifetime
    /// that RDS rejects is accepted here.
    pub fn parse(text: &'a str) -> Result<Self, ParseTokenError> {
        let mut first_fault = None;
        let draft = Draft::read(text, &mut |fault| {
            first_fault.get_or_insert(fault);
        });
        if let Some(fault) = first_fault {
            return Err(fault);
        }
        let missing = |name| ParseTokenError::Missing { name };
        let credential = draft.credential.ok_or(missing(parameter::CREDENTIAL))?;
        Ok(Self {
            host: draft.host.ok_or(ParseTokenError::Host { offset: 0 })?,
            port: draft.port.ok_or(ParseTokenError::Port { offset: 0 })?,
            action: draft.action.ok_or(missing(parameter::ACTION))?,
            user: draft.user.ok_or(missing(parameter::USER))?,
            algorithm: draft.algorithm.ok_or(missing(parameter::ALGORITHM))?,
            access_key_id: credential.access_key_id,
            scope_date: credential.date,
            region: credential.region,
            service: credential.service,
            date: draft.date.ok_or(missing(parameter::DATE))?,
            lifetime: draft.lifetime.ok_or(missing(parameter::EXPIRES))?,
            signed_headers: draft
                .signed_headers
                .ok_or(missing(parameter::SIGNED_HEADERS))?,
            session_token: draft.session_token,
            signature: draft.signature.ok_or(missing(parameter::SIGNATURE))?,
            canonical_user: draft.canonical_user,
        })
    }

    /// Returns the host, in the letter case of the text.
    #[must_use]
    pub fn host(&self) -> &str {
        self.host
    }

    /// Returns the port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Returns the action, `connect` in a token for RDS.
    #[must_use]
    pub fn action(&self) -> &str {
        self.action.expose_secret()
    }

    /// Returns the database user.
    #[must_use]
    pub fn user(&self) -> &str {
        self.user.expose_secret()
    }

    /// Returns the algorithm, [`ALGORITHM`](crate::sigv4::ALGORITHM) in a token for RDS.
    #[must_use]
    pub fn algorithm(&self) -> &str {
        self.algorithm.expose_secret()
    }

    /// Returns the ID of the access key that signed.
    #[must_use]
    pub fn access_key_id(&self) -> &str {
        self.access_key_id.expose_secret()
    }

    /// Returns the day of the credential scope. In a token for RDS it is the day of
    /// [`signed_at`](Self::signed_at).
    #[must_use]
    pub fn scope_date(&self) -> &str {
        self.scope_date.expose_secret()
    }

    /// Returns the region of the credential scope.
    #[must_use]
    pub fn region(&self) -> &str {
        self.region.expose_secret()
    }

    /// Returns the service of the credential scope, `rds-db` in a token for RDS.
    #[must_use]
    pub fn service(&self) -> &str {
        self.service.expose_secret()
    }

    /// Returns the time at which the lifetime begins.
    #[must_use]
    pub fn signed_at(&self) -> Timestamp {
        self.date.at()
    }

    /// Returns the lifetime in whole seconds. RDS accepts at most 900 s.
    #[must_use]
    pub fn lifetime(&self) -> Duration {
        Duration::from_secs(self.lifetime)
    }

    /// Returns the end of the lifetime. The credentials may expire earlier, which is not in the text.
    #[must_use]
    pub fn expires_at(&self) -> Timestamp {
        self.signed_at().saturating_add(self.lifetime())
    }

    /// Returns the names of the signed headers, `host` in a token for RDS.
    #[must_use]
    pub fn signed_headers(&self) -> &str {
        self.signed_headers.expose_secret()
    }

    /// Returns `true` if there is a session token, as with temporary credentials.
    #[must_use]
    pub fn has_session_token(&self) -> bool {
        self.session_token.is_some()
    }

    /// Returns a copy of the session token, if there is one.
    #[must_use]
    pub fn session_token(&self) -> Option<Secret> {
        self.session_token.as_ref().map(SessionToken::decoded)
    }

    /// Returns the signature, 64 lowercase hexadecimal digits.
    #[must_use]
    pub fn expose_signature(&self) -> &str {
        self.signature.expose_secret()
    }

    /// Returns the database user as it is signed.
    pub(crate) fn signed_user(&self) -> Value<'_> {
        let user = || Value::Raw(self.user());
        self.canonical_user.map_or_else(user, Value::Encoded)
    }

    /// Returns the session token as it is in the text, if there is one.
    pub(crate) fn session_token_in_text(&self) -> Option<&SessionToken<'a>> {
        self.session_token.as_ref()
    }

    /// Returns `true` if the session token is that of credentials, or if both have none.
    pub(crate) fn has_session_token_of(&self, credentials: &Credentials) -> bool {
        match &self.session_token {
            Some(session_token) => session_token.is_of(credentials),
            None => credentials.expose_session_token().is_none(),
        }
    }

    /// Returns the date as it is signed.
    pub(crate) fn date(&self) -> AmzDate {
        self.date
    }
}

impl fmt::Debug for TokenParts<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TokenParts({self})")
    }
}

impl fmt::Display for TokenParts<'_> {
    /// Writes one line without secrets. A value that does not have the form of its place is
    /// described by its length, and a user is shown up to the first separator.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}/{} for user {} at {}:{} in {}, signed by {} at {} for {} s, {} session token",
            Place::Service.shown(self.service(), None),
            Place::Action.shown(self.action(), None),
            Place::User.shown(self.user(), None),
            Place::Host.shown(self.host(), None),
            self.port,
            Place::Region.shown(self.region(), None),
            Place::AccessKeyId.shown(self.access_key_id(), None),
            self.signed_at(),
            shown::number(self.lifetime),
            if self.has_session_token() {
                "with a"
            } else {
                "without a"
            }
        )
    }
}
