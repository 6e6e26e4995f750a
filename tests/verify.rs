//! Tokens that a verifier accepts and rejects.

use std::time::Duration;

use proptest::prelude::*;
use rds_iam_token::{
    Credentials, Endpoint, Error, Login, ParseTokenError, Region, Secret, Timestamp, TokenParts,
    TokenRequest, Verifier, VerifyError,
};

use common::at as seconds;

mod common;

const HOST: &str = "mydb.c1a2b3c4d5e6.us-east-1.rds.amazonaws.com";

/// 2015-08-30T12:36:00Z.
const NOW: i64 = 1_440_938_160;

fn request() -> TokenRequest {
    common::request(HOST, "us-east-1", "Jane Doe")
}

fn long_lived() -> Credentials {
    common::long_lived("AKIDEXAMPLE")
}

fn temporary() -> Credentials {
    Credentials::new("ASIDEXAMPLE", "not-a-real-secret-either")
        .unwrap()
        .with_session_token("not+a/real=session-token")
        .unwrap()
}

fn token(credentials: &Credentials) -> String {
    request()
        .sign(credentials, seconds(NOW))
        .into_exposed_string()
}

fn look_up(id: &str) -> Option<Credentials> {
    [long_lived(), temporary()]
        .into_iter()
        .find(|credentials| credentials.access_key_id() == id)
}

/// Checks a token in a server that stands for one endpoint.
fn verify_alone(token: &str, at: i64) -> Result<(), VerifyError> {
    Verifier::new(request().endpoint().clone(), request().region().clone())
        .verify(token, seconds(at), look_up)
        .map(drop)
}

