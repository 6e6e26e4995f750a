//! Names of users in SQL: which are accepted, and how they are quoted.

use alloc::{format, string::String};
use core::fmt::Write as _;

use super::{engine::Engine, error::Error};
use crate::fault::{Fault, Flaw};

/// Rejects a name that the engine would change, or that could end before its quotation mark.
pub(super) fn check(engine: Engine, name: &str, utf8_session: bool) -> Result<(), Error> {
    let user = |flaw| Error::User { engine, flaw };
    Fault::find(name, |byte| !matches!(byte, b'\0' | b'\r' | b'\n')).map_err(user)?;
    let max_characters = match engine {
        // PostgreSQL documentation, "Identifiers and Key Words": NAMEDATALEN less one.
        Engine::PostgreSql if name.len() > 63 => return Err(user(Fault::TooLong.at(63))),
        Engine::PostgreSql => return Ok(()),
        // MariaDB documentation, "Identifier Names".
        Engine::MariaDb => 80,
        // MySQL Reference Manual, "Account User Names and Passwords".
        Engine::MySql => 32,
    };
    if is_account(name) {
        return Err(Error::Account);
    }
    check_characters(name, max_characters).map_err(user)?;
    match name.bytes().position(|byte| !byte.is_ascii()) {
        Some(offset) if !utf8_session => Err(Error::NotAscii(Fault::NonAscii.at(offset))),
        _ => Ok(()),
    }
}

/// Rejects characters that MySQL and MariaDB change, or that a terminal hides or obeys.
fn check_characters(name: &str, max_characters: usize) -> Result<(), Flaw> {
    for (count, (offset, character)) in name.char_indices().enumerate() {
        let fault = match character {
            _ if character.is_control() => Fault::ControlCharacter,
            // MySQL Reference Manual, "Schema Object Names".
            '\u{10000}'.. => Fault::Character,
            _ if is_invisible(character) => Fault::Character,
            _ if count == max_characters => Fault::TooLong,
            _ => continue,
        };
        return Err(fault.at(offset));
    }
    // The column of user names is padded with spaces.
    if name.ends_with(' ') {
        return Err(Fault::WhiteSpace.at(name.len() - 1));
    }
    Ok(())
}

/// Returns `true` for a character that changes the direction of text, breaks a line or has no width.
fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
    )
}

/// Returns `true` for `'app'@'%'`, `app@10.0.%` and the like, and `false` for `jane@example.com`.
fn is_account(name: &str) -> bool {
    let quoted = |part: &str| {
        let mark = part.chars().next();
        part.len() > 1 && matches!(mark, Some('\'' | '"' | '`')) && part.chars().next_back() == mark
    };
    name.rsplit_once('@').is_some_and(|(user, host)| {
        let address = !host.is_empty()
            && host
                .bytes()
                .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'/'));
        quoted(user) && !user.is_empty()
            || quoted(host)
            || address
            || host.contains('%')
            || host.contains("::")
            || host.eq_ignore_ascii_case("localhost")
    })
}

/// Rejects what is not the host of an account.
pub(super) fn check_host(host: &str) -> Result<(), Error> {
    Fault::find(host, |byte| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'%' | b':' | b'/')
    })
    .map_err(Error::Host)?;
    match host.len() {
        // MySQL Reference Manual 5.7, "Grant Tables"; later servers store more.
        0..=60 => Ok(()),
        _ => Err(Error::Host(Fault::TooLong.at(60))),
    }
}

/// Returns the name as a quoted identifier of PostgreSQL, in ASCII.
///
/// Everything but printable ASCII is escaped, so that the character set of neither session nor client
/// matters (PostgreSQL documentation, "Identifiers and Key Words"). So is `$`: the name may be
/// between dollar quotes.
pub(super) fn postgresql(name: &str) -> String {
    if name
        .bytes()
        .all(|byte| matches!(byte, b' '..=b'~') && byte != b'$')
    {
        return format!("\"{}\"", name.replace('"', "\"\""));
    }
    let mut quoted = String::from("U&\"");
    for character in name.chars() {
        // Writing to a string cannot fail.
        let _ = match character {
            '"' => quoted.write_str("\"\""),
            '\\' => quoted.write_str("\\\\"),
            ' '..='~' if character != '$' => quoted.write_char(character),
            '\0'..='\u{ffff}' => write!(quoted, "\\{:04X}", u32::from(character)),
            _ => write!(quoted, "\\+{:06X}", u32::from(character)),
        };
    }
    quoted.push('"');
    quoted
}

