//! The public door to presigned requests.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};
use core::fmt;

use super::{Presigned, Unsigned, Value};
use crate::{
    credentials::Credentials,
    error::Error,
    fault::Fault,
    host::Host,
    region::Region,
    secret::Secret,
    sigv4::{CredentialScope, SigningKey, uri_encode},
    timestamp::Timestamp,
};

/// A presigned `GET /` to any service of AWS: host, parameters, service and lifetime.
///
/// Tokens of Aurora DSQL, ElastiCache and MemoryDB are such requests without their scheme, and so
/// are calls of the query API, as of STS. [`TokenRequest`](crate::TokenRequest) is the one for RDS.
///
/// | | Aurora DSQL | ElastiCache | MemoryDB |
/// |---|---|---|---|
/// | service | `dsql` | `elasticache` | `memorydb` |
/// | host | the cluster's host | the name of the cache or replication group | the name of the cluster |
/// | `Action` | `DbConnectAdmin` for the role `admin`, else `DbConnect` | `connect` | `connect` |
/// | `User` | none | the user | the user |
/// | `ResourceType` | none | `ServerlessCache` for a serverless cache, else none | none |
/// | lifetime | 900 s by default, 604,800 s at most | 900 s | 900 s |
///
/// None of them has a port. `examples/sibling-tokens.rs` in the repository prints all three.
///
/// # Examples
///
/// The password for an Aurora DSQL cluster, for every role but `admin`:
///
/// ```
/// use rds_iam_token::{Credentials, Host, PresignedRequest, Region, Timestamp};
///
/// let host = Host::new("4iabtwnq2j55iez4j4bkykghgm.dsql.eu-central-1.on.aws")?;
/// let request = PresignedRequest::new(host, "dsql", 900)?
///     .with_parameter("Action", "DbConnect")?;
/// let credentials = Credentials::new("AKIDEXAMPLE", "not-a-real-secret")?;
/// let at = Timestamp::from_unix_seconds(1_440_938_160)?;
///
/// let token = request.sign(&credentials, &Region::new("eu-central-1")?, at);
/// assert!(token.expose_secret().starts_with(
///     "4iabtwnq2j55iez4j4bkykghgm.dsql.eu-central-1.on.aws/?Action=DbConnect&X-Amz-Algorithm=",
/// ));
/// # Ok::<(), rds_iam_token::Error>(())
/// ```
#[derive(Clone)]
pub struct PresignedRequest {
    host: Host,
    /// Not 0.
    port: Option<u16>,
    service: String,
    /// In seconds, from 1 to [`MAX_LIFETIME`].
    lifetime: u32,
    /// Sorted by name. Each name is encoded, is used once and sorts before `X-Amz-`.
    parameters: Vec<(String, Secret)>,
}

impl PresignedRequest {
    /// Creates a request without parameters from a host, the service's name in SigV4, and a
    /// lifetime in seconds.
    ///
    /// A service has its own limit besides: STS accepts such a request for 900 s.
    ///
    /// # Errors
    ///
    /// [`Error::Service`] for anything but lowercase ASCII letters, digits and hyphens, and
    /// [`Error::Lifetime`] for anything but 1 s to 604,800 s (7 days), the longest in SigV4.
    pub fn new(
        host: Host,
        service: impl Into<String>,
        lifetime_seconds: u64,
    ) -> Result<Self, Error> {
        // A rejected service may be a secret that was mistaken for one.
        let service = Secret::new(service);
        Fault::find(
            service.expose_secret(),
            |byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'),
        )
        .map_err(Error::Service)?;
        let lifetime = u32::try_from(lifetime_seconds)
            .ok()
            .filter(|seconds| (1..=MAX_LIFETIME).contains(seconds))
            .ok_or(Error::Lifetime {
                seconds: lifetime_seconds,
                max: MAX_LIFETIME,
            })?;
        Ok(Self {
            host,
            port: None,
            service: service.into_exposed_string(),
            lifetime,
            parameters: Vec::new(),
        })
    }

    /// Adds a port, which is then printed and signed. Without one, the port is the default of the
    /// scheme.
    ///
    /// # Errors
    ///
    /// [`Error::Port`] for port 0.
    pub fn with_port(mut self, port: u16) -> Result<Self, Error> {
        if port == 0 {
            return Err(Error::Port);
        }
        self.port = Some(port);
        Ok(self)
    }

