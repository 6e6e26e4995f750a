//! The result of signing, and what is read of one.

use alloc::string::String;

use zeroize::ZeroizeOnDrop;

use crate::{secret::Secret, timestamp::Timestamp};

mod error;
pub(crate) mod parameter;
mod parts;
pub(crate) mod read;
mod session_token;
pub(crate) mod shown;
mod value;

pub use error::ParseTokenError;
pub use parts::TokenParts;
pub(crate) use session_token::SessionToken;

/// A token: the password for one user at one endpoint, for 15 minutes at most.
///
/// [`TokenRequest::sign`](crate::TokenRequest::sign) creates it, and `TryFrom<String>` one that a
/// command or a sidecar printed. It is as good as a password until it expires, so it is wiped when
/// it is dropped and `{:?}` does not show it. It is plain ASCII without spaces, some 350 bytes
/// long, and up to 4 KiB and more with a session token.
///
/// Drivers accept it as the password. Inside a connection URL it must be percent-encoded once more.
///
/// # Examples
///
/// ```
/// # use rds_iam_token::{Credentials, Endpoint, Region, Timestamp, TokenRequest};
/// # let endpoint = Endpoint::new("db.c1a2b3.eu-west-1.rds.amazonaws.com", 5432)?;
/// # let request = TokenRequest::new(endpoint, Region::new("eu-west-1")?, "app")?;
/// let credentials = Credentials::new("ASIDEXAMPLE", "not-a-real-secret")?
///     .with_session_token("not-a-real-session-token")?
///     .with_expiry(Timestamp::from_unix_seconds(1_440_938_400)?);
/// let token = request.sign(&credentials, Timestamp::from_unix_seconds(1_440_938_160)?);
///
/// // Four minutes and not fifteen: the credentials end first.
/// assert_eq!(token.expires_at().to_string(), "2015-08-30T12:40:00Z");
/// assert!(format!("{token:?}").contains("[redacted]"));
/// let password: String = token.into_exposed_string();
/// # assert!(password.contains("&X-Amz-Security-Token=not-a-real-session-token&"));
/// # Ok::<(), rds_iam_token::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Token {
    text: Secret,
    expires_at: Timestamp,
}

impl Token {
    pub(crate) fn new(text: Secret, expires_at: Timestamp) -> Self {
        Self { text, expires_at }
    }

    /// Returns the text of the token.
    #[must_use]
    pub fn expose_secret(&self) -> &str {
        self.text.expose_secret()
    }

    /// Returns the text of the token as a `String`, for drivers that keep the password as one.
    /// Nothing is copied; to wipe the text is then up to you.
    #[must_use]
    pub fn into_exposed_string(self) -> String {
        self.text.into_exposed_string()
    }

    /// Returns the time at which the token expires, with its lifetime or with the credentials that
    /// signed it, whichever comes first.
    ///
    /// From then on it opens no connection; a connection that is open stays open. A token that
    /// expired credentials signed has expired from the start.
    #[must_use]
    pub fn expires_at(&self) -> Timestamp {
        self.expires_at
    }

    /// Returns `true` if `at` is [`expires_at`](Self::expires_at) or later.
    #[must_use]
    pub fn is_expired(&self, at: Timestamp) -> bool {
        at >= self.expires_at
    }
}

impl TryFrom<String> for Token {
    type Error = ParseTokenError;

    /// Parses a token that another signer printed, with the expiry that it states. The expiry of
    /// its credentials is not in the text, and a signature is not verified.
    ///
    /// Nothing is trimmed: remove the line break that a command prints. A text that is rejected is
    /// wiped.
    ///
    /// # Errors
    ///
    /// [`ParseTokenError`], as for [`TokenParts::parse`].
    ///
    /// # Examples
    ///
    /// ```
    /// # use rds_iam_token::{Credentials, Endpoint, Region, Timestamp, Token, TokenRequest};
    /// # let endpoint = Endpoint::new("db.c1a2b3.eu-west-1.rds.amazonaws.com", 5432)?;
    /// # let request = TokenRequest::new(endpoint, Region::new("eu-west-1")?, "app")?;
    /// # let credentials = Credentials::new("AKIDEXAMPLE", "not-a-real-secret")?;
    /// # let signed = request.sign(&credentials, Timestamp::from_unix_seconds(1_440_938_160)?);
    /// # let printed = signed.into_exposed_string() + "\n";
    /// let token = Token::try_from(printed.trim_end().to_owned())?;
    /// assert_eq!(token.expires_at().to_string(), "2015-08-30T12:51:00Z");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    fn try_from(text: String) -> Result<Self, ParseTokenError> {
        let text = Secret::new(text);
        let expires_at = TokenParts::parse(text.expose_secret())?.expires_at();
        Ok(Self { text, expires_at })
    }
}

impl ZeroizeOnDrop for Token {}

#[cfg(test)]
mod tests {
    use super::*;

    const PRINTED: &str = "db.example.com:5432/?Action=connect&DBUser=app\
        &X-Amz-Algorithm=AWS4-HMAC-SHA256\
        &X-Amz-Credential=AKIDEXAMPLE%2F20150830%2Feu-west-1%2Frds-db%2Faws4_request\
        &X-Amz-Date=20150830T123600Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature=\
        00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    #[test]
    fn a_printed_token_expires_as_it_states() {
        let token = Token::try_from(String::from(PRINTED));
        let expires_at = Timestamp::from_unix_seconds(1_440_938_220);
        assert_eq!(token.as_ref().map(Token::expose_secret), Ok(PRINTED));
        assert_eq!(token.map(|token| token.expires_at()).ok(), expires_at.ok());
    }

    #[test]
    fn a_text_that_is_not_a_token_is_rejected_and_not_trimmed() {
        for (text, error) in [
            ("", ParseTokenError::NoQuery { offset: 0 }),
            (
                &[PRINTED, "\n"].concat(),
                ParseTokenError::Encoding {
                    offset: PRINTED.len(),
                },
            ),
            (
                &PRINTED.replace("&DBUser=app", ""),
                ParseTokenError::Missing { name: "DBUser" },
            ),
        ] {
            let rejected = Token::try_from(String::from(text));
            assert_eq!(rejected.err(), Some(error), "{text:?}");
        }
    }
}
