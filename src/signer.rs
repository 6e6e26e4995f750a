//! Many tokens of one request.

use alloc::string::String;
use core::{fmt, mem};

use crate::{
    credentials::Credentials, presign::Template, request::TokenRequest, secret::Secret,
    sigv4::SigningKey, timestamp::Timestamp, token::Token,
};

/// A request and the credentials that sign it, with all that can be worked out beforehand.
///
/// Its tokens are those of [`TokenRequest::sign`]. It keeps their encoded text, in which only the
/// dates change, and the key of the day that it signed for last. So a token costs two passes of
/// the hash and a copy, and once a day the derivation of a key.
///
/// # Examples
///
/// ```
/// use rds_iam_token::{Credentials, Endpoint, Region, Signer, Timestamp, TokenRequest};
///
/// let endpoint = Endpoint::new("orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com", 5432)?;
/// let request = TokenRequest::new(endpoint, Region::new("eu-west-1")?, "app")?;
/// let credentials = Credentials::new("AKIDEXAMPLE", "not-a-real-secret")?;
///
/// let mut signer = Signer::new(request, credentials);
/// let token = signer.sign(Timestamp::from_unix_seconds(1_440_938_160)?);
/// assert!(token.expose_secret().contains("&X-Amz-Date=20150830T123600Z&"));
/// # Ok::<(), rds_iam_token::Error>(())
/// ```
#[derive(Clone)]
pub struct Signer {
    request: TokenRequest,
    credentials: Credentials,
    template: Template,
}

impl Signer {
    /// Creates a signer of a request with credentials.
    #[must_use]
    pub fn new(request: TokenRequest, credentials: Credentials) -> Self {
        Self {
            template: request.template(&credentials),
            request,
            credentials,
        }
    }

    /// Signs a token with one allocation, as [`TokenRequest::sign`] does.
    #[must_use]
    pub fn sign(&mut self, at: Timestamp) -> Token {
        let text = self.text(at, String::new());
        Token::new(text, self.request.expires_at(&self.credentials, at))
    }

    /// Signs into a buffer, and returns what would be [`Token::expires_at`].
    ///
    /// Nothing is allocated if the buffer has the capacity for the text, as it has after the first
    /// call. Its former contents are gone then: overwritten, or wiped if the buffer has to grow or
    /// held a longer text. To wipe it in the end is the caller's part.
    ///
    /// # Examples
    ///
    /// ```
    /// # use rds_iam_token::{Credentials, Endpoint, Region, Signer, Timestamp, TokenRequest};
    /// # let endpoint = Endpoint::new("db.c1a2b3.eu-west-1.rds.amazonaws.com", 5432)?;
    /// # let request = TokenRequest::new(endpoint, Region::new("eu-west-1")?, "app")?;
    /// # let mut signer = Signer::new(request, Credentials::new("AKIDEXAMPLE", "not-a-real-secret")?);
    /// let mut password = String::new();
    /// for seconds in [1_440_938_160, 1_440_938_161] {
    ///     let expires_at = signer.sign_into(Timestamp::from_unix_seconds(seconds)?, &mut password);
    ///     assert_eq!(expires_at.unix_seconds(), seconds + 900);
    /// }
    /// assert!(password.contains("&X-Amz-Date=20150830T123601Z&"));
    /// # Ok::<(), rds_iam_token::Error>(())
    /// ```
    pub fn sign_into(&mut self, at: Timestamp, buffer: &mut String) -> Timestamp {
        *buffer = self.text(at, mem::take(buffer)).into_exposed_string();
        self.request.expires_at(&self.credentials, at)
    }

    /// Returns the request.
    #[must_use]
    pub fn request(&self) -> &TokenRequest {
        &self.request
    }

    /// Returns the credentials.
    #[must_use]
    pub fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    fn text(&mut self, at: Timestamp, buffer: String) -> Secret {
        let secret = self.credentials.expose_secret_access_key();
        let derive_key = |date| SigningKey::derive(secret, &self.request.scope(date));
        self.template.sign(at, derive_key, buffer)
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer")
            .field("request", &self.request)
            .field("credentials", &self.credentials)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{endpoint::Endpoint, error::Error, region::Region};

    const DAY: i64 = 86_400;

    /// Moments in seconds since 1970: within a day, and over its ends in both directions.
    const MOMENTS: &[i64] = &[
        1_440_938_160,
        1_440_938_161,
        1_440_938_160,
        // A day on, and back.
        1_440_938_160 + DAY,
        1_440_938_160,
        // The last second of a day, the first of the next, and back.
        16_678 * DAY - 1,
        16_678 * DAY,
        16_678 * DAY - 1,
        // The same day in another month, another year, and the ends of time.
        1_440_938_160 - 31 * DAY,
        1_440_938_160 + 366 * DAY,
        // Four years on, which have the same days.
        1_440_938_160,
        1_440_938_160 + (4 * 365 + 1) * DAY,
        253_402_300_799,
        0,
    ];

    fn signer(host: &str, session_token: &str) -> Result<Signer, Error> {
        let request =
            TokenRequest::new(Endpoint::new(host, 5432)?, Region::new("eu-west-1")?, "app")?;
        let credentials = Credentials::new("AKIDEXAMPLE", "not-a-real-secret")?
            .with_session_token(session_token)?
            .with_expiry(Timestamp::from_unix_seconds(1_440_938_200)?);
        Ok(Signer::new(request, credentials))
    }

    #[test]
    fn a_changed_day_changes_the_key_in_either_direction() -> Result<(), Error> {
        let mut signer = signer("db.example.com", "not/a/real/session/token")?;
        let mut buffer = String::new();
        for &moment in MOMENTS {
            let at = Timestamp::from_unix_seconds(moment)?;
            let once = signer.request.sign(&signer.credentials, at);
            let token = signer.sign(at);
            assert_eq!(token.expose_secret(), once.expose_secret(), "{moment}");
            assert_eq!(token.expires_at(), once.expires_at(), "{moment}");
            let expires_at = signer.sign_into(at, &mut buffer);
            assert_eq!(buffer, once.expose_secret(), "{moment}");
            assert_eq!(expires_at, once.expires_at(), "{moment}");
        }
        Ok(())
    }

    #[test]
    fn a_buffer_is_overwritten_whatever_it_held() -> Result<(), Error> {
        let at = Timestamp::from_unix_seconds(1_440_938_160)?;
        let mut short = signer("db", "s")?;
        let mut long = signer("db.example.com", &"s".repeat(2_000))?;
        let (short_text, long_text) = (short.sign(at), long.sign(at));
        let mut buffer = String::from("ünfit");
        for _ in 0..2 {
            short.sign_into(at, &mut buffer);
            assert_eq!(buffer, short_text.expose_secret());
            long.sign_into(at, &mut buffer);
            assert_eq!(buffer, long_text.expose_secret());
        }
        Ok(())
    }
}
