//! Encodings: too many, too few, and in URLs.

use rds_iam_token::{
    diagnose::{Cause, Expected, diagnose},
    sigv4::uri_encode,
};

use Cause::{
    Decoded, EncodedTwice, MalformedEncoding, MalformedParameter, PlusForSpace, Scheme,
    SurroundingText, UnknownParameter, WrongUser,
};

use crate::tokens::{
    DB_HOST, Damage, HOST, all_expected, app_credentials, app_token, causes, check_each, decoded,
    encoded, in_small_digits, signed, temporary,
};

/// Ways in which a token is encoded or decoded once too often.
pub(crate) const DAMAGES: &[Damage] = &[
    // Connection URLs, which a driver decodes.
    (
        "a URL",
        |good| format!("postgres://app:{good}@db.example.com:5432/orders"),
        &[Decoded],
    ),
    (
        "a URL in quotes, with an address and options",
        |good| format!("\"mysql://app:{good}@10.0.0.1:3306/orders?ssl-mode=REQUIRED\"\n"),
        &[Decoded],
    ),
    (
        "a URL as it has to be",
        |good| format!("postgres://app:{}@db.example.com/orders", encoded(good)),
        &[],
    ),
    (
        "a URL as it has to be, with small digits",
        |good| {
            let encoded = in_small_digits(&encoded(good));
            format!("postgres://app:{encoded}@db.example.com/orders")
        },
        &[],
    ),
    (
        "a URL as it has to be, with an at sign behind",
        |good| {
            format!(
                "postgres://app:{}@db/orders?application_name=me@home",
                encoded(good)
            )
        },
        &[],
    ),
    (
        "a URL that is encoded twice",
        |good| {
            format!(
                "postgres://app:{}@db.example.com/orders",
                encoded(&encoded(good))
            )
        },
        &[EncodedTwice],
    ),
    (
        "a URL that is not one",
        |good| format!("https://a/b:{good}@example.com"),
        &[SurroundingText, Scheme],
    ),
    (
        "a scheme, and behind the token an address",
        |good| format!("https://{good} root@example.com"),
        &[SurroundingText, Scheme],
    ),
    ("encoding of the whole", encoded, &[EncodedTwice]),
    (
        "encoding of percent signs",
        |good| good.replace('%', "%25"),
        &[EncodedTwice],
    ),
    ("decoding", decoded, &[Decoded]),
    (
        "decoding of slashes",
        |good| good.replacen("%2F", "/", 4),
        &[Decoded],
    ),
    (
        "form encoding",
        |good| good.replace("%20", "+"),
        &[PlusForSpace],
    ),
    (
        "a wrong escape",
        |good| good.replace("%20", "%2&"),
        &[MalformedEncoding, UnknownParameter],
    ),
    (
        "an escape of no character",
        |good| good.replace("%20", "%FF"),
        &[MalformedParameter],
    ),
    (
        "a letter",
        |good| good.replace("%20", "é"),
        &[MalformedEncoding],
    ),
];

#[test]
fn each_damage_is_found_and_nothing_else() {
    check_each(DAMAGES);
}

#[test]
fn a_user_with_a_plus_sign_is_not_one_with_a_space() {
    let token = signed(HOST, 5432, "us-east-1", "a+b", &temporary());
    assert_eq!(causes(&token, &all_expected().with_user("a+b")), []);
    assert_eq!(
        causes(&token, &all_expected().with_user("a b")),
        [WrongUser]
    );
    let token = signed(HOST, 5432, "us-east-1", "jane%40corp.com", &temporary());
    assert_eq!(
        causes(&token, &all_expected().with_user("jane@corp.com")),
        [EncodedTwice]
    );
}

#[test]
fn a_session_token_alone_may_be_encoded_twice() {
    let token = app_token(DB_HOST);
    let twice = token.replace("%2Ba%2Freal%3D", "%252Ba%252Freal%253D");
    assert_ne!(twice, token);
    let diagnosis = diagnose(&twice, &Expected::new());
    assert_eq!(diagnosis.expose_repaired(), token);
    assert_eq!(causes(&twice, &Expected::new()), [EncodedTwice]);
    let expected = Expected::new().with_credentials(app_credentials());
    assert_eq!(causes(&twice, &expected), [EncodedTwice]);
    let decoded = token
        .replace("%2F", "/")
        .replace("%2B", "+")
        .replace("%3D", "=");
    assert_eq!(causes(&decoded, &Expected::new()), [Decoded]);
}

#[test]
fn parameters_are_decoded_three_times_and_no_more() {
    let token = app_token(DB_HOST);
    for (times, is_repaired) in [(3, true), (4, false)] {
        let encoded = token.replace('%', &["%", &"25".repeat(times)].concat());
        let diagnosis = diagnose(&encoded, &Expected::new());
        let is_same = diagnosis.expose_repaired() == token;
        assert_eq!(is_same, is_repaired, "{encoded}");
    }
}

#[test]
fn what_cannot_be_decoded_or_is_empty_is_answered() {
    let encoded = uri_encode(app_token(DB_HOST)).replace("app", "%FF");
    assert!(!causes(&encoded, &Expected::new()).is_empty());
    let no_user = Expected::new().with_user("");
    let diagnosis = diagnose(&app_token(DB_HOST), &no_user);
    assert_eq!(
        diagnosis.findings()[0].message(),
        "signed for user app; expected (nothing)"
    );
}
