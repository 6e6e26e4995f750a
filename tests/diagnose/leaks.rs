//! Nothing that is printed of a token, whole or damaged, has a piece of a secret in it.

use std::{fmt::Write as _, sync::OnceLock};

use proptest::{prelude::*, sample::Index};
use rds_iam_token::{
    Credentials, Endpoint, Region, TokenParts,
    diagnose::{Expected, diagnose},
    sigv4::uri_encode,
};

use crate::{
    common,
    tokens::{NOW, seconds},
};

const HOST: &str = "db.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com";

/// As AWS makes them, of letters and digits that mean nothing.
const SESSION_TOKEN: &str = "IQoJb3JpZ2luX2VjEJr//////////wEaCXVzLWVhc3QtMSJHMEUCIQDkjhgfTzQ0bXv7RrPq8\
    s1N4kY6m+Zw2hJ3cLdVfGtUoQIgP5rS7uXyA9bBeCfDgEhFiGjHkIlJmKnLoMpNqOrPsQtRuSvTwUxVyW0z1A2B3C4D5E6F==";

fn credentials() -> Credentials {
    common::temporary("ASIAIOSFODNN7EXAMPLE", SESSION_TOKEN)
}

fn endpoint() -> Endpoint {
    common::endpoint(HOST)
}

fn token() -> &'static str {
    static TOKEN: OnceLock<String> = OnceLock::new();
    TOKEN.get_or_init(|| {
        common::request(HOST, "eu-west-1", "app")
            .sign(&credentials(), seconds(NOW))
            .into_exposed_string()
    })
}

/// The secrets of the token, decoded and as they are printed.
fn secrets() -> [String; 3] {
    let (_, signature) = token().split_at(token().len() - 64);
    [
        signature.to_owned(),
        SESSION_TOKEN.to_owned(),
        uri_encode(SESSION_TOKEN),
    ]
}

/// Returns the 20 characters of a secret that are in a report, if any are.
fn leak(report: &str) -> Option<&'static str> {
    static SECRETS: OnceLock<[String; 3]> = OnceLock::new();
    SECRETS.get_or_init(secrets).iter().find_map(|secret| {
        let windows = |from: usize, to: usize| {
            (from..=to.min(secret.len() - 20)).map(|at| &secret[at..at + 20])
        };
        // Each 20 characters have 10 in them that start at a multiple of 10.
        (0..secret.len() - 10)
            .step_by(10)
            .filter(|&at| report.contains(&secret[at..at + 10]))
            .flat_map(|at| windows(at.saturating_sub(10), at))
            .find(|window| report.contains(window))
    })
}

/// Everything that the library prints of a text.
fn report(text: &str, expected: &Expected) -> String {
    let diagnosis = diagnose(text, expected);
    let mut report = format!("{diagnosis:?}\n");
    for finding in diagnosis.findings() {
        let _ = writeln!(report, "{finding} {}", finding.remedy());
    }
    for field in diagnosis.fields() {
        let _ = writeln!(report, "{field}");
    }
    for text in [text, diagnosis.expose_repaired()] {
        let _ = match TokenParts::parse(text) {
            Ok(parts) => writeln!(report, "{parts} {parts:?}"),
            Err(error) => writeln!(report, "{error} {error:?}"),
        };
    }
    report
}

fn all_expected() -> Expected {
    Expected::new()
        .with_endpoint(endpoint())
        .with_region(Region::new("eu-west-1").unwrap())
        .with_user("another")
        .with_time(seconds(NOW))
        .with_credentials(credentials())
}

fn check(text: &str) {
    check_with(text, &Expected::new());
    check_with(text, &all_expected());
}

fn check_with(text: &str, expected: &Expected) {
    let report = report(text, expected);
    assert_eq!(leak(&report), None, "{text}\n{report}");
}

#[test]
fn a_leak_is_found() {
    for secret in secrets() {
        for at in 0..=secret.len() - 20 {
            let (piece, shorter) = (&secret[at..at + 20], &secret[at..at + 19]);
            assert_eq!(leak(&format!("({piece})")), Some(piece));
            assert_eq!(leak(&format!("({shorter})")), None);
        }
    }
}

/// The names of the parameters that hold a secret, whole, cut off, in another letter case, and with
/// hyphens that a mailer or an encoder changed.
fn damaged_names() -> Vec<(String, usize)> {
    let mut names = Vec::new();
    for (secret, name) in ["X-Amz-Signature", "X-Amz-Security-Token"]
        .iter()
        .enumerate()
    {
        for start in ["", "X-", "X-Am", "X-Amz-", name] {
            let name = name.strip_prefix(start).unwrap();
            for name in [name.to_owned(), name.to_lowercase()] {
                for hyphen in ["-", "%2D", "_"] {
                    names.push((name.replace('-', hyphen), secret));
                }
            }
        }
    }
    names.sort_unstable();
    names.dedup();
    names
}

const SEPARATORS: &[&str] = &["&", "%26", "&amp;", "%2526", "", ";", " ", "%3B"];

const EQUALS_SIGNS: &[&str] = &["=", "%3D", ""];