/// Checks a token in a server that stands for two ports of the host.
fn verify(token: &str, at: i64) -> Result<(), VerifyError> {
    let region = Region::new("us-east-1").unwrap();
    let verifier = Verifier::new(Endpoint::new("other.example.com", 5432).unwrap(), region)
        .with_endpoint(Endpoint::new(HOST, 3306).unwrap())
        .with_endpoint(Endpoint::new(HOST, 5432).unwrap());
    verifier
        .verify_user(token, "Jane Doe", seconds(at), look_up)
        .map(|_: Login<'_>| ())
}

#[test]
fn a_token_is_good_from_the_tolerance_before_to_its_last_second() {
    for credentials in [long_lived(), temporary()] {
        let token = token(&credentials);
        for at in [NOW - 300, NOW, NOW + 899] {
            assert_eq!(verify(&token, at), Ok(()), "{at}");
        }
        assert_eq!(
            verify(&token, NOW - 301),
            Err(VerifyError::NotYetValid { from: seconds(NOW) })
        );
        let expired = VerifyError::Expired {
            since: seconds(NOW + 900),
        };
        assert_eq!(verify(&token, NOW + 900), Err(expired));
    }
}

#[test]
fn an_escape_in_lowercase_is_signed_in_uppercase() {
    for (user, escape, spelled) in [
        ("é", "%C3%A9", "%c3%A9"),
        ("é", "%C3%A9", "%c3%a9"),
        ("é", "%C3%A9", "%C3%a9"),
        ("a/b", "a%2Fb", "a%2fb"),
        ("app", "not%2Ba", "not%2ba"),
        ("app", "%2Freal", "%2freal"),
        ("app", "real%3Dsession", "real%3dsession"),
        ("app", "%2Freal%3Dsession", "%2freal%3dsession"),
    ] {
        let request = common::request(HOST, "us-east-1", user);
        let token = request.sign(&temporary(), seconds(NOW));
        let spelled = token.expose_secret().replacen(escape, spelled, 1);
        assert_ne!(spelled, token.expose_secret());
        let verifier = Verifier::new(request.endpoint().clone(), request.region().clone());
        let login = verifier.verify(&spelled, seconds(NOW), look_up);
        assert_eq!(login.map(drop), Ok(()), "{user} {spelled}");
    }
}

#[test]
fn a_signature_with_two_wrong_digits_is_none() {
    let token = token(&long_lived());
    for count in 1..=4 {
        let (start, _) = token.split_at(token.len() - count);
        let damaged = format!("{start}{}", "g".repeat(count));
        assert!(TokenParts::parse(&damaged).is_err(), "{count}");
    }
}

#[test]
fn the_tolerance_can_be_set() -> Result<(), Error> {
    let strict = Verifier::new(request().endpoint().clone(), Region::new("us-east-1")?)
        .with_tolerance(Duration::ZERO);
    let token = token(&long_lived());
    let not_yet_valid = Err(VerifyError::NotYetValid { from: seconds(NOW) });
    let verify = |at| strict.verify(&token, seconds(at), look_up).map(drop);
    assert_eq!(verify(NOW), Ok(()));
    assert_eq!(verify(NOW - 1), not_yet_valid);
    // Parts of a second are dropped.
    let lenient = strict.clone().with_tolerance(Duration::from_millis(1_999));
    let verify = |at| lenient.verify(&token, seconds(at), look_up).map(drop);
    assert_eq!(verify(NOW - 1), Ok(()));
    assert_eq!(verify(NOW - 2), not_yet_valid);
    Ok(())
}

#[test]
fn a_token_of_the_end_of_time_is_not_yet_valid() {
    let from = Timestamp::MAX;
    let token = request().sign(&long_lived(), from);
    let rejected = verify(token.expose_secret(), NOW);
    assert_eq!(rejected, Err(VerifyError::NotYetValid { from }));
}

#[test]
fn no_credentials_are_looked_up_for_a_token_that_is_over() {
    let verifier = Verifier::new(request().endpoint().clone(), request().region().clone());
    let token = token(&long_lived());
    let at = seconds(NOW + 900);
    let login = verifier.verify(&token, at, |_| -> Option<Credentials> {
        panic!("looked up for a token that has expired")
    });
    let rejected = VerifyError::Expired { since: at };
    assert_eq!(login.map(drop), Err(rejected));
}

#[test]
fn a_login_says_who_and_where() -> Result<(), VerifyError> {
    let region = Region::new("us-east-1").unwrap();
    let verifier = Verifier::new(Endpoint::new(HOST, 5432).unwrap(), region);
    let token = token(&long_lived());
    let login = verifier.verify(&token, seconds(NOW), look_up)?;
    assert_eq!(login.user(), "Jane Doe");
    assert_eq!(login.access_key_id(), "AKIDEXAMPLE");
    assert_eq!(login.endpoint().to_string(), format!("{HOST}:5432"));
    assert_eq!(login.parts().expires_at(), seconds(NOW + 900));
    Ok(())
}

/// Two keys with one secret: the id in a token says who is logging in, so it is checked as well.
#[test]
fn credentials_with_a_different_id_are_rejected() -> Result<(), Error> {
    let verifier = Verifier::new(request().endpoint().clone(), Region::new("us-east-1")?);
    let token = token(&long_lived());
    for (id, outcome) in [
        ("AKIDEXAMPLE", Ok(())),
        ("AKIDEXAMPLE2", Err(VerifyError::AccessKeyId)),
    ] {
        let found = Credentials::new(id, "not-a-real-secret")?;
        let login = verifier.verify(&token, seconds(NOW), |_| Some(&found));
        assert_eq!(login.map(drop), outcome, "{id}");
    }
    Ok(())
}

/// An access key ID as a token has it, and whether credentials may have it.
const IDS: &[(&str, bool)] = &[
    ("AKIDEXAMPLE", true),
    ("!~%22%27%25%26%2B%3D@:", true),
    // Around the longest, which AWS documents as 128 bytes.
    ("128", true),
    ("129", false),
    ("60000", false),
    // Encoded on the way to a log, a file or a database.
    ("AKID%0AEXAMPLE", false),
    ("AKID%0D%0A", false),
    ("AKID%1B%5B2J", false),
    ("%27%20OR%201%3D1", false),
    ("AKID%00", false),
    ("%C3%A9", false),
];

#[test]
fn credentials_are_looked_up_by_an_id_that_they_can_have() -> Result<(), Error> {
    let verifier = Verifier::new(request().endpoint().clone(), Region::new("us-east-1")?);
    let good = token(&long_lived());
    for &(id, fits) in IDS {
        let id = id.parse().map_or(id.to_owned(), |len| "A".repeat(len));
        let text = good.replace("AKIDEXAMPLE", &id);
        let mut asked = false;
        let login = verifier.verify(&text, seconds(NOW), |id| {
            asked = true;
            assert!(Credentials::new(id, "not-a-real-secret").is_ok());
            None::<Credentials>
        });
        assert_eq!(login.err(), Some(VerifyError::AccessKeyId), "{id}");
        assert_eq!(asked, fits, "{id}");
    }
    Ok(())
}

/// Writes a value of a parameter as no signer has to, but some do.
fn encoded_again(value: &str, encode: impl Fn(u8) -> String) -> String {
    percent_decoded(value).into_iter().map(encode).collect()
}

fn percent_decoded(value: &str) -> Vec<u8> {
    let mut pieces = value.split('%');
    let start = pieces.next().unwrap_or_default().as_bytes().to_vec();
    pieces.fold(start, |mut bytes, piece| {
        bytes.extend(u8::from_str_radix(&piece[..2], 16));
        bytes.extend(piece[2..].bytes());
        bytes
    })
}

#[test]
fn one_token_has_many_texts_and_one_id() -> Result<(), Box<dyn std::error::Error>> {
    let request = request();
    let verifier = Verifier::new(request.endpoint().clone(), request.region().clone());
    let mut ids = Vec::new();
    for credentials in [long_lived(), temporary()] {
        let good = token(&credentials);
        let (authority, query) = good.split_once("/?").unwrap();
        let pairs: Vec<_> = query
            .split('&')
            .map(|pair| pair.split_once('=').unwrap())
            .collect();
        let join = |pairs: &mut dyn Iterator<Item = (&str, String)>| {
            let pairs: Vec<_> = pairs
                .map(|(name, value)| [name, "=", &value].concat())
                .collect();
            format!("{authority}/?{}", pairs.join("&"))
        };
        let all = |encode: &dyn Fn(u8) -> String| {
            join(&mut pairs.iter().map(|&(name, value)| match name {
                // It has no other form.
                "X-Amz-Signature" => (name, value.to_owned()),
                _ => (name, encoded_again(value, encode)),
            }))
        };
        let texts = [
            good.clone(),
            good.replace(authority, &authority.to_uppercase()),
            join(
                &mut pairs
                    .iter()
                    .rev()
                    .map(|&(name, value)| (name, value.to_owned())),
            ),
            all(&|byte| format!("%{byte:02X}")),
            all(&|byte| format!("%{byte:02x}")),
            // As the JavaScript SDK leaves slashes, and others more.
            all(&|byte| match byte {
                b'/' | b'+' | b'*' | b':' => char::from(byte).to_string(),
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                    char::from(byte).to_string()
                }
                _ => format!("%{byte:02X}"),
            }),
        ];
        let mut of_token = Vec::new();
        for text in &texts {
            let login = verifier.verify(text, seconds(NOW), |_| Some(&credentials))?;
            assert_eq!(login.user(), "Jane Doe");
            of_token.push(login.signature_id());
        }
        of_token.dedup();
        assert_eq!(of_token.len(), 1);
        assert_eq!(
            texts
                .iter()
                .collect::<std::collections::BTreeSet<_>>()
                .len(),
            6
        );
        ids.extend(of_token);
    }
    assert_ne!(ids[0], ids[1]);
    Ok(())
}

