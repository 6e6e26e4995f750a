//! The result.

use alloc::string::String;

use zeroize::ZeroizeOnDrop;

use crate::{secret::Secret, timestamp::Timestamp};

mod error;
pub(crate) mod parameter;
mod parts;
pub(crate) mod read;
pub(crate) mod shown;

pub use error::ParseTokenError;
pub use parts::TokenParts;

/// A token: the password for one user at one endpoint, for 15 minutes at most.
///
/// It is made by [`TokenRequest::sign`](crate::TokenRequest::sign). It is as good as a password
/// while it lives, so it is wiped when it is dropped and `{:?}` does not show it. It is plain ASCII
/// without spaces, some 350 bytes long, and up to 4 KiB and more with a session token.
///
/// Drivers take it as the password. Inside a connection URL it would have to be percent-encoded
/// once more.
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

    /// Reads the token.
    #[must_use]
    pub fn expose_secret(&self) -> &str {
        self.text.expose_secret()
    }

    /// Hands the token's text over, for drivers that keep the password as a `String`. Nothing is
    /// copied; to wipe the text is then up to you.
    #[must_use]
    pub fn into_exposed_string(self) -> String {
        self.text.into_exposed_string()
    }

    /// Gives the moment from which the token opens no connection: the end of its lifetime or of
    /// the credentials that signed it, whichever comes first.
    ///
    /// It is in the past from the start where the credentials were no longer valid: they sign all
    /// the same. A connection that is open by then stays open.
    #[must_use]
    pub fn expires_at(&self) -> Timestamp {
        self.expires_at
    }

    /// Tells whether `at` is [`expires_at`](Self::expires_at) or later.
    #[must_use]
    pub fn is_expired(&self, at: Timestamp) -> bool {
        at >= self.expires_at
    }
}

impl ZeroizeOnDrop for Token {}
