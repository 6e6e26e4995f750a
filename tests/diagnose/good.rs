//! Nothing is found in a token that is right, whatever its user is called.

use core::time::Duration;

use proptest::prelude::*;
use rds_iam_token::{
    Credentials, Endpoint, Host, Region, TokenRequest, Verifier,
    diagnose::{Expected, diagnose},
};

use crate::tokens::{self, NOW, ORDERS, causes, good, in_order, seconds};

/// Users that look like something else.
const USERS: &[&str] = &[
    "?Action=connect",
    "a?DBUser=b&X-Amz-Signature=0123",
    "h.example.com:5432/?Action=connect&DBUser=x",
    "%3FAction%3Dconnect",
    "postgres://app:db.example.com:5432/?Action=connect@host",
    "?password=h:5432/?Action=connect&x=",
    "a+b c%20d%%2F&amp;e",
    "\"app\"",
    "X-Amz-Signature",
    "it's \\ ^ >",
    "app/orders",
    "j\u{fc}rgen",
];

const HOSTS: &[&str] = &[
    "orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com",
    "orders.cluster-custom-c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com",
    "localhost",
    "10.0.0.1",
    "db.example.com",
    "my_db",
    "20150830",
];

fn credentials() -> impl Strategy<Value = Credentials> {
    let long_lived = prop_oneof!["AKIA[A-Z0-9]{16}", "[!-.0-9:-~]{1,30}"]
        .prop_filter("is long-lived", |id| !id.starts_with("ASIA"))
        .prop_map(|id| Credentials::new(id, "not-a-real-secret").unwrap());
    let temporary = (
        prop_oneof!["ASIA[A-Z0-9]{16}", "[!-.0-9:-~]{1,30}"]
            .prop_filter("is temporary", |id| !id.starts_with("AKIA")),
        prop_oneof!["[A-Za-z0-9+/]{1,200}={0,2}", "[!-~]{1,60}"],
    )
        .prop_map(|(id, session_token)| {
            Credentials::new(id, "not-a-real-secret")
                .and_then(|key| key.with_session_token(session_token))
                .unwrap()
        });
    prop_oneof![long_lived, temporary]
}

fn user() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(USERS).prop_map(str::to_owned),
        "[a-zA-Z0-9_.@-]{0,12}",
        "[^\0\r\n]{0,8}",
    ];
    prop::collection::vec(piece, 1..4)
        .prop_map(|pieces| pieces.concat())
        .prop_filter("is a user", |user| !user.is_empty() && user.len() <= 512)
}

#[test]
fn nothing_is_found_in_a_good_token() {
    let good = good();
    assert_eq!(causes(&good, &tokens::all_expected()), []);
    assert_eq!(causes(&good, &Expected::new()), []);
    let diagnosis = diagnose(&good, &tokens::all_expected());
    assert!(diagnosis.is_clean());
    assert_eq!(diagnosis.expose_repaired(), good);
}

proptest! {
    #[test]
    fn nothing_is_found_in_a_token_that_is_let_in(
        user in user(),
        host in prop::sample::select(HOSTS),
        port in prop_oneof![Just(443), Just(5432), 1..=u16::MAX],
        region in prop_oneof!["eu-west-1", "[a-z0-9-]{1,30}"],
        credentials in credentials(),
        lifetime in 1_u64..=900,
        order in prop::sample::select(ORDERS),
        clock in -300_i64..900,
    ) {
        let endpoint = Endpoint::new(host, port).unwrap();
        let region = Region::new(region).unwrap();
        let token = TokenRequest::new(endpoint.clone(), region.clone(), user.as_str())
            .and_then(|request| request.with_lifetime(Duration::from_secs(lifetime)))
            .unwrap()
            .sign(&credentials, seconds(NOW));
        let token = if credentials.expose_session_token().is_some() {
            in_order(token.expose_secret(), order)
        } else {
            token.into_exposed_string()
        };
        let (now, tolerance) = (seconds(NOW + clock), Duration::from_secs(60));
        let verifier = Verifier::new(endpoint.clone(), region.clone()).with_tolerance(tolerance);
        let login = verifier.verify_user(&token, &user, now, |_| Some(&credentials));
        let expected = Expected::new()
            .with_endpoint(endpoint)
            .with_region(region)
            .with_user(user)
            .with_time(now)
            .with_tolerance(tolerance)
            .with_credentials(credentials);
        let diagnosis = diagnose(&token, &expected);
        prop_assert_eq!(diagnosis.is_clean(), login.is_ok(), "{}: {:?}", token, diagnosis);
        prop_assert_eq!(diagnosis.expose_repaired(), token);
    }
}

