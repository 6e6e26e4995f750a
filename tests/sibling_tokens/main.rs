//! Tokens of other services of AWS, from sources other than us.

use std::collections::BTreeSet;

use rds_iam_token::{
    Credentials, Error, Fault, Host, PresignedRequest, Region, Secret, Timestamp,
    sigv4::{CredentialScope, SigningKey, StringToSign},
};

mod cases;

/// A token, and what it is made from.
struct SiblingToken {
    source: &'static str,
    service: &'static str,
    host: &'static str,
    region: &'static str,
    action: &'static str,
    user: Option<&'static str>,
    resource_type: Option<&'static str>,
    access_key_id: &'static str,
    secret_access_key: &'static str,
    session_token: Option<&'static str>,
    /// In seconds since 1970.
    at: i64,
    /// In seconds.
    expires: u64,
    token: &'static str,
}

impl SiblingToken {
    fn inputs(&self) -> Result<(PresignedRequest, Credentials), Error> {
        let mut request = PresignedRequest::new(Host::new(self.host)?, self.service, self.expires)?
            .with_parameter("Action", self.action)?;
        for (name, value) in [("User", self.user), ("ResourceType", self.resource_type)] {
            if let Some(value) = value {
                request = request.with_parameter(name, value)?;
            }
        }
        let mut credentials = Credentials::new(self.access_key_id, self.secret_access_key)?;
        if let Some(session_token) = self.session_token {
            credentials = credentials.with_session_token(session_token)?;
        }
        Ok((request, credentials))
    }

    fn sign(&self) -> Result<Secret, Error> {
        let (request, credentials) = self.inputs()?;
        let at = Timestamp::from_unix_seconds(self.at)?;
        Ok(request.sign(&credentials, &Region::new(self.region)?, at))
    }
}

/// Splits a token into its host and its parameters. Generators print those in different orders.
fn parts(token: &str) -> (&str, BTreeSet<&str>) {
    let (host, query) = token.split_once("/?").unwrap();
    (host, query.split('&').collect())
}

#[test]
fn tokens_are_what_other_generators_print_but_for_the_order() {
    assert_eq!(cases::CASES.len(), 119);
    let mut rejected = Vec::new();
    for case in cases::CASES {
        match case.sign() {
            Ok(token) => {
                let token = token.expose_secret();
                assert_eq!(parts(token), parts(case.token), "{}", case.source);
                assert_eq!(token.len(), case.token.len(), "{}", case.source);
            }
            Err(error) => rejected.push((case.source, error)),
        }
    }
    assert_eq!(rejected, REJECTED);
}

#[test]
fn the_string_to_sign_is_the_one_whose_signature_is_printed() -> Result<(), Error> {
    for case in cases::CASES {
        let Ok((request, credentials)) = case.inputs() else {
            continue;
        };
        let (region, at) = (
            Region::new(case.region)?,
            Timestamp::from_unix_seconds(case.at)?,
        );
        let text = request.string_to_sign(&credentials, &region, at);
        let scope = CredentialScope::new(at, &region, case.service);
        let key = SigningKey::derive(case.secret_access_key, &scope);
        let hash = text.rsplit('\n').next().unwrap();
        let hash = std::array::from_fn(|byte| {
            u8::from_str_radix(&hash[2 * byte..2 * byte + 2], 16).unwrap()
        });
        let to_sign = StringToSign::new(&scope, &hash);
        assert_eq!(to_sign.to_string(), text, "{}", case.source);
        let signature = format!("&X-Amz-Signature={}", key.sign(&to_sign).expose_hex());
        assert!(case.token.contains(&signature), "{}", case.source);
    }
    Ok(())
}

/// Keys and session tokens that AWS does not issue. Generators sign with them all the same.
const REJECTED: &[(&str, Error)] = &[
    ("dsql-040", Error::SessionToken(Fault::WhiteSpace.at(1))),
    ("dsql-043", Error::SecretAccessKey(Fault::Empty.at(0))),
    (
        "elasticache-062",
        Error::SessionToken(Fault::WhiteSpace.at(1)),
    ),
    ("memorydb-012", Error::SessionToken(Fault::WhiteSpace.at(1))),
    ("memorydb-040", Error::AccessKeyId(Fault::Character.at(4))),
];
