//! The one rule for what may be shown of a token, whole or damaged.
//!
//! A value may hold more than its own parameter: if an ampersand or an equals sign was encoded or
//! lost on the way, the signature follows the region. So the form of a value decides and not
//! its name. A value is shown if it has the exact form of its place, and a user, who may be any
//! text, up to the first character that may separate it from something else. A run of 20 letters
//! and digits may be a piece of a secret, so that a value with one is described by its length.

use alloc::{
    format,
    string::{String, ToString},
};

use crate::host::Host;

/// A place in a token for text that is no secret.
#[derive(Clone, Copy)]
pub(crate) enum Place {
    AccessKeyId,
    Action,
    Algorithm,
    Host,
    Region,
    ScopeDate,
    Service,
    SignedHeaders,
    User,
}

impl Place {
    /// Returns what may be shown of a value in this place, in one line: the value itself, its
    /// start, or its length.
    ///
    /// A value that the caller expects there is no secret, in whatever letter case.
    pub(crate) fn shown(self, value: &str, expected: Option<&str>) -> String {
        if value.is_empty() {
            return "(nothing)".to_string();
        }
        if expected.is_some_and(|expected| expected.eq_ignore_ascii_case(value)) {
            return printable(value);
        }
        match self {
            Self::User => user(value),
            _ if self.fits(value) => value.to_string(),
            Self::Host if Host::new(value).is_ok() => withheld(value),
            _ => malformed(value),
        }
    }

    /// Returns `true` if a value has the form of this place and cannot be a piece of a secret.
    pub(crate) fn fits(self, value: &str) -> bool {
        let has_only = |is_part: fn(char) -> bool| value.chars().all(is_part);
        let is_short = value.len() < SECRET_LEN;
        match self {
            // AKIAIOSFODNN7EXAMPLE; stand-ins have ids such as AKIDEXAMPLE.
            Self::AccessKeyId => {
                is_key_id_of_aws(value)
                    || is_short && has_only(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
            }
            // connect, GetCallerIdentity.
            Self::Action => is_short && has_only(|c| c.is_ascii_alphabetic()),
            // AWS4-HMAC-SHA256, AWS4-ECDSA-P256-SHA256.
            Self::Algorithm => {
                let is_part = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-';
                value.starts_with("AWS4-") && value.len() < 24 && has_only(is_part)
            }
            Self::Host => Host::new(value).is_ok_and(|host| {
                if host.kind().accepts_tokens() {
                    !has_scrambled_run(value)
                } else {
                    !has_long_run(value)
                }
            }),
            // 20150830.
            Self::ScopeDate => value.len() == 8 && has_only(|c| c.is_ascii_digit()),
            // eu-west-1, rds-db.
            Self::Region | Self::Service => {
                let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
                is_short && has_only(is_part)
            }
            // host, host;x-amz-date.
            Self::SignedHeaders => value.split(';').all(|name| HEADERS.contains(&name)),
            Self::User => false,
        }
    }
}

/// Returns a number as text, if it is too short to be a piece of a secret.
pub(crate) fn number(number: u64) -> String {
    const MOST_DIGITS: u32 = 10;
    if number < 10_u64.pow(MOST_DIGITS) {
        number.to_string()
    } else {
        format!("over {MOST_DIGITS} digits")
    }
}

/// Returns what a caller expects, in one line.
pub(crate) fn expected(text: &str) -> String {
    if text.is_empty() {
        return "(nothing)".to_string();
    }
    if has_scrambled_run(text) {
        return withheld(text);
    }
    printable(text)
}

/// Describes a value that does not have the form of its place.
pub(crate) fn malformed(value: &str) -> String {
    format!("malformed, {} bytes", value.len())
}

/// Escapes what a terminal would not print as it is, and shortens.
fn printable(text: &str) -> String {
    const MOST: usize = 80;
    let mut letters = text.chars();
    let mut printable: String = letters
        .by_ref()
        .take(MOST)
        .flat_map(char::escape_debug)
        .collect();
    if letters.next().is_some() {
        printable.push('…');
    }
    printable
}

/// Describes a value that has the form of its place and that may be a piece of a secret.
fn withheld(value: &str) -> String {
    format!("not shown, {} bytes", value.len())
}

/// Returns a user up to the first separator.
fn user(value: &str) -> String {
    // app, jane.doe@example.com, Jane Doe; `&`, `%`, `=`, `;` and `/` may be what is left of a
    // damaged separator.
    let is_part = |letter: char| letter.is_alphanumeric() || "-_.@ ".contains(letter);
    let end = value.find(|letter| !is_part(letter));
    let start = end.and_then(|end| value.get(..end)).unwrap_or(value);
    if start.is_empty() || has_long_run(start) {
        return withheld(value);
    }
    let mut shown = printable(start);
    if end.is_some() && !shown.ends_with('…') {
        shown.push('…');
    }
    shown
}

/// Returns `true` for a key id of the form that AWS uses: AKIA or ASIA and 16 capital letters and
/// digits (IAM User Guide, "IAM identifiers").
fn is_key_id_of_aws(value: &str) -> bool {
    let rest = [LONG_LIVED, TEMPORARY]
        .iter()
        .find_map(|prefix| value.strip_prefix(prefix));
    let is_part = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    rest.is_some_and(|rest| rest.len() == 16 && rest.bytes().all(is_part))
}

fn has_long_run(value: &str) -> bool {
    runs(value).any(|run| run.chars().count() >= SECRET_LEN)
}

/// Returns `true` if a run may be a piece of a secret and is not how RDS names anything: 20 letters
/// in both cases, or 20 hexadecimal digits that are not all decimal.
///
/// `orders-20190913202019347400000001` is the name of an instance that Terraform made.
fn has_scrambled_run(value: &str) -> bool {
    let mixes_cases = |run: &str| {
        run.len() >= SECRET_LEN
            && run.bytes().any(|byte| byte.is_ascii_uppercase())
            && run.bytes().any(|byte| byte.is_ascii_lowercase())
    };
    let is_hexadecimal = |digits: &str| {
        digits.len() >= SECRET_LEN
            && digits.bytes().any(|byte| byte.is_ascii_digit())
            && digits.bytes().any(|byte| byte.is_ascii_alphabetic())
    };
    runs(value).any(mixes_cases)
        || value
            .split(|letter: char| !letter.is_ascii_hexdigit())
            .any(is_hexadecimal)
}

/// Splits a value into its runs of letters and digits.
fn runs(value: &str) -> impl Iterator<Item = &str> {
    value.split(|letter: char| !letter.is_alphanumeric())
}

/// From so many letters and digits on, a run may be a piece of a secret.
const SECRET_LEN: usize = 20;

/// How the ids of long-lived access keys start.
pub(crate) const LONG_LIVED: &str = "AKIA";

/// How the ids of temporary access keys start.
pub(crate) const TEMPORARY: &str = "ASIA";

/// The headers that signers sign.
const HEADERS: &[&str] = &[
    "content-length",
    "content-type",
    "host",
    "user-agent",
    "x-amz-content-sha256",
    "x-amz-date",
    "x-amz-security-token",
    "x-amz-target",
];

#[cfg(test)]
mod tests {
    use super::*;
    use Place::{
        AccessKeyId, Action, Algorithm, Host, Region, ScopeDate, Service, SignedHeaders, User,
    };

