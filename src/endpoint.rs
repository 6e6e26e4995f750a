//! Endpoints.

use alloc::string::String;
use core::{fmt, str::FromStr};

use crate::{
    ascii,
    error::Error,
    host::{Host, HostKind},
    region::Region,
};

/// The host and port of a database, as RDS checks them.
///
/// A token names both, and RDS compares them: sign for the endpoint that RDS shows, whatever
/// address the client connects to. Through a tunnel, a CNAME, an IP address or an Aurora custom
/// endpoint, connect to the one and sign for the other.
///
/// The host is spelled as [`Host`] spells it. The port is always signed and always printed, 443
/// too, which the AWS SDKs leave out. (RDS listens on 1150 to 65535 only.)
///
/// # Examples
///
/// ```
/// use rds_iam_token::Endpoint;
///
/// let endpoint = Endpoint::new("Orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com", 5432)?;
/// assert_eq!(endpoint.host().as_str(), "orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com");
/// assert_eq!(endpoint.port(), 5432);
/// # Ok::<(), rds_iam_token::Error>(())
/// ```
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Endpoint {
    host: Host,
    /// Not 0.
    port: u16,
}

impl Endpoint {
    /// Creates an endpoint from the name of a host and a port.
    ///
    /// # Errors
    ///
    /// [`Error::Host`] as [`Host::new`], and [`Error::Port`] for port 0.
    pub fn new(host: impl Into<String>, port: u16) -> Result<Self, Error> {
        Self::from_host(Host::new(host)?, port)
    }

    /// Creates an endpoint from a host and a port.
    ///
    /// # Errors
    ///
    /// [`Error::Port`] for port 0.
    pub fn from_host(host: Host, port: u16) -> Result<Self, Error> {
        if port == 0 {
            return Err(Error::Port);
        }
        Ok(Self { host, port })
    }

    /// Returns the host.
    #[must_use]
    pub fn host(&self) -> &Host {
        &self.host
    }

    /// Converts the endpoint into its host.
    pub(crate) fn into_host(self) -> Host {
        self.host
    }

    /// Returns the port, which is not 0.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Returns the kind of the host: see [`Host::kind`].
    #[must_use]
    pub fn kind(&self) -> HostKind {
        self.host.kind()
    }

    /// Returns the region in the host name: see [`Host::inferred_region`].
    ///
    /// # Examples
    ///
    /// ```
    /// # use rds_iam_token::Endpoint;
    /// let endpoint = Endpoint::new("orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com", 5432)?;
    /// let region = endpoint.inferred_region().ok_or("no region in the host name")?;
    /// assert_eq!(region.as_str(), "eu-west-1");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn inferred_region(&self) -> Option<Region> {
        self.host.inferred_region()
    }
}

impl FromStr for Endpoint {
    type Err = Error;

    /// Parses `host:port`.
    ///
    /// The port is decimal digits without a sign and without leading zeros.
    ///
    /// # Errors
    ///
    /// [`Error::Port`] if the text after the last colon is not a number from 1 to 65535, or there
    /// is no colon, and [`Error::Host`] as [`Host::new`].
    fn from_str(text: &str) -> Result<Self, Error> {
        let (host, port) = text.rsplit_once(':').ok_or(Error::Port)?;
        Self::new(host, ascii::decimal(port).ok_or(Error::Port)?)
    }
}

impl fmt::Display for Endpoint {
    /// Formats the endpoint as `host:port`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;
    use crate::fault::Fault;

    #[test]
    fn both_spellings_of_a_name_are_one() -> Result<(), Error> {
        let endpoint = Endpoint::new("MyDB.Example.COM.", 5432)?;
        assert_eq!(endpoint, Endpoint::new("mydb.example.com", 5432)?);
        assert_eq!(endpoint.to_string(), "mydb.example.com:5432");
        Ok(())
    }

    #[test]
    fn every_port_but_0_is_accepted() {
        assert_eq!(Endpoint::new("db", 0), Err(Error::Port));
        for port in [1, 443, 5432, 65535] {
            assert_eq!(
                Endpoint::new("db", port).map(|endpoint| endpoint.port()),
                Ok(port)
            );
        }
    }

    #[test]
    fn an_endpoint_is_parsed_from_its_text() {
        for (text, endpoint) in [
            ("db:5432", Endpoint::new("db", 5432)),
            ("DB.:5432", Endpoint::new("db", 5432)),
            ("db:65535", Endpoint::new("db", 65535)),
            ("db", Err(Error::Port)),
            ("db:", Err(Error::Port)),
            ("db:0", Err(Error::Port)),
            ("db:05432", Err(Error::Port)),
            ("db:+1", Err(Error::Port)),
            ("db:65536", Err(Error::Port)),
            ("db:1\n", Err(Error::Port)),
            (":1", Err(Error::Host(Fault::Empty.at(0)))),
            ("[::1]:1", Err(Error::Host(Fault::Character.at(0)))),
            ("a:b:1", Err(Error::Host(Fault::Character.at(1)))),
        ] {
            assert_eq!(text.parse(), endpoint, "{text:?}");
        }
    }
}
