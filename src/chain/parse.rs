//! The formats and rules of the chain as functions, to be used and tested alone.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

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
        plan::{Base, Plan},
        source::{Source, login, sso_token},
    },
    credentials::Credentials,
    region::Region,
    secret::Secret,
    timestamp::Timestamp,
};

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
        plan.map(|plan| steps(plan).map_err(whole)).transpose()
    }
}

/// A step of a profile to its credentials. Settings that are not set are `None`.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum PlanStep {
    /// Uses keys in one of the files.
    Keys(Credentials),
    /// Uses what `credential_source` names.
    Source(Source),
    /// Runs a program.
    Process {
        /// The command, as it is written.
        command: String,
    },
    /// Reads the cache of `aws login`.
    Login {
        /// The session.
        login_session: String,
    },
    /// Calls IAM Identity Center.
    Sso {
        /// The session.
        sso_session: Option<String>,
        /// The start URL.
        sso_start_url: String,
        /// The region of IAM Identity Center.
        sso_region: String,
        /// The account.
        sso_account_id: String,
        /// The role.
        sso_role_name: String,
    },
    /// Assumes a role with an identity token.
    WebIdentity {
        /// The role.
        role_arn: String,
        /// The path of the token.
        web_identity_token_file: String,
        /// The name of the session.
        role_session_name: Option<String>,
    },
    /// Assumes a role with the credentials so far.
    AssumeRole {
        /// The role.
        role_arn: String,
        /// The name of the session.
        role_session_name: Option<String>,
        /// The external id.
        external_id: Option<String>,
        /// How long the credentials last.
        duration_seconds: Option<String>,
        /// The MFA device.
        mfa_serial: Option<String>,
    },
}

fn steps(plan: Plan<'_>) -> Result<Vec<PlanStep>, Failure> {
    let base = match plan.base {
        Base::Keys(keys, source) => {
            let (credentials, _) = keys.credentials().map_err(|failure| failure.at(source))?;
            PlanStep::Keys(credentials)
        }
        Base::Named(source) => PlanStep::Source(source),
        Base::Process { line, .. } => PlanStep::Process {
            command: line.into(),
        },
        Base::Login(session) => PlanStep::Login {
            login_session: session.into(),
        },
        Base::Sso(sso) => PlanStep::Sso {
            sso_session: sso.session.map(String::from),
            sso_start_url: sso.start_url.into(),
            sso_region: sso.region.into(),
            sso_account_id: sso.account_id.into(),
            sso_role_name: sso.role_name.into(),
        },
        Base::WebIdentity(found) => PlanStep::WebIdentity {
            role_arn: found.role_arn.into(),
            web_identity_token_file: found.token_file.into(),
            role_session_name: found.session_name.map(String::from),
        },
    };
    let roles = plan.roles.iter().map(|role| PlanStep::AssumeRole {
        role_arn: role.arn.to_string(),
        role_session_name: role.session_name.map(String::from),
        external_id: role.external_id.map(String::from),
        duration_seconds: role.duration_seconds.map(String::from),
        mfa_serial: role.mfa_serial.map(String::from),
    });
    Ok([base].into_iter().chain(roles).collect())
}

fn whole(failure: Failure) -> Error {
    Error::new(failure, Vec::new(), None)
}
