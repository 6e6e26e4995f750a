//! Host names.

use alloc::string::String;
use core::{fmt, str::FromStr};

use zeroize::ZeroizeOnDrop;

use crate::{
    error::Error,
    fault::{Fault, Flaw},
    region::Region,
    secret::{Secret, Wiped},
};

mod infer;
mod kind;

pub use kind::HostKind;

/// The name of a host, in the one spelling that RDS checks.
///
/// Uppercase letters become lowercase, and the dot that ends an absolute name (RFC 1034, section
/// 3.1) is removed. Nothing else is rewritten. The text is wiped when it is dropped: what is read
/// from a damaged token may be a secret in the place of a host.
///
/// # Examples
///
/// ```
/// use rds_iam_token::{Host, HostKind};
///
/// let host = Host::new("Orders.C1A2B3C4D5E6.eu-west-1.rds.amazonaws.com.")?;
/// assert_eq!(host.as_str(), "orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com");
/// assert_eq!(host.kind(), HostKind::Instance);
/// assert_eq!(host.inferred_region().ok_or("no region in the host name")?.as_str(), "eu-west-1");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Host(
    /// In lowercase, without a final dot.
    Wiped,
);

impl Host {
    /// Creates a host from a DNS name or an IPv4 address.
    ///
    /// Internationalized names are accepted in their ASCII form (`xn--`). Underscores, and hyphens at
    /// the ends of a label, are accepted: DNS has them.
    ///
    /// # Errors
    ///
    /// [`Error::Host`] for anything but labels of 1 to 63 ASCII letters, digits, hyphens and
    /// underscores, joined by dots to at most 253 bytes (RFC 1035, section 2.3.4); so for a
    /// scheme, a port, a path, white space or an IPv6 address.
    pub fn new(name: impl Into<String>) -> Result<Self, Error> {
        // A rejected host may be a token.
        let name = Secret::new(name);
        let len = check(name.expose_secret()).map_err(Error::Host)?.len();
        let mut name = name.into_exposed_string();
        name.truncate(len);
        name.make_ascii_lowercase();
        Ok(Self(Wiped::new(name)))
    }

    /// Returns the name, in lowercase.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Returns the kind of the host, by its name.
    #[must_use]
    pub fn kind(&self) -> HostKind {
        infer::infer(self.as_str()).0
    }

    /// Returns the region in the host name.
    ///
    /// The name of a global writer has none, because its region changes when it fails over, and
    /// neither has a name that RDS does not assign. Nothing is guessed: require the region from the user.
    #[must_use]
    pub fn inferred_region(&self) -> Option<Region> {
        Region::new(self.region_code()?).ok()
    }

    /// Returns the code of the region in the host name.
    pub(crate) fn region_code(&self) -> Option<&str> {
        infer::infer(self.as_str()).1
    }
}

impl ZeroizeOnDrop for Host {}

impl AsRef<str> for Host {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl PartialEq<str> for Host {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Host {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl FromStr for Host {
    type Err = Error;

