//! Damaged and mistaken tokens, and what is found.

use std::fmt::Write as _;

use proptest::prelude::*;
use rds_iam_token::{
    Credentials, Endpoint, Host, Region, Timestamp, TokenParts, TokenRequest,
    diagnose::{Cause, Expected, Finding, Server, diagnose},
};

use Cause::{
    CredentialsExpired, Decoded, DuplicateParameter, Empty, EncodedTwice, EscapedAmpersand,
    Expired, Lifetime, MalformedEncoding, MalformedHost, MalformedParameter, MalformedSignature,
    MissingParameter, MissingPort, MissingSessionToken, MissingSlash, NotAToken, NotYetValid,
    PlusForSpace, Scheme, SurroundingText, Truncated, UnexpectedSessionToken, UnknownParameter,
    UnsignableHost, UserCase, WrongAccessKey, WrongAction, WrongAlgorithm, WrongHost, WrongPort,
    WrongRegion, WrongScopeDate, WrongService, WrongSessionToken, WrongSignature,
    WrongSignedHeaders, WrongUser,
};

mod field_cases;
mod good;
mod leaks;

const HOST: &str = "mydb.c1a2b3c4d5e6.us-east-1.rds.amazonaws.com";

/// 2015-08-30T12:36:00Z.
const NOW: i64 = 1_440_938_160;

fn seconds(unix_seconds: i64) -> Timestamp {
    Timestamp::from_unix_seconds(unix_seconds).unwrap()
}

fn temporary() -> Credentials {
    let session_token = "IQoJb3JpZ2luX2VjEHk+AbCd/EfGh".repeat(20) + "==";
    Credentials::new("ASIAIOSFODNN7EXAMPLE", "not-a-real-secret")
        .and_then(|credentials| credentials.with_session_token(session_token))
        .unwrap()
}

fn long_lived() -> Credentials {
    Credentials::new("AKIAIOSFODNN7EXAMPLE", "not-a-real-secret").unwrap()
}

fn signed(host: &str, port: u16, region: &str, user: &str, credentials: &Credentials) -> String {
    let endpoint = Endpoint::new(host, port).unwrap();
    TokenRequest::new(endpoint, Region::new(region).unwrap(), user)
        .unwrap()
        .sign(credentials, seconds(NOW))
        .into_exposed_string()
}

fn good() -> String {
    signed(HOST, 5432, "us-east-1", "Jane Doe", &temporary())
}

fn known() -> Expected {
    Expected::new()
        .with_endpoint(Endpoint::new(HOST, 5432).unwrap())
        .with_region(Region::new("us-east-1").unwrap())
        .with_user("Jane Doe")
        .with_time(seconds(NOW + 60))
        .with_credentials(temporary())
}

fn causes(password: &str, known: &Expected) -> Vec<Cause> {
    diagnose(password, known)
        .findings()
        .iter()
        .map(Finding::cause)
        .collect()
}

#[test]
fn nothing_is_found_in_a_good_token() {
    let good = good();
    assert_eq!(causes(&good, &known()), []);
    assert_eq!(causes(&good, &Expected::new()), []);
    let diagnosis = diagnose(&good, &known());
    assert!(diagnosis.is_clean());
    assert_eq!(diagnosis.expose_repaired(), good);
}

/// A damage, and what is found in what it leaves.
type Damage = (&'static str, fn(&str) -> String, &'static [Cause]);

