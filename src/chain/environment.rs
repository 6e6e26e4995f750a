//! The environment variables, all asked for at once.

use alloc::{borrow::Cow, format, string::String, vec::Vec};

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
        let names = variables(&path);
        if names.is_empty() {
            return Ok(path);
        }
        let answer =
            run.ask(|| Ask::Variables(names.iter().map(|name| (*name).into()).collect()))?;
        let Answer::Variables(values) = answer else {
            return Ok(path);
        };
        let mut expanded = String::new();
        let mut rest: &str = &path;
        for (name, value) in names.iter().zip(values) {
            let braced = format!("${{{name}}}");
            let plain = format!("${name}");
            let found = rest.find(&braced).map(|at| (at, braced.len()));
            let found = match (found, rest.find(&plain)) {
                (Some((at, len)), other) if other.is_none_or(|other| at < other) => Some((at, len)),
                (_, other) => other.map(|at| (at, plain.len())),
            };
            let Some((at, len)) = found else { continue };
            let (before, after) = rest.split_at(at);
            let (variable, after) = after.split_at(len);
            expanded.push_str(before);
            expanded.push_str(value.as_deref().unwrap_or(variable));
            rest = after;
        }
        expanded.push_str(rest);
        Ok(Cow::Owned(expanded))
    }
}

/// Returns the names of the variables in a path, in order.
fn variables(path: &str) -> Vec<&str> {
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let starts = path.match_indices('$');
    let names = starts.filter_map(|(at, _)| {
        let rest = path.get(at + 1..)?;
        match rest.strip_prefix('{') {
            Some(braced) => braced.split_once('}').map(|(name, _)| name),
            None => rest.get(..rest.find(|letter| !is_letter(letter)).unwrap_or(rest.len())),
        }
    });
    names
        .filter(|name| !name.is_empty() && name.chars().all(is_letter))
        .collect()
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
