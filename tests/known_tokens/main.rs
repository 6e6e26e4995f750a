//! Whole tokens, byte for byte, from sources other than us.

use rds_iam_token::{Credentials, Endpoint, Region, Timestamp, Token, TokenRequest};

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

/// The endpoint in lower case, and the parameters in one order.
fn parts(token: &str) -> (String, Vec<&str>) {
    let (endpoint, query) = token.split_once("/?").unwrap();
    let mut parameters: Vec<_> = query.split('&').collect();
    parameters.sort_unstable();
    (endpoint.to_ascii_lowercase(), parameters)
}
