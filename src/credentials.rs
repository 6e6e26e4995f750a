//! AWS credentials.

use alloc::string::String;

use zeroize::ZeroizeOnDrop;

use crate::{error::Error, fault::Fault, secret::Secret, timestamp::Timestamp};

#[cfg(feature = "aws-credential-types")]
mod sdk;

/// An access key: its id, its secret, and for temporary ones the session token and expiry.
///
/// Nothing is trimmed: a line break at the end, as text read from a file has, is refused. Keys
/// are not checked for the form AWS gives them, so that stand-ins work in tests.
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
    session_token: Option<Secret>,
    expiry: Option<Timestamp>,
}

impl Credentials {
    /// Takes an access key, which is long-lived unless a session token is added.
    ///
    /// A `String` is taken over, and wiped when it is dropped; a `&str` is copied.
    ///
    /// # Errors
    ///
    /// [`Error::AccessKeyId`] and [`Error::SecretAccessKey`] for anything but printable ASCII
    /// without spaces, and for a slash in the id, which would shift the parts of a scope.
    pub fn new(
        access_key_id: impl Into<String>,
        secret_access_key: impl Into<String>,
    ) -> Result<Self, Error> {
        // What is refused as an id may be a secret that was mistaken for it.
        let access_key_id = Secret::new(access_key_id);
        let secret_access_key = Secret::new(secret_access_key);
        check_access_key_id(access_key_id.expose_secret())
            .map_err(|(fault, offset)| Error::AccessKeyId { fault, offset })?;
        Fault::find(secret_access_key.expose_secret(), |byte| {
            byte.is_ascii_graphic()
        })
        .map_err(|(fault, offset)| Error::SecretAccessKey { fault, offset })?;
        Ok(Self {
            access_key_id: access_key_id.into_exposed_string(),
            secret_access_key,
            session_token: None,
            expiry: None,
        })
    }

    /// Adds the session token that came with a temporary access key.
    ///
    /// There is no longest one: AWS documents none.
    ///
    /// # Errors
    ///
    /// [`Error::SessionToken`] for anything but printable ASCII without spaces. An empty one is
    /// refused as well: it is signed by some SDKs and dropped by others, and right in neither case.
    pub fn with_session_token(mut self, session_token: impl Into<String>) -> Result<Self, Error> {
        let session_token = Secret::new(session_token);
        check_session_token(session_token.expose_secret())
            .map_err(|(fault, offset)| Error::SessionToken { fault, offset })?;
        self.session_token = Some(session_token);
        Ok(self)
    }

    /// Adds the moment from which the access key is no longer valid.
    ///
    /// RDS looks at the key when a connection is made, so a token dies with the key that signed
    /// it. The moment is not signed; it shows in [`Token::expires_at`](crate::Token::expires_at).
    #[must_use]
    pub fn with_expiry(mut self, expiry: Timestamp) -> Self {
        self.expiry = Some(expiry);
        self
    }

    /// Reads the access key id, which is no secret: it stands in every token.
    #[must_use]
    pub fn access_key_id(&self) -> &str {
        &self.access_key_id
    }

    /// Reads the secret access key.
    #[must_use]
    pub fn expose_secret_access_key(&self) -> &str {
        self.secret_access_key.expose_secret()
    }

    /// Reads the session token, if there is one.
    #[must_use]
    pub fn expose_session_token(&self) -> Option<&str> {
        self.session_token.as_ref().map(Secret::expose_secret)
    }

    /// Gives the moment from which the access key is no longer valid, if it is known.
    #[must_use]
    pub fn expiry(&self) -> Option<Timestamp> {
        self.expiry
    }
}

impl ZeroizeOnDrop for Credentials {}

/// Finds what cannot be in an access key id.
fn check_access_key_id(text: &str) -> Result<(), (Fault, usize)> {
    Fault::find(text, |byte| byte.is_ascii_graphic() && byte != b'/')
}

/// Finds what cannot be in a session token.
pub(crate) fn check_session_token(text: &str) -> Result<(), (Fault, usize)> {
    Fault::find(text, |byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;

    type Flaw = Option<(Fault, usize)>;

    /// A text; what is wrong with it anywhere; and what is wrong with it as a key id besides.
    const TEXTS: &[(&str, Flaw, Flaw)] = &[
        ("s", None, None),
        ("!~\"'%&+=@:", None, None),
        ("wJalrXUtnFEMI/K7MDENG", None, Some((Fault::Character, 13))),
        ("", Some((Fault::Empty, 0)), None),
        // What comes of reading files and pasting.
        ("key\n", Some((Fault::LineBreak, 3)), None),
        ("key\r\n", Some((Fault::LineBreak, 3)), None),
        (" key", Some((Fault::WhiteSpace, 0)), None),
        ("k\tey", Some((Fault::WhiteSpace, 1)), None),
        ("k\0ey", Some((Fault::ControlCharacter, 1)), None),
        ("key\x7f", Some((Fault::ControlCharacter, 3)), None),
        ("kéy", Some((Fault::NonAscii, 1)), None),
    ];

    #[test]
    fn keys_and_session_tokens_are_printable_ascii_without_spaces() -> Result<(), Error> {
        for &(text, flaw, flaw_of_id) in TEXTS {
            assert_eq!(
                Credentials::new(text, "secret").err(),
                flaw.or(flaw_of_id)
                    .map(|(fault, offset)| Error::AccessKeyId { fault, offset }),
                "{text:?}"
            );
            assert_eq!(
                Credentials::new("AKIDEXAMPLE", text).err(),
                flaw.map(|(fault, offset)| Error::SecretAccessKey { fault, offset }),
                "{text:?}"
            );
            assert_eq!(
                Credentials::new("AKIDEXAMPLE", "secret")?
                    .with_session_token(text)
                    .err(),
                flaw.map(|(fault, offset)| Error::SessionToken { fault, offset }),
                "{text:?}"
            );
        }
        Ok(())
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
