//! The sources, one a file.

use alloc::format;
use core::fmt;

use crate::chain::{
    answer::Answer,
    error::{ErrorKind, Failure},
    need::Ask,
    run::{Outcome, Run},
    shown::shown,
};

pub(crate) mod container;
pub(crate) mod environment;
pub(crate) mod keys_of_profile;
pub(crate) mod login;
pub(crate) mod metadata;
pub(crate) mod process;
pub(crate) mod role;
pub(crate) mod sso;
pub(crate) mod sso_token;
pub(crate) mod web_identity;

/// A source of credentials, in the order in which they are tried.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Source {
    /// `AWS_ACCESS_KEY_ID` and its companions.
    Environment,
    /// A role that a profile assumes (`role_arn`).
    AssumeRole,
    /// A role that is assumed with an identity token (`AWS_WEB_IDENTITY_TOKEN_FILE`,
    /// `web_identity_token_file`): EKS with IRSA, GitHub Actions.
    WebIdentity,
    /// IAM Identity Center (`sso_session`, `sso_start_url`).
    Sso,
    /// Keys in the credentials file.
    CredentialsFile,
    /// `aws login` (`login_session`).
    Login,
    /// A program that prints credentials (`credential_process`).
    Process,
    /// Keys in the config file.
    ConfigFile,
    /// ECS, EKS Pod Identity, Greengrass, and Lambda with `SnapStart`:
    /// `AWS_CONTAINER_CREDENTIALS_RELATIVE_URI` (on 169.254.170.2) or
    /// `AWS_CONTAINER_CREDENTIALS_FULL_URI`, with `AWS_CONTAINER_AUTHORIZATION_TOKEN` or
    /// `AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE`.
    Container,
    /// The role of an EC2 instance, from the instance metadata service (`IMDSv2`).
    InstanceMetadata,
}

impl Source {
    /// Returns what helps if the credentials of this source have expired.
    pub(crate) fn renewal(self) -> &'static str {
        match self {
            Self::Environment => "export new credentials and their AWS_CREDENTIAL_EXPIRATION",
            Self::Process => "make the program of credential_process print credentials that last",
            _ => "check why the service issues expired credentials",
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Environment => "environment",
            Self::AssumeRole => "assumed role",
            Self::WebIdentity => "web identity",
            Self::Sso => "IAM Identity Center",
            Self::CredentialsFile => "credentials file",
            Self::Login => "aws login",
            Self::Process => "credential_process",
            Self::ConfigFile => "config file",
            Self::Container => "container credentials",
            Self::InstanceMetadata => "instance metadata",
        })
    }
}

/// Returns the contents of a file that a setting names; `None` if it does not exist.
pub(crate) fn read_file<'a>(run: &mut Run<'a>, path: &str) -> Outcome<Option<&'a [u8]>> {
    match run.ask(|| Ask::File(path.into()))? {
        Answer::File(contents) => Ok(Some(contents)),
        Answer::Unreadable(reason) => Err(Failure::new(
            ErrorKind::File,
            format!("{path} is unreadable: {}", shown(reason)),
        )
        .remedy(format!("make {path} readable for this user"))
        .into()),
        Answer::Unsupported(reason) => Err(Failure::new(
            ErrorKind::File,
            format!("{path} was not read: {}", shown(reason)),
        )
        .into()),
        _ => Ok(None),
    }
}
