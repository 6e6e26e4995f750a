//! The published numbers of SigV4, step by step.

use rds_iam_token::{
    Region, Timestamp,
    sigv4::{CanonicalRequest, CredentialScope, SigningKey, StringToSign, uri_encode},
};

mod cases;

/// What a signature is made with and for.
struct Context {
    secret_access_key: &'static str,
    /// In seconds since 1970.
    at: i64,
    date_time: &'static str,
    region: &'static str,
    service: &'static str,
    scope: &'static str,
}

/// A case of the suite, signed in a header and in the query.
struct Case {
    name: &'static str,
    context: Context,
    header: Option<Form>,
    query: Option<Form>,
}

struct Form {
    /// In hexadecimal digits.
    canonical_request_hash: &'static str,
    signature: &'static str,
    /// Decoded and in canonical order, if the request is a `GET /` that signs `host` alone.
    parameters: Option<&'static [(&'static str, &'static str)]>,
}

#[test]
fn every_case_is_signed_in_both_forms() {
    assert_eq!(cases::CASES.len(), 43);
    for case in cases::CASES {
        for form in [&case.header, &case.query].into_iter().flatten() {
            let Context {
                secret_access_key,
                at,
                date_time,
                region,
                service,
                scope,
            } = case.context;
            let region = Region::new(region).unwrap();
            let at = Timestamp::from_unix_seconds(at).unwrap();
            let made = CredentialScope::new(at, &region, service);
            assert_eq!(made.to_string(), scope, "{}", case.name);

            let hash = form.canonical_request_hash;
            let string_to_sign = StringToSign::new(&made, &bytes(hash));
            assert_eq!(
                string_to_sign.to_string(),
                format!("AWS4-HMAC-SHA256\n{date_time}\n{scope}\n{hash}"),
                "{}",
                case.name
            );
            let signature = SigningKey::derive(secret_access_key, &made).sign(&string_to_sign);
            assert_eq!(signature.expose_hex(), form.signature, "{}", case.name);
        }
    }
}

#[test]
fn every_canonical_request_that_can_be_expressed_is_hashed() {
    let mut expressed = 0;
    for case in cases::CASES {
        let Some(Form {
            canonical_request_hash,
            parameters: Some(parameters),
            ..
        }) = &case.query
        else {
            continue;
        };
        let query: Vec<_> = parameters
            .iter()
            .map(|(name, value)| format!("{}={}", uri_encode(name), uri_encode(value)))
            .collect();
        let query = query.join("&");
        let request = CanonicalRequest::new(&query, "example.amazonaws.com");
        assert_eq!(
            request.hash(),
            bytes(canonical_request_hash),
            "{}",
            case.name
        );
        expressed += 1;
    }
    assert_eq!(expressed, 12);
}

/// The key that is derived from a secret for a scope, and its signatures.
struct WorkedExample {
    source: &'static str,
    secret_access_key: &'static str,
    /// In seconds since 1970.
    at: i64,
    region: &'static str,
    service: &'static str,
    signing_key: &'static str,
    /// The hash of a canonical request, and the signature over it.
    signed: Option<(&'static str, &'static str)>,
}

const WORKED_EXAMPLES: &[WorkedExample] = &[
    WorkedExample {
        source: "AWS General Reference, Examples of how to derive a signing key",
        secret_access_key: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        at: 1_329_264_000,
        region: "us-east-1",
        service: "iam",
        signing_key: "f4780e2d9f65fa895f9c67b32ce1baf0b0d8a43505a000a1a9e090d414db404d",
        signed: None,
    },
    WorkedExample {
        source: "AWS General Reference, tasks 1 to 3 (ListUsers)",
        secret_access_key: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        at: 1_440_938_160,
        region: "us-east-1",
        service: "iam",
        signing_key: "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9",
        signed: Some((
            "f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59",
            "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7",
        )),
    },
    // AWS publishes the signature; the key is derived with Python's hmac.
    WorkedExample {
        source: "Amazon S3 API Reference, Authenticating Requests: Using Query Parameters",
        secret_access_key: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        at: 1_369_353_600,
        region: "us-east-1",
        service: "s3",
        signing_key: "dbb893acc010964918f1fd433add87c70e8b0db6be30c1fbeafefa5ec6ba8378",
        signed: Some((
            "3bfa292879f6447bbcda7001decf97f4a54dc650c8942174ae0a9121cf58ad04",
            "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404",
        )),
    },
];

#[test]
fn the_published_signing_keys_are_derived_and_sign() {
    for example in WORKED_EXAMPLES {
        let region = Region::new(example.region).unwrap();
        let at = Timestamp::from_unix_seconds(example.at).unwrap();
        let scope = CredentialScope::new(at, &region, example.service);
        let key = SigningKey::derive(example.secret_access_key, &scope);
        assert_eq!(
            key.expose_secret(),
            &bytes(example.signing_key),
            "{}",
            example.source
        );
        if let Some((hash, signature)) = example.signed {
            let string_to_sign = StringToSign::new(&scope, &bytes(hash));
            let made = key.sign(&string_to_sign);
            assert_eq!(made.expose_hex(), signature, "{}", example.source);
        }
    }
}

fn bytes(hex_digits: &str) -> [u8; 32] {
    let mut bytes = [0; 32];
    hex::decode_to_slice(hex_digits, &mut bytes).unwrap();
    bytes
}