/// Returns an account of MySQL and MariaDB.
///
/// Without a host the name is in backticks, in which no `sql_mode` changes anything. With a
/// host both are in single quotes, as in the manuals, but for a name with a backslash: what that
/// means in single quotes depends on `NO_BACKSLASH_ESCAPES`.
pub(super) fn mysql(name: &str, host: Option<&str>) -> String {
    let backticks = || format!("`{}`", name.replace('`', "``"));
    match host {
        None => backticks(),
        Some(host) if name.contains('\\') => format!("{}@'{host}'", backticks()),
        Some(host) => format!("'{}'@'{host}'", name.replace('\'', "''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_the_engine_would_change_is_rejected() {
        use Engine::{MariaDb, MySql, PostgreSql};

        let umlauts = |count| "ü".repeat(count);
        for (engine, name, flaw) in [
            (PostgreSql, "u".repeat(63), None),
            (PostgreSql, "u".repeat(64), Some(Fault::TooLong.at(63))),
            (PostgreSql, umlauts(31), None),
            (PostgreSql, umlauts(32), Some(Fault::TooLong.at(63))),
            (PostgreSql, "a ".into(), None),
            (PostgreSql, "a\u{1b}\u{202e}😀".into(), None),
            (PostgreSql, String::new(), Some(Fault::Empty.at(0))),
            (
                PostgreSql,
                "a\0".into(),
                Some(Fault::ControlCharacter.at(1)),
            ),
            (PostgreSql, "a\n".into(), Some(Fault::LineBreak.at(1))),
            (MySql, umlauts(32), None),
            (MySql, umlauts(33), Some(Fault::TooLong.at(64))),
            (MariaDb, umlauts(80), None),
            (MariaDb, umlauts(81), Some(Fault::TooLong.at(160))),
            // MariaDB 10.11 creates `a` for the first and rejects the second.
            (MariaDb, "a ".into(), Some(Fault::WhiteSpace.at(1))),
            (MariaDb, " ".into(), Some(Fault::WhiteSpace.at(0))),
            (MariaDb, "a😀".into(), Some(Fault::Character.at(1))),
            (MySql, " a\u{ffff}".into(), None),
            (MySql, String::new(), Some(Fault::Empty.at(0))),
            (MySql, "a\r".into(), Some(Fault::LineBreak.at(1))),
            // What a terminal obeys or hides.
            (MySql, "a\t".into(), Some(Fault::ControlCharacter.at(1))),
            (
                MySql,
                "\u{1b}[2J".into(),
                Some(Fault::ControlCharacter.at(0)),
            ),
            (MySql, "a\u{85}".into(), Some(Fault::ControlCharacter.at(1))),
            (MariaDb, "a\u{202e}b".into(), Some(Fault::Character.at(1))),
            (MariaDb, "a\u{2066}b".into(), Some(Fault::Character.at(1))),
            (MariaDb, "a\u{200b}b".into(), Some(Fault::Character.at(1))),
            (MariaDb, "שלום عربي".into(), None),
        ] {
            let rejection = flaw.map(|flaw| Error::User { engine, flaw });
            assert_eq!(
                check(engine, &name, true).err(),
                rejection,
                "{engine} {name:?}"
            );
        }
    }

    #[test]
    fn a_rejected_name_is_explained_by_the_rule_of_the_engine() {
        for (engine, rule) in [
            (
                Engine::MariaDb,
                "MariaDB stores 1 to 80 visible characters, no space at the end",
            ),
            (
                Engine::MySql,
                "MySQL stores 1 to 32 visible characters, no space at the end",
            ),
            (
                Engine::PostgreSql,
                "PostgreSQL stores 1 to 63 bytes without NUL, CR and LF",
            ),
        ] {
            let message = check(engine, "", true).map_err(|error| format!("{error}"));
            assert_eq!(message, Err(format!("invalid user: empty; {rule}")));
        }
    }

    #[test]
    fn a_name_beyond_ascii_needs_a_utf8_session_in_mysql_and_mariadb() {
        for name in ["€", "a\u{a5}", "あ", "é` IDENTIFIED BY 'pw'#"] {
            for engine in [Engine::MySql, Engine::MariaDb] {
                let offset = name.find(|c: char| !c.is_ascii()).unwrap_or_default();
                let rejection = Error::NotAscii(Fault::NonAscii.at(offset));
                assert_eq!(check(engine, name, false), Err(rejection), "{name}");
                assert_eq!(check(engine, name, true), Ok(()), "{name}");
            }
            assert_eq!(check(Engine::PostgreSql, name, false), Ok(()), "{name}");
        }
    }

    #[test]
    fn an_account_is_not_a_name_in_mysql_and_mariadb() {
        for (name, account) in [
            ("'app'@'%'", true),
            ("`app`@`10.0.%`", true),
            ("\"app\"@\"localhost\"", true),
            ("'app'@example.com", true),
            ("app@%", true),
            ("app@10.0.%", true),
            ("app@10.0.0.1", true),
            ("app@192.168.1.0/255.255.255.0", true),
            ("app@localhost", true),
            ("app@::1", true),
            ("app@'%'", true),
            ("app@%.example.com", true),
            ("jane@example.com", false),
            ("app@", false),
            ("app", false),
            ("'app'", false),
            ("a'b", false),
            ("'@example.com", false),
            ("app%", false),
            ("@", false),
        ] {
            let rejection = account.then_some(Error::Account);
            for engine in [Engine::MySql, Engine::MariaDb] {
                assert_eq!(check(engine, name, false).err(), rejection, "{name}");
            }
            assert_eq!(check(Engine::PostgreSql, name, false), Ok(()), "{name}");
        }
    }

    #[test]
    fn the_host_of_an_account_is_a_name_an_address_or_a_pattern() {
        let longest = "h".repeat(60);
        for (host, flaw) in [
            ("%", None),
            ("10.0.%", None),
            ("192.168.1.0/255.255.255.0", None),
            ("::1", None),
            ("db-client_.example.com", None),
            (longest.as_str(), None),
            (&(longest.clone() + "h"), Some(Fault::TooLong.at(60))),
            ("", Some(Fault::Empty.at(0))),
            ("10.0.%'", Some(Fault::Character.at(6))),
            ("10.0.%\\", Some(Fault::Character.at(6))),
            ("a b", Some(Fault::WhiteSpace.at(1))),
            ("€", Some(Fault::NonAscii.at(0))),
        ] {
            assert_eq!(check_host(host).err(), flaw.map(Error::Host), "{host}");
        }
    }

    #[test]
    fn a_name_is_quoted_in_ascii_for_postgresql() {
        for (name, quoted) in [
            ("app", "\"app\""),
            ("a\"b\\c`d", "\"a\"\"b\\c`d\""),
            ("€", "U&\"\\20AC\""),
            ("é\"\\ x", "U&\"\\00E9\"\"\\\\ x\""),
            ("😀", "U&\"\\+01F600\""),
            (
                "a\tb\u{1b}\u{202e}\u{7f}",
                "U&\"a\\0009b\\001B\\202E\\007F\"",
            ),
            ("a$$b", "U&\"a\\0024\\0024b\""),
        ] {
            assert_eq!(postgresql(name), quoted);
        }
    }

    #[test]
    fn an_account_is_quoted_for_every_sql_mode() {
        for (name, alone, with_host) in [
            ("app", "`app`", "'app'@'10.0.%'"),
            ("a`b'c", "`a``b'c`", "'a`b''c'@'10.0.%'"),
            ("a\\`b'", "`a\\``b'`", "`a\\``b'`@'10.0.%'"),
        ] {
            assert_eq!(mysql(name, None), alone);
            assert_eq!(mysql(name, Some("10.0.%")), with_host);
        }
    }
}
