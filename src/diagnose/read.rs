//! Step 3: read what can be read of a token, and explain what cannot.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::{mem, num::NonZero};

use super::{cause::Cause, finding::Finding};
use crate::{
    ascii, host,
    token::{ParseTokenError, parameter, read::Draft},
};

/// Returns the query of a text that is a token: one that has a parameter of a token, or that ends soon
/// after the host and port of one.
///
/// If a secret parameter is in front of the first question mark, that mark is part of a value, and
/// what is before it is no host.
pub(super) fn query(text: &str) -> Option<&str> {
    let (authority, query) = text.split_once('?')?;
    if parameter::names_secret(authority) {
        return None;
    }
    let mut names = parameter::split(query).map(|(name, _)| name);
    let is_parameter = |name: &str| {
        parameter::ALL
            .iter()
            .any(|known| known.eq_ignore_ascii_case(name))
    };
    // db.c1a2…:5432/?Act
    let is_start = || {
        let is_name = [parameter::ACTION, parameter::USER]
            .iter()
            .any(|name| name.starts_with(query));
        let (host, port) = authority.strip_suffix('/')?.rsplit_once(':')?;
        let is_endpoint =
            host::check(host).is_ok() && ascii::decimal::<NonZero<u16>>(port).is_some();
        (is_name && is_endpoint).then_some(())
    };
    (names.any(is_parameter) || is_start().is_some()).then_some(query)
}

/// Parses the part of a text that is not cut, and returns the findings about what cannot be read.
pub(super) fn read<'a>(text: &str, whole_part: &'a str) -> (Draft<'a>, Vec<Finding>) {
    let mut faults = Vec::<ParseTokenError>::new();
    let draft = Draft::read(whole_part, &mut |fault| {
        if !faults.iter().any(|earlier| is_of_the_same(earlier, &fault)) {
            faults.push(fault);
        }
    });
    // If the first parameter is cut, there is none left.
    let end = ParseTokenError::Unknown {
        offset: whole_part.len(),
    };
    let faults = faults.iter().filter(|fault| **fault != end);
    let findings = faults.map(|fault| explain(fault, text)).collect();
    (draft, findings)
}

/// Finds the parameters that are missing.
pub(super) fn missing(query: &str) -> impl Iterator<Item = Finding> {
    let is_missing = |name: &&&str| parameter::split(query).all(|(there, _)| there != **name);
    parameter::ALL
        .iter()
        .filter(|name| **name != parameter::SECURITY_TOKEN)
        .filter(is_missing)
        .map(|name| Finding::new(Cause::MissingParameter, format!("{name} is missing")))
}

/// Finds the signs of a different encoding in what can still be read.
pub(super) fn encoding(query: &str) -> Option<Finding> {
    let has = |name, mark| {
        parameter::split(query)
            .any(|(there, value)| there == name && value.is_some_and(|value| value.contains(mark)))
    };
    // X-Amz-Credential=AKIAIOSFODNN7EXAMPLE/20150830/us-east-1/rds-db/aws4_request
    if has(parameter::CREDENTIAL, '/') {
        let message = "slashes of X-Amz-Credential are not percent-encoded; expected %2F";
        return Some(Finding::new(Cause::Decoded, message));
    }
    // DBUser=Jane+Doe
    [parameter::USER, parameter::SECURITY_TOKEN]
        .into_iter()
        .find(|name| has(name, '+'))
        .map(|name| {
            let message = format!("{name} contains a plus sign; expected %20 or %2B");
            Finding::new(Cause::PlusForSpace, message)
        })
}

