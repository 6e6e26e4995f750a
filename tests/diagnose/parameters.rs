//! Host, port and parameters that are malformed, missing or one too many.

use rds_iam_token::diagnose::{Cause, Expected, Finding, diagnose};

use Cause::{
    DuplicateParameter, Expired, Lifetime, MalformedHost, MalformedParameter, MalformedSignature,
    MissingParameter, MissingPort, MissingSessionToken, MissingSlash, UnknownParameter,
    WrongAccessKey, WrongAction, WrongAlgorithm, WrongScopeDate, WrongService, WrongSignature,
    WrongSignedHeaders,
};

use crate::tokens::{
    DB_HOST, Damage, HOST, all_expected, app_token, causes, check_each, good, long_lived, message,
    signed, without,
};

/// A fault of one part of a token.
pub(crate) const DAMAGES: &[Damage] = &[
    // Host and port.
    ("no slash", |good| good.replace("/?", "?"), &[MissingSlash]),
    ("no port", |good| good.replace(":5432", ""), &[MissingPort]),
    (
        "a port of letters",
        |good| good.replace(":5432", ":port"),
        &[MalformedHost],
    ),
    (
        "an empty label",
        |good| good.replace("mydb.", "mydb.."),
        &[MalformedHost],
    ),
    // Parameters.
    (
        "one twice",
        |good| good.to_owned() + "&X-Amz-Expires=900",
        &[DuplicateParameter],
    ),
    (
        "one more",
        |good| good.replace("&DB", "&Version=1&DB"),
        &[UnknownParameter],
    ),
    (
        "one in capitals",
        |good| good.replace("X-Amz-Date", "X-AMZ-DATE"),
        &[UnknownParameter, MissingParameter],
    ),
    (
        "no date",
        |good| without(good, "X-Amz-Date"),
        &[MissingParameter],
    ),
    (
        "no action",
        |good| without(good, "Action"),
        &[MissingParameter],
    ),
    (
        "no user",
        |good| without(good, "DBUser"),
        &[MissingParameter],
    ),
    (
        "no session token",
        |good| without(good, "X-Amz-Security-Token"),
        &[MissingSessionToken],
    ),
    (
        "another date",
        |good| good.replace("123600Z", "12:36Z"),
        &[MalformedParameter],
    ),
    (
        "capital digits",
        |good| upper_signature(good),
        &[MalformedSignature],
    ),
    (
        "a longer signature",
        |good| good.to_owned() + "0",
        &[MalformedSignature],
    ),
    // The signed values.
    (
        "another service",
        |good| good.replace("rds-db", "rds"),
        &[WrongService],
    ),
    (
        "another action",
        |good| good.replace("=connect", "=DbConnect"),
        &[WrongAction],
    ),
    (
        "another algorithm",
        |good| good.replace("HMAC", "ECDSA-P256"),
        &[WrongAlgorithm],
    ),
    (
        "more headers",
        |good| good.replace("=host", "=host%3Bx-amz-date"),
        &[WrongSignedHeaders],
    ),
    (
        "another day",
        |good| good.replace("%2F20150830%2F", "%2F20150829%2F"),
        &[WrongScopeDate],
    ),
    (
        "a longer life",
        |good| good.replace("=900", "=3600"),
        &[Lifetime],
    ),
    (
        "no life",
        |good| good.replace("=900", "=0"),
        &[Lifetime, Expired],
    ),
    (
        "another digit",
        |good| good.replace("ASIAIOSFODNN7", "ASIAIOSFODNN8"),
        &[WrongAccessKey],
    ),
    (
        "a changed session token",
        |good| good.replace("Hk%2BAbCd", "Hk%2BabCd"),
        &[WrongSignature],
    ),
];

#[test]
fn each_damage_is_found_and_nothing_else() {
    check_each(DAMAGES);
}

fn upper_signature(good: &str) -> String {
    let (before, signature) = good.rsplit_once('=').unwrap();
    format!("{before}={}", signature.to_uppercase())
}

#[test]
fn every_parameter_that_is_left_out_or_doubled_is_found() {
    let token = signed(HOST, 5432, "us-east-1", "Jane Doe", &long_lived());
    let known = all_expected().with_credentials(long_lived());
    let (_, query) = token.split_once('?').unwrap();
    for parameter in query.split('&') {
        let name = parameter.split('=').next().unwrap();
        assert_eq!(
            causes(&without(&token, name), &known),
            [MissingParameter],
            "{name}"
        );
        assert_eq!(
            causes(&format!("{token}&{parameter}"), &known),
            [DuplicateParameter],
            "{name}"
        );
    }
}

