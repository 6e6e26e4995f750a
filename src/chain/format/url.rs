//! URLs, as far as settings have them.

use alloc::{format, string::String};
use core::net::{Ipv4Addr, Ipv6Addr};

/// A URL with `http` or `https`, a host, and nothing before it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Url<'a> {
    pub(crate) tls: bool,
    /// An IPv6 address has its brackets.
    pub(crate) host: &'a str,
    pub(crate) port: Option<u16>,
    /// From the first slash or question mark on.
    pub(crate) path: &'a str,
}

impl<'a> Url<'a> {
    /// Parses a URL; the error completes the sentence "the URL …".
    pub(crate) fn parse(text: &'a str) -> Result<Self, &'static str> {
        if !text
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'#')
        {
            return Err("contains white space, a fragment, or other than ASCII");
        }
        let (scheme, rest) = text.split_once("://").ok_or("has no http:// or https://")?;
        let tls = match scheme {
            _ if scheme.eq_ignore_ascii_case("http") => false,
            _ if scheme.eq_ignore_ascii_case("https") => true,
            _ => return Err("has a scheme other than http and https"),
        };
        let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        if authority.contains(['@', '\\', '%']) {
            return Err("has user information or an escape in its host");
        }
        let end = authority.rfind(']').unwrap_or(0);
        let colon = authority.get(end..).and_then(|rest| rest.find(':'));
        let (host, port) = authority.split_at(colon.map_or(authority.len(), |colon| end + colon));
        let port = match port.strip_prefix(':') {
            None => None,
            Some(digits) if digits.bytes().all(|digit| digit.is_ascii_digit()) => Some(
                digits
                    .parse()
                    .map_err(|_| "has a port that is not a number")?,
            ),
            Some(_) => return Err("has a port that is not a number"),
        };
        let named = !host.is_empty() && !host.contains(['[', ']', ':']);
        if !named && ipv6(host).is_none() {
            return Err("has no host");
        }
        Ok(Self {
            tls,
            host,
            port,
            path,
        })
    }

    /// Returns `true` for the name `localhost` and for loopback addresses.
    pub(crate) fn is_loopback(&self) -> bool {
        self.host.eq_ignore_ascii_case("localhost")
            || self
                .host
                .parse()
                .is_ok_and(|address: Ipv4Addr| address.is_loopback())
            || ipv6(self.host).is_some_and(|address| address.is_loopback())
    }

    /// Returns `true` for one of the addresses of container credentials: ECS, and EKS in both
    /// families.
    pub(crate) fn is_container_endpoint(&self) -> bool {
        let v4 = [
            Ipv4Addr::new(169, 254, 170, 2),
            Ipv4Addr::new(169, 254, 170, 23),
        ];
        let v6 = Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x23);
        self.host.parse().is_ok_and(|address| v4.contains(&address)) || ipv6(self.host) == Some(v6)
    }

    /// Returns the URL without a slash at its end.
    pub(crate) fn without_final_slash(&self) -> String {
        let scheme = if self.tls { "https" } else { "http" };
        let port = self
            .port
            .map_or_else(String::new, |port| format!(":{port}"));
        let path = self.path.trim_end_matches('/');
        format!("{scheme}://{}{port}{path}", self.host)
    }
}

fn ipv6(host: &str) -> Option<Ipv6Addr> {
    host.strip_prefix('[')?.strip_suffix(']')?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A URL; whether it is loopback; and whether it is a container endpoint.
    const URLS: &[(&str, Option<(bool, bool)>)] = &[
        ("http://localhost", Some((true, false))),
        ("HTTP://LocalHost:80/c", Some((true, false))),
        ("https://127.1.2.3:1/c?d=e", Some((true, false))),
        ("http://[::1]:1338", Some((true, false))),
        ("http://[::]", Some((false, false))),
        ("http://169.254.170.2", Some((false, true))),
        ("http://169.254.170.23/v1", Some((false, true))),
        ("http://[fd00:0ec2:0:0::23]", Some((false, true))),
        ("http://169.254.170.3", Some((false, false))),
        // Looks like loopback, and is a name or another address.
        ("http://localhost.example", Some((false, false))),
        ("http://2130706433", Some((false, false))),
        ("http://0x7f.1", Some((false, false))),
        ("http://[::ffff:127.0.0.1]", Some((false, false))),
        // Not a URL that a setting may have.
        ("http://localhost@example.com", None),
        ("http://local%68ost", None),
        ("http://localhost\\@example.com", None),
        ("http://localhost#", None),
        ("http://localhost /c", None),
        ("http://localhost:x", None),
        ("http://localhost:65536", None),
        ("http://localhost:", None),
        ("http://localhost:+80", None),
        ("http://[::1", None),
        ("http://::1", None),
        ("http:///c", None),
        ("file:///c", None),
        ("ftp://localhost", None),
        ("localhost", None),
        ("", None),
    ];

    #[test]
    fn a_url_has_a_host_that_is_a_name_or_an_address() {
        for (text, expected) in URLS {
            let url = Url::parse(text).ok();
            let found = url.map(|url| (url.is_loopback(), url.is_container_endpoint()));
            assert_eq!(found, *expected, "{text:?}");
        }
    }
}
