//! Whole tokens, byte for byte, from sources other than us.

use std::time::Duration;

use rds_iam_token::{
    Credentials, Endpoint, Region, Secret, Signer, Timestamp, Token, TokenParts, TokenRequest,
    Verifier,
};

mod agreed;
mod disputed;
mod published;

/// A token, and what it is made from.
#[derive(Clone, Copy)]
struct KnownToken {
    source: &'static str,
    host: &'static str,
    port: u16,
    region: &'static str,
    user: &'static str,
    access_key_id: &'static str,
    secret_access_key: &'static str,
    session_token: Option<&'static str>,
    /// In seconds since 1970.
    at: i64,
    token: &'static str,
    canonical_request: &'static str,
    string_to_sign: &'static str,
}

impl KnownToken {
    fn request(&self) -> TokenRequest {
        let endpoint = Endpoint::new(self.host, self.port).unwrap();
        TokenRequest::new(endpoint, Region::new(self.region).unwrap(), self.user).unwrap()
    }

    fn credentials(&self) -> Credentials {
        let credentials = Credentials::new(self.access_key_id, self.secret_access_key).unwrap();
        match self.session_token {
            Some(session_token) => credentials.with_session_token(session_token).unwrap(),
            None => credentials,
        }
    }

    fn at(&self) -> Timestamp {
        Timestamp::from_unix_seconds(self.at).unwrap()
    }

    fn sign(&self) -> Token {
        self.request().sign(&self.credentials(), self.at())
    }
}

#[test]
fn tokens_are_what_the_aws_command_prints() {
    assert_eq!(agreed::AGREED.len(), 112);
    for known in agreed::AGREED {
        assert_eq!(
            known.sign().expose_secret(),
            known.token,
            "{}",
            known.source
        );
    }
}

#[test]
fn a_disputed_host_is_signed_in_lower_case_and_with_its_port() {
    for known in disputed::DISPUTED {
        assert_eq!(
            known.sign().expose_secret(),
            known.token,
            "{}",
            known.source
        );
    }
}

#[test]
fn tokens_are_what_other_projects_publish_but_for_the_order() {
    assert_eq!(published::PUBLISHED.len(), 10);
    for known in published::PUBLISHED {
        let token = known.sign();
        assert_eq!(
            parts(token.expose_secret()),
            parts(known.token),
            "{}",
            known.source
        );
    }
}

#[test]
fn the_steps_are_what_others_compute() {
    for known in [agreed::AGREED, disputed::DISPUTED, published::PUBLISHED].concat() {
        let (request, credentials) = (known.request(), known.credentials());
        assert_eq!(
            request
                .canonical_request(&credentials, known.at())
                .expose_secret(),
            known.canonical_request,
            "{}",
            known.source
        );
        assert_eq!(
            request.string_to_sign(&credentials, known.at()),
            known.string_to_sign,
            "{}",
            known.source
        );
    }
}

/// The orders in which other signers print the parameters; those without a session token leave its
/// name out.
const ORDERS: &[(&str, [&str; 9])] = &[
    (
        "aws command",
        [
            A, U, ALGORITHM, CREDENTIAL, DATE, EXPIRES, HEADERS, SESSION, SIGNATURE,
        ],
    ),
    (
        "Go, Ruby, paws",
        [
            A, U, ALGORITHM, CREDENTIAL, DATE, EXPIRES, SESSION, HEADERS, SIGNATURE,
        ],
    ),
    (
        "Rust",
        [
            A, U, ALGORITHM, CREDENTIAL, DATE, EXPIRES, HEADERS, SIGNATURE, SESSION,
        ],
    ),
    (
        "aws-c-auth",
        [
            A, U, ALGORITHM, CREDENTIAL, DATE, HEADERS, EXPIRES, SESSION, SIGNATURE,
        ],
    ),
    (
        "JavaScript",
        [
            A, U, ALGORITHM, CREDENTIAL, DATE, EXPIRES, SESSION, SIGNATURE, HEADERS,
        ],
    ),
    (
        "Java",
        [
            U, A, SESSION, ALGORITHM, DATE, HEADERS, EXPIRES, CREDENTIAL, SIGNATURE,
        ],
    ),
    (
        ".NET",
        [
            A, U, EXPIRES, SESSION, ALGORITHM, CREDENTIAL, DATE, HEADERS, SIGNATURE,
        ],
    ),
];

