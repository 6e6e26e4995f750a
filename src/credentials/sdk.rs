//! Credentials as the AWS SDK has them.

use aws_credential_types::Credentials as SdkCredentials;

use crate::{credentials::Credentials, error::Error, timestamp::Timestamp};

impl TryFrom<&SdkCredentials> for Credentials {
    type Error = Error;

    /// Copies the access key, the session token and the expiry, without its parts of a second.
    ///
    /// # Errors
    ///
    /// Those of [`Credentials::new`] and [`Credentials::with_session_token`], and
    /// [`Error::Timestamp`] for an expiry outside the years 1970 to 9999.
    fn try_from(sdk: &SdkCredentials) -> Result<Self, Error> {
        let mut credentials = Self::new(sdk.access_key_id(), sdk.secret_access_key())?;
        if let Some(session_token) = sdk.session_token() {
            credentials = credentials.with_session_token(session_token)?;
        }
        if let Some(expiry) = sdk.expiry() {
            credentials = credentials.with_expiry(Timestamp::try_from(expiry)?);
        }
        Ok(credentials)
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime, UNIX_EPOCH};

    use super::*;
    use crate::fault::Fault;

    fn sdk(session_token: Option<&str>, expiry: Option<SystemTime>) -> SdkCredentials {
        let session_token = session_token.map(Into::into);
        SdkCredentials::new(
            "AKIDEXAMPLE",
            "not-a-real-secret",
            session_token,
            expiry,
            "test",
        )
    }

    #[test]
    fn every_part_is_kept_and_none_is_made_up() -> Result<(), Error> {
        let expiry = Timestamp::from_unix_seconds(1_440_941_760)?;
        let in_the_sdk = UNIX_EPOCH + Duration::from_millis(1_440_941_760_999);
        for (session_token, sdk_expiry, expiry) in [
            (
                Some("not-a-real-session-token"),
                Some(in_the_sdk),
                Some(expiry),
            ),
            (Some("not-a-real-session-token"), None, None),
            (None, Some(in_the_sdk), Some(expiry)),
            (None, None, None),
        ] {
            let credentials = Credentials::try_from(&sdk(session_token, sdk_expiry))?;
            assert_eq!(credentials.access_key_id(), "AKIDEXAMPLE");
            assert_eq!(credentials.expose_secret_access_key(), "not-a-real-secret");
            assert_eq!(credentials.expose_session_token(), session_token);
            assert_eq!(credentials.expiry(), expiry);
        }
        Ok(())
    }

    #[test]
    fn what_is_no_credentials_is_refused() {
        let before_1970 = UNIX_EPOCH - Duration::from_millis(1);
        for (sdk, error) in [
            (sdk(Some(""), None), Error::SessionToken(Fault::Empty.at(0))),
            (
                sdk(None, Some(before_1970)),
                Error::Timestamp { unix_seconds: -1 },
            ),
            (
                SdkCredentials::new("AKIDEXAMPLE", "secret\n", None, None, "test"),
                Error::SecretAccessKey(Fault::LineBreak.at(6)),
            ),
        ] {
            assert_eq!(Credentials::try_from(&sdk).err(), Some(error));
        }
    }
}
