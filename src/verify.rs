//! The verifier of tokens, for test servers and proxies.

use alloc::{vec, vec::Vec};
use core::{borrow::Borrow, time::Duration};

use crate::{
    credentials::{Credentials, check_access_key_id},
    endpoint::Endpoint,
    presign::Presigned,
    rds::{self, MAX_LIFETIME, SERVICE},
    region::Region,
    sigv4::{CredentialScope, SigningKey, StringToSign},
    timestamp::Timestamp,
    token::{SessionToken, TokenParts},
    user,
};

mod error;
mod form;
mod login;

pub use error::VerifyError;
pub use login::Login;

/// A verifier of tokens for endpoints in a region, as in RDS.
///
/// Use it for a stand-in, so that a program can be tested without AWS, and for a proxy that
/// terminates connections. It holds the endpoints it serves and their region; the time and a
/// look-up of credentials are passed to each call.
///
/// # What to log and what to send
///
/// [`VerifyError`] is for the log: it names the check that failed. Send a client that failed the same
/// answer whatever the error was, as databases do ("PAM authentication failed for user …"). The
/// time to fail depends on whether an access key exists, which is no secret; the signature is
/// compared in constant time.
///
/// # What a login does not prove
///
/// - With several endpoints, a token for one of them is accepted whatever listener the client is
///   connected to. Compare [`Login::endpoint`] with the listener's, or keep a verifier for each
///   listener.
/// - A token may be used until it expires, by everyone who has it. To accept each token once, keep
///   [`Login::signature_id`] and not the token's text: one token has many texts, because the order
///   of the parameters, the letter case of the host and the encoding of a value may all differ.
///
/// # Examples
///
/// ```
/// use rds_iam_token::{
///     Credentials, Endpoint, Region, Timestamp, TokenRequest, Verifier, VerifyError,
/// };
///
/// let endpoint = Endpoint::new("db.example.com", 5432)?;
/// let region = Region::new("eu-west-1")?;
/// let credentials = Credentials::new("AKIDEXAMPLE", "not-a-real-secret")?;
/// let now = Timestamp::from_unix_seconds(1_440_938_160)?;
/// let request = TokenRequest::new(endpoint.clone(), region.clone(), "app")?;
/// let password = request.sign(&credentials, now).into_exposed_string();
///
/// let verifier = Verifier::new(endpoint, region);
/// let look_up = |id: &str| (id == credentials.access_key_id()).then_some(&credentials);
/// let login = verifier.verify_user(&password, "app", now, look_up)?;
/// assert_eq!(login.access_key_id(), "AKIDEXAMPLE");
///
/// let rejected = verifier.verify_user(&password, "admin", now, look_up).err();
/// assert_eq!(rejected, Some(VerifyError::User));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Verifier {
    /// At least one.
    endpoints: Vec<Endpoint>,
    region: Region,
    tolerance: Duration,
}

impl Verifier {
    /// Creates a verifier for an endpoint in a region, with a tolerance of 5 minutes.
    #[must_use]
    pub fn new(endpoint: Endpoint, region: Region) -> Self {
        Self {
            endpoints: vec![endpoint],
            region,
            tolerance: TOLERANCE,
        }
    }

    /// Adds an endpoint in the same region.
    #[must_use]
    pub fn with_endpoint(mut self, endpoint: Endpoint) -> Self {
        self.endpoints.push(endpoint);
        self
    }