/// A replacement in a good token, and why the result is rejected.
const CHANGES: &[(&str, &str, VerifyError)] = &[
    (
        HOST,
        "yourdb.c1a2b3c4d5e6.us-east-1.rds.amazonaws.com",
        VerifyError::Host,
    ),
    // A final dot is dropped from an input, and not from a signed host.
    (
        HOST,
        "mydb.c1a2b3c4d5e6.us-east-1.rds.amazonaws.com.",
        VerifyError::Host,
    ),
    (":5432", ":5433", VerifyError::Port),
    // Another endpoint of the same server: the signature is not for it.
    (":5432", ":3306", VerifyError::Signature),
    ("Action=connect", "Action=Connect", VerifyError::Action),
    ("Jane%20Doe", "John%20Doe", VerifyError::Signature),
    ("Jane%20Doe", "Jane+Doe", VerifyError::Signature),
    ("HMAC-SHA256", "ECDSA-P256-SHA256", VerifyError::Algorithm),
    ("AKIDEXAMPLE", "AKIDUNKNOWN", VerifyError::AccessKeyId),
    ("%2F20150830%2F", "%2F20150831%2F", VerifyError::ScopeDate),
    ("us-east-1%2F", "us-east-2%2F", VerifyError::Region),
    // What should be whole and is a part.
    ("us-east-1%2F", "us-east-%2F", VerifyError::Region),
    ("HMAC-SHA256", "HMAC-SHA25", VerifyError::Algorithm),
    ("%2F20150830%2F", "%2F2015083%2F", VerifyError::ScopeDate),
    (
        "SignedHeaders=host",
        "SignedHeaders=hosts",
        VerifyError::SignedHeaders,
    ),
    ("%2Frds-db%2F", "%2Frds%2F", VerifyError::Service),
    (
        "Date=20150830T123600Z",
        "Date=20150830T123601Z",
        VerifyError::Signature,
    ),
    (
        "Date=20150830T123600Z",
        "Date=20150831T003600Z",
        VerifyError::ScopeDate,
    ),
    ("Expires=900", "Expires=899", VerifyError::Signature),
    (
        "Expires=900",
        "Expires=901",
        VerifyError::Lifetime { seconds: 901 },
    ),
    (
        "Expires=900",
        "Expires=0",
        VerifyError::Lifetime { seconds: 0 },
    ),
    (
        "Expires=900",
        "Expires=0900",
        VerifyError::Parse(ParseTokenError::Value {
            name: "X-Amz-Expires",
            offset: 236,
        }),
    ),
    (
        "Expires=900",
        "Expires=00",
        VerifyError::Parse(ParseTokenError::Value {
            name: "X-Amz-Expires",
            offset: 236,
        }),
    ),
    (
        "aws4_request",
        "aws4_request%2F",
        VerifyError::Parse(ParseTokenError::Value {
            name: "X-Amz-Credential",
            offset: 135,
        }),
    ),
    (
        "SignedHeaders=host",
        "SignedHeaders=host%3Bx",
        VerifyError::SignedHeaders,
    ),
    (
        "SignedHeaders=host",
        "SignedHeaders=host&X-Amz-Security-Token=a",
        VerifyError::UnexpectedSessionToken,
    ),
    (
        "/?",
        "?",
        VerifyError::Parse(ParseTokenError::MissingSlash { offset: 50 }),
    ),
    (
        "/?",
        "",
        VerifyError::Parse(ParseTokenError::NoQuery { offset: 343 }),
    ),
    (
        ":5432",
        "",
        VerifyError::Parse(ParseTokenError::Port { offset: 45 }),
    ),
    (
        ":5432",
        ":05432",
        VerifyError::Parse(ParseTokenError::Port { offset: 46 }),
    ),
    (
        "mydb.",
        "my_db%2E",
        VerifyError::Parse(ParseTokenError::Host { offset: 5 }),
    ),
    (
        "Action",
        "action",
        VerifyError::Parse(ParseTokenError::Unknown { offset: 52 }),
    ),
    (
        "Action=connect&",
        "Action=connect&&",
        VerifyError::Parse(ParseTokenError::Unknown { offset: 67 }),
    ),
    (
        "%20Doe",
        "%2",
        VerifyError::Parse(ParseTokenError::Encoding { offset: 78 }),
    ),
    (
        "%20",
        "%FF",
        VerifyError::Parse(ParseTokenError::Value {
            name: "DBUser",
            offset: 74,
        }),
    ),
    (
        "%20",
        " ",
        VerifyError::Parse(ParseTokenError::Encoding { offset: 78 }),
    ),
    (
        "%20",
        "é",
        VerifyError::Parse(ParseTokenError::Encoding { offset: 78 }),
    ),
    (
        "Jane%20Doe",
        "",
        VerifyError::Parse(ParseTokenError::Value {
            name: "DBUser",
            offset: 74,
        }),
    ),
    ("Jane%20Doe", "a%00", VerifyError::User),
];

