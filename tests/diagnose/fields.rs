//! The parts of a token, as far as they may be shown.

use rds_iam_token::diagnose::{Expected, Field, diagnose};

use crate::tokens::{DB_HOST, all_expected, app_token, good};

fn fields(text: &str, expected: &Expected) -> Vec<String> {
    let diagnosis = diagnose(text, expected);
    let shown = |field: &Field| {
        assert_eq!(
            field.to_string(),
            format!("{}: {}", field.name(), field.value())
        );
        field.to_string()
    };
    diagnosis.fields().iter().map(shown).collect()
}

#[test]
fn every_field_of_a_token_is_shown_or_counted() {
    assert_eq!(
        fields(&good(), &all_expected()),
        [
            "host: mydb.c1a2b3c4d5e6.us-east-1.rds.amazonaws.com (instance)",
            "port: 5432",
            "user: Jane Doe",
            "region: us-east-1",
            "service: rds-db",
            "action: connect",
            "algorithm: AWS4-HMAC-SHA256",
            "signed headers: host",
            "access key id: ASIAIOSFODNN7EXAMPLE",
            "scope date: 20150830",
            "signed at: 2015-08-30T12:36:00Z",
            "lifetime: 900 s",
            "expires at: 2015-08-30T12:51:00Z",
            "session token: 582 characters, not shown",
            "signature: 64 digits, not shown",
        ]
    );
}

#[test]
fn a_field_that_is_malformed_is_counted() {
    for (from, to, expected) in [
        (":5432", ":00000", "port: malformed, 5 bytes"),
        (":5432", ":port", "port: malformed, 4 bytes"),
        ("connect", "%conn", "action: malformed, 5 bytes"),
        ("DBUser=app", "DBUser=%app", "user: malformed, 4 bytes"),
        ("AWS4", "%4", "algorithm: malformed, 14 bytes"),
        (
            "20150830T123600Z",
            "20150830",
            "signed at: malformed, 8 bytes",
        ),
        (
            "Expires=900",
            "Expires=15min",
            "lifetime: malformed, 5 bytes",
        ),
        (
            "Headers=host",
            "Headers=%host",
            "signed headers: malformed, 5 bytes",
        ),
        (
            "Token=not",
            "Token=%not",
            "session token: malformed, 31 bytes",
        ),
        (
            "Signature=",
            "Signature=x",
            "signature: malformed, 65 bytes",
        ),
    ] {
        let token = app_token(DB_HOST);
        let before = fields(&token, &Expected::new());
        let after = fields(&token.replace(from, to), &Expected::new());
        let changed: Vec<_> = after
            .iter()
            .filter(|field| !before.contains(field))
            .collect();
        assert_eq!(changed, [expected], "{from} {to}");
    }
}

#[test]
fn an_access_key_id_is_shown_where_the_token_ends_behind_it() {
    let token = app_token(DB_HOST);
    for end in ["%2F20150830", "0830%2Feu-west-1", "%2Frds-db"] {
        let start = &token[..token.find(end).unwrap()];
        let shown = fields(start, &Expected::new());
        assert_eq!(
            shown.last().unwrap(),
            "access key id: ASIDEXAMPLE",
            "{start}"
        );
    }
}
