//! Where a database listens.

use alloc::string::String;
use core::{fmt, str::FromStr};

use crate::{ascii, error::Error, fault::Fault, region::Region, secret::Secret};

mod infer;
mod kind;
mod name;

pub use kind::EndpointKind;
pub(crate) use name::HostName;

/// The host and port of a database, as RDS knows them.
///
/// The token names both, and RDS compares them: give the endpoint that RDS shows, whatever is
/// dialled. Through a tunnel, a CNAME, an IP address or an Aurora custom endpoint, connect to the
/// one and sign for the other.
///
/// Two spellings of one DNS name are made the one that RDS knows: upper-case letters become lower
/// case, and the dot that ends an absolute name (RFC 1034, section 3.1) is left out. Nothing else
/// is rewritten.
///
/// The port is always signed and always printed, 443 too, where the SDKs of AWS differ. (RDS
/// listens on 1150 to 65535 only.)
///
/// # Examples
///
/// ```
/// use rds_iam_token::Endpoint;
///
/// let endpoint = Endpoint::new("Orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com", 5432)?;
/// assert_eq!(endpoint.host(), "orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com");
/// assert_eq!(endpoint.port(), 5432);
/// # Ok::<(), rds_iam_token::Error>(())
/// ```
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Endpoint {
    /// In lower case, without a final dot.
    host: String,
    /// Not 0.
    port: u16,
}

impl Endpoint {
    /// Takes a host and a port.
    ///
    /// A host is a DNS name or an IPv4 address. Internationalised names are given in their ASCII
    /// form (`xn--`). Underscores, and hyphens at the ends of a label, are taken: DNS has them.
    ///
    /// # Errors
    ///
    /// [`Error::Host`] for anything but labels of 1 to 63 ASCII letters, digits, hyphens and
    /// underscores, joined by dots to at most 253 bytes (RFC 1035, section 2.3.4); so for a
    /// scheme, a port, a path, white space or an IPv6 address. [`Error::Port`] for port 0.
    pub fn new(host: impl Into<String>, port: u16) -> Result<Self, Error> {
        // What is refused as a host may be a token.
        let host = Secret::new(host);
        let len = dns_name(host.expose_secret())
            .map_err(|(fault, offset)| Error::Host { fault, offset })?
            .len();
        if port == 0 {
            return Err(Error::Port);
        }
        let mut host = host.into_exposed_string();
        host.truncate(len);
        host.make_ascii_lowercase();
        Ok(Self { host, port })
    }

    /// Reads the host, in lower case.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Reads the port, which is not 0.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Says what the endpoint stands for, as its name tells.
    #[must_use]
    pub fn kind(&self) -> EndpointKind {
        infer::infer(&self.host).0
    }

    /// Gives the region that the name of the endpoint tells.
    ///
    /// There is none for a global writer, whose region changes when it fails over, and for every
    /// name that RDS does not give. Nothing is guessed: ask the user.
    ///
    /// # Examples
    ///
    /// ```
    /// # use rds_iam_token::Endpoint;
    /// let endpoint = Endpoint::new("orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com", 5432)?;
    /// let region = endpoint.inferred_region().ok_or("the region is needed")?;
    /// assert_eq!(region.as_str(), "eu-west-1");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn inferred_region(&self) -> Option<Region> {
        Region::new(infer::infer(&self.host).1?).ok()
    }
}

impl FromStr for Endpoint {
    type Err = Error;

    /// Reads `host:port`.
    ///
    /// The port is decimal digits without a sign and without zeros in front.
    ///
    /// # Errors
    ///
    /// [`Error::Port`] where there is no colon or no such port from 1 to 65535 behind the last one,
    /// and [`Error::Host`] as [`Endpoint::new`].
    fn from_str(text: &str) -> Result<Self, Error> {
        let (host, port) = text.rsplit_once(':').ok_or(Error::Port)?;
        Self::new(host, ascii::decimal(port).ok_or(Error::Port)?)
    }
}

impl fmt::Display for Endpoint {
    /// Writes `host:port`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

/// Gives a host without the dot that ends an absolute name, unless it is no DNS name.
pub(crate) fn dns_name(host: &str) -> Result<&str, (Fault, usize)> {
    let name = host.strip_suffix('.').filter(|name| !name.is_empty());
    let name = name.unwrap_or(host);
    Fault::find(
        name,
        |byte| matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.'),
    )?;
    let mut start = 0;
    for label in name.as_bytes().split(|&byte| byte == b'.') {
        match label.len() {
            0 => return Err((Fault::EmptyLabel, start)),
            1..=MAX_LABEL_LEN => start += label.len() + 1,
            _ => return Err((Fault::LabelTooLong, start + MAX_LABEL_LEN)),
        }
    }
    if name.len() > MAX_HOST_LEN {
        return Err((Fault::TooLong, MAX_HOST_LEN));
    }
    Ok(name)
}

/// RFC 1035, section 2.3.4.
const MAX_LABEL_LEN: usize = 63;

/// RFC 1035, section 2.3.4: 255 octets, two of which are the first length and the root.
const MAX_HOST_LEN: usize = 253;

#[cfg(test)]
mod tests {
    use alloc::{format, string::ToString};

    use super::*;

