//! The expectations that a token is compared with.

use alloc::string::String;
use core::time::Duration;

use crate::{
    credentials::Credentials, endpoint::Endpoint, host::Host, region::Region, secret::Secret,
    timestamp::Timestamp,
};

/// The expectations that a token is compared with: all of them optional.
///
/// # Examples
///
/// ```
/// use rds_iam_token::{Endpoint, Timestamp, diagnose::{Cause, Expected, diagnose}};
///
/// let expected = Expected::new()
///     .with_endpoint(Endpoint::new("db.c1a2b3.eu-west-1.rds.amazonaws.com", 5432)?)
///     .with_user("app")
///     .with_time(Timestamp::from_unix_seconds(1_440_938_160)?);
/// let diagnosis = diagnose("db.c1a2b3.eu-west-1.rds.amazonaws.com:5432/?Action=con", &expected);
/// assert_eq!(diagnosis.findings()[0].cause(), Cause::Truncated);
/// # Ok::<(), rds_iam_token::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Expected {
    pub(super) host: Option<Host>,
    pub(super) port: Option<u16>,
    pub(super) region: Option<Region>,
    /// Secret, because a token may be passed in its place.
    pub(super) user: Option<Secret>,
    pub(super) time: Option<Timestamp>,
    pub(super) tolerance: Duration,
    pub(super) credentials: Option<Credentials>,
}

impl Expected {
    /// Creates an empty set of expectations.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the endpoint, as the RDS console shows it.
    #[must_use]
    pub fn with_endpoint(mut self, endpoint: Endpoint) -> Self {
        self.port = Some(endpoint.port());
        self.host = Some(endpoint.into_host());
        self
    }

    /// Sets the host alone.
    #[must_use]
    pub fn with_host(mut self, host: Host) -> Self {
        self.host = Some(host);
        self
    }

    /// Sets the port alone.
    #[must_use]
    pub fn with_port(mut self, port: u16) -> Self {
        self.port = Some(port);
        self
    }

    /// Sets the region. Without it, the region in the host name is expected, if there is one.
    #[must_use]
    pub fn with_region(mut self, region: Region) -> Self {
        self.region = Some(region);
        self
    }

    /// Sets the database user.
    #[must_use]
    pub fn with_user(mut self, user: impl Into<String>) -> Self {
        self.user = Some(Secret::new(user));
        self
    }

    /// Sets the time at which the token was used.
    #[must_use]
    pub fn with_time(mut self, time: Timestamp) -> Self {
        self.time = Some(time);
        self
    }

    /// Sets how far the clock of the signer may be ahead, 10 s unless it is set.
    #[must_use]
    pub fn with_tolerance(mut self, tolerance: Duration) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// Sets the credentials that should have signed, so that the signature can be checked.
    #[must_use]
    pub fn with_credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = Some(credentials);
        self
    }
}

impl Default for Expected {
    fn default() -> Self {
        Self {
            host: None,
            port: None,
            region: None,
            user: None,
            time: None,
            tolerance: CLOCK_TOLERANCE,
            credentials: None,
        }
    }
}

/// The difference between two clocks that are set well.
const CLOCK_TOLERANCE: Duration = Duration::from_secs(10);
