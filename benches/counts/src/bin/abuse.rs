//! Runs what a stranger may send, at two sizes each, and wrong signatures, each in a function whose
//! instructions callgrind counts. `.ci/abuse` compares the counts.

use std::hint::black_box;

use rds_iam_token::{
    Credentials, Endpoint, Error, Region, Timestamp, TokenParts, TokenRequest, Verifier,
    VerifyError,
    diagnose::{Expected, diagnose},
    sigv4::{CredentialScope, SigningKey, uri_encode},
};

/// Prints a line for each run: what should grow with the size, or be the same, by its name; and the
/// size.
fn main() -> Result<(), Error> {
    let endpoint = Endpoint::new("db.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com", 5432)?;
    let region = Region::new("eu-west-1")?;
    let credentials =
        Credentials::new("ASIDEXAMPLE", SECRET)?.with_session_token("not+a/real=session-token")?;
    let now = Timestamp::from_unix_seconds(1_440_938_160)?;
    let request = TokenRequest::new(endpoint.clone(), region.clone(), "app")?;
    let token = request.sign(&credentials, now).into_exposed_string();
    let verifier = Verifier::new(endpoint.clone(), region.clone());
    let known = Expected::new()
        .with_endpoint(endpoint)
        .with_region(region.clone())
        .with_user("app")
        .with_time(now)
        .with_credentials(credentials.clone());

    let parse = |text: &str| TokenParts::parse(text).is_ok();
    let verify = |text: &str| verifier.verify(text, now, |_| Some(&credentials)).is_ok();
    let diagnose = |text: &str| diagnose(text, &known).is_clean();
    for (name, write) in SHAPES {
        for size in [SIZE, 2 * SIZE] {
            let text = write(&token, size);
            count(&format!("parse: {name}"), text.len(), || parse(&text));
            count(&format!("verify: {name}"), text.len(), || verify(&text));
            count(&format!("diagnose: {name}"), text.len(), || diagnose(&text));
        }
    }

    let (start, signature) = token.split_at(token.len() - 64);
    // All else is good, so that it is the signature which is looked at.
    assert!(verify(&token), "a good token is rejected");
    for place in 0..64 {
        let forged = [start, &with_another_digit(signature, place)].concat();
        let login = verifier.verify(&forged, now, |_| Some(&credentials));
        assert_eq!(login.map(drop), Err(VerifyError::Signature), "{place}");
        count("same: a wrong digit anywhere", place, || verify(&forged));
    }
    let scope = CredentialScope::new(now, &region, "rds-db");
    for (number, secret) in ["a".repeat(40), "~".repeat(40), SECRET.to_owned()]
        .iter()
        .enumerate()
    {
        count("same: a key of any secret", number, || {
            black_box(SigningKey::derive(secret, &scope));
            true
        });
    }
    Ok(())
}

/// As long as the others.
const SECRET: &str = "not-a-real-secret/0123456789+abcdefghijk";

/// In bytes. Twice as much is still read.
const SIZE: usize = 30_000;

type Write = fn(token: &str, size: usize) -> String;

