//! Step 2: find out whether a token is cut short.

use alloc::{format, string::String, vec::Vec};

use super::{cause::Cause, expected::Expected, finding::Finding};
use crate::{
    rds::ACTION as CONNECT,
    sigv4::{ALGORITHM as AWS4_HMAC_SHA256, TERMINATION},
    token::{
        parameter::{
            self, ACTION, ALGORITHM, CREDENTIAL, DATE, EXPIRES, SECURITY_TOKEN, SIGNATURE,
            SIGNED_HEADERS, USER,
        },
        shown::TEMPORARY,
    },
};

/// Returns a finding about a text that is the start of a token, with the tools that end it there.
/// `length` is that of the password.
pub(super) fn finding(text: &str, length: usize) -> Finding {
    let mut tools: Vec<_> = at_character(text).into_iter().map(String::from).collect();
    let of_length = TOOLS
        .iter()
        .filter(|tool| (tool.from..=tool.to).contains(&length));
    tools.extend(of_length.map(|tool| format!("{} ({})", tool.name, tool.at)));
    let tools = if tools.is_empty() {
        String::from("no tool is known to cut there")
    } else {
        format!("known to cut there: {}", tools.join(", "))
    };
    Finding::new(
        Cause::Truncated,
        format!("the token ends after {length} characters; {tools}"),
    )
}

/// Returns what ends a token at a character.
fn at_character(text: &str) -> Option<&'static str> {
    match text.split_once('?') {
        // db.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com
        None if !text.contains(':') => {
            Some("a line of .pgpass, at a colon that is not escaped (write \\:)")
        }
        // db.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com:5432/?Action=connect
        Some((_, query)) if !query.contains('&') && query.contains('=') => {
            Some("a shell without quotes or the query of a URL, at the first &")
        }
        _ => None,
    }
}

/// Returns `true` if a text that ends before its question mark started as a token: with a host that
/// is expected, or that RDS assigns, or that is long enough to be cut where tools cut.
///
/// `db.c1a2b3c4d5e6.eu-west-1.rds.amaz`
pub(super) fn is_start_of_host(text: &str, expected: &Expected) -> bool {
    let host = text.split(':').next().unwrap_or_default();
    let is_expected = expected.host.as_ref().is_some_and(|expected| {
        let expected = expected.as_str();
        let start = expected.get(..host.len());
        let is_enough = host.len() > 3 || host.len() == expected.len();
        is_enough && start.is_some_and(|start| start.eq_ignore_ascii_case(host))
    });
    let is_host = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:/".contains(&byte);
    let is_long = text.len() >= 24
        && text.matches('.').count() >= 2
        && !text.bytes().any(|byte| byte.is_ascii_uppercase());
    text.bytes().all(is_host) && (is_expected || is_long || text.contains(".rds."))
}

/// Returns the part of a token that is whole, if its query ends before it should: what is cut cannot
/// be compared with anything.
pub(super) fn whole_part<'a>(text: &'a str, query: &str) -> Option<&'a str> {
    is_cut(query).then(|| {
        let last = query.rsplit('&').next().unwrap_or_default();
        text.strip_suffix(last)
            .unwrap_or(text)
            .trim_end_matches('&')
    })
}

/// Returns `true` if a query, as some signer orders it, ends before it should.
fn is_cut(query: &str) -> bool {
    let parameters: Vec<_> = parameter::split(query).collect();
    let Some((&(last, value), before)) = parameters.split_last() else {
        return false;
    };
    let is_there = |name: &str| before.iter().any(|(there, _)| *there == name);
    let ends_early = match value {
        // …&X-Amz-Exp; a last ampersand says nothing if no more than a session token could follow.
        None => parameter::ALL.iter().any(|name| {
            !is_there(name)
                && name.starts_with(last)
                && (*name != SECURITY_TOKEN || !last.is_empty())
        }),
        Some(value) => is_start_of_value(last, value, is_there(SIGNATURE)),
    };
    ends_early || last != SIGNATURE && lacks_two_at_the_end(&parameters)
}

