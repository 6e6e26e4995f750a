//! The forms in which a token is printed.

use clap::ValueEnum;
use rds_iam_token::{Token, TokenRequest, sigv4::uri_encode};
use serde_json::json;

use crate::engine::Engine;

/// The form in which a token is printed.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Format {
    /// The token
    Text,
    /// The token, percent-encoded for the password part of a URL
    Url,
    /// PGPASSWORD=… or MYSQL_PWD=…, quoted for sh; needs --engine
    Env,
    /// A line of a .pgpass file, for any database
    Pgpass,
    /// An object with token, expires_at, host, port, user and region
    Json,
}

impl Format {
    /// Checks that the engine is present if this form needs it.
    pub(crate) fn check(self, engine: Option<Engine>) -> Result<(), String> {
        match (self, engine) {
            (Self::Env, None) => Err("--engine is required for --format env".to_owned()),
            _ => Ok(()),
        }
    }

    /// Returns `true` if this form is a line of a file, and `false` if it is a value.
    pub(crate) fn is_line(self) -> bool {
        !matches!(self, Self::Text | Self::Url)
    }

    /// Returns the token in this form.
    pub(crate) fn print(
        self,
        token: &Token,
        request: &TokenRequest,
        engine: Option<Engine>,
    ) -> Result<String, String> {
        let text = token.expose_secret();
        let endpoint = request.endpoint();
        Ok(match self {
            Self::Text => text.to_owned(),
            Self::Url => uri_encode(text),
            Self::Env => {
                let variable = engine
                    .ok_or("--engine is required for --format env")?
                    .password_variable();
                format!("{variable}='{}'", text.replace('\'', r"'\''"))
            }
            Self::Pgpass => format!(
                "{}:{}:*:{}:{}",
                endpoint.host().as_str(),
                endpoint.port(),
                pgpass_user(request.user()),
                pgpass_field(text)
            ),
            Self::Json => json!({
                "token": text,
                "expires_at": token.expires_at().to_string(),
                "host": endpoint.host().as_str(),
                "port": endpoint.port(),
                "user": request.user(),
                "region": request.region().as_str(),
            })
            .to_string(),
        })
    }
}

/// Escapes a user for `.pgpass`, where `*` alone stands for any.
fn pgpass_user(user: &str) -> String {
    if user == "*" {
        return r"\*".to_owned();
    }
    pgpass_field(user)
}

/// Escapes what ends a field of `.pgpass`.
fn pgpass_field(text: &str) -> String {
    text.replace('\\', r"\\").replace(':', r"\:")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_of_pgpass_keeps_its_text() {
        for (user, written) in [
            ("app", "app"),
            ("a:b", r"a\:b"),
            (r"a\b", r"a\\b"),
            ("*", r"\*"),
            ("a*", "a*"),
        ] {
            assert_eq!(pgpass_user(user), written);
        }
    }
}
