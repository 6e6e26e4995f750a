//! No edit of a token brings a piece of a secret into what is printed.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use rds_iam_token::{
    Credentials, TokenParts, TokenRequest,
    diagnose::{Expected, diagnose},
    sigv4::uri_encode,
};
use rds_iam_token_fuzz::{endpoint, now, region};

/// As AWS makes them.
const SESSION_TOKEN: &str = "IQoJb3JpZ2luX2VjEJr//////////wEaCXVzLWVhc3QtMSJHMEUCIQDkjhgfTzQ0bXv7RrPq8s1N4k\
    Y6m+Zw2hJ3cLdVfGtUoQIgP5rS7uXyA9bBeCfDgEhFiGjHkIlJmKnLoMpNqOrPsQtRuSvTwUxVyW0z1A2B3C4D5E6F==";

static TOKEN: LazyLock<String> = LazyLock::new(|| {
    let request = TokenRequest::new(endpoint(), region(), "app").unwrap();
    request.sign(&credentials(), now()).into_exposed_string()
});

/// The signature and the session token, as it is and as it stands in the token.
static SECRETS: LazyLock<[String; 3]> = LazyLock::new(|| {
    let (_, signature) = TOKEN.split_at(TOKEN.len() - 64);
    let session_token = SESSION_TOKEN.to_owned();
    [
        signature.to_owned(),
        uri_encode(SESSION_TOKEN),
        session_token,
    ]
});

/// More make the token a different text altogether.
const MOST_EDITS: usize = 4;

fn credentials() -> Credentials {
    Credentials::new("ASIAIOSFODNN7EXAMPLE", "not-a-real-secret")
        .and_then(|key| key.with_session_token(SESSION_TOKEN))
        .unwrap()
}

/// Changes a run of the text as the next bytes of the input say, if there are some.
fn edit(text: &str, input: &mut impl Iterator<Item = u8>) -> Option<String> {
    let kind = input.next()?;
    let mut number = |limit: usize| {
        let bytes = [input.next()?, input.next()?];
        Some(usize::from(u16::from_le_bytes(bytes)) % limit)
    };
    let boundary = |at: usize| {
        let mut places = (0..=at.min(text.len())).rev();
        places.find(|at| text.is_char_boundary(*at)).unwrap_or(0)
    };
    let start = boundary(number(text.len() + 1)?);
    let end = boundary(start + number(256)?).max(start);
    let (before, run, after) = (&text[..start], &text[start..end], &text[end..]);
    Some(match kind % 8 {
        0 => [before, after].concat(),
        1 => [before, run, run, after].concat(),
        2 => {
            let to = boundary(number(text.len() + 1)?);
            if to <= start {
                [&text[..to], run, &text[to..start], after].concat()
            } else {
                let to = to.max(end);
                [before, &text[end..to], run, &text[to..]].concat()
            }
        }
        3 => {
            let secret = &SECRETS[number(SECRETS.len())?];
            let (_, piece) = secret.split_at(number(secret.len())?);
            [before, piece, run, after].concat()
        }
        4 => [before, &uri_encode(run), after].concat(),
        5 => [before, &run.to_uppercase(), after].concat(),
        6 => [before, &run.to_lowercase(), after].concat(),
        _ => {
            let len = number(24)?;
            let inserted: Vec<u8> = input.take(len).collect();
            [before, &String::from_utf8_lossy(&inserted), run, after].concat()
        }
    })
}

fuzz_target!(|input: &[u8]| {
    let (mut text, mut input) = (TOKEN.clone(), input.iter().copied());
    for _ in 0..MOST_EDITS {
        match edit(&text, &mut input) {
            Some(edited) => text = edited,
            None => break,
        }
    }
    let expected = Expected::new()
        .with_endpoint(endpoint())
        .with_region(region())
        .with_user("another")
        .with_time(now())
        .with_credentials(credentials());
    for expected in [Expected::new(), expected] {
        let diagnosis = diagnose(&text, &expected);
        let mut report = format!("{diagnosis:?}");
        for finding in diagnosis.findings() {
            report += &finding.to_string();
        }
        for field in diagnosis.fields() {
            report += &field.to_string();
        }
        for text in [&text, diagnosis.expose_repaired()] {
            report += &match TokenParts::parse(text) {
                Ok(parts) => format!("{parts} {parts:?}"),
                Err(error) => format!("{error} {error:?}"),
            };
        }
        for secret in SECRETS.iter() {
            for at in 0..=secret.len() - 20 {
                let piece = &secret[at..at + 20];
                assert!(!report.contains(piece), "{text}\n{report}");
            }
        }
    }
});