#[test]
fn what_is_wrong_many_times_is_said_once() {
    let noise = "&a".repeat(30_000);
    assert_eq!(
        causes(&(good() + &noise), &all_expected()),
        [UnknownParameter]
    );
    let noise = "&Action=connect".repeat(4_000);
    assert_eq!(
        causes(&(good() + &noise), &all_expected()),
        [DuplicateParameter]
    );
}

#[test]
fn a_parameter_that_no_token_has_is_named_where_it_is_a_name() {
    let generic = "an unknown parameter is present";
    let token = app_token(DB_HOST);
    for (parameter, said) in [
        ("&foo=bar", "foo is not a parameter of a token"),
        ("&X-Foo=bar", "X-Foo is not a parameter of a token"),
        ("&foo", "foo is not a parameter of a token"),
        (
            "&dbuser=app",
            "dbuser is not a parameter of a token; expected DBUser, case counts",
        ),
        ("&f_o=bar", generic),
        ("&foo1=bar", generic),
        ("&=bar", generic),
        (
            "&abcdefghijklmnopqrs=",
            "abcdefghijklmnopqrs is not a parameter of a token",
        ),
        // Long enough to be a piece of a secret.
        ("&abcdefghijklmnopqrst=", generic),
    ] {
        let text = token.replace("&X-Amz-Date", &[parameter, "&X-Amz-Date"].concat());
        assert_eq!(message(&text, UnknownParameter), said, "{parameter}");
    }
}

#[test]
fn what_a_malformed_value_should_be_is_said() {
    let credential = "KEY%2FYYYYMMDD%2FREGION%2Frds-db%2Faws4_request";
    for (name, value, said) in [
        (
            "X-Amz-Credential",
            "x",
            format!("malformed; expected {credential}"),
        ),
        (
            "X-Amz-Credential",
            "",
            format!("empty; expected {credential}"),
        ),
        (
            "X-Amz-Date",
            "x",
            "malformed; expected YYYYMMDDThhmmssZ".into(),
        ),
        ("X-Amz-Date", "", "empty; expected YYYYMMDDThhmmssZ".into()),
        (
            "X-Amz-Expires",
            "x",
            "malformed; expected a number of seconds".into(),
        ),
        (
            "X-Amz-Expires",
            "",
            "empty; expected a number of seconds".into(),
        ),
        ("Action", "", "empty; expected what a signer prints".into()),
    ] {
        let token = app_token(DB_HOST);
        let (before, rest) = token.split_once(&format!("{name}=")).unwrap();
        let after = rest.find('&').map_or("", |end| &rest[end..]);
        let text = format!("{before}{name}={value}{after}");
        assert_eq!(
            message(&text, MalformedParameter),
            format!("{name} is {said}"),
            "{text}"
        );
    }
}

#[test]
fn what_is_wrong_with_a_host_is_said() {
    let no_port = "the port is malformed; expected a number from 1 to 65535";
    for (host, said) in [
        (
            "db.c1a2b3.eu-west-1.rds.amazonaws.com:5432:5432",
            "the port is present twice; expected host:port",
        ),
        ("db.c1a2b3.eu-west-1.rds.amazonaws.com:5432:x", no_port),
        ("db.c1a2b3.eu-west-1.rds.amazonaws.com:x", no_port),
        (
            "db.c1a2b3.eu-west-1..amazonaws.com:5432",
            "the host is not a DNS name; expected host:port",
        ),
    ] {
        let token = app_token(DB_HOST);
        let (_, rest) = token.split_once('/').unwrap();
        assert_eq!(
            message(&format!("{host}/{rest}"), MalformedHost),
            said,
            "{host}"
        );
    }
}

#[test]
fn each_parameter_that_is_there_twice_is_named_once() {
    let token = app_token(DB_HOST);
    let twice = token.replace(
        "&X-Amz-Date",
        "&Action=connect&DBUser=app&DBUser=app&X-Amz-Date",
    );
    let diagnosis = diagnose(&twice, &Expected::new());
    let messages: Vec<_> = diagnosis
        .findings()
        .iter()
        .filter(|finding| finding.cause() == DuplicateParameter)
        .map(Finding::message)
        .collect();
    assert_eq!(
        messages,
        [
            "Action is present twice; expected it once",
            "DBUser is present twice; expected it once"
        ]
    );
}