/// Explains what kept a text from being read.
fn explain(fault: &ParseTokenError, text: &str) -> Finding {
    let authority = text.split('?').next().unwrap_or_default();
    let (cause, message) = match fault {
        ParseTokenError::Duplicate { name, .. } => (
            Cause::DuplicateParameter,
            format!("{name} is present twice; expected it once"),
        ),
        ParseTokenError::Encoding { offset } => (
            Cause::MalformedEncoding,
            format!("the character at byte {offset} is not percent-encoded; expected %XX"),
        ),
        ParseTokenError::Host { .. } if has_port_twice(authority) => (
            Cause::MalformedHost,
            "the port is present twice; expected host:port".into(),
        ),
        ParseTokenError::Host { .. } => (
            Cause::MalformedHost,
            "the host is not a DNS name; expected host:port".into(),
        ),
        ParseTokenError::MissingSlash { .. } => (
            Cause::MissingSlash,
            "the slash before the question mark is missing; expected host:port/?".into(),
        ),
        ParseTokenError::Port { .. } if authority.contains(':') => (
            Cause::MalformedHost,
            "the port is malformed; expected a number from 1 to 65535".into(),
        ),
        ParseTokenError::Port { .. } => (
            Cause::MissingPort,
            "the port is missing; expected host:port".into(),
        ),
        ParseTokenError::Unknown { offset } => {
            let (before, parameter) = text.split_at_checked(*offset).unwrap_or_default();
            (Cause::UnknownParameter, unknown(before, parameter))
        }
        ParseTokenError::Value { name, .. } if *name == parameter::SIGNATURE => (
            Cause::MalformedSignature,
            "the signature is malformed; expected 64 lowercase hexadecimal digits".into(),
        ),
        ParseTokenError::Value { name, offset } => (
            Cause::MalformedParameter,
            malformed(name, text.get(*offset..).unwrap_or_default()),
        ),
        ParseTokenError::Missing { .. }
        | ParseTokenError::NoQuery { .. }
        | ParseTokenError::TooLong { .. } => (Cause::NotAToken, fault.to_string()),
    };
    Finding::new(cause, message)
}

/// Returns `true` for `db.c1a2…:5432:5432/`, of a signer that received an endpoint as the host.
fn has_port_twice(authority: &str) -> bool {
    let mut parts = authority.trim_end_matches('/').rsplit(':');
    let mut is_port = || parts.next().and_then(ascii::decimal::<u16>).is_some();
    is_port() && is_port()
}

/// Explains the value of a parameter that has a different form.
fn malformed(name: &str, value: &str) -> String {
    let is_empty = value.is_empty() || value.starts_with('&');
    if is_empty && name == parameter::SECURITY_TOKEN {
        return format!(
            "{name} is empty; expected a session token, or no such parameter (AWS_SESSION_TOKEN is set \
             and empty)"
        );
    }
    let found = if is_empty { "empty" } else { "malformed" };
    let expected = match name {
        parameter::CREDENTIAL => "KEY%2FYYYYMMDD%2FREGION%2Frds-db%2Faws4_request",
        parameter::DATE => "YYYYMMDDThhmmssZ",
        parameter::EXPIRES => "a number of seconds",
        _ => "what a signer prints",
    };
    format!("{name} is {found}; expected {expected}")
}

/// Explains a parameter that no token has. It is named unless it may be something else: what is
/// behind a secret may be a piece of it.
fn unknown(before: &str, parameter: &str) -> String {
    let end = parameter.find(['=', '&']).unwrap_or(parameter.len());
    let (name, _) = parameter.split_at(end);
    if let Some(known) = parameter::ALL
        .iter()
        .find(|known| known.eq_ignore_ascii_case(name))
    {
        return format!("{name} is not a parameter of a token; expected {known}, case counts");
    }
    let is_name = |letter: u8| letter.is_ascii_alphabetic() || letter == b'-';
    if (1..20).contains(&name.len())
        && name.bytes().all(is_name)
        && !parameter::names_secret(before)
    {
        return format!("{name} is not a parameter of a token");
    }
    "an unknown parameter is present".into()
}

/// Returns `true` if one of two faults implies the other.
fn is_of_the_same(one: &ParseTokenError, other: &ParseTokenError) -> bool {
    use ParseTokenError::{Duplicate, Value};

    match (one, other) {
        (Duplicate { name: one, .. }, Duplicate { name: other, .. })
        | (Value { name: one, .. }, Value { name: other, .. }) => one == other,
        _ => mem::discriminant(one) == mem::discriminant(other),
    }
}
