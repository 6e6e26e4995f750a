//! The environment variables, all asked for at once.

use alloc::{borrow::Cow, format, string::String};

use crate::chain::{
    answer::Answer,
    need::Ask,
    run::{Outcome, Run},
    settings::Platform,
};

/// The values of [`NAMES`].
#[derive(Clone, Copy)]
pub(crate) struct Environment<'a> {
    values: &'a [Option<String>],
    platform: Platform,
}

impl<'a> Environment<'a> {
    pub(crate) fn ask(run: &mut Run<'a>) -> Outcome<Self> {
        let platform = run.settings.platform;
        let answer =
            run.ask(|| Ask::Variables(NAMES.iter().map(|name| (*name).into()).collect()))?;
        let values = match answer {
            Answer::Variables(values) => values.as_slice(),
            _ => &[],
        };
        Ok(Self { values, platform })
    }

    /// Returns a variable, which may be empty.
    pub(crate) fn raw(&self, name: &str) -> Option<&'a str> {
        let index = NAMES.iter().position(|known| *known == name)?;
        self.values.get(index)?.as_deref()
    }

    /// Returns a variable; an empty one counts as not set.
    pub(crate) fn get(&self, name: &str) -> Option<&'a str> {
        self.raw(name).filter(|value| !value.is_empty())
    }

    /// Returns `true` if a switch is on, which is the word `true` in any letter case.
    pub(crate) fn is_on(&self, name: &str) -> bool {
        self.get(name)
            .is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// Returns the path of a file below the home directory.
    pub(crate) fn in_home(&self, below: &[&str]) -> Option<String> {
        let mut path = self.home()?.into_owned();
        for name in below {
            path.push(if self.platform == Platform::Windows {
                '\\'
            } else {
                '/'
            });
            path.push_str(name);
        }
        Some(path)
    }

    /// The user database, which Python reads last, needs I/O: no variable means no home.
    fn home(&self) -> Option<Cow<'a, str>> {
        if let Some(home) = self.get("HOME") {
            return Some(Cow::Borrowed(home.trim_end_matches('/')));
        }
        if self.platform != Platform::Windows {
            return None;
        }
        if let Some(profile) = self.get("USERPROFILE") {
            return Some(Cow::Borrowed(profile));
        }
        let (drive, path) = (self.get("HOMEDRIVE")?, self.get("HOMEPATH")?);
        Some(Cow::Owned(format!("{drive}{path}")))
    }

    /// Expands `~`, `$NAME` and `${NAME}` in a path, as the `aws` command does. What is not known
    /// stays as it is.
    pub(crate) fn expand(&self, run: &mut Run<'a>, path: &'a str) -> Outcome<Cow<'a, str>> {
        let below_home = path
            .strip_prefix('~')
            .filter(|rest| rest.is_empty() || rest.starts_with(['/', '\\']));
        let path = match (below_home, self.home()) {
            (Some(rest), Some(home)) => Cow::Owned(format!("{home}{rest}")),
            _ => Cow::Borrowed(path),
        };
        let mut pieces = path.split('$');
        let start = pieces.next().unwrap_or_default();
        let names = || pieces.clone().filter_map(variable).map(|(name, _)| name);
        if names().next().is_none() {
            return Ok(path);
        }
        let Answer::Variables(values) =
            run.ask(|| Ask::Variables(names().map(String::from).collect()))?
        else {
            return Ok(path);
        };
        let mut values = values.iter();
        let mut expanded = String::from(start);
        for piece in pieces {
            let value = variable(piece).and_then(|(_, after)| Some((values.next()?, after)));
            match value {
                Some((Some(value), after)) => expanded.extend([value.as_str(), after]),
                _ => expanded.extend(["$", piece]),
            }
        }
        Ok(Cow::Owned(expanded))
    }
}

/// Returns the name of the variable that the text after a `$` starts with, and what follows it.
fn variable(text: &str) -> Option<(&str, &str)> {
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let (name, after) = match text.strip_prefix('{') {
        Some(braced) => braced.split_once('}')?,
        None => text.split_at(text.find(|letter| !is_letter(letter)).unwrap_or(text.len())),
    };
    (!name.is_empty() && name.chars().all(is_letter)).then_some((name, after))
}

/// Every variable that the chain looks at.
const NAMES: &[&str] = &[
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_CREDENTIAL_EXPIRATION",
    "AWS_ACCOUNT_ID",
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "AWS_CONFIG_FILE",
    "AWS_SHARED_CREDENTIALS_FILE",
    "AWS_ROLE_ARN",
    "AWS_ROLE_SESSION_NAME",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_LOGIN_CACHE_DIRECTORY",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    "AWS_EC2_METADATA_DISABLED",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
    "AWS_IMDS_USE_IPV6",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_STS",
    "AWS_ENDPOINT_URL_SSO",
    "AWS_ENDPOINT_URL_SSO_OIDC",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    "AWS_USE_FIPS_ENDPOINT",
    "AWS_USE_DUALSTACK_ENDPOINT",
    "AWS_CA_BUNDLE",
    "HOME",
    "USERPROFILE",
    "HOMEDRIVE",
    "HOMEPATH",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_is_a_name_alone_or_in_braces() {
        for (text, expected) in [
            ("DIR/config", Some(("DIR", "/config"))),
            ("{DIR}config", Some(("DIR", "config"))),
            ("a_1-b", Some(("a_1", "-b"))),
            ("DIR", Some(("DIR", ""))),
            ("{DIR", None),
            ("{}", None),
            ("{a-b}", None),
            ("/DIR", None),
            ("", None),
        ] {
            assert_eq!(variable(text), expected, "{text:?}");
        }
    }
}
