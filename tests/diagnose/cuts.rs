//! Tokens that are cut short.

use rds_iam_token::diagnose::{Cause, Expected, diagnose};

use Cause::{MissingParameter, Truncated};

use crate::tokens::{
    AWS_C_AUTH, DB_HOST, HOST, ORDERS, all_expected, app_token, causes, good, in_order, long_lived,
    message, reordered, signed, temporary,
};

#[test]
fn a_cut_is_found_in_every_order() {
    let good = good();
    let of_javascript = reordered(&good, "X-Amz-SignedHeaders");
    let of_aws_c_auth = in_order(&good, AWS_C_AUTH);
    for good in [&of_javascript, &of_aws_c_auth] {
        for length in 12..good.len() {
            let (start, end) = good.split_at(length);
            // Without the last parameter alone, a token may as well have been made without it.
            let is_left_out =
                start.contains("X-Amz-Signature=") && end.starts_with("&X-Amz-SignedHeaders=");
            let expected = if is_left_out {
                MissingParameter
            } else {
                Truncated
            };
            assert_eq!(
                causes(start, &all_expected()),
                [expected],
                "{length}: {start}"
            );
        }
    }
    // With the session token last, what it should be has to be known, but for a broken escape.
    let good = reordered(&good, "X-Amz-Security-Token");
    for length in good.find("X-Amz-Security-Token=").unwrap() + 30..good.len() {
        assert_eq!(
            causes(&good[..length], &all_expected()),
            [Truncated],
            "{length}"
        );
    }
}

#[test]
fn a_token_that_ends_before_two_parameters_or_more_is_cut() {
    for order in ORDERS {
        let good = in_order(&good(), order);
        assert_eq!(causes(&good, &all_expected()), [], "{good}");
        for (at, _) in good.rmatch_indices('&').skip(1) {
            let start = &good[..at];
            assert_eq!(causes(start, &all_expected()), [Truncated], "{start}");
        }
    }
}

#[test]
fn a_token_cut_anywhere_is_found_to_be_cut() {
    let with_session_token = good();
    let long_lived = signed(HOST, 5432, "us-east-1", "Jane Doe", &long_lived());
    for (good, key) in [
        (&with_session_token, temporary()),
        (&long_lived, self::long_lived()),
    ] {
        let known = all_expected().with_credentials(key);
        for length in 12..good.len() {
            let (start, end) = good.split_at(length);
            // Without the last parameter alone, a token may as well have been made without it.
            let is_left_out = end.starts_with("&X-Amz-Signature=") && !good.contains("ASIA");
            let expected = if is_left_out {
                MissingParameter
            } else {
                Truncated
            };
            assert_eq!(causes(start, &known), [expected], "{length}: {start}");
        }
    }
}

#[test]
fn a_cut_names_its_length_and_the_tools_that_cut_there() {
    let good = good();
    for (length, words) in [
        (
            79,
            "the token ends after 79 characters; known to cut there: the password prompt of the mariadb client",
        ),
        (
            511,
            "the token ends after 511 characters; known to cut there: pam_exec",
        ),
        (
            600,
            "the token ends after 600 characters; no tool is known to cut there",
        ),
    ] {
        let diagnosis = diagnose(&good[..length], &Expected::new());
        let message = diagnosis
            .findings()
            .first()
            .map(|finding| finding.message().to_owned());
        assert!(
            message
                .as_ref()
                .is_some_and(|message| message.starts_with(words)),
            "{message:?}"
        );
    }
}

#[test]
fn a_cut_at_a_character_names_what_cuts_there() {
    let pgpass = "a line of .pgpass";
    let shell = "a shell without quotes";
    for (end, expected) in [
        (":", Some(pgpass)),
        ("/?", None),
        ("=connect", None),
        ("&DBUser", Some(shell)),
        ("&X-Amz-Algorithm", None),
    ] {
        let token = app_token(DB_HOST);
        let start = &token[..token.find(end).unwrap()];
        let said = message(start, Truncated);
        for tool in [pgpass, shell] {
            assert_eq!(
                said.contains(tool),
                expected == Some(tool),
                "{start}: {said}"
            );
        }
    }
}