/// Returns `true` if a value goes on in a whole token.
///
/// `…&X-Amz-Date=20150830T12`. What may be whole is not treated as a start, but for a session token
/// with nothing behind it and without a signature in front: it is the longest value by far.
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

/// Returns `true` if the parameters are those that a signer prints first, and two or more of those
/// that it prints after them are missing. A single one may as well have been left out.
///
/// `Action=connect&DBUser=app&X-Amz-Algorithm=AWS4-HMAC-SHA256`
fn lacks_two_at_the_end(parameters: &[(&str, Option<&str>)]) -> bool {
    let has_session_token = parameters.iter().any(|(name, value)| {
        *name == SECURITY_TOKEN
            || *name == CREDENTIAL && value.is_some_and(|value| value.starts_with(TEMPORARY))
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

/// A tool that cuts passwords.
struct Tool {
    /// The shortest and the longest password that it leaves, in bytes.
    from: usize,
    to: usize,
    /// The length that its documentation or its source has.
    at: &'static str,
    name: &'static str,
}

const fn tool(from: usize, to: usize, at: &'static str, name: &'static str) -> Tool {
    Tool { from, to, at, name }
}

/// The tools that cut passwords. The table of the guide on troubleshooting has the same ones.
const TOOLS: &[Tool] = &[
    tool(31, 32, "32", "MySQL replication"),
    tool(79, 79, "79", "the password prompt of the mariadb client"),
    tool(99, 100, "100", "the password prompt of psql before 14"),
    tool(127, 128, "128", "old versions of pgbouncer"),
    tool(159, 160, "160", "old versions of pgbouncer"),
    tool(255, 256, "256", "pgagroal and old versions of phpMyAdmin"),
    tool(160, 319, "320", "a line of .pgpass before PostgreSQL 14"),
    tool(511, 512, "511", "pam_exec with expose_authtok"),
    tool(
        994,
        996,
        "995",
        "PostgreSQL servers before 14 and old versions of pgbouncer",
    ),
    tool(999, 1_000, "1,000", "old versions of phpMyAdmin"),
    tool(1_023, 1_024, "1,024", "the Redshift ODBC driver"),
    tool(1_999, 2_000, "2,000", "phpMyAdmin"),
    tool(
        4_000,
        4_200,
        "4,000 to 4,200",
        "a line of a MariaDB option file",
    ),
    tool(
        4_095,
        4_095,
        "4,095",
        "the password prompt of psql on a terminal",
    ),
    tool(8_191, 8_192, "8,192", "pgmoneta and pgexporter"),
    tool(10_237, 10_238, "10,238", "auth_pam_tool of MariaDB"),
    tool(65_529, 65_535, "65,535", "PostgreSQL and pgbouncer"),
];

#[cfg(test)]
mod tests {
    use super::*;

    const HEADING: &str = "Where passwords are cut\n";

    /// The rows of the guide's table, `| 79 | the password prompt of the mariadb client |`.
    fn rows_of_guide() -> Vec<(&'static str, String)> {
        let guide = include_str!("../guide/troubleshooting.md");
        let section = guide
            .split("\n## ")
            .find(|section| section.starts_with(HEADING));
        let section = section.unwrap_or_default();
        let rows = section.lines().filter_map(|line| {
            let (at, name) = line
                .strip_prefix("| ")?
                .strip_suffix(" |")?
                .split_once(" | ")?;
            at.starts_with(|letter: char| letter.is_ascii_digit())
                .then(|| (at, name.replace('`', "")))
        });
        rows.collect()
    }

    #[test]
    fn the_guide_has_the_same_tools() {
        let tools: Vec<_> = TOOLS
            .iter()
            .map(|tool| (tool.at, tool.name.into()))
            .collect();
        assert_eq!(rows_of_guide(), tools);
    }
}