    const DIGITS: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    /// A value that is shown as it is in its place, and one that is not.
    const FORMS: &[(Place, &str, &str)] = &[
        (AccessKeyId, "AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLe"),
        (AccessKeyId, "ASIAIOSFODNN7EXAMPLE", "AROAIOSFODNN7EXAMPLE"),
        (AccessKeyId, "AKIDEXAMPLE", "AKIDEXAMPLE%26"),
        (AccessKeyId, "abcdefghij_12345678", "abcdefghij_123456789"),
        (Action, "connect", "connect&DBUser"),
        (Action, "GetCallerIdentity", "connectconnectconnec"),
        (Algorithm, "AWS4-HMAC-SHA256", "AWS4-hmac-sha256"),
        (
            Algorithm,
            "AWS4-ECDSA-P256-SHA256",
            "AWS4-ECDSA-P256-SHA25666",
        ),
        (
            Host,
            "db.example.com",
            "db_0123456789abcdefghij.example.com",
        ),
        (Host, "10.0.0.1", "10.0.0.1:5432"),
        // RDS gives long names, and Terraform makes them, but not of scrambled letters.
        (
            Host,
            "databaseproductionreplica.c1a2b3.eu-west-1.rds.amazonaws.com",
            "databaseProductionReplica.c1a2b3.eu-west-1.rds.amazonaws.com",
        ),
        (
            Host,
            "orders-20190913202019347400000001.c1a2b3.eu-west-1.rds.amazonaws.com",
            "0123456789abcdef0123db.c1a2b3.eu-west-1.rds.amazonaws.com",
        ),
        (Region, "eu-west-1", "EU-WEST-1"),
        (Region, "abcdefghi-abcdefghi", "abcdefghi-abcdefghij"),
        (ScopeDate, "20150830", "2015083a"),
        (ScopeDate, "00000000", "201508300"),
        (Service, "rds-db", "rds-db/aws4_request"),
        (SignedHeaders, "host", "hosts"),
        (SignedHeaders, "host;x-amz-date", "host;0123456789"),
        (User, "jane.doe@example.com", "abcdefghijklmnopqrst"),
    ];

    #[test]
    fn a_value_is_shown_if_it_has_the_form_of_its_place() {
        for &(place, shown, hidden) in FORMS {
            assert_eq!(place.shown(shown, None), shown);
            assert!(place.shown(hidden, None).ends_with(" bytes"), "{hidden}");
            // An expectation is no secret.
            assert_eq!(place.shown(hidden, Some(hidden)), hidden);
            for value in [
                DIGITS.to_string(),
                format!("{shown}{DIGITS}"),
                format!("{shown};{DIGITS}"),
                format!("{shown}%26X-Amz-Signature%3D{DIGITS}"),
                format!("{DIGITS}.c1a2b3.eu-west-1.rds.amazonaws.com"),
            ] {
                let (_, end) = DIGITS.split_at(DIGITS.len() - 10);
                assert!(!place.shown(&value, None).contains(end), "{value}");
            }
        }
    }

    #[test]
    fn a_value_that_is_not_shown_is_described() {
        for (place, value, described) in [
            (Region, "EU-WEST-1", "malformed, 9 bytes"),
            (Host, "0123456789abcdefghij", "not shown, 20 bytes"),
            (Host, "a b", "malformed, 3 bytes"),
            (User, "abcdefghijklmnopqrst", "not shown, 20 bytes"),
            (User, "%app", "not shown, 4 bytes"),
            (User, "app&", "app…"),
            (User, "", "(nothing)"),
        ] {
            assert_eq!(place.shown(value, None), described);
        }
        assert_eq!(number(9_999_999_999), "9999999999");
        assert_eq!(number(10_000_000_000), "over 10 digits");
        assert_eq!(
            expected("a_user_with_a_long_name"),
            "a_user_with_a_long_name"
        );
        assert_eq!(expected(DIGITS), "not shown, 64 bytes");
        assert_eq!(expected(""), "(nothing)");
    }
}
