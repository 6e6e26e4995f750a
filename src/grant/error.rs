//! The error of the SQL for a database user.

use thiserror::Error;

use super::engine::Engine;
use crate::fault::Flaw;

/// A part of a database user that is rejected, and the rule that it breaks.
///
/// No variant holds a piece of the rejected text.
#[derive(Clone, Copy, Debug, Eq, Error, Hash, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// The user is an account of MySQL or MariaDB, `'app'@'%'` or `app@10.0.%`, and not its name.
    ///
    /// The host is set with [`DbUser::with_host`](super::DbUser::with_host).
    #[error(
        "invalid user: an account with its host; expected the name alone, and the host apart from it"
    )]
    Account,
    /// The host is not one that an account of MySQL or MariaDB can have.
    #[error("invalid host of a user: {0}; expected at most 60 letters, digits, . - _ % : and /")]
    Host(Flaw),
    /// The name is not ASCII, and no one promised that the session is UTF-8.
    ///
    /// In a session of a different character set, such as GBK, a byte of the name could swallow the
    /// quotation mark behind it.
    #[error("invalid user: {0}; expected ASCII, unless the session is UTF-8")]
    NotAscii(Flaw),
    /// A user of PostgreSQL has no host.
    #[error("unexpected host: users of PostgreSQL have none")]
    UnexpectedHost,
    /// The engine does not store the name unchanged.
    #[error("invalid user: {flaw}; {engine} stores {}", .engine.user_rule())]
    User {
        /// The engine with the rule.
        engine: Engine,
        /// The fault.
        flaw: Flaw,
    },
}
