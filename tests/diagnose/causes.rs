//! The names and remedies of causes, in the token and elsewhere.

use rds_iam_token::diagnose::{Cause, Server};

/// Every cause, in the order in which they are reported, and its name.
const CAUSES: &[(Cause, &str)] = &[
    (Cause::Empty, "empty"),
    (Cause::NotAToken, "not-a-token"),
    (Cause::Base64, "base64"),
    (Cause::SurroundingText, "surrounding-text"),
    (Cause::EscapedAmpersand, "escaped-ampersand"),
    (Cause::LetterCase, "letter-case"),
    (Cause::WrongService, "wrong-service"),
    (Cause::Scheme, "scheme"),
    (Cause::EncodedTwice, "encoded-twice"),
    (Cause::Decoded, "decoded"),
    (Cause::LostPercentSigns, "lost-percent-signs"),
    (Cause::PlusForSpace, "plus-for-space"),
    (Cause::Truncated, "truncated"),
    (Cause::MissingSlash, "missing-slash"),
    (Cause::MissingPort, "missing-port"),
    (Cause::MalformedHost, "malformed-host"),
    (Cause::MalformedEncoding, "malformed-encoding"),
    (Cause::DuplicateParameter, "duplicate-parameter"),
    (Cause::UnknownParameter, "unknown-parameter"),
    (Cause::MissingParameter, "missing-parameter"),
    (Cause::MalformedParameter, "malformed-parameter"),
    (Cause::MalformedSignature, "malformed-signature"),
    (Cause::WrongAlgorithm, "wrong-algorithm"),
    (Cause::WrongAction, "wrong-action"),
    (Cause::WrongSignedHeaders, "wrong-signed-headers"),
    (Cause::WrongScopeDate, "wrong-scope-date"),
    (Cause::WrongHost, "wrong-host"),
    (Cause::UnsignableHost, "unsignable-host"),
    (Cause::WrongPort, "wrong-port"),
    (Cause::WrongRegion, "wrong-region"),
    (Cause::WrongUser, "wrong-user"),
    (Cause::UserCase, "user-case"),
    (Cause::WrongAccessKey, "wrong-access-key"),
    (Cause::MissingSessionToken, "missing-session-token"),
    (Cause::UnexpectedSessionToken, "unexpected-session-token"),
    (Cause::WrongSessionToken, "wrong-session-token"),
    (Cause::Lifetime, "lifetime"),
    (Cause::Expired, "expired"),
    (Cause::CredentialsExpired, "credentials-expired"),
    (Cause::NotYetValid, "not-yet-valid"),
    (Cause::WrongSignature, "wrong-signature"),
];

#[test]
fn each_cause_has_a_name_that_stays_and_a_remedy() {
    assert!(CAUSES.is_sorted());
    assert!(CAUSES.iter().map(|(cause, _)| cause).eq(Cause::ALL));
    let mut remedies: Vec<_> = CAUSES.iter().map(|(cause, _)| cause.remedy()).collect();
    for (cause, name) in CAUSES {
        assert_eq!(cause.to_string(), *name);
        assert!(
            cause.remedy().len() > 10 && !cause.remedy().contains('\n'),
            "{name}"
        );
    }
    let count = remedies.len();
    remedies.sort_unstable();
    remedies.dedup();
    assert!(remedies.len() + 5 > count, "one remedy is for many");
}

#[test]
fn every_server_has_causes_outside_the_token() {
    for server in [Server::MySql, Server::PostgreSql, Server::Proxy] {
        assert!(server.other_causes().count() > 5, "{server:?}");
        for cause in server.other_causes() {
            assert!(!cause.message().is_empty() && !cause.remedy().is_empty());
        }
        let mut parts = Server::common_causes().chain(server.special_causes());
        assert!(parts.all(|part| server.other_causes().any(|cause| cause == part)));
        let count = Server::common_causes().count() + server.special_causes().count();
        assert_eq!(server.other_causes().count(), count, "{server:?}");
    }
}

#[test]
fn each_server_has_causes_and_remedies_of_its_own() {
    for (server, count, first, remedy) in [
        (
            Server::MySql,
            11,
            "the user is not identified with",
            "rds-iam-token grant",
        ),
        (
            Server::PostgreSql,
            13,
            "the role rds_iam is not granted",
            "rds-iam-token grant",
        ),
        (
            Server::Proxy,
            12,
            "the IAM policy names the resource id of the database",
            "prx-",
        ),
    ] {
        let causes: Vec<_> = server.other_causes().collect();
        assert_eq!(causes.len(), count, "{server:?}");
        assert!(causes[0].message().starts_with(first), "{server:?}");
        assert!(causes[0].remedy().contains(remedy), "{server:?}");
    }
}
