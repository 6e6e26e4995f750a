//! The SQL that lets a database user in with tokens.
//!
//! Run it as the master user. It is half of what is needed; the other half is the IAM policy of
//! [`policy`](crate::policy).
//!
//! # Passwords end
//!
//! A user of PostgreSQL with the role `rds_iam` **can no longer log in with a password**, and
//! neither can a user who inherits it, through however many roles: `GRANT admins TO app` locks out
//! `app` if `admins` has `rds_iam`, and `GRANT app TO postgres` locks out the master user if `app`
//! has it. [`DbUser::disable_iam`] undoes it; for an inherited membership, revoke the role between
//! the two. From PostgreSQL 16 on, a role that creates a second one becomes a member of it; AWS
//! does not document whether that membership matters. This query lists the users who are affected:
//!
//! ```sql
//! SELECT rolname FROM pg_roles
//! WHERE rolcanlogin AND NOT rolsuper AND pg_has_role(oid, 'rds_iam', 'MEMBER');
//! ```
//!
//! A user of MySQL or MariaDB has one way to log in, and [`DbUser::enable_iam`] replaces a password.
//!
//! # Names stay names
//!
//! A name that is accepted stays one name, in each `sql_mode` of MySQL and MariaDB and with
//! `standard_conforming_strings` of PostgreSQL on or off. It stays so in every character set of the
//! client and the session, such as GBK and SJIS, in which the last byte of a character could
//! swallow the quotation mark behind it: for PostgreSQL all of the SQL is ASCII; for MySQL and
//! MariaDB a name is, unless [`DbUser::in_utf8_session`] was called.
//!
//! # Examples
//!
//! ```
//! use rds_iam_token::grant::{DbUser, Engine};
//!
//! let user = DbUser::new(Engine::PostgreSql, "app")?;
//! assert_eq!(user.create(), "CREATE USER \"app\" IN ROLE rds_iam;\n");
//!
//! let user = DbUser::new(Engine::MySql, "app")?.with_host("10.0.%")?;
//! assert_eq!(
//!     user.create(),
//!     "CREATE USER 'app'@'10.0.%' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL;\n",
//! );
//! # Ok::<(), rds_iam_token::grant::Error>(())
//! ```

mod engine;
mod error;
mod name;
mod user;

pub use engine::Engine;
pub use error::Error;
pub use user::DbUser;
