//! The addresses of STS and IAM Identity Center, by region and partition.

use alloc::{
    format,
    string::{String, ToString},
};

use crate::{
    chain::{
        error::{ErrorKind, Failure},
        format::url::Url,
    },
    region::Region,
};

/// A service that the chain calls.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Service {
    /// AWS STS.
    Sts,
    /// The portal of IAM Identity Center.
    Sso,
    /// The OIDC service of IAM Identity Center.
    SsoOidc,
}

impl Service {
    /// Returns the start of the host name.
    fn host(self) -> &'static str {
        match self {
            Self::Sts => "sts",
            Self::Sso => "portal.sso",
            Self::SsoOidc => "oidc",
        }
    }

    /// Returns the variable and the block of a `services` section that configure an endpoint.
    pub(crate) fn settings(self) -> (&'static str, &'static str) {
        match self {
            Self::Sts => ("AWS_ENDPOINT_URL_STS", "sts"),
            Self::Sso => ("AWS_ENDPOINT_URL_SSO", "sso"),
            Self::SsoOidc => ("AWS_ENDPOINT_URL_SSO_OIDC", "sso_oidc"),
        }
    }
}

/// What decides about an endpoint besides the region.
#[derive(Default)]
pub(crate) struct Options<'a> {
    pub(crate) fips: bool,
    pub(crate) dual_stack: bool,
    pub(crate) configured: Option<&'a str>,
    /// `true` if a configured endpoint may be `http://` on any host.
    pub(crate) plain_http: bool,
}

/// The address of a service, and the region that a request is signed for.
#[derive(Clone, Debug)]
pub(crate) struct Endpoint {
    /// Without a slash at the end.
    pub(crate) url: String,
    pub(crate) region: Region,
}

/// Finds the endpoint of a service.
///
/// The variable `AWS_STS_REGIONAL_ENDPOINTS` is not looked at, as in the `aws` command: STS is asked
/// in the region. The region `aws-global` means its global endpoint.
pub(crate) fn resolve(
    service: Service,
    region: Option<&Region>,
    options: &Options<'_>,
) -> Result<Endpoint, Failure> {
    if let Some(configured) = options.configured {
        let url = check(configured, options)?;
        let region = region.filter(|region| region.as_str() != GLOBAL);
        return region
            .cloned()
            .map_or_else(region_of_global, Ok)
            .map(|region| Endpoint { url, region });
    }
    let region = region.ok_or_else(|| invalid("no region is configured".into()))?;
    let plain = !options.fips && !options.dual_stack;
    if service == Service::Sts && region.as_str() == GLOBAL && plain {
        let url = "https://sts.amazonaws.com".into();
        return Ok(Endpoint {
            url,
            region: region_of_global()?,
        });
    }
    let url = url(service, region, options.fips, options.dual_stack);
    Ok(Endpoint {
        url,
        region: region.clone(),
    })
}

/// Checks an endpoint that is configured.
fn check(configured: &str, options: &Options<'_>) -> Result<String, Failure> {
    if options.fips || options.dual_stack {
        let reason = "an endpoint is configured together with FIPS or dual stack";
        return Err(invalid(reason.into()));
    }
    let url = Url::parse(configured)
        .map_err(|problem| invalid(format!("the configured endpoint {problem}")))?;
    if !url.tls && !url.is_loopback() && !options.plain_http {
        let reason = "the configured endpoint is http:// on a host other than localhost";
        return Err(invalid(reason.into()).remedy("configure the endpoint with https://"));
    }
    if url.path.contains('?') {
        return Err(invalid("the configured endpoint has a query".into()));
    }
    Ok(configured.trim_end_matches('/').to_string())
}

fn invalid(reason: String) -> Failure {
    Failure::new(ErrorKind::InvalidConfig, reason)
}

fn region_of_global() -> Result<Region, Failure> {
    Region::new("us-east-1").map_err(|error| invalid(error.to_string()))
}

/// Writes the URL of a regional endpoint.
fn url(service: Service, region: &Region, fips: bool, dual_stack: bool) -> String {
    let code = region.as_str();
    let host = service.host();
    let (plain, dual) = suffixes(code);
    let suffix = if dual_stack { dual } else { plain };
    // The plain hosts of GovCloud comply with FIPS themselves.
    let fips = if fips && (dual_stack || !code.starts_with("us-gov-")) {
        "-fips"
    } else {
        ""
    };
    format!("https://{host}{fips}.{code}.{suffix}")
}

/// Returns the ends of host names in a partition, and those of dual-stack ones (botocore,
/// `partitions.json`).
fn suffixes(code: &str) -> (&'static str, &'static str) {
    SUFFIXES
        .iter()
        .find(|(start, ..)| code.starts_with(start))
        .map_or(("amazonaws.com", "api.aws"), |&(_, plain, dual)| {
            (plain, dual)
        })
}

const SUFFIXES: &[(&str, &str, &str)] = &[
    ("cn-", "amazonaws.com.cn", "api.amazonwebservices.com.cn"),
    ("eusc-", "amazonaws.eu", "api.amazonwebservices.eu"),
    ("us-iso-", "c2s.ic.gov", "api.aws.ic.gov"),
    ("us-isob-", "sc2s.sgov.gov", "api.aws.scloud"),
    ("eu-isoe-", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"),
    ("us-isof-", "csp.hci.ic.gov", "api.aws.hci.ic.gov"),
];

const GLOBAL: &str = "aws-global";
