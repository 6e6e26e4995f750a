//! A limit on new connections per second, as RDS has one of about 200.

use std::{
    collections::hash_map::DefaultHasher,
    error::Error,
    fs::{self, OpenOptions},
    hash::{Hash, Hasher},
    io::{Read, Seek, Write},
    path::Path,
};

use rds_iam_token::Timestamp;

/// Returns `true` if the limit in the file `throttle` is reached; 0 is no limit.
///
/// A token counts once in a second: RDS does not throttle connections that use the same one. The file
/// `throttle.state` has the second and the hashes of its tokens, and a lock for the processes of both
/// servers.
pub(crate) fn refuses(
    folder: &Path,
    at: Timestamp,
    password: &str,
) -> Result<bool, Box<dyn Error>> {
    let limit: usize = fs::read_to_string(folder.join("throttle"))?
        .trim()
        .parse()?;
    if limit == 0 {
        return Ok(false);
    }
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .open(folder.join("throttle.state"))?;
    file.lock()?;
    let mut state = String::new();
    file.read_to_string(&mut state)?;
    let (refuses, state) = count(&state, limit, at.unix_seconds(), hash(password));
    file.rewind()?;
    file.set_len(0)?;
    file.write_all(state.as_bytes())?;
    Ok(refuses)
}

/// Returns whether a token is one too many, and the new state.
fn count(state: &str, limit: usize, second: i64, token: u64) -> (bool, String) {
    let mut words = state.split_whitespace();
    let is_now = words.next().and_then(|word| word.parse().ok()) == Some(second);
    let mut tokens: Vec<u64> = if is_now {
        words.filter_map(|word| word.parse().ok()).collect()
    } else {
        Vec::new()
    };
    let is_new = !tokens.contains(&token);
    let refuses = is_new && tokens.len() >= limit;
    if is_new && !refuses {
        tokens.push(token);
    }
    let tokens = tokens.iter().map(|token| format!(" {token}"));
    (refuses, format!("{second}{}\n", tokens.collect::<String>()))
}

/// Returns 64 bits by which to tell tokens apart, the same in every process.
fn hash(password: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    password.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_counts_once_in_a_second() {
        let mut state = String::new();
        for (second, token, expected) in [
            (1, 10, false),
            (1, 10, false),
            (1, 11, false),
            (1, 12, true),
            // One that was counted goes on.
            (1, 10, false),
            (1, 12, true),
            (2, 12, false),
            (2, 13, false),
            (2, 14, true),
        ] {
            let (refuses, next) = count(&state, 2, second, token);
            assert_eq!(refuses, expected, "{second} {token} {state}");
            state = next;
        }
        assert!(!count("damaged 1 2 3", 2, 1, 1).0);
    }
}
