//! Inputs of public reports, and what is found.

use rds_iam_token::{
    Credentials, Timestamp,
    diagnose::{Cause, Diagnosis, Expected, Finding, diagnose},
    sigv4::uri_encode,
};

use Cause::{
    Base64, Decoded, EncodedTwice, LetterCase, LostPercentSigns, MalformedEncoding, MalformedHost,
    MalformedParameter, NotAToken, SurroundingText, Truncated,
};

use crate::common::{self, base64};

const HOST: &str = "orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com";

/// 2025-04-07T10:18:54Z.
const NOW: i64 = 1_744_021_134;

fn at(seconds: i64) -> Timestamp {
    common::at(NOW + seconds)
}

fn long_lived() -> Credentials {
    common::long_lived("AKIAIOSFODNN7EXAMPLE")
}

fn temporary() -> Credentials {
    common::temporary(
        "ASIAIOSFODNN7EXAMPLE",
        "IQoJb3JpZ2luX2VjEJr/+wEaCXVzLWVhc3QtMSJHMEUCIQDk==",
    )
}

fn sign(user: &str, credentials: &Credentials) -> String {
    common::request(HOST, "eu-west-1", user)
        .sign(credentials, at(0))
        .into_exposed_string()
}

fn expected(user: &str, credentials: &Credentials) -> Expected {
    Expected::new()
        .with_endpoint(common::endpoint(HOST))
        .with_user(user)
        .with_time(at(66))
        .with_credentials(credentials.clone())
}

fn causes(diagnosis: &Diagnosis) -> Vec<Cause> {
    let findings = diagnosis.findings().iter();
    findings.map(Finding::cause).collect()
}

/// The damage of a token, the findings, and words of the first finding.
type Case = (
    &'static str,
    fn(&str) -> String,
    &'static [Cause],
    &'static str,
);

