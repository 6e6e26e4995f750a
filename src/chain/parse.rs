//! The formats and rules of the chain as functions, to be used and tested alone.

use alloc::{string::String, vec::Vec};

pub use crate::chain::{
    endpoint::Service,
    format::profiles::{Profiles, Sections},
};
use crate::{
    chain::{
        document, endpoint,
        error::{Error, ErrorKind, Failure},
        format::date,
        keys::Keys,
        plan::Plan,
        source::{login, sso_token},
    },
    credentials::Credentials,
    region::Region,
    secret::Secret,
    timestamp::Timestamp,
};

mod step;

pub use step::PlanStep;

/// A document that contains credentials.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Document {
    /// The answer of a container endpoint.
    Container,
    /// The answer of the instance metadata service.
    InstanceMetadata,
    /// The cache file of `aws login`.
    Login,
    /// The output of a `credential_process`.
    Process,
    /// The answer of IAM Identity Center to `GetRoleCredentials`.
    SsoRole,
    /// The answer of STS to `AssumeRole` or `AssumeRoleWithWebIdentity`, in XML.
    Sts,
}

impl Document {
    /// Parses a document of this kind: the credentials, and the account if the document names it. Whether
    /// they have expired is not looked at.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Document`], [`ErrorKind::InvalidValue`], or [`ErrorKind::ServiceRefused`] if
    /// the document is an error.
    pub fn parse(self, bytes: &[u8]) -> Result<(Credentials, Option<String>), Error> {
        let keys = match self {
            Self::Container => document::container(bytes),
            Self::InstanceMetadata => document::metadata(bytes),
            Self::Login => document::login(bytes),
            Self::Process => document::process(bytes),
            Self::SsoRole => document::sso_role(bytes),
            Self::Sts => document::sts(bytes),
        };
        keys.and_then(Keys::credentials).map_err(whole)
    }
}

/// Parses a date of RFC 3339, or one of older caches of the `aws` command, which end in `UTC`.
#[must_use]
pub fn date(text: &str) -> Option<Timestamp> {
    date::parse(text)
}

/// The access token of IAM Identity Center, as its cache file has it.
#[derive(Debug)]
#[non_exhaustive]
pub struct SsoToken {
    /// The token.
    pub access_token: Secret,
    /// When it expires.
    pub expires: Timestamp,
    /// `true` if the file has all that a refresh needs.
    pub is_refreshable: bool,
    /// When the registration of the client expires.
    pub registration_expires: Option<Timestamp>,
}

/// Parses a cache file of IAM Identity Center.
///
/// # Errors
///
/// [`ErrorKind::Document`].
pub fn sso_token(contents: &[u8]) -> Result<SsoToken, Error> {
    let token = sso_token::Token::parse(contents).map_err(whole)?;
    Ok(SsoToken {
        is_refreshable: token.is_refreshable(),
        access_token: token.access,
        expires: token.expires,
        registration_expires: token.registration_expires,
    })
}

/// Returns the name of the cache file of an SSO session, or of a start URL exactly as it is written.
#[must_use]
pub fn sso_cache_name(session_or_start_url: &str) -> String {
    sso_token::cache_name(session_or_start_url)
}

/// Returns the name of the cache file of a `login_session`.
#[must_use]
pub fn login_cache_name(session: &str) -> String {
    login::cache_name(session)
}

/// Returns the URL of a service: the one that is configured, or that of the region.
///
/// # Errors
///
/// [`ErrorKind::InvalidConfig`] without both, for a configured URL together with `fips` or
/// `dual_stack`, and for one that is `http://` on a host other than loopback.
pub fn endpoint(
    service: Service,
    region: Option<&Region>,
    configured: Option<&str>,
    [fips, dual_stack]: [bool; 2],
) -> Result<String, Error> {
    let options = endpoint::Options {
        fips,
        dual_stack,
        configured,
        plain_http: false,
    };
    let endpoint = endpoint::resolve(service, region, &options).map_err(whole)?;
    Ok(endpoint.url)
}

impl<'a> Profiles<'a> {
    /// Parses the contents of the config file and of the credentials file.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Parse`].
    pub fn parse(config: &'a [u8], credentials: &'a [u8]) -> Result<Self, Error> {
        let files = (("config file", config), ("credentials file", credentials));
        Self::parse_files(files.0, files.1).map_err(whole)
    }

    /// Returns what a profile does to get credentials, or `None` if it has none.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::ProfileNotFound`], [`ErrorKind::InvalidConfig`], [`ErrorKind::Loop`],
    /// [`ErrorKind::Partial`] and [`ErrorKind::Ambiguous`].
    pub fn plan(&self, name: &'a str) -> Result<Option<Vec<PlanStep>>, Error> {
        if self.profile(name).is_none() {
            let reason = alloc::format!("profile {name} does not exist");
            return Err(whole(Failure::new(ErrorKind::ProfileNotFound, reason)));
        }
        let plan = Plan::of(self, name).map_err(whole)?;
        plan.map(|plan| step::steps(plan).map_err(whole))
            .transpose()
    }
}

fn whole(failure: Failure) -> Error {
    Error::new(failure, Vec::new(), None)
}
