//! The rules for the parts of an ARN and of a pattern.

use super::{
    error::Error,
    glob::{self, Match},
};
use crate::{
    fault::{Fault, Flaw},
    region::Region,
};

/// Rejects a part of the ARN of one user that is a pattern.
pub(super) fn one(part: &str) -> Result<(), Error> {
    match glob::wildcard(part) {
        Some(offset) => Err(Error::Pattern(Fault::Character.at(offset))),
        None => Ok(()),
    }
}

/// Rejects a partition that does not match the region's, unless the region is a pattern.
pub(super) fn partition(partition: &str, region: &str) -> Result<(), Error> {
    Fault::find(partition, |byte| {
        matches!(byte, b'a'..=b'z' | b'-') || is_wildcard(byte)
    })
    .map_err(Error::Partition)?;
    let fits = match Region::new(region) {
        Ok(region) => glob::compare(partition, region.partition(), false) == Match::Yes,
        Err(_) => {
            partition == "aws"
                || partition.starts_with("aws-")
                || partition.bytes().any(is_wildcard)
        }
    };
    if fits {
        Ok(())
    } else {
        Err(Error::Partition(Fault::Prefix.at(0)))
    }
}

pub(super) fn region(region: &str) -> Result<(), Error> {
    Fault::find(region, |byte| {
        matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-') || is_wildcard(byte)
    })
    .map_err(Error::Region)
}

pub(super) fn account(account: &str) -> Result<(), Error> {
    Fault::find(account, |byte| byte.is_ascii_digit() || is_wildcard(byte))
        .and_then(|()| match account.len() {
            12 => Ok(()),
            0..12 if account.contains('*') => Ok(()),
            0..12 => Err(Fault::TooShort.at(account.len())),
            _ => Err(Fault::TooLong.at(12)),
        })
        .map_err(Error::Account)
}

/// Rejects what matches no resource ID.
pub(super) fn resource_id(id: &str) -> Result<(), Error> {
    find_outside_variables(id, |byte| byte.is_ascii_graphic() || byte == b' ')
        .and_then(|()| check_id(id))
        .map_err(Error::ResourceId)
}

fn check_id(id: &str) -> Result<(), Flaw> {
    let start = glob::wildcard(id)
        .and_then(|end| id.get(..end))
        .unwrap_or(id);
    let prefix = PREFIXES.iter().find(|prefix| start.starts_with(*prefix));
    let Some(prefix) = prefix else {
        return if start.len() < id.len() && PREFIXES.iter().any(|prefix| prefix.starts_with(start))
        {
            find_outside_variables(id, |byte| {
                byte.is_ascii_alphanumeric() || byte == b'-' || is_wildcard(byte)
            })
        } else {
            Err(Fault::Prefix.at(0))
        };
    };
    let rest = id.get(prefix.len()..).filter(|rest| !rest.is_empty());
    let rest = rest.ok_or(Fault::TooShort.at(prefix.len()))?;
    find_outside_variables(rest, |byte| {
        byte.is_ascii_digit()
            || byte.is_ascii_uppercase()
            || *prefix == "prx-" && byte.is_ascii_lowercase()
            || is_wildcard(byte)
    })
    .map_err(|flaw| flaw.fault.at(prefix.len() + flaw.offset))
}

/// Rejects what cannot be in a policy (IAM API Reference, `CreatePolicy`), or would need to be
/// escaped in JSON.
pub(super) fn user(user: &str) -> Result<(), Error> {
    let quoting = |byte| matches!(byte, b'"' | b'\\');
    find_outside_variables(user, |byte| !quoting(byte) && !byte.is_ascii_control())
        .and_then(|()| {
            user.char_indices()
                .find(|&(_, letter)| letter > '\u{ff}' || letter.is_control())
                .map_or(Ok(()), |(offset, _)| Err(Fault::Character.at(offset)))
        })
        .map_err(Error::User)
}

/// Finds the first byte that is not allowed outside a policy variable, or an incomplete variable.
fn find_outside_variables(text: &str, allowed: impl Fn(u8) -> bool) -> Result<(), Flaw> {
    if text.is_empty() {
        return Err(Fault::Empty.at(0));
    }
    let mut offset = 0;
    while let Some(rest) = text.get(offset..).filter(|rest| !rest.is_empty()) {
        let literal = rest.find("${").unwrap_or(rest.len());
        match rest.get(..literal) {
            None | Some("") => {}
            Some(literal) => Fault::find(literal, &allowed)
                .map_err(|flaw| flaw.fault.at(offset + flaw.offset))?,
        }
        offset += literal;
        if let Some(variable) = text.get(offset..).filter(|rest| !rest.is_empty()) {
            offset += variable_len(variable).ok_or(Fault::Character.at(offset))?;
        }
    }
    Ok(())
}

/// Returns the length of the policy variable that a text starts with, if it is complete.
pub(super) fn variable_len(text: &str) -> Option<usize> {
    let (name, _) = text.strip_prefix("${")?.split_once('}')?;
    let plain = |byte: u8| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\' | b'{');
    (!name.is_empty() && name.bytes().all(plain)).then_some(name.len() + 3)
}

fn is_wildcard(byte: u8) -> bool {
    matches!(byte, b'*' | b'?')
}

/// Of an instance, a cluster and a proxy.
pub(super) const PREFIXES: [&str; 3] = ["db-", "cluster-", "prx-"];