    #[test]
    fn a_host_is_a_dns_name() {
        let label = "a".repeat(63);
        let longest = format!("{label}.{label}.{label}.{}", "b".repeat(61));
        let hosts: &[(&str, Option<(Fault, usize)>)] = &[
            ("mydb.c1abcdefghij.us-east-1.rds.amazonaws.com", None),
            ("localhost", None),
            ("xn--bcher-kva.example.com", None),
            ("10.0.0.1", None),
            ("my_db.example.com", None),
            ("-mydb-.example.com", None),
            // The limits, from both sides.
            (&label, None),
            (&format!("{label}a"), Some((Fault::LabelTooLong, 63))),
            (&format!("db.{label}a.com"), Some((Fault::LabelTooLong, 66))),
            (&longest, None),
            (&format!("{longest}."), None),
            (&format!("{longest}b"), Some((Fault::TooLong, 253))),
            ("", Some((Fault::Empty, 0))),
            (".", Some((Fault::EmptyLabel, 0))),
            (".db", Some((Fault::EmptyLabel, 0))),
            ("my..db", Some((Fault::EmptyLabel, 3))),
            ("db..", Some((Fault::EmptyLabel, 3))),
            // What is pasted in place of a host.
            ("https://db.example.com", Some((Fault::Character, 5))),
            ("db.example.com:5432", Some((Fault::Character, 14))),
            ("db.example.com/app", Some((Fault::Character, 14))),
            ("db.example.com?x=1", Some((Fault::Character, 14))),
            ("app@db.example.com", Some((Fault::Character, 3))),
            ("my%64b.example.com", Some((Fault::Character, 2))),
            ("my\\db.example.com", Some((Fault::Character, 2))),
            ("::1", Some((Fault::Character, 0))),
            ("[::1]", Some((Fault::Character, 0))),
            ("bücher.example.com", Some((Fault::NonAscii, 1))),
            // What comes of reading files.
            ("db.example.com\n", Some((Fault::LineBreak, 14))),
            ("db.example.com\r\nx-evil: 1", Some((Fault::LineBreak, 14))),
            (" db.example.com", Some((Fault::WhiteSpace, 0))),
            ("my\tdb.example.com", Some((Fault::WhiteSpace, 2))),
            ("my\0db.example.com", Some((Fault::ControlCharacter, 2))),
            ("my\x7fdb.example.com", Some((Fault::ControlCharacter, 2))),
        ];
        for &(host, flaw) in hosts {
            let refusal = flaw.map(|(fault, offset)| Error::Host { fault, offset });
            assert_eq!(Endpoint::new(host, 5432).err(), refusal, "{host:?}");
        }
    }

    #[test]
    fn every_length_of_a_label_and_of_a_host_is_taken_up_to_its_limit() {
        let refusal = |host: &str| Endpoint::new(host, 5432).err();
        for len in 0..130 {
            let label = "a".repeat(len);
            for (before, after) in [("", ""), ("db.", ""), ("", ".com"), ("db.", ".com")] {
                let (fault, offset) = match len {
                    0 if before.is_empty() && after.is_empty() => (Fault::Empty, 0),
                    0 => (Fault::EmptyLabel, before.len()),
                    _ => (Fault::LabelTooLong, before.len() + 63),
                };
                // `db.` ends with the dot of the root.
                let is_root = len == 0 && after.is_empty() && !before.is_empty();
                let fits = (1..=63).contains(&len) || is_root;
                let expected = (!fits).then_some(Error::Host { fault, offset });
                let host = format!("{before}{label}{after}");
                assert_eq!(refusal(&host), expected, "{host}");
            }
        }
        for len in 1..300 {
            // Labels of 50 letters, and a last one of 1 to 51.
            let host: String = (0..len)
                .map(|at| {
                    if at % 51 == 50 && at + 1 < len {
                        '.'
                    } else {
                        'a'
                    }
                })
                .collect();
            let expected = (len > 253).then_some(Error::Host {
                fault: Fault::TooLong,
                offset: 253,
            });
            assert_eq!(refusal(&host), expected, "{len}");
            assert_eq!(refusal(&format!("{host}.")), expected, "{len} and a dot");
        }
    }

    #[test]
    fn both_spellings_of_a_name_are_one() -> Result<(), Error> {
        let endpoint = Endpoint::new("MyDB.Example.COM.", 5432)?;
        assert_eq!(endpoint, Endpoint::new("mydb.example.com", 5432)?);
        assert_eq!(endpoint.to_string(), "mydb.example.com:5432");
        Ok(())
    }

    #[test]
    fn every_port_but_0_is_taken() {
        assert_eq!(Endpoint::new("db", 0), Err(Error::Port));
        for port in [1, 443, 5432, 65535] {
            assert_eq!(
                Endpoint::new("db", port).map(|endpoint| endpoint.port()),
                Ok(port)
            );
        }
    }

    #[test]
    fn an_endpoint_is_read_from_its_text() {
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
            (
                ":1",
                Err(Error::Host {
                    fault: Fault::Empty,
                    offset: 0,
                }),
            ),
            (
                "[::1]:1",
                Err(Error::Host {
                    fault: Fault::Character,
                    offset: 0,
                }),
            ),
            (
                "a:b:1",
                Err(Error::Host {
                    fault: Fault::Character,
                    offset: 1,
                }),
            ),
        ] {
            assert_eq!(text.parse(), endpoint, "{text:?}");
        }
    }
}