/// The shortest and the longest start of a token that a tool leaves, in bytes, and the tool.
const TOOLS: &[(usize, usize, &str)] = &[
    (31, 32, "MySQL replication (32)"),
    (79, 79, "the mariadb client (79)"),
    (99, 100, "psql before 14 (100)"),
    (127, 128, "pgbouncer (128)"),
    (159, 160, "pgbouncer (160)"),
    (160, 319, ".pgpass before PostgreSQL 14 (320)"),
    (255, 256, "phpMyAdmin (256)"),
    (511, 512, "pam_exec with expose_authtok (511)"),
    (994, 996, "pgbouncer (995)"),
    (999, 1_000, "phpMyAdmin (1,000)"),
    (1_023, 1_024, "the Redshift ODBC driver (1,024)"),
    (1_999, 2_000, "phpMyAdmin (2,000)"),
    (4_000, 4_200, "a MariaDB option file (4,000 to 4,200)"),
    (4_095, 4_095, "psql on a terminal (4,095)"),
    (8_191, 8_192, "pgexporter (8,192)"),
    (10_237, 10_238, "auth_pam_tool of MariaDB (10,238)"),
    (65_529, 65_535, "pgbouncer (65,535)"),
];

#[test]
fn a_tool_is_named_at_each_length_it_cuts_to_and_at_no_other() {
    let credentials = temporary().with_session_token("t".repeat(65_536)).unwrap();
    let long = signed(HOST, 5432, "us-east-1", "Jane Doe", &credentials);
    for &(from, to, tool) in TOOLS {
        for (length, is_named) in [(from - 1, false), (from, true), (to, true), (to + 1, false)] {
            let diagnosis = diagnose(&long[..length], &Expected::new());
            let message = diagnosis.findings()[0].message();
            assert_eq!(message.contains(tool), is_named, "{length}: {message}");
        }
    }
}

/// Orders in which no signer prints, with what is cut last: what is before it cannot tell.
#[test]
fn a_value_that_is_cut_is_found_in_any_order() {
    let token = app_token(DB_HOST);
    let (authority, query) = token.split_once('?').unwrap();
    for (name, cut, whole) in [
        ("Action", "conn", "connect"),
        ("X-Amz-Algorithm", "AWS4-HMAC", "AWS4-HMAC-SHA256"),
        ("X-Amz-Credential", "ASIDEXAMPLE%2F20150830%2Feu-west-1", ""),
        ("X-Amz-Date", "20150830T1236", "20150830T123600Z"),
        ("X-Amz-Expires", "90", "900"),
        ("X-Amz-SignedHeaders", "ho", "host"),
    ] {
        let start = format!("{name}=");
        let (kept, moved): (Vec<_>, Vec<_>) = query
            .split('&')
            .filter(|parameter| !parameter.starts_with("X-Amz-Signature"))
            .rev()
            .partition(|parameter| !parameter.starts_with(&start));
        let is_cut = |last: &str, before: &[&str]| {
            let text = format!("{authority}?{}&{last}", before.join("&"));
            causes(&text, &Expected::new()).contains(&Truncated)
        };
        assert!(is_cut(&format!("{start}{cut}"), &kept), "{name}");
        // Whole as it is.
        assert!(!is_cut(moved[0], &kept), "{name}");
        if !whole.is_empty() {
            assert!(!is_cut(&format!("{start}{whole}"), &kept), "{name}");
        }
        // Nothing is cut behind a signature.
        let (_, signature) = query.split_once("&X-Amz-Signature").unwrap();
        let signature = format!("X-Amz-Signature{signature}");
        let signed: Vec<_> = [signature.as_str()].into_iter().chain(kept).collect();
        let is_told = matches!(name, "Action" | "X-Amz-Algorithm" | "X-Amz-SignedHeaders");
        assert_eq!(is_cut(&format!("{start}{cut}"), &signed), is_told, "{name}");
    }
}

#[test]
fn a_last_parameter_without_a_value_is_cut_where_it_starts_one_that_is_missing() {
    let token = app_token(DB_HOST).replace("&X-Amz-Expires=900", "");
    for (last, is_cut) in [("&X-Amz-Exp", true), ("&zzz", false), ("&Act", false)] {
        let found = causes(&[&token, last].concat(), &Expected::new());
        assert_eq!(found.contains(&Truncated), is_cut, "{last}: {found:?}");
    }
}
