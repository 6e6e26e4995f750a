//! The SQL that lets a database user in with tokens.
//!
//! Run it as the master user. It is half of what is needed; the other half is the IAM policy that
//! [`policy`](crate::policy) writes.
//!
//! Names are quoted in the one way that no setting of the server changes: in double quotes for
//! PostgreSQL (whatever `standard_conforming_strings` is) and in backticks for MySQL and MariaDB
//! (whatever `sql_mode` is). So any user that is taken stays one name.
//!
//! # Examples
//!
//! ```
//! use rds_iam_token::{Engine, grant};
//!
//! assert_eq!(
//!     grant::create_user(Engine::PostgreSql, "app")?,
//!     "CREATE USER \"app\";\nGRANT rds_iam TO \"app\";\n",
//! );
//! assert_eq!(
//!     grant::create_user(Engine::MySql, "app")?,
//!     "CREATE USER `app` IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL;\n",
//! );
//! # Ok::<(), rds_iam_token::Error>(())
//! ```

use alloc::{format, string::String};

use crate::{
    engine::Engine,
    error::Error,
    fault::{Fault, Flaw},
    user,
};

/// Writes what creates a user who logs in with tokens.
///
/// In MySQL and MariaDB the user may come from every host, and has to come over TLS. In PostgreSQL
/// the server sees to TLS by itself, and the role `rds_iam` takes precedence over a password.
///
/// # Errors
///
/// [`Error::User`] for an empty name, and one with NUL, CR or LF. [`Error::EngineUser`] for
/// a name that the engine would cut or change: over 63 bytes in PostgreSQL, over 32 characters in
/// MySQL and 80 in MariaDB, and in both of these a space at the end or a character beyond U+FFFF.
pub fn create_user(engine: Engine, user: &str) -> Result<String, Error> {
    let name = quote(engine, user)?;
    Ok(match engine {
        Engine::PostgreSql => format!("CREATE USER {name};\nGRANT rds_iam TO {name};\n"),
        Engine::MariaDb | Engine::MySql => format!("CREATE USER {name} {WITH_TOKENS};\n"),
    })
}

/// Writes what makes an existing user log in with tokens, and no longer with a password; it undoes
/// [`disable_iam`].
///
/// # Errors
///
/// As [`create_user`].
///
/// # Examples
///
/// ```
/// use rds_iam_token::{Engine, grant};
///
/// let on = grant::enable_iam(Engine::PostgreSql, "app")?;
/// assert_eq!(on, "GRANT rds_iam TO \"app\";\n");
/// let off = grant::disable_iam(Engine::PostgreSql, "app")?;
/// assert_eq!(off, "REVOKE rds_iam FROM \"app\";\n");
/// # Ok::<(), rds_iam_token::Error>(())
/// ```
pub fn enable_iam(engine: Engine, user: &str) -> Result<String, Error> {
    let name = quote(engine, user)?;
    Ok(match engine {
        Engine::PostgreSql => format!("GRANT rds_iam TO {name};\n"),
        Engine::MariaDb | Engine::MySql => {
            format!("ALTER USER {name} {WITH_TOKENS} ACCOUNT UNLOCK;\n")
        }
    })
}

/// Writes what keeps tokens of an existing user out again.
///
/// In PostgreSQL the user's password counts again, if there is one. MySQL and MariaDB have no such
/// way back without a new password, so the account is locked there; its privileges stay.
///
/// # Errors
///
/// As [`create_user`].
pub fn disable_iam(engine: Engine, user: &str) -> Result<String, Error> {
    let name = quote(engine, user)?;
    Ok(match engine {
        Engine::PostgreSql => format!("REVOKE rds_iam FROM {name};\n"),
        Engine::MariaDb | Engine::MySql => format!("ALTER USER {name} ACCOUNT LOCK;\n"),
    })
}

/// Quotes a user's name as an identifier.
fn quote(engine: Engine, user: &str) -> Result<String, Error> {
    user::check(user)?;
    check_kept(engine, user).map_err(|flaw| Error::EngineUser { engine, flaw })?;
    let mark = match engine {
        Engine::PostgreSql => "\"",
        Engine::MariaDb | Engine::MySql => "`",
    };
    Ok([mark, &user.replace(mark, &mark.repeat(2)), mark].concat())
}

