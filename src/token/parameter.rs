//! The names of a token's parameters.

pub(crate) use crate::{
    presign::parameter::{
        ALGORITHM, CREDENTIAL, DATE, EXPIRES, SECURITY_TOKEN, SIGNATURE, SIGNED_HEADERS,
    },
    rds::{ACTION_NAME as ACTION, USER_NAME as USER},
};

/// In the order of the `aws` command.
pub(crate) const ALL: [&str; 9] = [
    ACTION,
    USER,
    ALGORITHM,
    CREDENTIAL,
    DATE,
    EXPIRES,
    SIGNED_HEADERS,
    SECURITY_TOKEN,
    SIGNATURE,
];

/// Splits a query into names and values, which stay encoded. A parameter without an equals sign has
/// no value.
pub(crate) fn split(query: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    query
        .split('&')
        .map(|parameter| match parameter.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (parameter, None),
        })
}

/// Returns `true` if a text has the name of a parameter that holds a secret, in any letter case.
pub(crate) fn names_secret(text: &str) -> bool {
    [SECURITY_TOKEN, SIGNATURE]
        .iter()
        .any(|name| position(text, name).is_some())
}

/// Finds a name in whatever letter case.
pub(crate) fn position(text: &str, name: &str) -> Option<usize> {
    text.as_bytes()
        .windows(name.len())
        .position(|found| found.eq_ignore_ascii_case(name.as_bytes()))
}