    /// Sets how far ahead of this clock the clock of a signer may be. Fractions of a second are
    /// truncated.
    ///
    /// AWS documents no tolerance for RDS. The documented ones, of other services, are 5 or 15
    /// minutes, so 5 minutes is the default.
    #[must_use]
    pub fn with_tolerance(mut self, tolerance: Duration) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// Verifies a token, and returns who is logging in.
    ///
    /// `look_up` returns the credentials of an access key ID, with the session token and the expiry
    /// if the key is temporary. It is called before the signature is checked, but only with an ID
    /// that [`Credentials::new`] accepts: 1 to 128 bytes of printable ASCII without spaces and
    /// slashes. Credentials with a different ID are rejected.
    ///
    /// # Errors
    ///
    /// [`VerifyError`], a variant for each reason to reject a token. If there are several, the one
    /// that is cheaper to find comes first; the signature is checked last, before the session token
    /// alone.
    pub fn verify<'a, C: Borrow<Credentials>>(
        &'a self,
        token: &'a str,
        at: Timestamp,
        look_up: impl FnOnce(&str) -> Option<C>,
    ) -> Result<Login<'a>, VerifyError> {
        let parts = TokenParts::parse(token)?;
        form::check(&parts)?;
        if parts.region() != self.region.as_str() {
            return Err(VerifyError::Region);
        }
        let endpoint = self.endpoint(&parts)?;
        self.check_time(&parts, at)?;
        let id = parts.access_key_id();
        check_access_key_id(id).map_err(|_| VerifyError::AccessKeyId)?;
        let credentials = look_up(id).ok_or(VerifyError::AccessKeyId)?;
        self.check_signature(&parts, endpoint, credentials.borrow(), at)?;
        Ok(Login::new(parts, endpoint))
    }

    /// Verifies a token for a user who is already named, as in a database's login.
    ///
    /// # Errors
    ///
    /// Those of [`verify`](Self::verify), and [`VerifyError::User`] when the token is for a different
    /// user. Case counts.
    pub fn verify_user<'a, C: Borrow<Credentials>>(
        &'a self,
        token: &'a str,
        user: &str,
        at: Timestamp,
        look_up: impl FnOnce(&str) -> Option<C>,
    ) -> Result<Login<'a>, VerifyError> {
        let login = self.verify(token, at, look_up)?;
        if login.user() == user {
            Ok(login)
        } else {
            Err(VerifyError::User)
        }
    }

    fn endpoint(&self, parts: &TokenParts<'_>) -> Result<&Endpoint, VerifyError> {
        let mut of_host = self
            .endpoints
            .iter()
            .filter(|endpoint| {
                let host = endpoint.host().as_str();
                // The letter case of most hosts is right.
                host == parts.host() || host.eq_ignore_ascii_case(parts.host())
            })
            .peekable();
        of_host.peek().ok_or(VerifyError::Host)?;
        of_host
            .find(|endpoint| endpoint.port() == parts.port())
            .ok_or(VerifyError::Port)
    }

    fn check_time(&self, parts: &TokenParts<'_>, at: Timestamp) -> Result<(), VerifyError> {
        let seconds = parts.lifetime().as_secs();
        if !(1..=MAX_LIFETIME.into()).contains(&seconds) {
            return Err(VerifyError::Lifetime { seconds });
        }
        if parts.signed_at() > at.saturating_add(self.tolerance) {
            return Err(VerifyError::NotYetValid {
                from: parts.signed_at(),
            });
        }
        if at >= parts.expires_at() {
            return Err(VerifyError::Expired {
                since: parts.expires_at(),
            });
        }
        Ok(())
    }

    /// Signs the request of the token once more, and compares the signatures.
    fn check_signature(
        &self,
        parts: &TokenParts<'_>,
        endpoint: &Endpoint,
        expected: &Credentials,
        at: Timestamp,
    ) -> Result<(), VerifyError> {
        // The ID identifies the client, so it has to be the ID of the key that is checked.
        if expected.access_key_id() != parts.access_key_id() {
            return Err(VerifyError::AccessKeyId);
        }
        if let Some(since) = expected.expiry().filter(|expiry| at >= *expiry) {
            return Err(VerifyError::CredentialsExpired { since });
        }
        let seconds = parts.lifetime().as_secs();
        let lifetime = u32::try_from(seconds).map_err(|_| VerifyError::Lifetime { seconds })?;
        let session_token = parts.session_token_in_text();
        match (session_token, expected.expose_session_token()) {
            (None, Some(_)) => return Err(VerifyError::MissingSessionToken),
            (Some(_), None) => return Err(VerifyError::UnexpectedSessionToken),
            (None, None) | (Some(_), Some(_)) => {}
        }
        if session_token.is_some_and(|session_token| !session_token.fits()) {
            return Err(VerifyError::SessionToken);
        }
        user::check(parts.user()).map_err(|_| VerifyError::User)?;
        let presigned = Presigned {
            host: endpoint.host().as_str(),
            port: Some(endpoint.port()),
            parameters: &rds::parameters(parts.signed_user()),
            lifetime,
            access_key_id: parts.access_key_id(),
            session_token: session_token.map(SessionToken::signed),
        };
        let scope = CredentialScope::on(parts.date(), &self.region, SERVICE);
        let key = SigningKey::derive(expected.expose_secret_access_key(), &scope);
        let string_to_sign = StringToSign::new(&scope, &presigned.canonical_hash(&scope));
        let verified = key.verify(&string_to_sign, parts.expose_signature());
        if !verified {
            return Err(VerifyError::Signature);
        }
        // This is slower for a session token that is right up to a later byte, which only a signer with
        // the secret can find out.
        if session_token.is_some_and(|session_token| !session_token.is_of(expected)) {
            return Err(VerifyError::SessionToken);
        }
        Ok(())
    }
}

const TOLERANCE: Duration = Duration::from_secs(5 * 60);