#[test]
fn a_user_that_looks_like_a_token_is_none_without_expectations_too() {
    for user in USERS {
        let token = tokens::signed(tokens::HOST, 5432, "us-east-1", user, &tokens::long_lived());
        assert_eq!(causes(&token, &Expected::new()), [], "{user}");
    }
}

/// The endpoint that is expected is right even if RDS gives no such name.
#[test]
fn a_stand_in_is_right_if_it_is_expected() {
    for host in HOSTS {
        let key = tokens::long_lived();
        let token = tokens::signed(host, 5432, "eu-west-1", "app", &key);
        let expected = Expected::new()
            .with_host(Host::new(*host).unwrap())
            .with_credentials(key);
        assert_eq!(causes(&token, &expected), [], "{host}");
    }
}

/// Endpoints as signers print them, the signatures of what they sign (made with `hmac` and `hashlib`
/// of Python), and the findings.
const SPELLINGS: &[(&str, &str, &[&str])] = &[
    (
        "mydb.c1a2b3c4d5e6.us-east-1.rds.amazonaws.com:5432",
        "ebfdc79f8e97693156819944d53b3fd3cc87758a262634478a39b4ab2c869dd0",
        &[],
    ),
    // Signed in lowercase, as botocore does.
    (
        "MyDB.C1A2B3C4D5E6.us-east-1.rds.amazonaws.com:5432",
        "ebfdc79f8e97693156819944d53b3fd3cc87758a262634478a39b4ab2c869dd0",
        &[],
    ),
    // Signed as given, as `@aws-sdk/rds-signer` does.
    (
        "MyDB.C1A2B3C4D5E6.us-east-1.rds.amazonaws.com:5432",
        "2120d9f6b12f827f6a820a2979afedd4ed7c874afaad19139d221550d130ad8b",
        &["wrong-host: the signature is right for the host spelled \
             MyDB.C1A2B3C4D5E6.us-east-1.rds.amazonaws.com; expected \
             mydb.c1a2b3c4d5e6.us-east-1.rds.amazonaws.com"],
    ),
    // Signed without the port, as botocore does for 443.
    (
        "mydb.c1a2b3c4d5e6.us-east-1.rds.amazonaws.com:443",
        "ca8da7568a426b1bc2b5dca66ca4ec92084546e05e6dcaf84e706df4e6c8d762",
        &["wrong-port: port 443 is printed but not signed; expected host:port to be signed"],
    ),
    (
        "MyDB.C1A2B3C4D5E6.us-east-1.rds.amazonaws.com:443",
        "934fb1adf60e8d4e0b18e0318905a265e09882e36869290174b42cce52b9f67a",
        &["wrong-port: port 443 is printed but not signed; expected host:port to be signed"],
    ),
    (
        "MyDB.C1A2B3C4D5E6.us-east-1.rds.amazonaws.com:5432",
        "0000000000000000000000000000000000000000000000000000000000000000",
        &["wrong-signature: the signature does not match the secret access key"],
    ),
];

#[test]
fn a_signature_that_is_right_for_a_different_spelling_is_explained() {
    for (endpoint, signature, found) in SPELLINGS {
        let query = "Action=connect&DBUser=app&X-Amz-Algorithm=AWS4-HMAC-SHA256\
            &X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20150830%2Fus-east-1%2Frds-db%2Faws4_request\
            &X-Amz-Date=20150830T123600Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host";
        let token = format!("{endpoint}/?{query}&X-Amz-Signature={signature}");
        let expected = Expected::new()
            .with_endpoint(endpoint.parse().unwrap())
            .with_credentials(tokens::long_lived());
        let diagnosis = diagnose(&token, &expected);
        let findings = diagnosis.findings().iter().map(ToString::to_string);
        assert_eq!(findings.collect::<Vec<_>>(), *found, "{token}");
    }
}
