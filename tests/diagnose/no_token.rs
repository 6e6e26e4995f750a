//! Text that is no token.

use proptest::prelude::*;
use rds_iam_token::diagnose::{Cause, Expected, Finding, diagnose};

use Cause::{Empty, NotAToken, Truncated, UnknownParameter, WrongService};

use crate::tokens::{DB_HOST, Damage, all_expected, causes, check_each, expected_host, good};

/// Text in the place of a token.
pub(crate) const DAMAGES: &[Damage] = &[
    ("nothing", |_| String::new(), &[Empty]),
    ("white space only", |_| " \n".into(), &[Empty]),
    ("quotes only", |_| "\"\"".into(), &[Empty]),
    (
        "a password",
        |_| "correct horse battery staple".into(),
        &[NotAToken],
    ),
    (
        "a password like a host",
        |_| "correct.horse".into(),
        &[NotAToken],
    ),
    (
        "a page",
        |_| "https://example.com/?q=1&page=2".into(),
        &[NotAToken],
    ),
    (
        "another token",
        |_| "eyJhbGciOiJIUzI1NiJ9.e30.ZRrHA1JJJW8opsbCGfG".into(),
        &[NotAToken],
    ),
];

#[test]
fn each_damage_is_found_and_nothing_else() {
    check_each(DAMAGES);
}

#[test]
fn what_is_no_token_is_no_token_whatever_its_marks() {
    for text in [
        "Sup3rS3cret?",
        "w?D",
        "?",
        "https://example.com/?",
        "https://example.com/?A",
        "{\"username\":\"app\",\"password\":\"hunter2?\"}",
        "An error occurred (AccessDenied): is the role right?",
    ] {
        assert_eq!(causes(text, &all_expected()), [NotAToken], "{text}");
        // The text may be a different secret.
        let diagnosis = diagnose(text, &all_expected());
        assert_eq!(diagnosis.expose_repaired(), "", "{text}");
    }
}

#[test]
fn a_token_for_another_service_is_that_before_all_else() {
    let query = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20150830T123600Z\
        &X-Amz-SignedHeaders=host&X-Amz-Expires=3600&X-Amz-Signature=";
    let digits = "0123456789abcdef".repeat(4);
    for (start, service) in [
        ("abc.dsql.us-east-1.on.aws/?Action=DbConnect", "dsql"),
        ("my-cache/?Action=connect&User=app", "elasticache"),
        ("https://bucket.s3.amazonaws.com/key?x-id=GetObject", "s3"),
        (
            "https://sts.us-east-1.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15",
            "sts",
        ),
    ] {
        let credential =
            format!("AKIAIOSFODNN7EXAMPLE%2F20150830%2Fus-east-1%2F{service}%2Faws4_request");
        let token = format!("{start}&X-Amz-Credential={credential}&{query}{digits}");
        assert_eq!(causes(&token, &Expected::new()), [WrongService], "{token}");
    }
}

#[test]
fn a_text_that_is_too_long_is_not_read() {
    let longest = format!("{}&{}", good(), "a".repeat(65_535 - good().len()));
    assert_eq!(causes(&longest, &all_expected()), [UnknownParameter]);
    // Under 64 Ki letters, and over 64 KiB.
    let long = format!("{}&{}", good(), "é".repeat(40_000));
    let diagnosis = diagnose(&long, &all_expected());
    assert_eq!(
        diagnosis
            .findings()
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>(),
        [format!(
            "not-a-token: the text is {} bytes long; expected at most 65536",
            long.len()
        )]
    );
}

#[test]
fn the_start_of_a_host_is_not_taken_for_other_text() {
    for (text, known, cause) in [
        ("db.", expected_host(DB_HOST), NotAToken),
        ("db.c", expected_host(DB_HOST), Truncated),
        ("DB.C1A2", expected_host(DB_HOST), Truncated),
        ("db.d", expected_host(DB_HOST), NotAToken),
        // A whole name is enough, however short: a service of Compose.
        ("db", expected_host("db"), Truncated),
        ("d", expected_host("db"), NotAToken),
        ("x.rds.y", Expected::new(), Truncated),
        ("a.database.internal.lan.", Expected::new(), Truncated),
        ("a.database.internal.lan", Expected::new(), NotAToken),
        ("a-database-on.internal-lan", Expected::new(), NotAToken),
        ("A.database.internal.lan.x", Expected::new(), NotAToken),
        // Up to the first parameter: host and port, both.
        (
            "db.c1a2.eu-west-1.rds.amazonaws.com:5432/?Act",
            Expected::new(),
            Truncated,
        ),
        (
            "db.c1a2.eu-west-1.rds.amazonaws.com:0/?Act",
            Expected::new(),
            NotAToken,
        ),
        (
            "db.c1a2.eu-west-1.rds.amazonaws.com:port/?Act",
            Expected::new(),
            NotAToken,
        ),
        ("db..com:5432/?Act", Expected::new(), NotAToken),
    ] {
        assert_eq!(causes(text, &known), [cause], "{text}");
    }
}

proptest! {
    #[test]
    fn any_text_is_answered(
        text in any::<String>(),
        start in 0_usize..1_200,
        noise in "[a-zA-Z&=%?/:+\"'\\\\ \n\u{e9}\u{feff}-]{0,12}",
    ) {
        let known = all_expected();
        let _ = diagnose(&text, &known);
        let good = good();
        let (before, after) = good.split_at(start.min(good.len()));
        let diagnosis = diagnose(&format!("{before}{noise}{after}"), &known);
        prop_assert!(diagnosis.findings().is_sorted_by_key(Finding::cause));
        let diagnosis = diagnose(&format!("{before}{noise}"), &known);
        prop_assert!(!diagnosis.is_clean() || before.len() + noise.len() >= good.len());
    }
}