const CASES: &[Case] = &[
    // Python's `quote` and JavaScript's `escape` keep slashes (Netflix/metaflow-service#458).
    (
        "encoded but for its slash",
        |token| but_slash(token),
        &[EncodedTwice],
        "as a whole",
    ),
    (
        "encoded but for its slash, in quotes",
        |token| format!("\"{}\"", but_slash(token)),
        &[SurroundingText, EncodedTwice],
        "quotes",
    ),
    (
        "in a URL, encoded but for its slash",
        |token| format!("postgresql://app:{}@{HOST}:5432/orders", but_slash(token)),
        &[Decoded],
        "a slash (/)",
    ),
    (
        "in a URL with options, encoded but for its slash",
        |token| {
            let token = but_slash(token);
            format!("mysql://app:{token}@{HOST}:3306/orders?ssl-mode=REQUIRED&name=me@home")
        },
        &[Decoded],
        "a slash (/)",
    ),
    (
        "in a URL, with a hash",
        |token| {
            format!(
                "postgresql://app:{}@{HOST}/orders",
                encode(token).replace("app", "a#b")
            )
        },
        &[Decoded, MalformedEncoding],
        "a hash (#)",
    ),
    (
        "in a URL, encoded but for its question mark",
        |token| {
            format!(
                "postgresql://app:{}@{HOST}/orders",
                encode(token).replace("%3F", "?")
            )
        },
        &[Decoded],
        "a question mark (?)",
    ),
    (
        "in a URL, with the percent signs encoded, as by `encodeURI` of JavaScript",
        |token| {
            format!(
                "postgresql://app:{}@{HOST}/orders",
                token.replace('%', "%25")
            )
        },
        &[Decoded],
        "a slash (/)",
    ),
    (
        "in the query of a URL, with the percent signs encoded",
        |token| {
            format!(
                "postgresql://{HOST}/orders?password={}&a=b",
                token.replace('%', "%25")
            )
        },
        &[Decoded],
        "an ampersand (&)",
    ),
    (
        "encoded but for its colon and slash",
        |token| {
            encode(token)
                .replacen("%3A", ":", 1)
                .replacen("%2F", "/", 1)
        },
        &[EncodedTwice],
        "as a whole",
    ),
    // Queries of URLs (golang-migrate/migrate#649).
    (
        "raw in the query of a URL",
        |token| {
            format!("postgresql://{HOST}:5432/orders?user=app&password={token}&sslmode=verify-full")
        },
        &[Decoded],
        "split that at each &",
    ),
    (
        "raw at the start of the query of a JDBC URL",
        |token| format!("jdbc:mysql://{HOST}:3306/orders?password={token}&user=app"),
        &[Decoded],
        "split that at each &",
    ),
    (
        "raw at the end of the query of a JDBC URL",
        |token| format!("jdbc:mariadb://{HOST}/orders?user=app&PASSWORD={token}"),
        &[Decoded],
        "split that at each &",
    ),
    (
        "encoded in the query of a JDBC URL",
        |token| {
            let token = encode(token);
            format!("jdbc:postgresql://{HOST}:5432/orders?user=app&password={token}&ssl=true")
        },
        &[],
        "",
    ),
    (
        "encoded at the end of the query of a URL in quotes",
        |token| {
            format!(
                "\"postgres://{HOST}/orders?user=app&password={}\"",
                encode(token)
            )
        },
        &[],
        "",
    ),
    (
        "encoded but for its slash in the query of a URL, where a slash may be",
        |token| format!("postgres://{HOST}/orders?password={}", but_slash(token)),
        &[],
        "",
    ),
    (
        "encoded twice in the query of a URL",
        |token| {
            format!(
                "postgres://{HOST}/orders?password={}",
                encode(&encode(token))
            )
        },
        &[EncodedTwice],
        "as a whole",
    ),
    // Cut at a character.
    (
        "cut at the first ampersand",
        |token| token.split('&').next().unwrap().to_owned(),
        &[Truncated],
        "at the first &",
    ),
    (
        "cut at its colon",
        |_| HOST.to_owned(),
        &[Truncated],
        ".pgpass, at a colon that is not escaped (write \\:)",
    ),
    // An endpoint that has its port already (paws-r/paws#324).
    (
        "with the port twice",
        |token| token.replace(":5432", ":5432:5432"),
        &[MalformedHost],
        "the port is present twice",
    ),
    (
        "with two ports",
        |token| token.replace(":5432", ":3306:5432"),
        &[MalformedHost],
        "the port is present twice",
    ),
    // aws/aws-cli#6091.
    (
        "with an empty session token",
        |token| {
            token.replace(
                "&X-Amz-SignedHeaders",
                "&X-Amz-Security-Token=&X-Amz-SignedHeaders",
            )
        },
        &[MalformedParameter],
        "X-Amz-Security-Token is empty",
    ),
    (
        "with an empty session token at the end",
        |token| token.to_owned() + "&X-Amz-Security-Token=",
        &[MalformedParameter],
        "AWS_SESSION_TOKEN is set and empty",
    ),
    // For configparser (cgwire/zou#1063), and a batch file.
    (
        "with doubled percent signs",
        |token| token.replace('%', "%%"),
        &[MalformedEncoding],
        "doubled (%%)",
    ),
    // Passwords of members of rds_iam (cyrilgdn/terraform-provider-postgresql#289).
    (
        "replaced by a password",
        |_| "Str0ng!Pass".to_owned(),
        &[NotAToken],
        "a user who has rds_iam, directly or through a role",
    ),
    // Kubernetes secrets, with and without the line break of `echo`.
    ("in base64", |token| base64(token), &[Base64], "in base64"),
    (
        "in base64, in YAML",
        |token| format!("password: {}\n", base64(token)),
        &[Base64, SurroundingText],
        "in base64",
    ),
    (
        "in base64, in lines",
        |token| {
            let lines: Vec<_> = base64(token)
                .as_bytes()
                .chunks(76)
                .map(|line| String::from_utf8_lossy(line).into_owned())
                .collect();
            lines.join("\n")
        },
        &[Base64],
        "in base64",
    ),
    (
        "in base64, with a line break",
        |token| base64(&format!("{token}\n")),
        &[Base64, SurroundingText],
        "in base64",
    ),
    (
        "in base64 for URLs",
        |token| base64(token).replace('+', "-").replace('/', "_"),
        &[Base64],
        "in base64",
    ),
    (
        "without percent signs",
        |token| token.replace('%', ""),
        &[LostPercentSigns],
        "percent signs are missing",
    ),
    (
        "from a batch file, which took %2 for an argument",
        |token| token.replace("%2", ""),
        &[LostPercentSigns],
        "percent signs are missing",
    ),
    (
        "from `printf`, which took %2F for a number",
        |token| token.replace("%2F", "0.000000"),
        &[LostPercentSigns],
        "percent signs are missing",
    ),
    (
        "without escapes",
        |token| token.replace("%2F", ""),
        &[LostPercentSigns],
        "percent signs are missing",
    ),
    (
        "in lowercase",
        |token| token.to_lowercase(),
        &[LetterCase],
        "one case",
    ),
    (
        "in uppercase",
        |token| token.to_uppercase(),
        &[LetterCase],
        "one case",
    ),
];

fn encode(token: &str) -> String {
    uri_encode(token)
}

fn but_slash(token: &str) -> String {
    encode(token).replacen("%2F", "/", 1)
}

#[test]
fn each_case_of_a_report_is_found_and_nothing_else() {
    let key = long_lived();
    let token = sign("app", &key);
    for (name, damage, found, words) in CASES {
        let damaged = damage(&token);
        let diagnosis = diagnose(&damaged, &expected("app", &key));
        assert_eq!(
            causes(&diagnosis),
            *found,
            "{name}: {damaged} {diagnosis:?}"
        );
        let first = diagnosis.findings().first();
        let message = first.map_or("", |finding| finding.message());
        assert!(message.contains(words), "{name}: {message}");
    }
}

/// With a session token, and without an expectation.
#[test]
fn each_case_is_found_in_a_token_with_a_session_token_too() {
    let key = temporary();
    let token = sign("app", &key);
    for (name, damage, found, _) in CASES {
        if name.contains("empty session token") {
            continue;
        }
        let damaged = damage(&token);
        for expected in [expected("app", &key), Expected::new()] {
            let diagnosis = diagnose(&damaged, &expected);
            let diagnosis = causes(&diagnosis);
            assert_eq!(diagnosis, *found, "{name}: {damaged}");
        }
    }
}