#[test]
fn each_change_is_rejected_for_its_own_reason() {
    let good = token(&long_lived());
    assert_eq!(verify(&good, NOW), Ok(()));
    for &(old, new, error) in CHANGES {
        let changed = good.replacen(old, new, 1);
        assert_ne!(changed, good, "{old}");
        assert_eq!(verify(&changed, NOW), Err(error), "{old} -> {new}");
    }
}

#[test]
fn a_session_token_belongs_to_its_key() {
    let good = token(&temporary());
    let session = "&X-Amz-Security-Token=not%2Ba%2Freal%3Dsession-token";
    assert_eq!(verify(&good, NOW), Ok(()));
    assert_eq!(
        verify(&good.replace(session, ""), NOW),
        Err(VerifyError::MissingSessionToken)
    );
    assert_eq!(
        verify(&good.replace("%3Ds", "s"), NOW),
        Err(VerifyError::Signature)
    );
    assert_eq!(
        verify(&good.replace("%3Ds", "%20s"), NOW),
        Err(VerifyError::SessionToken)
    );
    // Another one, and one that is as long.
    for session_token in ["another", "not+a/real=session-tokem"] {
        let other = Credentials::new("ASIDEXAMPLE", "not-a-real-secret-either")
            .and_then(|credentials| credentials.with_session_token(session_token))
            .unwrap();
        assert_eq!(verify(&token(&other), NOW), Err(VerifyError::SessionToken));
    }
}

