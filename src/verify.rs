//! Checking a token, for test servers and proxies.

use alloc::{vec, vec::Vec};
use core::{borrow::Borrow, time::Duration};

use crate::{
    credentials::{Credentials, check_session_token},
    endpoint::Endpoint,
    presign::Presigned,
    rds::{self, ACTION, MAX_LIFETIME, SERVICE},
    region::Region,
    sigv4::{ALGORITHM, AmzDate, CredentialScope, SigningKey, StringToSign},
    timestamp::Timestamp,
    token::TokenParts,
    user,
};

mod error;
mod login;

pub use error::VerifyError;
pub use login::Login;

/// Checks tokens and says who is logging in, as RDS does.
///
/// Use it for a stand-in that lets a program be tested
/// without AWS, and for a proxy that terminates connections. It knows the endpoints it stands for
/// and their region; each call gives the time and a look-up of credentials.
///
/// # What to log and what to send
///
/// [`VerifyError`] is for the log: it says which check failed. Send a client that failed the same
/// answer whatever the error was, as databases do ("PAM authentication failed for user …"). Its
/// time to fail tells whether an access key is known, which is no secret; the signature is compared
/// in constant time.
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
/// let refusal = verifier.verify_user(&password, "admin", now, look_up).err();
/// assert_eq!(refusal, Some(VerifyError::User));
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
    /// Stands for an endpoint in a region, with a tolerance of 5 minutes.
    #[must_use]
    pub fn new(endpoint: Endpoint, region: Region) -> Self {
        Self {
            endpoints: vec![endpoint],
            region,
            tolerance: TOLERANCE,
        }
    }

    /// Stands for one more endpoint in the same region.
    #[must_use]
    pub fn with_endpoint(mut self, endpoint: Endpoint) -> Self {
        self.endpoints.push(endpoint);
        self
    }

    /// Sets how far ahead of this clock the clock of a signer may be, in whole seconds.
    ///
    /// AWS documents no tolerance for RDS. Its APIs that name theirs take 5 or 15 minutes, so 5
    /// minutes is the default.
    #[must_use]
    pub fn with_tolerance(mut self, tolerance: Duration) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// Checks a token and says who is logging in.
    ///
    /// `look_up` gives the credentials of an access key id, with the session token and the expiry
    /// where the key is temporary. Credentials with another id let nobody in.
    ///
    /// # Errors
    ///
    /// [`VerifyError`], a variant for each reason to refuse. Where there are several, the cheaper
    /// to find comes first; the signature is checked last, before the session token alone.
    pub fn verify<'a, C: Borrow<Credentials>>(
        &'a self,
        token: &'a str,
        at: Timestamp,
        look_up: impl FnOnce(&str) -> Option<C>,
    ) -> Result<Login<'a>, VerifyError> {
        let parts = TokenParts::parse(token)?;
        check_form(&parts)?;
        if parts.region() != self.region.as_str() {
            return Err(VerifyError::Region);
        }
        let endpoint = self.endpoint(&parts)?;
        self.check_time(&parts, at)?;
        let credentials = look_up(parts.access_key_id()).ok_or(VerifyError::AccessKeyId)?;
        self.check_signature(&parts, endpoint, credentials.borrow(), at)?;
        Ok(Login::new(parts, endpoint))
    }

    /// Checks a token for a user who is already named, as in a database's login.
    ///
    /// # Errors
    ///
    /// As [`verify`](Self::verify), and [`VerifyError::User`] when the token is for another user.
    /// Case counts.
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
            .filter(|endpoint| endpoint.host().as_str().eq_ignore_ascii_case(parts.host()))
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

    /// Signs what the token asks for once more, and compares.
    fn check_signature(
        &self,
        parts: &TokenParts<'_>,
        endpoint: &Endpoint,
        expected: &Credentials,
        at: Timestamp,
    ) -> Result<(), VerifyError> {
        // Whoever logs in is told by the id, so it has to be that of the key that is checked.
        if expected.access_key_id() != parts.access_key_id() {
            return Err(VerifyError::AccessKeyId);
        }
        if let Some(since) = expected.expiry().filter(|expiry| at >= *expiry) {
            return Err(VerifyError::CredentialsExpired { since });
        }
        let seconds = parts.lifetime().as_secs();
        let lifetime = u32::try_from(seconds).map_err(|_| VerifyError::Lifetime { seconds })?;
        let session_token = parts.expose_session_token();
        match (session_token, expected.expose_session_token()) {
            (None, Some(_)) => return Err(VerifyError::MissingSessionToken),
            (Some(_), None) => return Err(VerifyError::UnexpectedSessionToken),
            (None, None) | (Some(_), Some(_)) => {}
        }
        session_token
            .map_or(Ok(()), check_session_token)
            .map_err(|_| VerifyError::SessionToken)?;
        user::check(parts.user()).map_err(|_| VerifyError::User)?;
        let presigned = Presigned {
            host: endpoint.host().as_str(),
            port: Some(endpoint.port()),
            parameters: &rds::parameters(parts.user()),
            lifetime,
            access_key_id: parts.access_key_id(),
            session_token,
        };
        let date = AmzDate::new(parts.signed_at());
        let scope = CredentialScope::on(date, &self.region, SERVICE);
        let key = SigningKey::derive(expected.expose_secret_access_key(), &scope);
        let string_to_sign = StringToSign::new(&scope, &presigned.canonical_hash(&scope));
        let verified = key.verify(&string_to_sign, parts.expose_signature());
        if !verified {
            return Err(VerifyError::Signature);
        }
        // Only who has the secret comes this far, so how long this takes tells nobody anything.
        if session_token != expected.expose_session_token() {
            return Err(VerifyError::SessionToken);
        }
        Ok(())
    }
}

/// Checks what is the same in every token.
fn check_form(parts: &TokenParts<'_>) -> Result<(), VerifyError> {
    if parts.algorithm() != ALGORITHM {
        return Err(VerifyError::Algorithm);
    }
    if parts.service() != SERVICE {
        return Err(VerifyError::Service);
    }
    if parts.action() != ACTION {
        return Err(VerifyError::Action);
    }
    if parts.signed_headers() != "host" {
        return Err(VerifyError::SignedHeaders);
    }
    if parts.scope_date() != AmzDate::new(parts.signed_at()).day() {
        return Err(VerifyError::ScopeDate);
    }
    Ok(())
}

const TOLERANCE: Duration = Duration::from_secs(5 * 60);
