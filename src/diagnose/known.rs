//! What a token should be.

use alloc::string::String;

use crate::{
    credentials::Credentials, endpoint::Endpoint, error::Error, host::Host, region::Region,
    timestamp::Timestamp,
};

/// What is known of what a token should be: as much or as little as there is.
///
/// # Examples
///
/// ```
/// use rds_iam_token::{Endpoint, Timestamp, diagnose::{Cause, Known, diagnose}};
///
/// let known = Known::new()
///     .with_endpoint(Endpoint::new("db.c1a2b3.eu-west-1.rds.amazonaws.com", 5432)?)
///     .with_user("app")
///     .with_time(Timestamp::from_unix_seconds(1_440_938_160)?);
/// let diagnosis = diagnose("db.c1a2b3.eu-west-1.rds.amazonaws.com:5432/?Action=con", &known);
/// assert_eq!(diagnosis.findings()[0].cause(), Cause::Truncated);
/// # Ok::<(), rds_iam_token::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Known {
    pub(super) host: Option<Host>,
    pub(super) port: Option<u16>,
    pub(super) region: Option<Region>,
    pub(super) user: Option<String>,
    pub(super) time: Option<Timestamp>,
    pub(super) credentials: Option<Credentials>,
}

impl Known {
    /// Knows nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Knows the endpoint, as RDS shows it.
    #[must_use]
    pub fn with_endpoint(mut self, endpoint: Endpoint) -> Self {
        self.port = Some(endpoint.port());
        self.host = Some(endpoint.into_host());
        self
    }

    /// Knows the host alone.
    ///
    /// # Errors
    ///
    /// [`Error::Host`] as for [`Host::new`].
    pub fn with_host(mut self, host: impl Into<String>) -> Result<Self, Error> {
        self.host = Some(Host::new(host)?);
        Ok(self)
    }

    /// Knows the port alone.
    #[must_use]
    pub fn with_port(mut self, port: u16) -> Self {
        self.port = Some(port);
        self
    }

    /// Knows the region. Without it, the region is taken from the host where that tells it.
    #[must_use]
    pub fn with_region(mut self, region: Region) -> Self {
        self.region = Some(region);
        self
    }

    /// Knows the database user.
    #[must_use]
    pub fn with_user(mut self, user: impl Into<String>) -> Self {
        self.user = Some(user.into());
        self
    }

    /// Knows the time at which the token was used.
    #[must_use]
    pub fn with_time(mut self, time: Timestamp) -> Self {
        self.time = Some(time);
        self
    }

    /// Knows the credentials that should have signed, so that the signature can be checked.
    #[must_use]
    pub fn with_credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = Some(credentials);
        self
    }
}
