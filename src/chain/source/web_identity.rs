//! A role that is assumed with an identity token in a file: EKS with IRSA, GitHub Actions.
//!
//! The environment and the profile are two sources: a token file of one and a role of the other
//! are not put together, as the `aws` command does.

use alloc::format;

use crate::chain::{
    context::Context,
    environment::Environment,
    error::{ErrorKind, Failure},
    format::profiles::Profile,
    keys::Keys,
    run::{Outcome, Run},
    source::{read_file, role},
    sts,
};

/// The source's settings for the role.
#[derive(Clone, Copy)]
pub(crate) struct WebIdentity<'a> {
    pub(crate) token_file: &'a str,
    pub(crate) role_arn: &'a str,
    pub(crate) session_name: Option<&'a str>,
}

impl<'a> WebIdentity<'a> {
    pub(crate) fn of_environment(environment: &Environment<'a>) -> Result<Option<Self>, Failure> {
        let Some(token_file) = environment.get("AWS_WEB_IDENTITY_TOKEN_FILE") else {
            return Ok(None);
        };
        let Some(role_arn) = environment.get("AWS_ROLE_ARN") else {
            let reason = "AWS_WEB_IDENTITY_TOKEN_FILE is set, but AWS_ROLE_ARN is missing or empty";
            return Err(Failure::new(ErrorKind::InvalidConfig, reason).remedy(
                "set AWS_ROLE_ARN; on EKS, annotate the service account with \
                 eks.amazonaws.com/role-arn",
            ));
        };
        let session_name = environment.get("AWS_ROLE_SESSION_NAME");
        Self {
            token_file,
            role_arn,
            session_name,
        }
        .checked()
        .map(Some)
    }

    pub(crate) fn of_profile(profile: &Profile<'_, 'a>) -> Result<Option<Self>, Failure> {
        let Some(token_file) = profile.get("web_identity_token_file") else {
            return Ok(None);
        };
        let Some(role_arn) = profile.get("role_arn") else {
            let name = profile.name;
            let reason = format!("profile {name} has web_identity_token_file, but no role_arn");
            return Err(Failure::new(ErrorKind::InvalidConfig, reason)
                .remedy(format!("write role_arn into profile {name}")));
        };
        let session_name = profile.get("role_session_name");
        Self {
            token_file,
            role_arn,
            session_name,
        }
        .checked()
        .map(Some)
    }

    fn checked(self) -> Result<Self, Failure> {
        role::check_arn(self.role_arn)?;
        role::check_session_name(self.session_name)?;
        Ok(self)
    }

    /// Assumes the role with the token in the file, which EKS rotates.
    pub(crate) fn keys(&self, run: &mut Run<'a>, context: &Context<'a>) -> Outcome<Keys> {
        let path = self.token_file;
        let contents = read_file(run, path)?.ok_or_else(|| {
            Failure::new(
                ErrorKind::File,
                format!("the token file {path} does not exist"),
            )
            .remedy(
                "check that the token is mounted: on EKS, the pod must run under the \
                         annotated service account",
            )
        })?;
        let token = core::str::from_utf8(contents)
            .unwrap_or_default()
            .trim_end();
        if !(4..=20_000).contains(&token.len())
            || !token.bytes().all(|byte| byte.is_ascii_graphic())
        {
            let reason = format!("the token file {path} is empty, or not a token");
            return Err(Failure::new(ErrorKind::InvalidValue, reason)
                .remedy(format!("write an identity token into {path}"))
                .into());
        }
        let generated = role::session_name(run);
        let parameters = [
            ("RoleArn", self.role_arn),
            ("RoleSessionName", self.session_name.unwrap_or(&generated)),
            ("WebIdentityToken", token),
        ];
        sts::assume_role_with_web_identity(run, context, &parameters)
    }
}