const SHAPES: &[(&str, Write)] = &[
    ("one letter", |_, size| "a".repeat(size)),
    ("percent signs", |_, size| "%".repeat(size)),
    ("encoded percent signs", |_, size| "%25".repeat(size / 3)),
    ("a percent sign encoded again and again", |_, size| {
        ["%", &"25".repeat(size / 2)].concat()
    }),
    ("question marks", |_, size| "?".repeat(size)),
    ("ampersands", |_, size| "&".repeat(size)),
    ("escaped ampersands", |_, size| "&amp;amp;".repeat(size / 9)),
    ("ampersands escaped again and again", |token, size| {
        token.replacen('&', &["&", &"amp;".repeat(size / 4)].concat(), 2)
    }),
    ("colons", |_, size| ":".repeat(size)),
    ("dots and a question mark", |_, size| {
        [&".".repeat(size), "?Action=connect"].concat()
    }),
    ("white space", |_, size| " ".repeat(size)),
    ("line breaks in a token", |token, size| {
        token.replacen('&', &["&", &"\n".repeat(size)].concat(), 2)
    }),
    ("backslashes and quotes in a token", |token, size| {
        token.replacen('&', &["&", &"\\\"".repeat(size / 2)].concat(), 3)
    }),
    ("letters of four bytes", |_, size| {
        "\u{1f600}".repeat(size / 4)
    }),
    ("a user", |token, size| {
        token.replacen("app", &"u".repeat(size), 1)
    }),
    ("an encoded user", |token, size| {
        token.replacen("app", &"%C3%BC".repeat(size / 6), 1)
    }),
    ("a user of percent signs", |token, size| {
        token.replacen("app", &"%".repeat(size), 1)
    }),
    ("a user encoded again and again", |token, size| {
        token.replacen("app", &["%", &"25".repeat(size / 2), "20"].concat(), 1)
    }),
    ("a session token", |token, size| {
        token.replacen("not", &"%2B%2F%3D".repeat(size / 9), 1)
    }),
    ("a session token without its end", |token, size| {
        let (token, _) = token.split_at(token.len() - 100);
        [token, &"a".repeat(size)].concat()
    }),
    ("slashes in the credential", |token, size| {
        token.replacen("%2F", &"%2F".repeat(size / 3), 1)
    }),
    ("digits of a lifetime", |token, size| {
        token.replacen("900", &"9".repeat(size), 1)
    }),
    ("digits of a signature", |token, size| {
        [token, &"0".repeat(size)].concat()
    }),
    ("unknown parameters", |token, size| {
        [token, &"&a=b".repeat(size / 4)].concat()
    }),
    ("names without values", |token, size| {
        [token, &"&a".repeat(size / 2)].concat()
    }),
    ("a parameter again and again", |token, size| {
        [token, &"&DBUser=app".repeat(size / 11)].concat()
    }),
    ("signatures again and again", |token, size| {
        [token, &"&X-Amz-Signature=0".repeat(size / 18)].concat()
    }),
    ("tokens one after the other", |token, size| {
        token.repeat(size / token.len())
    }),
    ("a host", |token, size| {
        ["a".repeat(size).as_str(), token].concat()
    }),
    ("labels", |token, size| {
        ["a.".repeat(size / 2).as_str(), token].concat()
    }),
    ("its host again and again", |token, size| {
        let (host, _) = token.split_at(30);
        [&host.repeat(size / 30), token].concat()
    }),
    ("a URL with a long password", |_, size| {
        ["postgres://app:", &"%3A".repeat(size / 3), "Action@db"].concat()
    }),
    ("at signs behind a scheme", |_, size| {
        ["postgres://app:", &"@".repeat(size)].concat()
    }),
    ("a token in a URL, with a long user", |token, size| {
        let token = token.replacen("app", &"u".repeat(size), 1);
        ["postgres://app:", &uri_encode(token), "@db"].concat()
    }),
    ("a token encoded three times", |token, size| {
        let token = token.replacen("app", &"u".repeat(size), 1);
        uri_encode(uri_encode(uri_encode(token)))
    }),
];

/// Replaces the digit at a place: a letter by a different letter and a number by a different number, since
/// how long it takes to read one is no secret.
fn with_another_digit(signature: &str, place: usize) -> String {
    let another = |digit| match digit {
        'f' => 'a',
        '9' => '0',
        _ => char::from_u32(u32::from(digit) + 1).unwrap_or(digit),
    };
    let digits = signature.chars().enumerate();
    digits
        .map(|(at, digit)| if at == place { another(digit) } else { digit })
        .collect()
}

fn count(name: &str, size: usize, mut run: impl FnMut() -> bool) {
    run();
    counted_once(&mut run);
    println!("{name}\t{size}");
}

#[inline(never)]
fn counted_once(run: &mut dyn FnMut() -> bool) {
    black_box(run());
}
