//! Repairs at their limits: where one letter more or less would be too much.

use rds_iam_token::diagnose::{Cause, Expected, diagnose};

use Cause::{
    Base64, Decoded, EncodedTwice, LetterCase, LostPercentSigns, MissingPort, NotAToken,
    SurroundingText,
};

use crate::{
    common::base64,
    tokens::{DB_HOST, app_token, causes, encoded},
};

/// Returns a token for a user, as it is encoded.
fn token_of(user: &str) -> String {
    app_token(DB_HOST).replace("DBUser=app", &format!("DBUser={user}"))
}

#[test]
fn base64_is_decoded_from_one_hundred_characters_on() {
    const START: &str = "db.c1a2b3:5432/?Action=connect&X-Amz-Credential=AKIDEXAMPLE";
    for (letters, is_found) in [(72, false), (75, true), (78, true)] {
        let text = format!("{START:a<letters$}");
        assert_eq!(base64(&text).len(), letters / 3 * 4);
        let found = causes(&base64(&text), &Expected::new()).contains(&Base64);
        assert_eq!(found, is_found, "{letters}");
    }
}

#[test]
fn every_digit_of_base64_is_decoded() {
    // One of the three has + at the tilde.
    for user in ["~", "a~", "aa~"] {
        let token = token_of(user);
        let diagnosis = diagnose(&base64(&token), &Expected::new());
        assert_eq!(diagnosis.expose_repaired(), token);
    }
}

#[test]
fn a_question_mark_of_a_user_is_not_that_of_the_token() {
    let token = token_of("a%3FDBUser%3Db");
    let text = format!("'{token}'");
    assert_eq!(causes(&text, &Expected::new()), [SurroundingText]);
    assert_eq!(diagnose(&text, &Expected::new()).expose_repaired(), token);
}

#[test]
fn an_encoded_token_is_found_behind_other_text() {
    let token = app_token(DB_HOST);
    let without_port = token.replace(":5432", "");
    let kept_colon = encoded(&token).replace("%3A", ":");
    for (text, repaired, expected) in [
        (
            encoded(&without_port),
            &without_port,
            &[EncodedTwice, MissingPort][..],
        ),
        (
            format!("?u=1 {}", encoded(&token)),
            &token,
            &[SurroundingText, EncodedTwice],
        ),
        (
            format!("?u=1 {kept_colon}"),
            &token,
            &[SurroundingText, EncodedTwice],
        ),
        (
            format!("a=%FF'{}'", encoded(&token)),
            &token,
            &[SurroundingText, EncodedTwice],
        ),
        (
            format!("é{}", encoded(&token)),
            &token,
            &[SurroundingText, EncodedTwice],
        ),
    ] {
        let diagnosis = diagnose(&text, &Expected::new());
        assert_eq!(diagnosis.expose_repaired(), repaired, "{text}");
        assert_eq!(causes(&text, &Expected::new()), expected, "{text}");
    }
}

#[test]
fn the_letter_case_of_two_names_is_restored() {
    let host = "db.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com:5432";
    for (query, is_found) in [
        ("action=connect", false),
        ("action=connect&dbuser=app", true),
    ] {
        let found = causes(&format!("{host}/?{query}"), &Expected::new());
        assert_eq!(found.contains(&LetterCase), is_found, "{query}: {found:?}");
    }
}

#[test]
fn percent_signs_are_missed_from_twenty_one_letters_on() {
    for (scope, is_found) in [
        ("20150830us-east-1rds", false),
        ("20150830us-east-12rds", true),
    ] {
        let token = app_token(DB_HOST);
        let scope = format!("{scope}aws4_request");
        let text = token.replace(
            "ASIDEXAMPLE%2F20150830%2Feu-west-1%2Frds-db%2Faws4_request",
            &scope,
        );
        assert_ne!(text, token);
        let found = causes(&text, &Expected::new());
        assert_eq!(
            found.contains(&LostPercentSigns),
            is_found,
            "{scope}: {found:?}"
        );
    }
}

#[test]
fn a_password_of_a_query_is_a_token_that_is_encoded_or_has_parameters() {
    let half = app_token(DB_HOST).replace(":5432", "%3A5432");
    let text = format!("jdbc:mysql://h/db?user=app&password={half}");
    assert!(causes(&text, &Expected::new()).contains(&Decoded));
    assert!(
        diagnose(&text, &Expected::new())
            .expose_repaired()
            .contains("&X-Amz-Signature=")
    );

    let other = "jdbc:mysql://h/db?password=secret?x=1";
    assert_eq!(causes(other, &Expected::new()), [NotAToken]);
    let token = app_token(DB_HOST);
    let diagnosis = diagnose(&format!("{token} {other}"), &Expected::new());
    assert_eq!(diagnosis.expose_repaired(), token);
}
