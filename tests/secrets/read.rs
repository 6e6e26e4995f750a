//! A text that is read in a place of its own leaves nothing of the secrets in it.

use rds_iam_token::{
    Endpoint, Host, Region, TokenParts, TokenRequest, Verifier,
    diagnose::{Expected, diagnose},
};

use crate::{
    allocator::{Found, left_by},
    inputs::{NOW, at, credentials, region, request, token},
};

/// What each reader leaves of a text.
fn left_by_readers(text: &str) -> [Option<Found>; 3] {
    let text: &'static str = text.to_owned().leak();
    let endpoint = || request("app").endpoint().clone();
    let verifier = Verifier::new(endpoint(), region());
    let known = Expected::new()
        .with_endpoint(endpoint())
        .with_region(region())
        .with_user("another")
        .with_time(at(NOW))
        .with_credentials(credentials().unwrap());
    [
        left_by(|| TokenParts::parse(text).map(|parts| parts.to_string())),
        left_by(|| {
            let look_up = |_: &str| credentials().ok();
            verifier.verify(text, at(NOW), look_up).map(drop)
        }),
        left_by(|| diagnose(text, &known)),
    ]
}

/// Puts a parameter of the token right behind another.
fn moved(name: &str, behind: &str) -> String {
    let (authority, query) = token().split_once('?').unwrap();
    let (moved, mut others): (Vec<_>, Vec<_>) = query
        .split('&')
        .partition(|parameter| parameter.starts_with(name));
    let place = others
        .iter()
        .position(|parameter| parameter.starts_with(behind));
    others.insert(place.unwrap() + 1, moved[0]);
    format!("{authority}?{}", others.join("&"))
}

#[test]
fn a_value_that_has_swallowed_a_secret_leaves_nothing() {
    for behind in [
        "Action",
        "DBUser",
        "X-Amz-Algorithm",
        "X-Amz-Credential",
        "X-Amz-Date",
        "X-Amz-Expires",
        "X-Amz-SignedHeaders",
    ] {
        for name in ["X-Amz-Security-Token", "X-Amz-Signature"] {
            let (plain, encoded) = (format!("&{name}="), format!("%26{name}%3D"));
            let text = moved(name, behind).replacen(&plain, &encoded, 1);
            assert_eq!(left_by_readers(&text), [None; 3], "{text}");
        }
    }
}

#[test]
fn a_secret_with_a_question_mark_behind_it_leaves_nothing() {
    let (_, signature) = token().split_at(token().len() - 64);
    // With a parameter behind it, it is a host, and shown.
    for text in [format!("{signature}?"), format!("{signature}?a=b")] {
        assert_eq!(left_by_readers(&text), [None; 3], "{text}");
    }
}

#[test]
fn a_token_in_a_connection_url_leaves_nothing() {
    let encoded = rds_iam_token::sigv4::uri_encode(token());
    for password in [token(), &encoded] {
        let text = format!("postgres://app:{password}@db.example.com:5432/orders");
        assert_eq!(left_by_readers(&text), [None; 3], "{text}");
    }
}

#[test]
fn a_token_in_place_of_an_input_leaves_nothing() {
    let found = left_by(|| {
        assert!(Endpoint::new(token(), 5432).is_err());
        assert!(token().parse::<Endpoint>().is_err());
        assert!(Region::new(token()).is_err());
        assert!(Host::new(token()).is_err());
        let expected = Expected::new().with_user("app").with_user(token());
        let other = diagnose("db.example.com:5432/?DBUser=app", &expected.clone());
        assert!(!other.is_clean());
        let long = token().repeat(2).leak() as &str;
        let endpoint = request("app").endpoint().clone();
        assert!(TokenRequest::new(endpoint, region(), long).is_err());
    });
    assert_eq!(found, None);
}