    /// Parses a host as [`Host::new`] does.
    ///
    /// # Errors
    ///
    /// [`Error::Host`].
    fn from_str(name: &str) -> Result<Self, Error> {
        Self::new(name)
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Checks a DNS name, and returns it without the dot that ends an absolute name.
pub(crate) fn check(name: &str) -> Result<&str, Flaw> {
    let name = name
        .strip_suffix('.')
        .filter(|name| !name.is_empty())
        .unwrap_or(name);
    Fault::find(
        name,
        |byte| matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.'),
    )?;
    let mut start = 0;
    for label in name.as_bytes().split(|&byte| byte == b'.') {
        match label.len() {
            0 => return Err(Fault::EmptyLabel.at(start)),
            1..=MAX_LABEL_LEN => start += label.len() + 1,
            _ => return Err(Fault::LabelTooLong.at(start + MAX_LABEL_LEN)),
        }
    }
    if name.len() > MAX_HOST_LEN {
        return Err(Fault::TooLong.at(MAX_HOST_LEN));
    }
    Ok(name)
}

/// RFC 1035, section 2.3.4.
const MAX_LABEL_LEN: usize = 63;

/// RFC 1035, section 2.3.4: 255 octets, two of which are the first length and the root.
const MAX_HOST_LEN: usize = 253;

#[cfg(test)]
mod tests {
    use alloc::format;

    use super::*;

    #[test]
    fn a_host_equals_its_name_in_lowercase_alone() -> Result<(), Error> {
        let host = Host::new("DB.example.com")?;
        assert!(host == *"db.example.com" && host == "db.example.com");
        assert!(host != *"DB.example.com" && host != "DB.example.com");
        Ok(())
    }

    #[test]
    fn a_host_is_a_dns_name() {
        let label = "a".repeat(63);
        let longest = format!("{label}.{label}.{label}.{}", "b".repeat(61));
        let hosts: &[(&str, Option<Flaw>)] = &[
            ("mydb.c1abcdefghij.us-east-1.rds.amazonaws.com", None),
            ("localhost", None),
            ("xn--bcher-kva.example.com", None),
            ("10.0.0.1", None),
            ("my_db.example.com", None),
            ("-mydb-.example.com", None),
            // The limits, from both sides.
            (&label, None),
            (&format!("{label}a"), Some(Fault::LabelTooLong.at(63))),
            (
                &format!("db.{label}a.com"),
                Some(Fault::LabelTooLong.at(66)),
            ),
            (&longest, None),
            (&format!("{longest}."), None),
            (&format!("{longest}b"), Some(Fault::TooLong.at(253))),
            ("", Some(Fault::Empty.at(0))),
            (".", Some(Fault::EmptyLabel.at(0))),
            (".db", Some(Fault::EmptyLabel.at(0))),
            ("my..db", Some(Fault::EmptyLabel.at(3))),
            ("db..", Some(Fault::EmptyLabel.at(3))),
            // Pasted in place of a host.
            ("https://db.example.com", Some(Fault::Character.at(5))),
            ("db.example.com:5432", Some(Fault::Character.at(14))),
            ("db.example.com/app", Some(Fault::Character.at(14))),
            ("db.example.com?x=1", Some(Fault::Character.at(14))),
            ("app@db.example.com", Some(Fault::Character.at(3))),
            ("my%64b.example.com", Some(Fault::Character.at(2))),
            ("my\\db.example.com", Some(Fault::Character.at(2))),
            ("::1", Some(Fault::Character.at(0))),
            ("[::1]", Some(Fault::Character.at(0))),
            ("bücher.example.com", Some(Fault::NonAscii.at(1))),
            // What comes of reading files.
            ("db.example.com\n", Some(Fault::LineBreak.at(14))),
            ("db.example.com\r\nx-evil: 1", Some(Fault::LineBreak.at(14))),
            (" db.example.com", Some(Fault::WhiteSpace.at(0))),
            ("my\tdb.example.com", Some(Fault::WhiteSpace.at(2))),
            ("my\0db.example.com", Some(Fault::ControlCharacter.at(2))),
            ("my\x7fdb.example.com", Some(Fault::ControlCharacter.at(2))),
        ];
        for &(host, flaw) in hosts {
            let refusal = flaw.map(Error::Host);
            assert_eq!(Host::new(host).err(), refusal, "{host:?}");
        }
    }

    #[test]
    fn every_length_of_a_label_and_of_a_host_is_taken_up_to_its_limit() {
        let refusal = |host: &str| Host::new(host).err();
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
                let expected = (!fits).then_some(Error::Host(fault.at(offset)));
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
            let expected = (len > 253).then_some(Error::Host(Fault::TooLong.at(253)));
            assert_eq!(refusal(&host), expected, "{len}");
            assert_eq!(refusal(&format!("{host}.")), expected, "{len} and a dot");
        }
    }
}
