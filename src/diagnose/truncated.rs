//! Tokens that are cut short.

use alloc::{format, string::String, vec::Vec};

use super::{cause::Cause, finding::Finding, key_id};
use crate::{
    rds::ACTION as CONNECT,
    sigv4::{ALGORITHM as AWS4_HMAC_SHA256, TERMINATION},
    token::parameter::{
        self, ACTION, ALGORITHM, CREDENTIAL, DATE, EXPIRES, SECURITY_TOKEN, SIGNATURE,
        SIGNED_HEADERS, USER,
    },
};

/// Says that a text of `length` bytes is the start of a token, and which tools end it there.
pub(super) fn finding(length: usize) -> Finding {
    let tools: Vec<_> = TOOLS
        .iter()
        .filter(|(from, to, _)| (*from..=*to).contains(&length))
        .map(|(_, _, tool)| *tool)
        .collect();
    let tools = if tools.is_empty() {
        String::from("no tool is known to cut there")
    } else {
        format!("known to cut there: {}", tools.join(", "))
    };
    Finding::new(
        Cause::Truncated,
        format!("ends after {length} characters; {tools}"),
    )
}

/// Tells whether a query, as some signer orders it, ends before it should.
pub(super) fn is_cut(query: &str) -> bool {
    let parameters: Vec<_> = parameter::split(query).collect();
    let Some((&(last, value), before)) = parameters.split_last() else {
        return false;
    };
    let is_there = |name: &str| before.iter().any(|(there, _)| *there == name);
    let ends_early = match value {
        // A last ampersand says nothing where no more than a session token could follow.
        None => parameter::ALL.iter().any(|name| {
            !is_there(name)
                && name.starts_with(last)
                && (*name != SECURITY_TOKEN || !last.is_empty())
        }),
        Some(value) => is_start_of_value(last, value, is_there(SIGNATURE)),
    };
    ends_early || last != SIGNATURE && lacks_two_at_the_end(&parameters)
}

/// Tells whether a value goes on in a whole token. What may be whole is not taken for a start, but
/// for a session token with nothing behind it where the signature should be: it is the longest
/// value by far.
fn is_start_of_value(name: &str, value: &str, is_signed: bool) -> bool {
    let is_start = |whole: &str| whole.starts_with(value) && whole != value;
    if value.bytes().rev().take(2).any(|byte| byte == b'%') {
        return true;
    }
    match name {
        ACTION => is_start(CONNECT),
        ALGORITHM => is_start(AWS4_HMAC_SHA256),
        CREDENTIAL => !is_signed && !value.ends_with(TERMINATION),
        DATE => !is_signed && value.len() < "20150830T123600Z".len(),
        EXPIRES => !is_signed && is_start("900"),
        SECURITY_TOKEN => !is_signed,
        SIGNATURE => value.len() < 64 && value.bytes().all(|digit| digit.is_ascii_hexdigit()),
        SIGNED_HEADERS => is_start("host"),
        _ => false,
    }
}

/// Tells whether the parameters are those that a signer prints first, and two or more of those it
/// prints after them are not there. A single one may as well have been left out.
fn lacks_two_at_the_end(parameters: &[(&str, Option<&str>)]) -> bool {
    let has_session_token = parameters.iter().any(|(name, value)| {
        *name == SECURITY_TOKEN
            || *name == CREDENTIAL
                && value.is_some_and(|value| value.starts_with(key_id::TEMPORARY))
    });
    ORDERS.iter().any(|order| {
        let mut order = order
            .iter()
            .filter(|name| has_session_token || **name != SECURITY_TOKEN);
        parameters
            .iter()
            .all(|(name, _)| order.next() == Some(name))
            && order.count() >= 2
    })
}

/// The orders in which signers print the parameters. Those of Go, Ruby, Rust and JavaScript start as the
/// first of these does, or have a session token at their end.
const ORDERS: &[[&str; 9]] = &[
    // The `aws` command.
    parameter::ALL,
    // aws-c-auth.
    [
        ACTION,
        USER,
        ALGORITHM,
        CREDENTIAL,
        DATE,
        SIGNED_HEADERS,
        EXPIRES,
        SECURITY_TOKEN,
        SIGNATURE,
    ],
    // Java.
    [
        USER,
        ACTION,
        SECURITY_TOKEN,
        ALGORITHM,
        DATE,
        SIGNED_HEADERS,
        EXPIRES,
        CREDENTIAL,
        SIGNATURE,
    ],
    // .NET.
    [
        ACTION,
        USER,
        EXPIRES,
        SECURITY_TOKEN,
        ALGORITHM,
        CREDENTIAL,
        DATE,
        SIGNED_HEADERS,
        SIGNATURE,
    ],
];

/// The lengths at which tools cut a password, from and to, in bytes.
const TOOLS: &[(usize, usize, &str)] = &[
    (31, 32, "MySQL replication (32)"),
    (79, 79, "the password prompt of the mariadb client (79)"),
    (99, 100, "the password prompt of psql before 14 (100)"),
    (127, 128, "old versions of pgbouncer (128)"),
    (159, 160, "old versions of pgbouncer (160)"),
    (160, 319, "a line of .pgpass before PostgreSQL 14 (320)"),
    (255, 256, "pgagroal and old versions of phpMyAdmin (256)"),
    (511, 512, "pam_exec with expose_authtok (511)"),
    (
        994,
        996,
        "PostgreSQL servers before 14 and old versions of pgbouncer (995)",
    ),
    (999, 1_000, "old versions of phpMyAdmin (1,000)"),
    (1_023, 1_024, "the Redshift ODBC driver (1,024)"),
    (1_999, 2_000, "phpMyAdmin (2,000)"),
    (
        4_000,
        4_200,
        "a line of a MariaDB option file (4,000 to 4,200)",
    ),
    (
        4_095,
        4_095,
        "the password prompt of psql on a terminal (4,095)",
    ),
    (8_191, 8_192, "pgmoneta and pgexporter (8,192)"),
    (10_237, 10_238, "auth_pam_tool of MariaDB (10,238)"),
    (65_529, 65_535, "PostgreSQL and pgbouncer (65,535)"),
];