/// The texts behind which a secret is put.
const PLACES: &[&str] = &[
    "amazonaws.com",
    ":5432",
    "Action=connect",
    "DBUser=app",
    "AWS4-HMAC-SHA256",
    "ASIAIOSFODNN7EXAMPLE",
    "eu-west-1%2Frds-db",
    "eu-west-1",
    "rds-db",
    "T123600Z",
    "=900",
    "=host",
];

#[test]
fn no_secret_behind_a_damaged_name_is_shown() {
    let names = damaged_names();
    let secrets = secrets();
    let expected = [Expected::new(), all_expected()];
    let mut count = 0_usize;
    for place in PLACES {
        let at = token().rfind(place).unwrap() + place.len();
        let (before, after) = token().split_at(at);
        for separator in SEPARATORS {
            for (name, secret) in &names {
                for equals in EQUALS_SIGNS {
                    let secret = match secret {
                        0 => &secrets[0],
                        _ => &secrets[1 + count % 2],
                    };
                    let text = format!("{before}{separator}{name}{equals}{secret}{after}");
                    count += 1;
                    let text = match count % 4 {
                        0 => format!("\"{text}\""),
                        1 => format!("export PGPASSWORD={text}"),
                        2 => format!("postgres://app:{text}@localhost/orders"),
                        _ => text,
                    };
                    check_with(&text, &expected[count / 4 % 2]);
                }
            }
        }
    }
}

/// In the place of a value, behind it and in its middle.
#[test]
fn no_secret_in_the_place_of_a_value_is_shown() {
    let digits = &secrets()[0];
    for value in [
        digits.clone(),
        SESSION_TOKEN.to_owned(),
        uri_encode(SESSION_TOKEN),
        format!("eu-west-1%26X-Amz-Signature%3D{digits}"),
        format!("host;{digits}"),
        format!("host%3B{digits}"),
        format!("%26X%2DAmz%2DSignature%3D{digits}"),
        format!(
            "{{\"AccessKeyId\": \"ASIAIOSFODNN7EXAMPLE\", \"SecretAccessKey\": \"{digits}\", \
             \"SessionToken\": \"{SESSION_TOKEN}\"}}"
        ),
    ] {
        for place in PLACES
            .iter()
            .chain(&["db", "20150830", "aws4_request", "5432"])
        {
            check(&token().replace(place, &value));
            check(&token().replace(place, &format!("{place}{value}")));
            let (start, end) = place.split_at(place.len() / 2);
            check(&token().replace(place, &format!("{start}{value}{end}")));
        }
    }
}

#[derive(Clone, Debug)]
enum Edit {
    Insert(String),
    Remove,
    Repeat,
    Move(Index),
    Encode,
    Upper,
    Lower,
}

fn edit() -> impl Strategy<Value = (Index, Index, Edit)> {
    let text = prop_oneof![
        "[a-zA-Z&=%?/:+\"'\\\\ \n;{}.-]{1,3}",
        prop::sample::select(SEPARATORS).prop_map(str::to_owned),
        prop::sample::select(damaged_names()).prop_map(|(name, _)| name),
        (0..3_usize, any::<Index>()).prop_map(|(which, at)| {
            let secret = &secrets()[which];
            secret.split_at(at.index(secret.len())).1.to_owned()
        }),
    ];
    let edit = prop_oneof![
        4 => text.prop_map(Edit::Insert),
        4 => Just(Edit::Remove),
        1 => Just(Edit::Repeat),
        2 => any::<Index>().prop_map(Edit::Move),
        1 => Just(Edit::Encode),
        1 => Just(Edit::Upper),
        1 => Just(Edit::Lower),
    ];
    (any::<Index>(), any::<Index>(), edit)
}

fn edited(text: &str, start: Index, len: Index, edit: &Edit) -> String {
    let at = |index: usize| {
        (0..=index)
            .rev()
            .find(|&at| text.is_char_boundary(at))
            .unwrap()
    };
    let start = at(start.index(text.len() + 1));
    // Most edits are short.
    let rest = text.len() - start;
    let len = len.index(rest + 1);
    let len = if len % 3 == 0 {
        len
    } else {
        (len % 20).min(rest)
    };
    let end = at(start + len).max(start);
    let (before, run, after) = (&text[..start], &text[start..end], &text[end..]);
    match edit {
        Edit::Insert(text) => format!("{before}{text}{run}{after}"),
        Edit::Remove => format!("{before}{after}"),
        Edit::Repeat => format!("{before}{run}{run}{after}"),
        Edit::Move(to) => {
            let rest = format!("{before}{after}");
            let mut to = to.index(rest.len() + 1);
            while !rest.is_char_boundary(to) {
                to -= 1;
            }
            format!("{}{run}{}", &rest[..to], &rest[to..])
        }
        Edit::Encode => format!("{before}{}{after}", uri_encode(run)),
        Edit::Upper => format!("{before}{}{after}", run.to_uppercase()),
        Edit::Lower => format!("{before}{}{after}", run.to_lowercase()),
    }
}

proptest! {
    #[test]
    fn no_secret_of_an_edited_token_is_shown(edits in prop::collection::vec(edit(), 1..4)) {
        let mut text = token().to_owned();
        for (start, len, edit) in &edits {
            text = edited(&text, *start, *len, edit);
        }
        check(&text);
    }
}
