//! The tokens that the tests damage, and how they are changed.

use rds_iam_token::{
    Credentials, Endpoint, Host, Region, TokenRequest,
    diagnose::{Cause, Expected, Finding, diagnose},
};

use crate::common;
pub(crate) use crate::common::at as seconds;

pub(crate) const HOST: &str = "mydb.c1a2b3c4d5e6.us-east-1.rds.amazonaws.com";

/// 2015-08-30T12:36:00Z.
pub(crate) const NOW: i64 = 1_440_938_160;

pub(crate) fn temporary() -> Credentials {
    let session_token = "IQoJb3JpZ2luX2VjEHk+AbCd/EfGh".repeat(20) + "==";
    common::temporary("ASIAIOSFODNN7EXAMPLE", &session_token)
}

pub(crate) fn long_lived() -> Credentials {
    common::long_lived("AKIAIOSFODNN7EXAMPLE")
}

pub(crate) fn signed(
    host: &str,
    port: u16,
    region: &str,
    user: &str,
    credentials: &Credentials,
) -> String {
    let endpoint = Endpoint::new(host, port).unwrap();
    TokenRequest::new(endpoint, Region::new(region).unwrap(), user)
        .unwrap()
        .sign(credentials, seconds(NOW))
        .into_exposed_string()
}

pub(crate) fn good() -> String {
    signed(HOST, 5432, "us-east-1", "Jane Doe", &temporary())
}

pub(crate) fn all_expected() -> Expected {
    Expected::new()
        .with_endpoint(common::endpoint(HOST))
        .with_region(common::region("us-east-1"))
        .with_user("Jane Doe")
        .with_time(seconds(NOW + 60))
        .with_credentials(temporary())
}

pub(crate) fn causes(password: &str, known: &Expected) -> Vec<Cause> {
    diagnose(password, known)
        .findings()
        .iter()
        .map(Finding::cause)
        .collect()
}

/// A damage, and what is found in what it leaves.
pub(crate) type Damage = (&'static str, fn(&str) -> String, &'static [Cause]);

pub(crate) fn encoded(good: &str) -> String {
    rds_iam_token::sigv4::uri_encode(good)
}

pub(crate) fn in_small_digits(encoded: &str) -> String {
    let digits = [("3A", "3a"), ("3D", "3d"), ("3F", "3f")];
    let start = encoded.to_owned();
    digits
        .iter()
        .fold(start, |text, (capital, small)| text.replace(capital, small))
}

pub(crate) fn decoded(good: &str) -> String {
    String::from_utf8(percent_encoding::percent_decode_str(good).collect()).unwrap()
}

pub(crate) fn without(good: &str, name: &str) -> String {
    let (endpoint, query) = good.split_once('?').unwrap();
    let kept: Vec<_> = query
        .split('&')
        .filter(|parameter| parameter.split('=').next() != Some(name))
        .collect();
    format!("{endpoint}?{}", kept.join("&"))
}

pub(crate) fn in_lines(text: &str, width: usize, line_break: &str) -> String {
    let lines: Vec<_> = text
        .as_bytes()
        .chunks(width)
        .map(String::from_utf8_lossy)
        .collect();
    lines.join(line_break)
}

/// Moves a parameter to the end.
pub(crate) fn reordered(good: &str, last: &str) -> String {
    let (_, query) = good.split_once('?').unwrap();
    let parameter = query
        .split('&')
        .find(|parameter| parameter.starts_with(last))
        .unwrap();
    format!("{}&{parameter}", without(good, last))
}

/// Moves parameters to the end, one after the other.
pub(crate) fn in_order(good: &str, names: &[&str]) -> String {
    let start = good.to_owned();
    names
        .iter()
        .fold(start, |good, name| reordered(&good, name))
}

/// The parameters that signers print at the end, in this order; the others are in the order of the
/// `aws` command.
pub(crate) const ORDERS: &[&[&str]] = &[
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

pub(crate) const AWS_C_AUTH: &[&str] =
    &["X-Amz-Expires", "X-Amz-Security-Token", "X-Amz-Signature"];

pub(crate) const JAVA: &[&str] = &[
    "Action",
    "X-Amz-Security-Token",
    "X-Amz-Algorithm",
    "X-Amz-Date",
    "X-Amz-SignedHeaders",
    "X-Amz-Expires",
    "X-Amz-Credential",
    "X-Amz-Signature",
];

pub(crate) const DOTNET: &[&str] = &[
    "X-Amz-Expires",
    "X-Amz-Security-Token",
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-SignedHeaders",
    "X-Amz-Signature",
];

pub(crate) const DB_HOST: &str = "db.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com";

/// The credentials of `app_token`.
pub(crate) fn app_credentials() -> Credentials {
    common::temporary("ASIDEXAMPLE", "not+a/real=session-token")
}

/// Signs for the user `app` with a temporary key.
pub(crate) fn app_token(host: &str) -> String {
    common::request(host, "eu-west-1", "app")
        .sign(&app_credentials(), seconds(NOW))
        .into_exposed_string()
}

/// Returns the message about a cause.
pub(crate) fn message(text: &str, cause: Cause) -> String {
    let diagnosis = diagnose(text, &Expected::new());
    let mut findings = diagnosis.findings().iter();
    let finding = findings.find(|finding| finding.cause() == cause);
    finding
        .map(|finding| finding.message().to_owned())
        .unwrap_or_default()
}

pub(crate) fn expected_host(host: &str) -> Expected {
    Expected::new().with_host(Host::new(host).unwrap())
}

/// Checks what is found in each damage of the good token.
pub(crate) fn check_each(damages: &[Damage]) {
    let good = good();
    for (name, damage, expected) in damages {
        let text = damage(&good);
        assert_ne!(text, good, "{name}");
        assert_eq!(causes(&text, &all_expected()), *expected, "{name}: {text}");
    }
}
