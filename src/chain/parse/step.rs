//! What a profile does, as a caller sees it.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use crate::{
    chain::{
        error::Failure,
        plan::{Base, Plan},
        source::Source,
    },
    credentials::Credentials,
    secret::Secret,
};

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
        /// The command, as it is written. Its arguments may be secret.
        command: Secret,
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

/// Returns the steps of a plan.
pub(super) fn steps(plan: Plan<'_>) -> Result<Vec<PlanStep>, Failure> {
    let base = match plan.base {
        Base::Keys(keys, source) => {
            let (credentials, _) = keys.credentials().map_err(|failure| failure.at(source))?;
            PlanStep::Keys(credentials)
        }
        Base::Named(source) => PlanStep::Source(source),
        Base::Process { line, .. } => PlanStep::Process {
            command: Secret::new(line),
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
