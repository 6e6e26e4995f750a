//! Letters that were changed: their case, and percent signs.

use alloc::string::String;

use crate::{
    secret::Secret,
    sigv4::TERMINATION,
    token::parameter::{self, ALGORITHM, CREDENTIAL, DATE},
};

/// Restores the names of parameters, the date and the algorithm of a text in one letter case.
///
/// `action=connect&dbuser=app&x-amz-algorithm=aws4-hmac-sha256&x-amz-credential=akia…`
pub(super) fn with_letter_case(text: &str) -> Option<Secret> {
    let (authority, query) = text.split_once('?')?;
    let has = |is_case: fn(&u8) -> bool| query.as_bytes().iter().any(is_case);
    if has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase) {
        return None;
    }
    let restored = |name: &str| {
        let mut names = parameter::ALL.iter();
        names
            .find(|known| known.eq_ignore_ascii_case(name))
            .copied()
    };
    let is_changed = |name: &str| restored(name).is_some_and(|restored| restored != name);
    let names = || parameter::split(query).map(|(name, _)| name);
    if names().filter(|name| is_changed(name)).count() < FEWEST_NAMES {
        return None;
    }
    let mut text = String::with_capacity(text.len());
    text.push_str(authority);
    let marks = core::iter::once('?').chain(core::iter::repeat('&'));
    for (mark, (name, value)) in marks.zip(parameter::split(query)) {
        let name = restored(name).unwrap_or(name);
        text.push(mark);
        text.push_str(name);
        if let Some(value) = value {
            text.push('=');
            let start = text.len();
            text.push_str(value);
            if [ALGORITHM, DATE].contains(&name) {
                if let Some(value) = text.get_mut(start..) {
                    value.make_ascii_uppercase();
                }
            }
        }
    }
    Some(Secret::new(text))
}

/// Returns `true` if the percent signs are missing, and perhaps what follows them.
///
/// `AKIAIOSFODNN7EXAMPLE2F201508302Feu-west-12Frds-db2Faws4_request`, `…EXAMPLEF20150830Feu-west-1F…` from
/// a batch file, `…EXAMPLE0.00000020150830…` from `printf`.
pub(super) fn has_no_percent_signs(query: &str) -> bool {
    let mut parameters = parameter::split(query);
    let credential = parameters.find(|(name, _)| *name == CREDENTIAL);
    credential
        .and_then(|(_, value)| value)
        .is_some_and(|value| {
            let before = value.strip_suffix(TERMINATION).unwrap_or_default();
            before.len() > SHORTEST_SCOPE && !before.contains(['/', '%'])
        })
}

/// Fewer names in one letter case may be mistakes of a signer.
const FEWEST_NAMES: usize = 2;

/// In bytes: `20150830us-east-1rds`.
const SHORTEST_SCOPE: usize = 20;
