//! The report on a token, before it is printed.

use rds_iam_token::{
    Host, HostKind, TokenParts,
    diagnose::{Cause, Expected, Field, diagnose},
};

use crate::environment;

use super::{
    Given,
    other_causes::{self, Group},
    password::Password,
};

/// The parts and the faults of a token. It contains no secret.
#[derive(Default)]
pub(super) struct Report {
    pub(super) fields: Vec<Field>,
    pub(super) findings: Vec<Finding>,
    /// What limits the result.
    pub(super) notes: Vec<String>,
    /// Empty if there are findings.
    pub(super) other_causes: Vec<Group>,
}

/// The findings, and what to do.
pub(super) struct Finding {
    pub(super) name: String,
    pub(super) message: String,
    pub(super) remedy: &'static str,
}

impl Report {
    /// Returns the report on what cannot be read as a token.
    pub(super) fn of_no_text(message: String) -> Self {
        Self {
            findings: vec![Finding {
                name: Cause::NotAToken.to_string(),
                message,
                remedy: Cause::NotAToken.remedy(),
            }],
            ..Self::default()
        }
    }

    /// Returns the report on a text.
    pub(super) fn new(password: &Password, given: &Given) -> Self {
        let text = password.text.as_str();
        let mut expected = given.expected();
        let mut diagnosis = diagnose(text, &expected);
        let mut notes = Vec::new();
        if let Ok(parts) = TokenParts::parse(diagnosis.expose_repaired()) {
            match with_credentials(&expected, &parts) {
                Ok(with_credentials) => expected = with_credentials,
                Err(error) => {
                    notes.push(format!("The signature was not checked: {error}."));
                    notes.extend(may_be_signed_differently(&parts));
                }
            }
            diagnosis = diagnose(text, &expected);
        }
        // Omitted checks matter only if nothing was found.
        let mut other_causes = Vec::new();
        if diagnosis.is_clean() {
            let token = Token::new(diagnosis.expose_repaired(), given);
            notes.splice(..0, token.not_compared(given));
            other_causes = other_causes::of(token.kind, given.engine, token.port);
        } else {
            notes.clear();
        }
        if password.is_without_line_break {
            notes.push(
                "A line break at the end of standard input was left out; if the client sends it with \
                 the password, the server rejects the token."
                    .to_owned(),
            );
        }
        let findings = diagnosis.findings().iter().map(|finding| Finding {
            name: finding.cause().to_string(),
            message: finding.message().to_owned(),
            remedy: finding.remedy(),
        });
        Self {
            fields: diagnosis.fields().to_vec(),
            findings: findings.collect(),
            notes,
            other_causes,
        }
    }
}

/// Adds the credentials in the environment if they are of the key that signed.
fn with_credentials(expected: &Expected, parts: &TokenParts<'_>) -> Result<Expected, String> {
    let credentials = environment::credentials()?;
    if credentials.access_key_id() == parts.access_key_id() {
        return Ok(expected.clone().with_credentials(credentials));
    }
    Err("AWS_ACCESS_KEY_ID is a different key from the one that signed".to_owned())
}

/// Describes what a clean token may have wrong that only a check of the signature finds.
fn may_be_signed_differently(parts: &TokenParts<'_>) -> Vec<String> {
    let mut notes = Vec::new();
    // @aws-sdk/rds-signer signs such a host unchanged.
    if parts.host().bytes().any(|byte| byte.is_ascii_uppercase()) {
        notes.push(
            "The host has capital letters, and the database expects a signature for lowercase. Sign for the host \
             in lowercase, or check the signature with the keys that signed."
                .to_owned(),
        );
    }
    // botocore signs no port if it is that of HTTPS.
    if parts.port() == 443 {
        notes.push(
            "The port is 443, which some signers print and do not sign. Check the signature with the keys that \
             signed, or use a different port."
                .to_owned(),
        );
    }
    notes
}

/// What a token without findings is for, by the arguments, else by the token.
struct Token {
    kind: HostKind,
    has_region: bool,
    port: Option<u16>,
}

impl Token {
    fn new(token: &str, given: &Given) -> Self {
        let own = token
            .split(':')
            .next()
            .and_then(|host| Host::new(host).ok());
        let host = given.host.as_ref().or(own.as_ref());
        Self {
            kind: host.map_or(HostKind::Other, Host::kind),
            has_region: host.and_then(Host::inferred_region).is_some(),
            port: given
                .port
                .or_else(|| Some(TokenParts::parse(token).ok()?.port())),
        }
    }

    /// Names what was not given to compare with. The region is compared with the one in the host name.
    fn not_compared(&self, given: &Given) -> Option<String> {
        let missing: Vec<_> = [
            ("--hostname", given.host.is_some()),
            ("--port", given.port.is_some()),
            ("--username", given.user.is_some()),
            ("--region", given.region.is_some() || self.has_region),
        ]
        .iter()
        .filter_map(|(flag, is_given)| (!is_given).then_some(*flag))
        .collect();
        (!missing.is_empty())
            .then(|| format!("Not compared, because not given: {}.", missing.join(", ")))
    }
}
