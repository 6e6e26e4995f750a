//! No finding shows a secret.

use std::fmt::Write as _;

use rds_iam_token::{
    Credentials, Endpoint, Region, Timestamp, TokenParts, TokenRequest,
    diagnose::{Expected, diagnose},
};

use crate::tokens::{
    DB_HOST, Damage, all_expected, expected_host, good, reordered, seconds, temporary,
};
use crate::{copies, encodings, no_token, parameters};

#[test]
fn an_ampersand_or_an_equals_sign_that_is_damaged_shows_no_secret() {
    let orders = [
        good(),
        reordered(&good(), "X-Amz-SignedHeaders"),
        reordered(&good(), "X-Amz-Security-Token"),
        reordered(&good(), "Action"),
        reordered(&reordered(&good(), "DBUser"), "X-Amz-Security-Token"),
        reordered(
            &reordered(&good(), "X-Amz-SignedHeaders"),
            "X-Amz-Signature",
        ),
        reordered(
            &reordered(&good(), "X-Amz-Credential"),
            "X-Amz-Security-Token",
        ),
    ];
    let session_token = temporary().expose_session_token().unwrap().to_owned();
    for good in &orders {
        let (_, signature) = good.split_once("X-Amz-Signature=").unwrap();
        for (at, _) in good.match_indices('&') {
            for (mark, is_half_encoded) in [
                ("", false),
                ("%26", false),
                (";", false),
                (" ", false),
                ("%3B", false),
                ("+", false),
                ("%26", true),
                ("", true),
                ("%2526", true),
            ] {
                let (before, after) = good.split_at(at);
                let equals = if is_half_encoded { "%3D" } else { "=" };
                let after = after[1..].replacen('=', equals, 1);
                let damaged = format!("{before}{mark}{after}");
                let diagnosis = diagnose(&damaged, &all_expected().with_user("another"));
                let mut shown: String = diagnosis
                    .findings()
                    .iter()
                    .map(ToString::to_string)
                    .collect();
                if let Ok(parts) = TokenParts::parse(diagnosis.expose_repaired()) {
                    let _ = write!(shown, "{parts} {parts:?} {}", parts.signed_headers());
                }
                assert!(!diagnosis.is_clean(), "{damaged}");
                for secret in [
                    &signature[..16],
                    &session_token[..16],
                    &session_token[8..24],
                ] {
                    assert!(!shown.contains(secret), "{damaged}: {shown}");
                }
            }
        }
    }
}

#[test]
fn no_finding_shows_a_secret() {
    const ALL: [&[Damage]; 4] = [
        copies::DAMAGES,
        encodings::DAMAGES,
        no_token::DAMAGES,
        parameters::DAMAGES,
    ];
    let good = good();
    let (_, signature) = good.rsplit_once('=').unwrap();
    let session_token = temporary().expose_session_token().unwrap().to_owned();
    for (name, damage, _) in ALL.into_iter().flatten() {
        let diagnosis = diagnose(&damage(&good), &all_expected().with_time(seconds(0)));
        let shown = format!("{diagnosis:?} {:?}", all_expected());
        let report: String = diagnosis
            .findings()
            .iter()
            .map(ToString::to_string)
            .collect();
        for secret in [&signature[..16], &session_token[..16], "not-a-real-secret"] {
            assert!(
                !shown.contains(secret) && !report.contains(secret),
                "{name}: {shown}"
            );
        }
        for finding in diagnosis.findings() {
            assert!(!finding.message().contains('\n') && !finding.remedy().contains('\n'));
        }
    }
}

/// Text behind a secret may be a piece of it, and so may text before a question mark.
#[test]
fn no_piece_of_a_secret_is_named() {
    let token = |session_token: &str| {
        let credentials = Credentials::new("ASIDEXAMPLE", "not-a-real-secret")
            .and_then(|credentials| credentials.with_session_token(session_token))
            .unwrap();
        TokenRequest::new(
            Endpoint::new(DB_HOST, 5432).unwrap(),
            Region::new("eu-west-1").unwrap(),
            "app",
        )
        .unwrap()
        .sign(&credentials, Timestamp::MIN)
        .into_exposed_string()
    };
    let signature = "0123456789abcdef".repeat(4);
    for (text, secret) in [
        (
            token("not-a-real-session-token").replace("Token=", "Token&"),
            "not-a-real-session-token",
        ),
        (
            token("abcdefghijklmnop&qrstuvwxyzABCDEF").replace("%26", "&"),
            "qrstuvwxyzABCDEF",
        ),
        (
            token("IQoJb3JpZ2luX2VjEJrabcdefghijklmnopqrst").replace("VjEJr", "VjEJr&"),
            "abcdefghijklmnopqrst",
        ),
        (
            token("IQoJb3JpZ2luX2VjEJrabcdefghijklmnopqrst")
                .replace("VjEJr", "VjEJr&")
                .replace("X-Amz-Security", "x-amz-security"),
            "abcdefghijklmnopqrst",
        ),
        (
            token("abcdefghijklmnop?qrstuvwxyzABCDEF")
                .replace('?', "")
                .replace("%3F", "?")
                .replace("%2F", "/"),
            "abcdefghijklmnop",
        ),
        (
            token("s").replace(
                "DBUser=app",
                &format!("DBUser=-Amz-Signature%3D{signature}"),
            ),
            "0123456789abcdef",
        ),
    ] {
        for known in [Expected::new(), expected_host(DB_HOST).with_user("jane")] {
            let diagnosis = diagnose(&text, &known);
            for finding in diagnosis.findings() {
                assert!(!finding.to_string().contains(secret), "{finding}");
            }
        }
    }
}