/// Refuses a name that the engine would change.
fn check_kept(engine: Engine, user: &str) -> Result<(), Flaw> {
    let max_characters = match engine {
        // PostgreSQL documentation, "Identifiers and Key Words": NAMEDATALEN less one.
        Engine::PostgreSql if user.len() > 63 => return Err(Fault::TooLong.at(63)),
        Engine::PostgreSql => return Ok(()),
        // MariaDB documentation, "Identifier Names".
        Engine::MariaDb => 80,
        // MySQL Reference Manual, "Account User Names and Passwords".
        Engine::MySql => 32,
    };
    for (count, (offset, character)) in user.char_indices().enumerate() {
        // MySQL Reference Manual, "Schema Object Names".
        if character > '\u{ffff}' {
            return Err(Fault::Character.at(offset));
        }
        if count == max_characters {
            return Err(Fault::TooLong.at(offset));
        }
    }
    // The column that users are kept in is filled up with spaces.
    if user.ends_with(' ') {
        return Err(Fault::WhiteSpace.at(user.len() - 1));
    }
    Ok(())
}

const WITH_TOKENS: &str = "IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_statement_is_written_for_every_engine() {
        let postgresql =
            [create_user, enable_iam, disable_iam].map(|write| write(Engine::PostgreSql, "a\"b`c"));
        assert_eq!(
            postgresql,
            [
                Ok("CREATE USER \"a\"\"b`c\";\nGRANT rds_iam TO \"a\"\"b`c\";\n".into()),
                Ok("GRANT rds_iam TO \"a\"\"b`c\";\n".into()),
                Ok("REVOKE rds_iam FROM \"a\"\"b`c\";\n".into()),
            ]
        );
        for engine in [Engine::MySql, Engine::MariaDb] {
            assert_eq!(
                [create_user, enable_iam, disable_iam].map(|write| write(engine, "a\"b`c")),
                [
                    Ok(
                        "CREATE USER `a\"b``c` IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' \
                        REQUIRE SSL;\n"
                            .into()
                    ),
                    Ok(
                        "ALTER USER `a\"b``c` IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' \
                        REQUIRE SSL ACCOUNT UNLOCK;\n"
                            .into()
                    ),
                    Ok("ALTER USER `a\"b``c` ACCOUNT LOCK;\n".into()),
                ]
            );
        }
    }

    #[test]
    fn a_name_that_the_engine_would_change_is_refused() {
        use Engine::{MariaDb, MySql, PostgreSql};

        let umlauts = |count| "ü".repeat(count);
        for (engine, user, flaw) in [
            (PostgreSql, "u".repeat(63), None),
            (PostgreSql, "u".repeat(64), Some(Fault::TooLong.at(63))),
            (PostgreSql, umlauts(31), None),
            (PostgreSql, umlauts(32), Some(Fault::TooLong.at(63))),
            (PostgreSql, "a ".into(), None),
            (PostgreSql, "😀".into(), None),
            (MySql, umlauts(32), None),
            (MySql, umlauts(33), Some(Fault::TooLong.at(64))),
            (MariaDb, umlauts(80), None),
            (MariaDb, umlauts(81), Some(Fault::TooLong.at(160))),
            // MariaDB 10.11 creates `a` for the first and refuses the second.
            (MariaDb, "a ".into(), Some(Fault::WhiteSpace.at(1))),
            (MariaDb, " ".into(), Some(Fault::WhiteSpace.at(0))),
            (MariaDb, "a😀".into(), Some(Fault::Character.at(1))),
            (MySql, " a\u{ffff}".into(), None),
        ] {
            let refusal = flaw.map(|flaw| Error::EngineUser { engine, flaw });
            assert_eq!(
                create_user(engine, &user).err(),
                refusal,
                "{engine} {user:?}"
            );
        }
    }

    #[test]
    fn a_name_that_no_database_has_is_refused() {
        for (user, fault, offset) in [
            ("", Fault::Empty, 0),
            ("a\0", Fault::ControlCharacter, 1),
            ("a\n", Fault::LineBreak, 1),
        ] {
            let refusal = Err(Error::User(fault.at(offset)));
            assert_eq!(create_user(Engine::PostgreSql, user), refusal, "{user:?}");
        }
    }
}