#[test]
fn expired_credentials_are_rejected() {
    let verifier = Verifier::new(request().endpoint().clone(), request().region().clone());
    let token = token(&long_lived());
    for (at, result) in [
        (NOW + 59, Ok(())),
        (
            NOW + 60,
            Err(VerifyError::CredentialsExpired {
                since: seconds(NOW + 60),
            }),
        ),
    ] {
        let look_up = |_: &str| Some(long_lived().with_expiry(seconds(NOW + 60)));
        assert_eq!(
            verifier.verify(&token, seconds(at), look_up).map(drop),
            result
        );
    }
}

#[test]
fn another_user_is_rejected_and_case_counts() {
    let verifier = Verifier::new(request().endpoint().clone(), request().region().clone());
    let token = token(&long_lived());
    for user in ["jane doe", "Jane Doe ", "", "admin"] {
        let rejected = verifier
            .verify_user(&token, user, seconds(NOW), look_up)
            .err();
        assert_eq!(rejected, Some(VerifyError::User), "{user}");
    }
    // The databases cut at 63 bytes, and some fold more than ASCII.
    let long = "u".repeat(63);
    for (signed, user) in [(long.clone() + "v", long + "w"), ("ä".into(), "Ä".into())] {
        let request = TokenRequest::new(
            request().endpoint().clone(),
            request().region().clone(),
            signed,
        );
        let token = request.unwrap().sign(&long_lived(), seconds(NOW));
        let token = token.expose_secret();
        let rejected = verifier
            .verify_user(token, &user, seconds(NOW), look_up)
            .err();
        assert_eq!(rejected, Some(VerifyError::User), "{user}");
    }
}

