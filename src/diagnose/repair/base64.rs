//! Tokens in base64.

use alloc::vec::Vec;

use zeroize::Zeroizing;

use super::bounds::is_joint;
use crate::{
    secret::Secret,
    token::parameter::{ALGORITHM, CREDENTIAL},
};

/// Finds a token in base64: its first byte, its end, and what is encoded.
///
/// `password: ZGIuYzFhMmIzLmV1LXdlc3QtMS5yZHMuYW1hem9uYXdzLmNvbTo1NDMyLz9BY3Rpb249Y29ubmVjdCZEQ…`
pub(super) fn token(text: &str) -> Option<(usize, usize, Secret)> {
    let is_part = |letter: char| value_of(letter).is_some() || is_joint(letter);
    let run = text
        .split(|letter| !is_part(letter))
        .max_by_key(|run| run.len())?;
    let run = run.trim_matches(is_joint);
    if run.len() < SHORTEST {
        return None;
    }
    let start = text.find(run)?;
    let rest = text.get(start + run.len()..)?;
    let padding = rest.len() - rest.trim_start_matches('=').len();
    let decoded = decoded(run)?;
    let names_parameter = [ALGORITHM, CREDENTIAL]
        .iter()
        .any(|name| decoded.expose_secret().contains(name));
    names_parameter.then_some((start, start + run.len() + padding, decoded))
}

/// Decodes both alphabets of RFC 4648. Bits that are not a whole byte at the end are dropped.
fn decoded(text: &str) -> Option<Secret> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len()));
    let (mut bits, mut count) = (0_u32, 0);
    for value in text.chars().filter_map(value_of) {
        bits = bits << 6 | value;
        count += 6;
        if count >= 8 {
            count -= 8;
            let [.., byte] = (bits >> count).to_be_bytes();
            bytes.push(byte);
        }
    }
    core::str::from_utf8(&bytes).ok().map(Secret::new)
}

fn value_of(letter: char) -> Option<u32> {
    let letter = u32::from(letter);
    let at = |first: char| letter - u32::from(first);
    Some(match char::from_u32(letter)? {
        'A'..='Z' => at('A'),
        'a'..='z' => at('a') + 26,
        '0'..='9' => at('0') + 52,
        '+' | '-' => 62,
        '/' | '_' => 63,
        _ => return None,
    })
}

/// In characters: a token is longer.
const SHORTEST: usize = 100;