    /// Adds a parameter of the query. Name and value are encoded, and the parameters sorted by name.
    /// The value may be empty.
    ///
    /// # Errors
    ///
    /// [`Error::Parameter`] for a name that is empty, is used twice, or does not sort before
    /// `X-Amz-`, because the parameters of SigV4 follow: so for one that starts with a lowercase
    /// letter.
    ///
    /// # Examples
    ///
    /// A call of STS:
    ///
    /// ```
    /// # use rds_iam_token::{Credentials, Host, PresignedRequest, Region, Timestamp};
    /// let mut request = PresignedRequest::new(Host::new("sts.eu-west-1.amazonaws.com")?, "sts", 60)?;
    /// for (name, value) in [
    ///     ("Version", "2011-06-15"),
    ///     ("Action", "AssumeRole"),
    ///     ("RoleArn", "arn:aws:iam::123456789012:role/app"),
    ///     ("RoleSessionName", "app"),
    /// ] {
    ///     request = request.with_parameter(name, value)?;
    /// }
    /// # let credentials = Credentials::new("AKIDEXAMPLE", "not-a-real-secret")?;
    /// # let at = Timestamp::from_unix_seconds(1_440_938_160)?;
    /// let text = request.sign(&credentials, &Region::new("eu-west-1")?, at);
    /// let url = format!("https://{}", text.expose_secret());
    /// assert!(url.starts_with("https://sts.eu-west-1.amazonaws.com/?Action=AssumeRole&RoleArn=arn%3A"));
    /// # Ok::<(), rds_iam_token::Error>(())
    /// ```
    pub fn with_parameter(
        mut self,
        name: impl Into<String>,
        value: impl Into<String>,
    ) -> Result<Self, Error> {
        // A rejected name may be a value that was mistaken for one.
        let name = Secret::new(name);
        let value = Secret::new(value);
        let name = Secret::new(uri_encode(name.expose_secret()));
        let text = name.expose_secret();
        let place = self
            .parameters
            .binary_search_by(|(other, _)| other.as_str().cmp(text));
        match place {
            Err(place) if !text.is_empty() && text < AFTER_NAMES => {
                let parameter = (name.into_exposed_string(), value);
                self.parameters.insert(place, parameter);
                Ok(self)
            }
            _ => Err(Error::Parameter),
        }
    }

    /// Signs the request, and returns it without its scheme: `host/?…&X-Amz-Signature=…`.
    ///
    /// The lifetime begins at `at`, which should be now. The request also expires with the
    /// credentials.
    #[must_use]
    pub fn sign(&self, credentials: &Credentials, region: &Region, at: Timestamp) -> Secret {
        let scope = CredentialScope::new(at, region, &self.service);
        let key = SigningKey::derive(credentials.expose_secret_access_key(), &scope);
        let unsigned = self.unsigned(credentials, &scope);
        let signature = key.sign(&unsigned.string_to_sign(&scope));
        unsigned.sign(&signature)
    }

    /// Returns the canonical request of [`sign`](Self::sign), to compare with that of a different signer.
    #[must_use]
    pub fn canonical_request(
        &self,
        credentials: &Credentials,
        region: &Region,
        at: Timestamp,
    ) -> Secret {
        let scope = CredentialScope::new(at, region, &self.service);
        self.unsigned(credentials, &scope)
            .canonical_request()
            .to_secret()
    }

    /// Returns the string to sign of [`sign`](Self::sign), to compare with that of a different signer.
    #[must_use]
    pub fn string_to_sign(
        &self,
        credentials: &Credentials,
        region: &Region,
        at: Timestamp,
    ) -> String {
        let scope = CredentialScope::new(at, region, &self.service);
        self.unsigned(credentials, &scope)
            .string_to_sign(&scope)
            .to_string()
    }

    fn unsigned(&self, credentials: &Credentials, scope: &CredentialScope<'_>) -> Unsigned {
        let parameters: Vec<_> = self
            .parameters
            .iter()
            .map(|(name, value)| (name.as_str(), Value::Raw(value.expose_secret())))
            .collect();
        let presigned = Presigned {
            host: self.host.as_str(),
            port: self.port,
            parameters: &parameters,
            access_key_id: credentials.access_key_id(),
            lifetime: self.lifetime,
            session_token: credentials.encoded_session_token().map(Value::Encoded),
        };
        Unsigned::new(&presigned, scope)
    }
}

impl fmt::Debug for PresignedRequest {
    /// Writes all but the parameters, whose values may be secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PresignedRequest")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("service", &self.service)
            .field("lifetime", &self.lifetime)
            .finish_non_exhaustive()
    }
}

/// In seconds, of SigV4 ("Authenticating Requests: Using Query Parameters", Amazon S3 API Reference).
const MAX_LIFETIME: u32 = 604_800;

/// The start of the names that SigV4 adds, before which all others are written.
const AFTER_NAMES: &str = "X-Amz-";

#[cfg(test)]
mod tests {
    use alloc::format;

    use super::*;

    fn request() -> Result<PresignedRequest, Error> {
        PresignedRequest::new(Host::new("sts.eu-west-1.amazonaws.com")?, "sts", 900)
    }