#[test]
fn a_parameter_that_is_dropped_or_doubled_is_named() {
    let good = token(&temporary());
    let (endpoint, query) = good.split_once('?').unwrap();
    let parameters: Vec<_> = query.split('&').collect();
    for (place, parameter) in parameters.iter().enumerate() {
        let name = parameter.split('=').next().unwrap();
        let mut fewer = parameters.clone();
        fewer.remove(place);
        let error = match name {
            "X-Amz-Security-Token" => VerifyError::MissingSessionToken,
            _ => verify_error(&format!("{endpoint}?{}", fewer.join("&"))),
        };
        assert!(
            matches!(error, VerifyError::MissingSessionToken)
                || matches!(error, VerifyError::Parse(ParseTokenError::Missing { name: n }) if n == name),
            "{name}: {error:?}"
        );
        let doubled = format!("{good}&{parameter}");
        let error = verify_error(&doubled);
        assert!(
            matches!(
                error,
                VerifyError::Parse(ParseTokenError::Duplicate { name: n, offset })
                    if n == name && offset == good.len() + 1
            ),
            "{name}: {error:?}"
        );
        let recased = good.replacen(name, &name.to_uppercase(), 1);
        let error = verify_error(&recased);
        let offset = good.find(name).unwrap();
        assert_eq!(
            error,
            VerifyError::Parse(ParseTokenError::Unknown { offset }),
            "{name}"
        );
    }
}

fn verify_error(token: &str) -> VerifyError {
    verify(token, NOW).expect_err("the token is not good")
}

/// Bytes that have a second form: the letter case of a host and of an escape.
fn is_the_same(old: u8, new: u8, good: &str, place: usize) -> bool {
    let in_host = place < HOST.len();
    let in_escape = good.as_bytes()[place.saturating_sub(2)..place].contains(&b'%');
    (in_host || in_escape) && old.eq_ignore_ascii_case(&new)
}

#[test]
fn every_change_of_one_byte_is_rejected() {
    for credentials in [long_lived(), temporary()] {
        let good = token(&credentials);
        let (authority, _) = good.split_once('?').unwrap();
        for (place, &old) in good.as_bytes().iter().enumerate() {
            for new in (0..128_u8).filter(|&new| new != old) {
                let mut changed = good.clone().into_bytes();
                changed[place] = new;
                let changed = String::from_utf8(changed).unwrap();
                let same = is_the_same(old, new, &good, place);
                assert_eq!(verify(&changed, NOW).is_ok(), same, "{place}: {changed}");
                if place < authority.len() {
                    let verified = verify_alone(&changed, NOW);
                    assert_eq!(verified.is_ok(), same, "{place}: {changed}");
                }
            }
        }
    }
}

#[test]
fn every_byte_more_or_fewer_is_rejected() {
    for credentials in [long_lived(), temporary()] {
        let good = token(&credentials);
        for place in 0..=good.len() {
            let (before, after) = good.split_at(place);
            let more = (0..128_u8).map(|byte| format!("{before}{}{after}", char::from(byte)));
            let fewer = after.get(1..).map(|after| [before, after].concat());
            for changed in more.chain(fewer) {
                assert!(verify_alone(&changed, NOW).is_err(), "{place}: {changed}");
            }
        }
    }
}

/// What some signer prints in a value as it is, of what others encode: the JavaScript and Java SDKs,
/// and signers that encode for a form.
#[test]
fn what_every_signer_encodes_is_rejected() {
    for byte in b' '..=b'~' {
        let text = token(&long_lived()).replace("%20", &char::from(byte).to_string());
        let is_read = byte.is_ascii_alphanumeric() || b"!$()*+,-./:;?@_~".contains(&byte);
        // An ampersand ends the value, and what follows is another parameter.
        let is_read = is_read && byte != b'&';
        assert_eq!(TokenParts::parse(&text).is_ok(), is_read, "{text}");
    }
}

#[test]
fn a_percent_sign_encodes_a_byte_or_is_rejected() {
    let token = token(&long_lived());
    let place = token.find("Jane%20Doe").unwrap() + 4;
    for value in ["%zz", "%2z", "%z2", "%", "%%20"] {
        let text = token.replace("%20", value);
        let rejected = ParseTokenError::Encoding { offset: place };
        let parts = TokenParts::parse(&text);
        assert_eq!(parts.err(), Some(rejected), "{value}");
    }
}

