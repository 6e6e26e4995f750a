//! A role that a profile assumes with the keys of a different identity.

use alloc::{format, string::String, vec::Vec};

use crate::{
    chain::{
        answer::Answer,
        context::Context,
        error::{ErrorKind, Failure},
        format::profiles::Profile,
        keys::Keys,
        need::Ask,
        run::{Outcome, Run},
        shown::shown,
        sts,
    },
    credentials::Credentials,
};

/// The profile's settings for the role. Each part is checked before any request.
#[derive(Clone, Copy)]
pub(crate) struct Role<'a> {
    pub(crate) arn: &'a str,
    pub(crate) session_name: Option<&'a str>,
    pub(crate) external_id: Option<&'a str>,
    pub(crate) duration_seconds: Option<&'a str>,
    pub(crate) mfa_serial: Option<&'a str>,
}

impl<'a> Role<'a> {
    /// Returns `true` if a profile has a role, and does not assume it by web identity.
    pub(crate) fn is_in(profile: &Profile<'_, '_>) -> bool {
        profile.get("role_arn").is_some() && profile.get("web_identity_token_file").is_none()
    }

    pub(crate) fn of(profile: &Profile<'_, 'a>) -> Result<Self, Failure> {
        let role = Self {
            arn: profile.get("role_arn").unwrap_or_default(),
            session_name: profile.get("role_session_name"),
            external_id: profile.get("external_id"),
            duration_seconds: profile.get("duration_seconds"),
            mfa_serial: profile.get("mfa_serial"),
        };
        role.check()
            .map_err(|failure| failure.within(&format!("profile {}", profile.name)))?;
        Ok(role)
    }

    fn check(&self) -> Result<(), Failure> {
        check_arn(self.arn)?;
        check_session_name(self.session_name)?;
        check(self.external_id, "external_id", 2..=1_224, b"+=,.@:/-_")?;
        check(self.mfa_serial, "mfa_serial", 9..=256, b"+=/:,.@-_")?;
        let seconds = self.duration_seconds;
        if seconds.is_some_and(|text| !text.parse().is_ok_and(|s: u32| (900..=43_200).contains(&s)))
        {
            let reason = "duration_seconds is not a number from 900 to 43200";
            return Err(Failure::new(ErrorKind::InvalidConfig, reason)
                .remedy("set duration_seconds to a number from 900 to 43200"));
        }
        Ok(())
    }

    /// Assumes the role.
    pub(crate) fn keys(
        &self,
        run: &mut Run<'a>,
        context: &Context<'a>,
        credentials: &Credentials,
    ) -> Outcome<Keys> {
        let code = self
            .mfa_serial
            .map(|serial| mfa_code(run, serial))
            .transpose()?;
        let generated = session_name(run);
        let parameters: Vec<_> = [
            ("DurationSeconds", self.duration_seconds),
            ("ExternalId", self.external_id),
            ("RoleArn", Some(self.arn)),
            (
                "RoleSessionName",
                Some(self.session_name.unwrap_or(&generated)),
            ),
            ("SerialNumber", self.mfa_serial),
            ("TokenCode", code),
        ]
        .into_iter()
        .filter_map(|(name, value)| value.map(|value| (name, value)))
        .collect();
        sts::assume_role(run, context, credentials, &parameters)
    }
}

/// Requests the code of an MFA device from a person.
fn mfa_code<'a>(run: &mut Run<'a>, serial: &str) -> Outcome<&'a str> {
    let answer = run.ask(|| Ask::MfaCode {
        serial: serial.into(),
    })?;
    let reason = match answer {
        Answer::MfaCode(code) => {
            let code = code.trim();
            if code.len() == 6 && code.bytes().all(|digit| digit.is_ascii_digit()) {
                return Ok(code);
            }
            return Err(
                Failure::new(ErrorKind::InvalidValue, "the MFA code is not six digits")
                    .remedy("type the six digits that the MFA device shows")
                    .into(),
            );
        }
        Answer::Unsupported(reason) => shown(reason),
        _ => String::from("no code was entered"),
    };
    Err(Failure::new(
        ErrorKind::Unsupported,
        format!("the role needs a code of the MFA device {serial}: {reason}"),
    )
    .remedy("let the aws command ask: credential_process = aws configure export-credentials --profile NAME")
    .into())
}

/// Returns a name for a session that has none.
pub(crate) fn session_name(run: &Run<'_>) -> String {
    format!(
        "rds-iam-token-{}-{:x}",
        run.now().unix_seconds(),
        run.settings.seed
    )
}

pub(crate) fn check_arn(arn: &str) -> Result<(), Failure> {
    let graphic = arn.bytes().all(|byte| byte.is_ascii_graphic());
    if graphic && (20..=2_048).contains(&arn.len()) && arn.starts_with("arn:") {
        return Ok(());
    }
    Err(
        Failure::new(ErrorKind::InvalidConfig, "the ARN of the role is malformed")
            .remedy("write the role as in arn:aws:iam::123456789012:role/NAME"),
    )
}

pub(crate) fn check_session_name(name: Option<&str>) -> Result<(), Failure> {
    check(name, "the name of the role session", 2..=64, b"+=,.@-_")
}

/// Checks a parameter by the limits of STS.
fn check(
    value: Option<&str>,
    name: &str,
    lengths: core::ops::RangeInclusive<usize>,
    marks: &[u8],
) -> Result<(), Failure> {
    let valid = |byte: u8| byte.is_ascii_alphanumeric() || marks.contains(&byte);
    match value {
        Some(value) if !lengths.contains(&value.len()) || !value.bytes().all(valid) => {
            let (min, max) = (lengths.start(), lengths.end());
            let marks = core::str::from_utf8(marks).unwrap_or_default();
            let reason = format!("{name} is not {min} to {max} letters, digits and {marks}");
            Err(Failure::new(ErrorKind::InvalidConfig, reason).remedy(format!("correct {name}")))
        }
        _ => Ok(()),
    }
}
