//! The address of the instance metadata service.

use alloc::{format, string::String};

use crate::chain::{
    context::Context,
    error::{ErrorKind, Failure},
    format::url::Url,
    run::Run,
};

/// Returns the endpoint: the one in code, in the variable, in the profile, or that of the mode, in
/// the same order.
pub(super) fn find(run: &Run<'_>, context: &Context<'_>) -> Result<String, Failure> {
    let invalid = |reason: String| {
        Failure::new(ErrorKind::InvalidConfig, reason)
            .remedy("correct AWS_EC2_METADATA_SERVICE_ENDPOINT or its MODE, or unset both")
    };
    let endpoint = run.settings.metadata_endpoint.as_deref().or_else(|| {
        context.setting(
            "AWS_EC2_METADATA_SERVICE_ENDPOINT",
            "ec2_metadata_service_endpoint",
        )
    });
    if let Some(endpoint) = endpoint {
        return match Url::parse(endpoint) {
            Ok(url) if !url.path.contains('?') => Ok(url.without_final_slash()),
            Ok(_) => Err(invalid("the configured endpoint has a query".into())),
            Err(problem) => Err(invalid(format!("the configured endpoint {problem}"))),
        };
    }
    let mode = run.settings.metadata_mode.as_deref().or_else(|| {
        context.setting(
            "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
            "ec2_metadata_service_endpoint_mode",
        )
    });
    match mode {
        Some(mode) if mode.eq_ignore_ascii_case("ipv4") => Ok(IPV4.into()),
        Some(mode) if mode.eq_ignore_ascii_case("ipv6") => Ok(IPV6.into()),
        Some(_) => Err(invalid("the endpoint mode is neither IPv4 nor IPv6".into())),
        None if context.environment.is_on("AWS_IMDS_USE_IPV6") => Ok(IPV6.into()),
        None => Ok(IPV4.into()),
    }
}

const IPV4: &str = "http://169.254.169.254";
const IPV6: &str = "http://[fd00:ec2::254]";