#[test]
fn parts_tell_whether_there_is_a_session_token() -> Result<(), ParseTokenError> {
    for (credentials, is_there) in [(long_lived(), false), (temporary(), true)] {
        let token = token(&credentials);
        let parts = TokenParts::parse(&token)?;
        assert_eq!(parts.has_session_token(), is_there);
        let debug = format!("{parts:?}");
        assert!(debug.starts_with("TokenParts(rds-db/connect for user Jane Doe at "));
    }
    Ok(())
}

#[test]
fn a_text_over_64_kib_is_not_read() {
    let longest = format!("{}&{}", token(&long_lived()), "a".repeat(65536));
    let length = longest.len();
    assert_eq!(
        TokenParts::parse(&longest).err(),
        Some(ParseTokenError::TooLong { length })
    );
    assert_eq!(
        TokenParts::parse(&longest[..65536]).err(),
        Some(ParseTokenError::Unknown {
            offset: token(&long_lived()).len() + 1
        })
    );
    // It is bytes that count.
    let length = 2 * 32_769;
    let rejected = ParseTokenError::TooLong { length };
    assert_eq!(TokenParts::parse(&"ä".repeat(32_769)).err(), Some(rejected));
}

#[test]
fn parts_show_no_secret() {
    let good = token(&temporary());
    let parts = TokenParts::parse(&good).unwrap();
    for shown in [
        format!("{parts:?}"),
        format!("{parts:#?}"),
        parts.to_string(),
    ] {
        for secret in [
            parts.expose_signature(),
            "session-token",
            "not%2Ba",
            "not+a",
        ] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
    assert_eq!(
        parts.to_string(),
        "rds-db/connect for user Jane Doe at mydb.c1a2b3c4d5e6.us-east-1.rds.amazonaws.com:5432 in \
         us-east-1, signed by ASIDEXAMPLE at 2015-08-30T12:36:00Z for 900 s, with a session token"
    );
}

proptest! {
    #[test]
    fn what_is_signed_is_verified(
        host in "[a-zA-Z0-9_-]{1,63}(\\.[a-zA-Z0-9_-]{1,63}){0,2}",
        port in 1..=u16::MAX,
        region in "[a-z0-9-]{1,40}",
        user in "[^\0\r\n]{1,128}",
        access_key_id in "[!-.0-~]{1,128}",
        secret_access_key in "[!-~]{1,128}",
        session_token in proptest::option::of("[!-~]{1,300}"),
        lifetime in 1..=900_i64,
        at in 0..=253_402_300_000_i64,
    ) {
        let endpoint = Endpoint::new(host, port).unwrap();
        let region = Region::new(region).unwrap();
        let request = TokenRequest::new(endpoint.clone(), region.clone(), &user)
            .unwrap()
            .with_lifetime(Duration::from_secs(lifetime.unsigned_abs()))
            .unwrap();
        let mut credentials = Credentials::new(access_key_id, secret_access_key).unwrap();
        if let Some(session_token) = &session_token {
            credentials = credentials.with_session_token(session_token).unwrap();
        }
        let token = request.sign(&credentials, seconds(at));
        let verifier = Verifier::new(endpoint, region);
        let text = token.expose_secret();
        for (at, is_good) in [(at, true), (at + lifetime - 1, true), (at + lifetime, false)] {
            let login = verifier.verify_user(text, &user, seconds(at), |_| Some(&credentials));
            prop_assert_eq!(login.is_ok(), is_good);
        }
        let parts = TokenParts::parse(text).unwrap();
        prop_assert_eq!(parts.user(), &user);
        let read = parts.session_token();
        prop_assert_eq!(read.as_ref().map(Secret::expose_secret), session_token.as_deref());
        prop_assert_eq!(parts.expires_at(), token.expires_at());
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in any::<String>(), token_like in "[a-z:/?&=%0-9X-]{0,200}") {
        let _ = TokenParts::parse(&text);
        let _ = TokenParts::parse(&token_like);
    }
}
