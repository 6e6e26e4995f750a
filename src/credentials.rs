//! AWS credentials.

use alloc::string::String;
use core::fmt;

use zeroize::ZeroizeOnDrop;

use crate::{
    error::Error,
    fault::{Fault, Flaw},
    secret::Secret,
    sigv4::uri_encode,
    timestamp::Timestamp,
};

#[cfg(feature = "aws-credential-types")]
mod sdk;

/// An access key: its ID and secret, and the session token and expiry of a temporary one.
///
/// Nothing is trimmed: a line break at the end, as text read from a file has, is rejected. The form
/// of AWS's own keys is not checked, so that other keys work in tests.
///
/// # Examples
///
/// ```
/// use rds_iam_token::{Credentials, Timestamp};
///
/// let long_lived = Credentials::new("AKIDEXAMPLE", "not-a-real-secret")?;
/// let temporary = Credentials::new("ASIDEXAMPLE", "not-a-real-secret")?
///     .with_session_token("not-a-real-session-token")?
///     .with_expiry(Timestamp::from_unix_seconds(1_440_941_760)?);
/// # Ok::<(), rds_iam_token::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Credentials {
    access_key_id: String,
    secret_access_key: Secret,
    session_token: Option<SessionToken>,
    expiry: Option<Timestamp>,
}

impl Credentials {
    /// Creates credentials from an access key, long-lived unless a session token is added.
    ///
    /// A `String` is moved, and wiped when it is dropped; a `&str` is copied.
    ///
    /// # Errors
    ///
    /// [`Error::AccessKeyId`] and [`Error::SecretAccessKey`] for anything but printable ASCII
    /// without spaces; [`Error::AccessKeyId`] also for a slash, which would shift the parts of a
    /// scope, and for more than 128 bytes, the longest that AWS documents (IAM API Reference,
    /// `AccessKey`).
    pub fn new(
        access_key_id: impl Into<String>,
        secret_access_key: impl Into<String>,
    ) -> Result<Self, Error> {
        // A rejected ID may be a secret that was mistaken for one.
        let access_key_id = Secret::new(access_key_id);
        let secret_access_key = Secret::new(secret_access_key);
        check_access_key_id(access_key_id.expose_secret()).map_err(Error::AccessKeyId)?;
        Fault::find(secret_access_key.expose_secret(), |byte| {
            byte.is_ascii_graphic()
        })
        .map_err(Error::SecretAccessKey)?;
        Ok(Self {
            access_key_id: access_key_id.into_exposed_string(),
            secret_access_key,
            session_token: None,
            expiry: None,
        })
    }

    /// Adds the session token that came with a temporary access key.
    ///
    /// Its length is not limited: AWS documents no limit.
    ///
    /// # Errors
    ///
    /// [`Error::SessionToken`] for anything but printable ASCII without spaces. An empty one is
    /// rejected as well: some SDKs sign it and others drop it, and neither is right.
    pub fn with_session_token(mut self, session_token: impl Into<String>) -> Result<Self, Error> {
        let session_token = Secret::new(session_token);
        check_session_token(session_token.expose_secret()).map_err(Error::SessionToken)?;
        self.session_token = Some(SessionToken {
            encoded: Secret::new(uri_encode(session_token.expose_secret())),
            text: session_token,
        });
        Ok(self)
    }

    /// Adds the time at which the access key expires.
    ///
    /// RDS checks the key when a connection is made, so a token expires with the key that signed
    /// it. The time is not signed; [`Token::expires_at`](crate::Token::expires_at) is never later.
    #[must_use]
    pub fn with_expiry(mut self, expiry: Timestamp) -> Self {
        self.expiry = Some(expiry);
        self
    }

    /// Returns the access key ID, which is not secret: it is part of every token.
    #[must_use]
    pub fn access_key_id(&self) -> &str {
        &self.access_key_id
    }

    /// Returns the secret access key.
    #[must_use]
    pub fn expose_secret_access_key(&self) -> &str {
        self.secret_access_key.expose_secret()
    }

    /// Returns the session token, if there is one.
    #[must_use]
    pub fn expose_session_token(&self) -> Option<&str> {
        let session_token = self.session_token.as_ref();
        session_token.map(|session_token| session_token.text.expose_secret())
    }

