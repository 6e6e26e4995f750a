//! What can be read of a token, and what cannot.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::mem;

use super::{cause::Cause, compare, expected::Expected, finding::Finding, signature, truncated};
use crate::token::{ParseTokenError, parameter, read::Draft};

/// Reads the text of a token, which may have faults. `length` is that of the password.
pub(super) fn check(text: &str, query: &str, length: usize, known: &Expected) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut whole = text;
    let is_cut = truncated::is_cut(query);
    if is_cut {
        findings.push(truncated::finding(length));
        // What is cut cannot be compared with anything.
        let last = query.rsplit('&').next().unwrap_or_default();
        whole = text
            .strip_suffix(last)
            .unwrap_or(text)
            .trim_end_matches('&');
    }
    let mut faults = Vec::<ParseTokenError>::new();
    let draft = Draft::read(whole, &mut |fault| {
        if !faults.iter().any(|earlier| is_of_the_same(earlier, &fault)) {
            faults.push(fault);
        }
    });
    // Where the first parameter is cut, there is none left.
    let end = ParseTokenError::Unknown {
        offset: whole.len(),
    };
    findings.extend(
        faults
            .iter()
            .filter(|fault| **fault != end)
            .map(|fault| explain(fault, text)),
    );
    if !is_cut {
        let required = parameter::ALL
            .iter()
            .filter(|name| **name != parameter::SECURITY_TOKEN);
        for name in
            required.filter(|name| parameter::split(query).all(|(there, _)| there != **name))
        {
            findings.push(Finding::new(
                Cause::MissingParameter,
                format!("has no {name}"),
            ));
        }
    }
    findings.extend(compare::check(&draft, is_cut, known));
    let last = check_encoding(query).or_else(|| signature::check(text, length, known));
    findings.extend(last.filter(|last| findings.iter().all(|found| found.cause() != last.cause())));
    findings
}

/// Looks for signs of another encoding in what can still be read.
fn check_encoding(query: &str) -> Option<Finding> {
    let has = |name, mark| {
        parameter::split(query)
            .any(|(there, value)| there == name && value.is_some_and(|value| value.contains(mark)))
    };
    if has(parameter::CREDENTIAL, '/') {
        return Some(Finding::new(
            Cause::Decoded,
            "has slashes that should be %2F",
        ));
    }
    [parameter::USER, parameter::SECURITY_TOKEN]
        .into_iter()
        .find(|name| has(name, '+'))
        .map(|name| Finding::new(Cause::PlusForSpace, format!("has a plus sign in {name}")))
}

/// Says in a finding what kept a text from being read.
fn explain(fault: &ParseTokenError, text: &str) -> Finding {
    let authority = text.split('?').next().unwrap_or_default();
    let (cause, message) = match fault {
        ParseTokenError::Duplicate { name, .. } => {
            (Cause::DuplicateParameter, format!("has {name} twice"))
        }
        ParseTokenError::Encoding { offset } => (
            Cause::MalformedEncoding,
            format!("has a character that is not encoded, at byte {offset}"),
        ),
        ParseTokenError::Host { .. } => {
            (Cause::MalformedHost, "has no DNS name as its host".into())
        }
        ParseTokenError::MissingSlash { .. } => (
            Cause::MissingSlash,
            "has no slash before its question mark".into(),
        ),
        ParseTokenError::Port { .. } if authority.contains(':') => (
            Cause::MalformedHost,
            "has no number from 1 to 65535 as its port".into(),
        ),
        ParseTokenError::Port { .. } => (Cause::MissingPort, "has no port after its host".into()),
        ParseTokenError::Unknown { offset } => {
            let (before, parameter) = text.split_at_checked(*offset).unwrap_or_default();
            (Cause::UnknownParameter, unknown(before, parameter))
        }
        ParseTokenError::Value { name, .. } if *name == parameter::SIGNATURE => (
            Cause::MalformedSignature,
            "has a signature of another form".into(),
        ),
        ParseTokenError::Value { name, .. } => (
            Cause::MalformedParameter,
            format!("has another form of {name} than a token has"),
        ),
        ParseTokenError::Missing { .. }
        | ParseTokenError::NoQuery { .. }
        | ParseTokenError::TooLong { .. } => (Cause::NotAToken, fault.to_string()),
    };
    Finding::new(cause, message)
}

/// Says which parameter it is that no token has, unless it may be something else: what is behind a
/// secret may be a piece of it.
fn unknown(before: &str, parameter: &str) -> String {
    let end = parameter.find(['=', '&']).unwrap_or(parameter.len());
    let (name, _) = parameter.split_at(end);
    if let Some(known) = parameter::ALL
        .iter()
        .find(|known| known.eq_ignore_ascii_case(name))
    {
        return format!("has {name} in place of {known}: case counts");
    }
    let is_name = |letter: u8| letter.is_ascii_alphabetic() || letter == b'-';
    if (1..20).contains(&name.len())
        && name.bytes().all(is_name)
        && !parameter::names_secret(before)
    {
        return format!("has {name}, which no token has");
    }
    "has a parameter that no token has".into()
}

/// Tells whether one of two faults says it all.
fn is_of_the_same(one: &ParseTokenError, other: &ParseTokenError) -> bool {
    use ParseTokenError::{Duplicate, Value};

    match (one, other) {
        (Duplicate { name: one, .. }, Duplicate { name: other, .. })
        | (Value { name: one, .. }, Value { name: other, .. }) => one == other,
        _ => mem::discriminant(one) == mem::discriminant(other),
    }
}
