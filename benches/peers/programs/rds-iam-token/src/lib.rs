//! This crate, with nothing kept between two tokens.

use std::{error::Error, time::SystemTime};

use rds_iam_token::{Credentials, Endpoint, Region, Timestamp, TokenRequest};

/// Signs for one user at one endpoint, always at the same time.
pub struct Generator {
    pub request: TokenRequest,
    pub credentials: Credentials,
    pub at: Timestamp,
}

impl Generator {
    pub fn new(
        (host, port): (&str, u16),
        region: &str,
        user: &str,
        keys: (&str, &str, Option<&str>),
        at: SystemTime,
    ) -> Result<Self, Box<dyn Error>> {
        let (access_key_id, secret, session_token) = keys;
        let credentials = Credentials::new(access_key_id, secret)?;
        let endpoint = Endpoint::new(host, port)?;
        Ok(Self {
            request: TokenRequest::new(endpoint, Region::new(region)?, user)?,
            credentials: match session_token {
                Some(session_token) => credentials.with_session_token(session_token)?,
                None => credentials,
            },
            at: at.try_into()?,
        })
    }

    pub fn sign(&self) -> Result<String, Box<dyn Error>> {
        let token = self.request.sign(&self.credentials, self.at);
        Ok(token.into_exposed_string())
    }
}
