//! The result.

use alloc::string::String;

use zeroize::ZeroizeOnDrop;

use crate::{secret::Secret, timestamp::Timestamp};

pub(crate) mod draft;
mod error;
pub(crate) mod layout;
pub(crate) mod parameter;
mod parts;
pub(crate) mod unsigned;

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