const DAMAGES: &[Damage] = &[
    ("nothing", |_| String::new(), &[Empty]),
    ("white space only", |_| " \n".into(), &[Empty]),
    ("quotes only", |_| "\"\"".into(), &[Empty]),
    (
        "a password",
        |_| "correct horse battery staple".into(),
        &[NotAToken],
    ),
    (
        "a password like a host",
        |_| "correct.horse".into(),
        &[NotAToken],
    ),
    (
        "a page",
        |_| "https://example.com/?q=1&page=2".into(),
        &[NotAToken],
    ),
    (
        "another token",
        |_| "eyJhbGciOiJIUzI1NiJ9.e30.ZRrHA1JJJW8opsbCGfG".into(),
        &[NotAToken],
    ),
    // Around the token.
    (
        "a line break",
        |good| good.to_owned() + "\n",
        &[SurroundingText],
    ),
    (
        "a Windows line break",
        |good| good.to_owned() + "\r\n",
        &[SurroundingText],
    ),
    (
        "a space in front",
        |good| " ".to_owned() + good,
        &[SurroundingText],
    ),
    ("quotes", |good| format!("\"{good}\""), &[SurroundingText]),
    (
        "curly quotes",
        |good| format!("\u{201c}{good}\u{201d}"),
        &[SurroundingText],
    ),
    (
        "a byte order mark",
        |good| format!("\u{feff}{good}"),
        &[SurroundingText],
    ),
    (
        "an assignment",
        |good| format!("export PGPASSWORD='{good}'"),
        &[SurroundingText],
    ),
    (
        "a label",
        |good| format!("Password: {good}\n"),
        &[SurroundingText],
    ),
    (
        "a label without a space",
        |good| format!("password:{good}"),
        &[SurroundingText],
    ),
    ("a list", |good| format!("[{good}],"), &[SurroundingText]),
    (
        "the mark of zsh",
        |good| good.to_owned() + "%",
        &[SurroundingText],
    ),
    (
        "words",
        |good| format!("the token is {good}"),
        &[SurroundingText],
    ),
    ("wrapped lines", wrapped, &[SurroundingText]),
    (
        "shell quoting",
        |good| good.replace('&', "\\&"),
        &[SurroundingText],
    ),
    (
        "HTML",
        |good| good.replace('&', "&amp;"),
        &[EscapedAmpersand],
    ),
    (
        "JSON",
        |good| good.replace('&', "\\u0026"),
        &[EscapedAmpersand],
    ),
    (
        "HTML in capitals",
        |good| good.replace('&', "&AMP;"),
        &[EscapedAmpersand],
    ),
    (
        "hexadecimal numbers of HTML",
        |good| good.replace('&', "&#x26;"),
        &[EscapedAmpersand],
    ),
    (
        "JavaScript",
        |good| good.replace('&', "\\x26"),
        &[EscapedAmpersand],
    ),
    ("a scheme", |good| "https://".to_owned() + good, &[Scheme]),
    (
        "a URL",
        |good| "jdbc:postgresql://".to_owned() + good,
        &[Scheme],
    ),
    (
        "a URL with a user",
        |good| "postgres://app@".to_owned() + good,
        &[Scheme],
    ),
    (
        "a quoted URL",
        |good| format!("'https://{good}'"),
        &[SurroundingText, Scheme],
    ),
    // The encoding.
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
    // What is signed.
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

fn wrapped(good: &str) -> String {
    let lines: Vec<_> = good
        .as_bytes()
        .chunks(76)
        .map(String::from_utf8_lossy)
        .collect();
    lines.join("\n")
}

fn encoded(good: &str) -> String {
    rds_iam_token::sigv4::uri_encode(good)
}

fn in_small_digits(encoded: &str) -> String {
    let digits = [("3A", "3a"), ("3D", "3d"), ("3F", "3f")];
    let start = encoded.to_owned();
    digits
        .iter()
        .fold(start, |text, (capital, small)| text.replace(capital, small))
}

fn decoded(good: &str) -> String {
    String::from_utf8(percent_encoding::percent_decode_str(good).collect()).unwrap()
}

fn without(good: &str, name: &str) -> String {
    let (endpoint, query) = good.split_once('?').unwrap();
    let kept: Vec<_> = query
        .split('&')
        .filter(|parameter| parameter.split('=').next() != Some(name))
        .collect();
    format!("{endpoint}?{}", kept.join("&"))
}

fn upper_signature(good: &str) -> String {
    let (before, signature) = good.rsplit_once('=').unwrap();
    format!("{before}={}", signature.to_uppercase())
}

#[test]
fn each_damage_is_found_and_nothing_else() {
    let good = good();
    for (name, damage, expected) in DAMAGES {
        let damaged = damage(&good);
        assert_ne!(damaged, good, "{name}");
        assert_eq!(causes(&damaged, &known()), *expected, "{name}: {damaged}");
    }
}

/// A damage of a token whose last parameter is its signature, or is not.
const COPIES: &[Damage] = &[
    (
        "a variable and a command",
        |good| format!("PGPASSWORD='{good}' psql -h db"),
        &[SurroundingText],
    ),
    (
        "a key-value string",
        |good| format!("password={good} dbname=x sslmode=require"),
        &[SurroundingText],
    ),
    (
        "a sentence",
        |good| format!("The password {good} expires in 15 min"),
        &[SurroundingText],
    ),
    (
        "a line in front",
        |good| format!("password\n{good}"),
        &[SurroundingText],
    ),
    (
        "a comment in front",
        |good| format!("# token\n{good}\n"),
        &[SurroundingText],
    ),
    (
        "an option",
        |good| format!("-p'{good}'"),
        &[SurroundingText],
    ),
    (
        "an option without quotes",
        |good| format!("-p{good}"),
        &[SurroundingText],
    ),
    (
        "a Python literal",
        |good| format!("b'{good}'"),
        &[SurroundingText],
    ),
    (
        "colours",
        |good| format!("\x1b[32m{good}\x1b[0m"),
        &[SurroundingText],
    ),
    (
        "JSON",
        |good| format!("{{\"token\":\"{good}\",\"expires\":900}}"),
        &[SurroundingText],
    ),
    (
        "a comment behind",
        |good| format!("{good} # c"),
        &[SurroundingText],
    ),
    (
        "a connection string",
        |good| format!("Password={good};SSL Mode=Require"),
        &[SurroundingText],
    ),
    (
        "an escaped line break",
        |good| good.to_owned() + "\\n",
        &[SurroundingText],
    ),
    (
        "an ampersand behind",
        |good| good.to_owned() + "&",
        &[SurroundingText],
    ),
    (
        "lines of 40 with indentation",
        |good| in_lines(good, 40, "\n    "),
        &[SurroundingText],
    ),
    (
        "lines of 64 with tabs",
        |good| in_lines(good, 64, "\r\n\t"),
        &[SurroundingText],
    ),
    (
        "lines of 80 that go on",
        |good| in_lines(good, 80, " \\\n    "),
        &[SurroundingText],
    ),
    (
        "lines of cmd.exe",
        |good| in_lines(good, 76, "^\r\n"),
        &[SurroundingText],
    ),
    (
        "lines of cmd.exe that break the host and the signature",
        |good| in_lines(good, 40, "^\r\n"),
        &[SurroundingText],
    ),
    (
        "quoted lines",
        |good| "> ".to_owned() + &in_lines(good, 70, "\n> "),
        &[SurroundingText],
    ),
    (
        "lines of what is decoded",
        |good| in_lines(&decoded(good), 60, "\n"),
        &[SurroundingText, Decoded],
    ),
    (
        "encoding of the whole, with small digits",
        |good| in_small_digits(&encoded(good)),
        &[EncodedTwice],
    ),
    (
        "encoding of the whole, twice",
        |good| encoded(&encoded(good)),
        &[EncodedTwice],
    ),
    (
        "encoding of the whole, twice, with small digits",
        |good| in_small_digits(&encoded(&encoded(good))),
        &[EncodedTwice],
    ),
    (
        "a connection URL",
        |good| format!("postgres://app:{}@db:5432/x?sslmode=require", encoded(good)),
        &[],
    ),
    (
        "a connection URL with the token as it is",
        |good| format!("postgres://app:{good}@db:5432/x?sslmode=require"),
        &[Decoded],
    ),
    (
        "encoding of percent signs, twice",
        |good| good.replace('%', "%2525"),
        &[EncodedTwice],
    ),
    (
        "numbers of HTML",
        |good| good.replace('&', "&#38;"),
        &[EscapedAmpersand],
    ),
    (
        "HTML of HTML",
        |good| good.replace('&', "&amp;amp;"),
        &[EscapedAmpersand],
    ),
    (
        "a final dot",
        |good| good.replace(":5432", ".:5432"),
        &[WrongHost],
    ),
    (
        "an endless life",
        |good| good.replace("=900", "=99999999999"),
        &[Lifetime],
    ),
    (
        "an apostrophe",
        |good| good.replace("%20", "'"),
        &[MalformedEncoding],
    ),
    (
        "a space",
        |good| good.replace("%20", " "),
        &[MalformedEncoding],
    ),
];

fn in_lines(text: &str, width: usize, line_break: &str) -> String {
    let lines: Vec<_> = text
        .as_bytes()
        .chunks(width)
        .map(String::from_utf8_lossy)
        .collect();
    lines.join(line_break)
}

/// Moves a parameter to the end.
fn reordered(good: &str, last: &str) -> String {
    let (_, query) = good.split_once('?').unwrap();
    let parameter = query
        .split('&')
        .find(|parameter| parameter.starts_with(last))
        .unwrap();
    format!("{}&{parameter}", without(good, last))
}

/// Moves parameters to the end, one after the other.
fn in_order(good: &str, names: &[&str]) -> String {
    let start = good.to_owned();
    names
        .iter()
        .fold(start, |good, name| reordered(&good, name))
}

/// What signers print at the end, in this order, and before that as the `aws` command does.
const ORDERS: &[&[&str]] = &[
    // The `aws` command.
    &[],
    // Go, Ruby.
    &["X-Amz-SignedHeaders", "X-Amz-Signature"],
    // Rust.
    &["X-Amz-Security-Token"],
    // JavaScript.
    &["X-Amz-SignedHeaders"],
    AWS_C_AUTH,
    JAVA,
    DOTNET,
];

const AWS_C_AUTH: &[&str] = &["X-Amz-Expires", "X-Amz-Security-Token", "X-Amz-Signature"];

const JAVA: &[&str] = &[
    "Action",
    "X-Amz-Security-Token",
    "X-Amz-Algorithm",
    "X-Amz-Date",
    "X-Amz-SignedHeaders",
    "X-Amz-Expires",
    "X-Amz-Credential",
    "X-Amz-Signature",
];

const DOTNET: &[&str] = &[
    "X-Amz-Expires",
    "X-Amz-Security-Token",
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-SignedHeaders",
    "X-Amz-Signature",
];

#[test]
fn a_copy_is_repaired_whatever_the_order_of_the_parameters() {
    let good = good();
    let orders = [
        good.clone(),
        reordered(&good, "X-Amz-SignedHeaders"),
        reordered(&good, "X-Amz-Security-Token"),
        in_order(&good, JAVA),
    ];
    for good in &orders {
        assert_eq!(causes(good, &known()), [], "{good}");
        for (name, damage, expected) in COPIES {
            let damaged = damage(good);
            assert_eq!(causes(&damaged, &known()), *expected, "{name}: {damaged}");
        }
    }
}

#[test]
fn a_prompt_behind_is_not_part_of_what_has_its_length() {
    for good in [good(), reordered(&good(), "X-Amz-SignedHeaders")] {
        let copied = format!("{good}\nubuntu@ip:~$ ");
        assert_eq!(causes(&copied, &known()), [SurroundingText], "{copied}");
    }
}

#[test]
fn what_is_no_token_is_no_token_whatever_its_marks() {
    for text in [
        "Sup3rS3cret?",
        "w?D",
        "?",
        "https://example.com/?",
        "https://example.com/?A",
        "{\"username\":\"app\",\"password\":\"hunter2?\"}",
        "An error occurred (AccessDenied): is the role right?",
    ] {
        assert_eq!(causes(text, &known()), [NotAToken], "{text}");
        // What it is instead may be a secret.
        let diagnosis = diagnose(text, &known());
        assert_eq!(diagnosis.expose_repaired(), "", "{text}");
    }
}

#[test]
fn a_token_for_another_service_is_that_before_all_else() {
    let query = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20150830T123600Z\
        &X-Amz-SignedHeaders=host&X-Amz-Expires=3600&X-Amz-Signature=";
    let digits = "0123456789abcdef".repeat(4);
    for (start, service) in [
        ("abc.dsql.us-east-1.on.aws/?Action=DbConnect", "dsql"),
        ("my-cache/?Action=connect&User=app", "elasticache"),
        ("https://bucket.s3.amazonaws.com/key?x-id=GetObject", "s3"),
        (
            "https://sts.us-east-1.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15",
            "sts",
        ),
    ] {
        let credential =
            format!("AKIAIOSFODNN7EXAMPLE%2F20150830%2Fus-east-1%2F{service}%2Faws4_request");
        let token = format!("{start}&X-Amz-Credential={credential}&{query}{digits}");
        assert_eq!(causes(&token, &Expected::new()), [WrongService], "{token}");
    }
}

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
                let diagnosis = diagnose(&damaged, &known().with_user("another"));
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
fn a_user_with_a_plus_sign_is_not_one_with_a_space() {
    let token = signed(HOST, 5432, "us-east-1", "a+b", &temporary());
    assert_eq!(causes(&token, &known().with_user("a+b")), []);
    assert_eq!(causes(&token, &known().with_user("a b")), [WrongUser]);
    let token = signed(HOST, 5432, "us-east-1", "jane%40corp.com", &temporary());
    assert_eq!(
        causes(&token, &known().with_user("jane@corp.com")),
        [EncodedTwice]
    );
}

#[test]
fn a_cut_is_found_in_every_order() {
    let good = good();
    let of_javascript = reordered(&good, "X-Amz-SignedHeaders");
    let of_aws_c_auth = in_order(&good, AWS_C_AUTH);
    for good in [&of_javascript, &of_aws_c_auth] {
        for length in 12..good.len() {
            let (start, end) = good.split_at(length);
            // Without the last parameter alone, a token may as well have been made without it.
            let is_left_out =
                start.contains("X-Amz-Signature=") && end.starts_with("&X-Amz-SignedHeaders=");
            let expected = if is_left_out {
                MissingParameter
            } else {
                Truncated
            };
            assert_eq!(causes(start, &known()), [expected], "{length}: {start}");
        }
    }
    // With the session token last, what it should be has to be known, but for a broken escape.
    let good = reordered(&good, "X-Amz-Security-Token");
    for length in good.find("X-Amz-Security-Token=").unwrap() + 30..good.len() {
        assert_eq!(causes(&good[..length], &known()), [Truncated], "{length}");
    }
}

#[test]
fn a_token_that_ends_before_two_parameters_or_more_is_cut() {
    for order in ORDERS {
        let good = in_order(&good(), order);
        assert_eq!(causes(&good, &known()), [], "{good}");
        for (at, _) in good.rmatch_indices('&').skip(1) {
            let start = &good[..at];
            assert_eq!(causes(start, &known()), [Truncated], "{start}");
        }
    }
}

/// What is known instead of what is right, and what is found.
#[test]
fn each_difference_from_what_is_known_is_found() {
    let good = good();
    let endpoint = |host: &str, port| Endpoint::new(host, port).unwrap();
    let reader = "mydb.cluster-ro-c1a2b3c4d5e6.us-east-1.rds.amazonaws.com";
    for (known, expected) in [
        (known().with_user("jane doe"), &[UserCase][..]),
        (known().with_user("app"), &[WrongUser]),
        (known().with_port(5433), &[WrongPort]),
        (known().with_host(Host::new("localhost").unwrap()), &[]),
        (
            known().with_host(Host::new("db.c1a2.us-east-1.rds.amazonaws.com").unwrap()),
            &[WrongHost],
        ),
        (known().with_endpoint(endpoint(reader, 5432)), &[WrongHost]),
        (
            known().with_endpoint(endpoint(reader, 3306)),
            &[WrongHost, WrongPort],
        ),
        (
            known().with_region(Region::new("us-east-2").unwrap()),
            &[WrongRegion],
        ),
        (known().with_time(seconds(NOW + 899)), &[]),
        (known().with_time(seconds(NOW + 900)), &[Expired]),
        (known().with_time(seconds(NOW - 10)), &[]),
        (known().with_time(seconds(NOW - 11)), &[NotYetValid]),
        (
            known().with_credentials(temporary().with_expiry(seconds(NOW + 60))),
            &[CredentialsExpired],
        ),
        (
            known().with_credentials(temporary().with_expiry(seconds(NOW + 61))),
            &[],
        ),
        (known().with_credentials(long_lived()), &[WrongAccessKey]),
    ] {
        assert_eq!(causes(&good, &known), expected, "{known:?}");
    }
    let other = Credentials::new("ASIAIOSFODNN7EXAMPLE", "another-secret")
        .and_then(|credentials| credentials.with_session_token("another"))
        .unwrap();
    assert_eq!(
        causes(&good, &known().with_credentials(other)),
        [WrongSignature]
    );
    let other = Credentials::new("ASIAIOSFODNN7EXAMPLE", "not-a-real-secret")
        .and_then(|credentials| credentials.with_session_token("another"))
        .unwrap();
    assert_eq!(
        causes(&good, &known().with_credentials(other)),
        [WrongSessionToken]
    );
}

#[test]
fn a_host_that_rds_refuses_is_found_without_knowing_another() {
    for (host, words) in [
        (
            "mydb.cluster-custom-c1a2.us-east-1.rds.amazonaws.com",
            "an Aurora custom endpoint",
        ),
        ("10.0.0.1", "an IP address"),
        ("db.internal.example.com", "a CNAME or a tunnel"),
        ("localhost", "a CNAME or a tunnel"),
    ] {
        let token = signed(host, 5432, "us-east-1", "app", &long_lived());
        let diagnosis = diagnose(&token, &Expected::new());
        let [finding] = diagnosis.findings() else {
            panic!("{host}: {diagnosis:?}")
        };
        assert_eq!(finding.cause(), UnsignableHost, "{host}");
        assert!(finding.message().contains(words), "{finding}");
    }
}

#[test]
fn the_region_of_the_host_counts_where_no_other_is_known() {
    let token = signed(HOST, 5432, "us-east-2", "app", &long_lived());
    assert_eq!(causes(&token, &Expected::new()), [WrongRegion]);
}

#[test]
fn a_key_tells_whether_it_needs_a_session_token() {
    let token = signed(HOST, 5432, "us-east-1", "app", &temporary());
    let without = without(&token, "X-Amz-Security-Token");
    assert_eq!(causes(&without, &Expected::new()), [MissingSessionToken]);
    let long_lived = long_lived().with_session_token("left-over").unwrap();
    let with = signed(HOST, 5432, "us-east-1", "app", &long_lived);
    assert_eq!(causes(&with, &Expected::new()), [UnexpectedSessionToken]);
}

#[test]
fn the_credentials_tell_whether_a_session_token_is_needed() {
    let long_lived = Credentials::new("AKIDEXAMPLE", "not-a-real-secret").unwrap();
    let temporary = long_lived.clone().with_session_token("token").unwrap();
    for (signer, known, expected) in [
        (&long_lived, &temporary, MissingSessionToken),
        (&temporary, &long_lived, UnexpectedSessionToken),
    ] {
        let token = signed(HOST, 5432, "us-east-1", "app", signer);
        let known = Expected::new().with_credentials(known.clone());
        assert_eq!(causes(&token, &known), [expected]);
    }
}

#[test]
fn a_token_cut_anywhere_is_found_to_be_cut() {
    let with_session_token = good();
    let long_lived = signed(HOST, 5432, "us-east-1", "Jane Doe", &long_lived());
    for (good, key) in [
        (&with_session_token, temporary()),
        (&long_lived, self::long_lived()),
    ] {
        let known = known().with_credentials(key);
        for length in 12..good.len() {
            let (start, end) = good.split_at(length);
            // Without the last parameter alone, a token may as well have been made without it.
            let is_left_out = end.starts_with("&X-Amz-Signature=") && !good.contains("ASIA");
            let expected = if is_left_out {
                MissingParameter
            } else {
                Truncated
            };
            assert_eq!(causes(start, &known), [expected], "{length}: {start}");
        }
    }
}

#[test]
fn a_cut_names_its_length_and_the_tools_that_cut_there() {
    let good = good();
    for (length, words) in [
        (
            79,
            "the token ends after 79 characters; known to cut there: the password prompt of the mariadb client",
        ),
        (
            511,
            "the token ends after 511 characters; known to cut there: pam_exec",
        ),
        (
            600,
            "the token ends after 600 characters; no tool is known to cut there",
        ),
    ] {
        let diagnosis = diagnose(&good[..length], &Expected::new());
        let message = diagnosis
            .findings()
            .first()
            .map(|finding| finding.message().to_owned());
        assert!(
            message
                .as_ref()
                .is_some_and(|message| message.starts_with(words)),
            "{message:?}"
        );
    }
}

/// The shortest and the longest start of a token that a tool leaves, in bytes, and the tool.
const TOOLS: &[(usize, usize, &str)] = &[
    (31, 32, "MySQL replication (32)"),
    (79, 79, "the mariadb client (79)"),
    (99, 100, "psql before 14 (100)"),
    (127, 128, "pgbouncer (128)"),
    (159, 160, "pgbouncer (160)"),
    (160, 319, ".pgpass before PostgreSQL 14 (320)"),
    (255, 256, "phpMyAdmin (256)"),
    (511, 512, "pam_exec with expose_authtok (511)"),
    (994, 996, "pgbouncer (995)"),
    (999, 1_000, "phpMyAdmin (1,000)"),
    (1_023, 1_024, "the Redshift ODBC driver (1,024)"),
    (1_999, 2_000, "phpMyAdmin (2,000)"),
    (4_000, 4_200, "a MariaDB option file (4,000 to 4,200)"),
    (4_095, 4_095, "psql on a terminal (4,095)"),
    (8_191, 8_192, "pgexporter (8,192)"),
    (10_237, 10_238, "auth_pam_tool of MariaDB (10,238)"),
    (65_529, 65_535, "pgbouncer (65,535)"),
];

#[test]
fn a_tool_is_named_at_each_length_it_cuts_to_and_at_no_other() {
    let credentials = temporary().with_session_token("t".repeat(65_536)).unwrap();
    let long = signed(HOST, 5432, "us-east-1", "Jane Doe", &credentials);
    for &(from, to, tool) in TOOLS {
        for (length, is_named) in [(from - 1, false), (from, true), (to, true), (to + 1, false)] {
            let diagnosis = diagnose(&long[..length], &Expected::new());
            let message = diagnosis.findings()[0].message();
            assert_eq!(message.contains(tool), is_named, "{length}: {message}");
        }
    }
}

#[test]
fn every_parameter_that_is_left_out_or_doubled_is_found() {
    let token = signed(HOST, 5432, "us-east-1", "Jane Doe", &long_lived());
    let known = known().with_credentials(long_lived());
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
fn a_damaged_copy_is_read_through_its_damage() {
    let late = known()
        .with_time(seconds(NOW + 4_000))
        .with_user("jane doe");
    let quoted = format!("\"{}\"\n", good());
    assert_eq!(causes(&quoted, &late), [SurroundingText, UserCase, Expired]);
    assert_eq!(
        TokenParts::parse(diagnose(&quoted, &late).expose_repaired())
            .map(|parts| parts.signed_at()),
        Ok(seconds(NOW))
    );
    let cut = &good()[..300];
    assert_eq!(causes(cut, &late), [Truncated, UserCase, Expired]);
    assert_eq!(
        causes(&good().replace("/?", "?"), &late),
        [MissingSlash, UserCase, Expired]
    );
}

#[test]
fn a_finding_says_what_is_there_and_what_should_be() {
    let known = known()
        .with_endpoint(Endpoint::new("proxy.proxy-c1a2.us-east-2.rds.amazonaws.com", 3306).unwrap())
        .with_region(Region::new("us-east-2").unwrap())
        .with_user("app")
        .with_time(seconds(NOW + 900 + 90_061));
    let found: Vec<_> = diagnose(&good(), &known)
        .findings()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        found,
        [
            "wrong-host: signed for host mydb.c1a2b3c4d5e6.us-east-1.rds.amazonaws.com (an instance); \
             expected proxy.proxy-c1a2.us-east-2.rds.amazonaws.com",
            "wrong-port: signed for port 5432; expected 3306",
            "wrong-region: signed for region us-east-1; expected us-east-2",
            "wrong-user: signed for user Jane Doe; expected app",
            "expired: expired 1 d 1 h ago, at 2015-08-30T12:51:00Z",
        ]
    );
}

#[test]
fn a_text_that_is_too_long_is_not_read() {
    let longest = format!("{}&{}", good(), "a".repeat(65_535 - good().len()));
    assert_eq!(causes(&longest, &known()), [UnknownParameter]);
    // Under 64 Ki letters, and over 64 KiB.
    let long = format!("{}&{}", good(), "é".repeat(40_000));
    let diagnosis = diagnose(&long, &known());
    assert_eq!(
        diagnosis
            .findings()
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>(),
        [format!(
            "not-a-token: the text is {} bytes long; expected at most 65536",
            long.len()
        )]
    );
}

#[test]
fn what_is_wrong_many_times_is_said_once() {
    let noise = "&a".repeat(30_000);
    assert_eq!(causes(&(good() + &noise), &known()), [UnknownParameter]);
    let noise = "&Action=connect".repeat(4_000);
    assert_eq!(causes(&(good() + &noise), &known()), [DuplicateParameter]);
}

#[test]
fn no_finding_shows_a_secret() {
    let good = good();
    let (_, signature) = good.rsplit_once('=').unwrap();
    let session_token = temporary().expose_session_token().unwrap().to_owned();
    for (name, damage, _) in DAMAGES {
        let diagnosis = diagnose(&damage(&good), &known().with_time(seconds(0)));
        let shown = format!("{diagnosis:?} {:?}", known());
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

#[test]
fn every_server_has_causes_outside_the_token() {
    for server in [Server::MySql, Server::PostgreSql, Server::Proxy] {
        assert!(server.other_causes().count() > 5, "{server:?}");
        for cause in server.other_causes() {
            assert!(!cause.message().is_empty() && !cause.remedy().is_empty());
        }
    }
}

proptest! {
    #[test]
    fn any_text_is_answered(
        text in any::<String>(),
        start in 0_usize..1_200,
        noise in "[a-zA-Z&=%?/:+\"'\\\\ \n\u{e9}\u{feff}-]{0,12}",
    ) {
        let known = known();
        let _ = diagnose(&text, &known);
        let good = good();
        let (before, after) = good.split_at(start.min(good.len()));
        let diagnosis = diagnose(&format!("{before}{noise}{after}"), &known);
        prop_assert!(diagnosis.findings().is_sorted_by_key(Finding::cause));
        let diagnosis = diagnose(&format!("{before}{noise}"), &known);
        prop_assert!(!diagnosis.is_clean() || before.len() + noise.len() >= good.len());
    }
}