const A: &str = "Action";
const U: &str = "DBUser";
const ALGORITHM: &str = "X-Amz-Algorithm";
const CREDENTIAL: &str = "X-Amz-Credential";
const DATE: &str = "X-Amz-Date";
const EXPIRES: &str = "X-Amz-Expires";
const HEADERS: &str = "X-Amz-SignedHeaders";
const SESSION: &str = "X-Amz-Security-Token";
const SIGNATURE: &str = "X-Amz-Signature";

#[test]
fn tokens_of_every_signer_are_read_and_verified() {
    for known in agreed::AGREED {
        let (endpoint, query) = known.token.split_once('?').unwrap();
        for (signer, order) in ORDERS {
            let parameters: Vec<_> = order
                .iter()
                .filter_map(|name| {
                    query
                        .split('&')
                        .find(|parameter| parameter.split('=').next() == Some(name))
                })
                .collect();
            assert_eq!(parameters.len(), query.split('&').count());
            check_read_and_verified(
                known,
                &format!("{endpoint}?{}", parameters.join("&")),
                signer,
            );
        }
    }
    for known in published::PUBLISHED {
        check_read_and_verified(known, known.token, known.source);
    }
}

fn check_read_and_verified(known: &KnownToken, token: &str, signer: &str) {
    let place = format!("{} in the order of {signer}", known.source);
    let parts = TokenParts::parse(token).unwrap_or_else(|error| panic!("{place}: {error}"));
    assert_eq!(parts.host(), known.host, "{place}");
    assert_eq!(parts.port(), known.port, "{place}");
    assert_eq!(parts.action(), "connect", "{place}");
    assert_eq!(parts.user(), known.user, "{place}");
    assert_eq!(parts.algorithm(), "AWS4-HMAC-SHA256", "{place}");
    assert_eq!(parts.access_key_id(), known.access_key_id, "{place}");
    assert_eq!(parts.region(), known.region, "{place}");
    assert_eq!(parts.service(), "rds-db", "{place}");
    assert_eq!(parts.signed_at(), known.at(), "{place}");
    assert_eq!(parts.lifetime(), Duration::from_secs(900), "{place}");
    assert_eq!(parts.signed_headers(), "host", "{place}");
    let session_token = parts.session_token();
    assert_eq!(
        session_token.as_ref().map(Secret::expose_secret),
        known.session_token,
        "{place}"
    );
    assert!(known.token.contains(parts.expose_signature()), "{place}");
    assert!(
        known
            .string_to_sign
            .contains(&format!("\n{}/", parts.scope_date())),
        "{place}"
    );

    let request = known.request();
    let verifier = Verifier::new(request.endpoint().clone(), request.region().clone());
    let login = verifier
        .verify_user(token, known.user, known.at(), |id| {
            (id == known.access_key_id).then(|| known.credentials())
        })
        .unwrap_or_else(|error| panic!("{place}: {error}"));
    assert_eq!(login.user(), known.user, "{place}");
}

#[test]
fn a_signer_prints_the_same_whatever_it_signed_before() {
    let mut buffer = String::new();
    for known in [agreed::AGREED, disputed::DISPUTED, published::PUBLISHED].concat() {
        let token = known.sign();
        let mut signer = Signer::new(known.request(), known.credentials());
        for before in [None, Some(Timestamp::MIN), Some(known.at())] {
            if let Some(before) = before {
                signer.sign_into(before, &mut buffer);
            }
            assert_eq!(
                signer.sign(known.at()).expose_secret(),
                token.expose_secret(),
                "{} after {before:?}",
                known.source
            );
        }
        signer.sign_into(known.at(), &mut buffer);
        assert_eq!(buffer, token.expose_secret(), "{}", known.source);
    }
}

/// The endpoint in lower case, and the parameters in one order.
fn parts(token: &str) -> (String, Vec<&str>) {
    let (endpoint, query) = token.split_once("/?").unwrap();
    let mut parameters: Vec<_> = query.split('&').collect();
    parameters.sort_unstable();
    (endpoint.to_ascii_lowercase(), parameters)
}