    fn query(request: &PresignedRequest) -> Result<String, Error> {
        let credentials = Credentials::new("AKIDEXAMPLE", "not-a-real-secret")?;
        let text = request.sign(&credentials, &Region::new("eu-west-1")?, Timestamp::MIN);
        let text = text.expose_secret();
        let (_, query) = text.split_once('?').unwrap_or_default();
        let (parameters, _) = query.split_once("X-Amz-Algorithm=").unwrap_or_default();
        Ok(parameters.into())
    }

    #[test]
    fn parameters_are_sorted_by_their_encoded_names() -> Result<(), Error> {
        let names = ["B-", "B.", "B", "É", "B%", "A", "X-Amz", "X-Aa", "%", "0"];
        let mut request = request()?;
        assert_eq!(query(&request)?, "");
        for name in names {
            request = request.with_parameter(name, "v&w=x y")?;
        }
        let sorted = [
            "%25", "%C3%89", "0", "A", "B", "B%25", "B-", "B.", "X-Aa", "X-Amz",
        ];
        let expected = sorted.map(|name| [name, "=v%26w%3Dx%20y&"].concat());
        assert_eq!(query(&request)?, expected.concat());
        Ok(())
    }

    /// A name, and whether it may be a parameter's beside `Action`.
    const NAMES: &[(&str, bool)] = &[
        ("A", true),
        ("action", false),
        ("Action", false),
        ("Action ", true),
        ("Action=", true),
        ("", false),
        // Around the names that SigV4 adds.
        ("X-Amz", true),
        ("X-Amy-Z", true),
        ("X-Amz!", true),
        ("X-Amz-", false),
        ("X-Amz-A", false),
        ("X-Amz-Signature", false),
        ("X-Amz.", false),
        ("Y", false),
        ("x-amz-date", false),
    ];

    #[test]
    fn a_name_is_used_once_and_sorts_before_those_of_sigv4() -> Result<(), Error> {
        let request = request()?.with_parameter("Action", "AssumeRole")?;
        for &(name, fits) in NAMES {
            let added = request.clone().with_parameter(name, "").map(drop);
            let expected = if fits { Ok(()) } else { Err(Error::Parameter) };
            assert_eq!(added, expected, "{name:?}");
        }
        Ok(())
    }

    #[test]
    fn a_lifetime_is_one_second_to_a_week() -> Result<(), Error> {
        for (seconds, fits) in [
            (0, false),
            (1, true),
            (604_800, true),
            (604_801, false),
            (u64::MAX, false),
            // In 32 bits, these are 1 and 900.
            (4_294_967_297, false),
            (4_294_968_196, false),
        ] {
            let request = PresignedRequest::new(Host::new("my-cache")?, "elasticache", seconds);
            let expected = if fits {
                Ok(seconds)
            } else {
                Err(Error::Lifetime {
                    seconds,
                    max: 604_800,
                })
            };
            assert_eq!(request.map(|request| request.lifetime.into()), expected);
        }
        Ok(())
    }

    /// A service, and its flaw.
    const SERVICES: &[(&str, Option<Fault>)] = &[
        ("execute-api", None),
        ("s3", None),
        ("", Some(Fault::Empty)),
        ("STS", Some(Fault::Character)),
        ("/sts", Some(Fault::Character)),
        ("\nsts", Some(Fault::LineBreak)),
    ];

    #[test]
    fn a_service_is_lower_case_letters_digits_and_hyphens() -> Result<(), Error> {
        for &(service, fault) in SERVICES {
            let request = PresignedRequest::new(Host::new("my-cache")?, service, 900);
            let expected = fault.map(|fault| Error::Service(fault.at(0)));
            assert_eq!(request.err(), expected, "{service:?}");
        }
        Ok(())
    }

    #[test]
    fn a_port_is_printed_and_signed() -> Result<(), Error> {
        let credentials = Credentials::new("AKIDEXAMPLE", "not-a-real-secret")?;
        let region = Region::new("eu-west-1")?;
        assert_eq!(request()?.with_port(0).err(), Some(Error::Port));
        let request = request()?.with_port(443)?;
        let authority = "sts.eu-west-1.amazonaws.com:443";
        let text = request.sign(&credentials, &region, Timestamp::MIN);
        assert!(text.expose_secret().starts_with(&format!("{authority}/?")));
        let canonical_request = request.canonical_request(&credentials, &region, Timestamp::MIN);
        let header = format!("\nhost:{authority}\n");
        assert!(canonical_request.expose_secret().contains(&header));
        Ok(())
    }

    #[test]
    fn a_parameter_is_not_shown() -> Result<(), Error> {
        let request = request()?.with_parameter("TokenCode", "123456")?;
        let shown = format!("{request:?}");
        assert!(
            !shown.contains("123456") && !shown.contains("TokenCode"),
            "{shown}"
        );
        Ok(())
    }
}
