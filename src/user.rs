//! Database users.

use crate::{error::Error, fault::Fault};

/// Rejects what no database has as a user.
pub(crate) fn check(user: &str) -> Result<(), Error> {
    let too_long = || (user.len() > MAX_LEN).then_some(Fault::TooLong.at(MAX_LEN));
    match Fault::find(user, |byte| !matches!(byte, b'\0' | b'\r' | b'\n'))
        .err()
        .or_else(too_long)
    {
        Some(flaw) => Err(Error::User(flaw)),
        None => Ok(()),
    }
}

/// In bytes; the databases keep far less.
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
            (&too_long, Some(Fault::TooLong.at(512))),
            ("", Some(Fault::Empty.at(0))),
            ("app\n", Some(Fault::LineBreak.at(3))),
            ("a\rpp", Some(Fault::LineBreak.at(1))),
            ("a\0pp", Some(Fault::ControlCharacter.at(1))),
        ] {
            let refusal = flaw.map(Error::User);
            assert_eq!(check(user).err(), refusal, "{user:?}");
        }
    }
}
