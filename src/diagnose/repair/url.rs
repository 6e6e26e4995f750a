//! Passwords in connection URLs, which drivers decode.

use crate::token::parameter::{self, ACTION};

/// A password in a URL that may be a token.
pub(super) enum Password<'a> {
    /// `postgres://user:TOKEN@host`, encoded as it has to be.
    Encoded(&'a str),
    /// Encoded, but for a character at which drivers end the host of a URL.
    HalfEncoded(&'a str, char),
    /// As it was printed, before the host of a URL.
    Raw(&'a str),
    /// As it was printed, in the query of a URL.
    RawInQuery(&'a str),
}

/// Finds the password of a URL, if it may be a token.
pub(super) fn password(text: &str) -> Option<Password<'_>> {
    let (_, rest) = text.split_once("://")?;
    in_query(rest).or_else(|| in_authority(rest))
}

/// Finds the password before the host.
fn in_authority(rest: &str) -> Option<Password<'_>> {
    let (user, rest) = rest.split_once(':')?;
    let (mut password, _) = rest.split_once('@')?;
    // postgres://app:db.c1a2…:5432/?Action=connect&DBUser=me@home&…@db.c1a2…/orders: the user of a
    // token as it was printed may have an at sign too; else what is behind may.
    let is_raw = password.contains('?');
    if is_raw {
        password = rest.rsplit_once('@')?.0;
    }
    // https://db.c1a2…:5432/?Action=connect&…@: a token with a scheme in front has this colon before its
    // port, and no other before its parameters.
    let (host_and_port, _) = password.split_once('?').unwrap_or((password, ""));
    let is_token = password.contains(ACTION) && host_and_port.contains([':', '%']);
    if !is_token || user.contains(['/', '?', '@']) {
        return None;
    }
    if is_raw && is_as_printed(password) {
        return Some(Password::Raw(password));
    }
    // db.c1a2…%3A5432/%3FAction%3Dconnect%26…: `quote` of Python and `escape` of JavaScript keep slashes.
    let mut letters = password.chars();
    let end = letters.find(|letter| matches!(letter, '/' | '?' | '#'));
    Some(match end {
        Some(end) => Password::HalfEncoded(password, end),
        None => Password::Encoded(password),
    })
}

/// Finds the password in a query: `jdbc:mysql://host/db?user=app&password=TOKEN&useSSL=true`.
fn in_query(rest: &str) -> Option<Password<'_>> {
    let start = NAMES.iter().find_map(|name| {
        let at = parameter::position(rest, name)?;
        let before = rest.get(..at)?;
        before.ends_with(['?', '&', ';']).then_some(at + name.len())
    })?;
    let value = rest.get(start..)?;
    let is_end = |letter: char| matches!(letter, '&' | '#' | '"' | '\'') || letter.is_whitespace();
    let encoded = value.split(is_end).next().unwrap_or_default();
    if encoded.contains('%') && !encoded.contains('?') {
        return encoded
            .contains(ACTION)
            .then_some(Password::Encoded(encoded));
    }
    // password=db.c1a2…:5432/?Action=connect&DBUser=app&…&sslmode=verify-full: what has no name of a
    // token's parameter belongs to the URL.
    let (_, query) = value.split_once('?')?;
    let is_own = |pair: &str| {
        let name = pair.split('=').next().unwrap_or_default();
        parameter::ALL.contains(&name)
    };
    let len: usize = query
        .split_inclusive('&')
        .take_while(|pair| is_own(pair))
        .map(str::len)
        .sum();
    let end = value.len() - query.len() + len;
    let token = value.get(..end)?.trim_end_matches('&');
    (len > 0).then_some(if is_as_printed(token) {
        Password::RawInQuery(token)
    } else {
        Password::HalfEncoded(token, '&')
    })
}

/// Returns `true` for a token that is not encoded once more: `…/?Action=connect&…`, with `%2F` and not
/// with the `%252F` of JavaScript's `encodeURI`.
fn is_as_printed(token: &str) -> bool {
    token.contains('&') && !token.contains("%252F") && !token.contains("%252f")
}

/// How drivers call the password in a query, in whatever letter case.
const NAMES: &[&str] = &["password=", "passwd=", "pwd="];