    /// Returns the session token as it is signed, if there is one.
    pub(crate) fn encoded_session_token(&self) -> Option<&str> {
        let session_token = self.session_token.as_ref();
        session_token.map(|session_token| session_token.encoded.expose_secret())
    }

    /// Returns the time at which the access key expires, if it was set.
    #[must_use]
    pub fn expiry(&self) -> Option<Timestamp> {
        self.expiry
    }
}

impl ZeroizeOnDrop for Credentials {}

#[derive(Clone)]
struct SessionToken {
    text: Secret,
    /// The text as it is signed: encoded once, and not for each token.
    encoded: Secret,
}

impl fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

/// Checks an access key ID.
pub(crate) fn check_access_key_id(text: &str) -> Result<(), Flaw> {
    Fault::find(text, |byte| byte.is_ascii_graphic() && byte != b'/')?;
    if text.len() > MAX_ID_LEN {
        return Err(Fault::TooLong.at(MAX_ID_LEN));
    }
    Ok(())
}

/// Checks a session token.
pub(crate) fn check_session_token(text: &str) -> Result<(), Flaw> {
    Fault::find(text, |byte| byte.is_ascii_graphic())
}

/// Returns `true` if a text can be a session token, of whatever length in little time.
pub(crate) fn is_session_token(text: &str) -> bool {
    let is_graphic = |fits, byte: u8| fits & byte.is_ascii_graphic();
    !text.is_empty() & text.bytes().fold(true, is_graphic)
}

/// In bytes (IAM API Reference, `AccessKey`).
const MAX_ID_LEN: usize = 128;

#[cfg(test)]
mod tests {
    use super::*;

    /// A text, its flaw in every place, and its flaw as an access key ID besides.
    const TEXTS: &[(&str, Option<Flaw>, Option<Flaw>)] = &[
        ("s", None, None),
        ("!~\"'%&+=@:", None, None),
        ("wJalrXUtnFEMI/K7MDENG", None, Some(Fault::Character.at(13))),
        ("", Some(Fault::Empty.at(0)), None),
        // Read from files, or pasted.
        ("key\n", Some(Fault::LineBreak.at(3)), None),
        ("key\r\n", Some(Fault::LineBreak.at(3)), None),
        (" key", Some(Fault::WhiteSpace.at(0)), None),
        ("k\tey", Some(Fault::WhiteSpace.at(1)), None),
        ("k\0ey", Some(Fault::ControlCharacter.at(1)), None),
        ("key\x7f", Some(Fault::ControlCharacter.at(3)), None),
        ("kéy", Some(Fault::NonAscii.at(1)), None),
    ];

    #[test]
    fn keys_and_session_tokens_are_printable_ascii_without_spaces() -> Result<(), Error> {
        for &(text, flaw, flaw_of_id) in TEXTS {
            assert_eq!(
                Credentials::new(text, "secret").err(),
                flaw.or(flaw_of_id).map(Error::AccessKeyId),
                "{text:?}"
            );
            assert_eq!(
                Credentials::new("AKIDEXAMPLE", text).err(),
                flaw.map(Error::SecretAccessKey),
                "{text:?}"
            );
            assert_eq!(
                Credentials::new("AKIDEXAMPLE", "secret")?
                    .with_session_token(text)
                    .err(),
                flaw.map(Error::SessionToken),
                "{text:?}"
            );
        }
        Ok(())
    }

    #[test]
    fn an_access_key_id_is_at_most_128_bytes() {
        let id = "A".repeat(128);
        assert!(Credentials::new(id.as_str(), "secret").is_ok());
        let rejected = Credentials::new(id + "A", "secret").err();
        assert_eq!(rejected, Some(Error::AccessKeyId(Fault::TooLong.at(128))));
    }

    #[test]
    fn a_session_token_of_any_length_is_kept_whole() -> Result<(), Error> {
        for len in [1, 4_096, 100_000] {
            let session_token = "s".repeat(len) + "end";
            let credentials = Credentials::new("AKIDEXAMPLE", "secret")?
                .with_session_token(session_token.clone())?;
            let kept = credentials.expose_session_token();
            assert_eq!(kept, Some(session_token.as_str()), "{len}");
        }
        Ok(())
    }
}
