//! Database users.

use crate::{error::Error, fault::Fault};

/// Refuses what can be a user of no database.
pub(crate) fn check(user: &str) -> Result<(), Error> {
    let too_long = || (user.len() > MAX_LEN).then_some((Fault::TooLong, MAX_LEN));
    match Fault::find(user, |byte| !matches!(byte, b'\0' | b'\r' | b'\n'))
        .err()
        .or_else(too_long)
    {
        Some((fault, offset)) => Err(Error::User { fault, offset }),
        None => Ok(()),
    }
}

/// In bytes: what the databases keep is far less.
const MAX_LEN: usize = 512;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_is_1_to_512_bytes_without_nul_cr_and_lf() {
        let longest = "ü".repeat(256);
        let too_long = longest.clone() + "u";
        for (user, flaw) in [
            ("a", None),
            ("Jane.Doe+%2F&=\t\x7f@EXAMPLE 😀", None),
            (longest.as_str(), None),
            (&too_long, Some((Fault::TooLong, 512))),
            ("", Some((Fault::Empty, 0))),
            ("app\n", Some((Fault::LineBreak, 3))),
            ("a\rpp", Some((Fault::LineBreak, 1))),
            ("a\0pp", Some((Fault::ControlCharacter, 1))),
        ] {
            let refusal = flaw.map(|(fault, offset)| Error::User { fault, offset });
            assert_eq!(check(user).err(), refusal, "{user:?}");
        }
    }
}
