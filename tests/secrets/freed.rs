//! No block that is freed holds anything secret.

use std::{hint::black_box, sync::Arc};

use rds_iam_token::{
    Credentials, Endpoint, Error, Host, LocalTokenCache, PresignedRequest, Secret, Signer, Token,
    TokenParts, Verifier,
    diagnose::{Expected, diagnose},
    grant::{DbUser, Engine},
    policy::{DbUserArn, DbUserPattern},
    sigv4::{CredentialScope, SigningKey, StringToSign},
};
use sha2::{Digest, Sha256};
use zeroize::Zeroize;

use crate::{
    allocator::left_by,
    inputs::{DAY, NOW, SECRET, SESSION_TOKEN, at, credentials, damaged, region, request, token},
};

/// Copies a text into a block that is larger than it, and that held it once more behind it.
fn roomy(text: &str) -> String {
    let mut roomy = String::with_capacity(2 * text.len() + 100);
    roomy.push_str(text);
    roomy.push_str(text);
    roomy.truncate(text.len());
    roomy
}

#[test]
fn what_is_left_is_found() {
    for (name, text) in [
        ("secret access key", SECRET),
        ("session token", SESSION_TOKEN),
        ("signature", &token()[token().len() - 20..]),
    ] {
        let found = left_by(|| roomy(text));
        assert_eq!(found.map(|(name, _)| name), Some(name));
        // Grown in two steps.
        let mut grown = String::from(text);
        let found = left_by(|| grown.reserve(1_000));
        assert_eq!(found.map(|(name, _)| name), Some(name));
        std::mem::forget(grown);
    }
    let (region, request) = (region(), request("app"));
    let scope = CredentialScope::new(at(NOW), &region, "rds-db");
    let found = left_by(|| SigningKey::derive(SECRET, &scope).expose_secret().to_vec());
    assert_eq!(found.map(|(name, _)| name), Some("signing key"));
    // The bytes of a key that was moved out of its block.
    let found = left_by(|| *black_box(Box::new(SigningKey::derive(SECRET, &scope))));
    assert!(found.is_some());
    let found = left_by(|| {
        let mut signer = Box::new(Signer::new(request, credentials().unwrap()));
        let _ = signer.sign(at(NOW));
        *black_box(signer)
    });
    assert!(found.is_some());
}

#[test]
fn credentials_leave_nothing() {
    let found = left_by(|| {
        let credentials = Credentials::new("ASIDEXAMPLE", roomy(SECRET))?;
        let credentials = credentials.with_session_token(roomy(SESSION_TOKEN))?;
        let again = credentials.clone().with_session_token(SESSION_TOKEN)?;
        // Longer than any that is known.
        let longest = SESSION_TOKEN.repeat(200);
        let long = again.clone().with_session_token(longest)?;
        Ok::<_, Error>((credentials, again, long))
    });
    assert_eq!(found, None);
}

#[test]
fn refused_inputs_leave_nothing() {
    for end in ["\n", " ", "\u{1f600}"] {
        let found = left_by(|| {
            let refused = Credentials::new("ASIDEXAMPLE", [SECRET, end].concat().leak() as &str);
            assert!(refused.is_err());
            // Mistaken for one another.
            let swapped = Credentials::new([SECRET, end].concat().leak() as &str, "ASIDEXAMPLE");
            assert!(swapped.is_err());
            let session_token = [SESSION_TOKEN, end].concat().leak() as &str;
            let refused = credentials().unwrap().with_session_token(session_token);
            assert!(refused.is_err());
        });
        assert_eq!(found, None, "{end:?}");
        // Pasted in place of a user, an account, a resource ID or a host.
        let found = left_by(|| {
            let text = [SECRET, end, "\"\n"].concat().leak() as &str;
            let account = "111122223333";
            for (account, resource_id, user) in [
                (text, "db-A", "app"),
                (account, text, "app"),
                (account, "db-A", text),
            ] {
                let refused = DbUserPattern::new("aws", "*", account, resource_id, user);
                assert!(refused.is_err());
                assert!(DbUserArn::new(region(), account, resource_id, user).is_err());
            }
            for engine in [Engine::MySql, Engine::PostgreSql] {
                assert!(DbUser::new(engine, text).is_err());
                assert!(DbUser::new(engine, "app").unwrap().with_host(text).is_err());
            }
            let start = "arn:aws:rds-db:eu-west-1:111122223333:dbuser:db-A/";
            let arn = [start, SECRET, end, "\""].concat().leak() as &str;
            assert!(arn.parse::<DbUserArn>().is_err());
            assert!(arn.parse::<DbUserPattern>().is_err());
        });
        assert_eq!(found, None, "{end:?}");
    }
}

#[test]
fn tokens_and_what_they_are_made_of_leave_nothing() {
    let (request, credentials) = (request("app"), credentials().unwrap());
    let found = left_by(|| {
        let token = request.sign(&credentials, at(NOW));
        let copy = token.clone();
        let mut wiped = request.canonical_request(&credentials, at(NOW));
        wiped.zeroize();
        (
            token,
            copy,
            wiped,
            request.canonical_request(&credentials, at(NOW)),
            request.string_to_sign(&credentials, at(NOW)),
        )
    });
    assert_eq!(found, None);

    let region = region();
    let scope = CredentialScope::new(at(NOW), &region, "rds-db");
    let found = left_by(|| {
        let canonical_request = request.canonical_request(&credentials, at(NOW));
        let hash = Sha256::digest(canonical_request.expose_secret());
        let string_to_sign = StringToSign::new(&scope, &hash.into());
        let key = Arc::new(SigningKey::derive(SECRET, &scope));
        let signature = Arc::new(key.sign(&string_to_sign));
        assert!(key.verify(&string_to_sign, signature.expose_hex()));
        (Arc::clone(&key), signature)
    });
    assert_eq!(found, None);
}

#[test]
fn presigned_requests_leave_nothing() {
    let found = left_by(|| {
        let host = Host::new("sts.eu-west-1.amazonaws.com")?;
        let request = PresignedRequest::new(host, "sts", 900)?
            .with_parameter("TokenCode", roomy(SECRET))?
            .with_parameter("Action", "AssumeRole")?;
        let (credentials, region) = (credentials()?, region());
        // A value in the place of a name, and of a service.
        let swapped = request.clone().with_parameter(roomy(SECRET), "x");
        assert!(swapped.is_err());
        assert!(PresignedRequest::new(Host::new("sts")?, roomy(SECRET), 900).is_err());
        Ok::<_, Error>((
            request.sign(&credentials, &region, at(NOW)),
            request.canonical_request(&credentials, &region, at(NOW)),
            request.string_to_sign(&credentials, &region, at(NOW)),
            request,
        ))
    });
    assert_eq!(found, None);
}

#[test]
fn printed_tokens_leave_nothing() {
    for text in damaged() {
        assert_eq!(left_by(|| Token::try_from(roomy(text))), None, "{text}");
    }
}

#[test]
fn a_signer_leaves_nothing_in_any_buffer() {
    let found = left_by(|| {
        let mut signer = Arc::new(Signer::new(request("app"), credentials().unwrap()));
        let of_long = Signer::new(request(&"long".repeat(50)), credentials().unwrap());
        let mut long = Arc::new(of_long.clone());
        let (signer, long) = (Arc::get_mut(&mut signer)?, Arc::get_mut(&mut long)?);
        drop(signer.sign(at(NOW)));
        let mut buffer = String::new();
        for day in [0, 1, 0] {
            // It has to grow, is longer than it has to be, and fits.
            signer.sign_into(at(NOW + day * DAY), &mut buffer);
            long.sign_into(at(NOW + day * DAY), &mut buffer);
            signer.sign_into(at(NOW + day * DAY), &mut buffer);
            signer.sign_into(at(NOW + day * DAY), &mut buffer);
        }
        // The text alone, so that what is left behind it is found.
        buffer.into_bytes().as_mut_slice().zeroize();
        let _ = signer.clone();
        Some(signer.sign(at(NOW)))
    });
    assert_eq!(found, None);
}

#[test]
fn a_local_cache_leaves_nothing() {
    let found = left_by(|| {
        let cache = LocalTokenCache::new(request("app"), credentials().unwrap()).unwrap();
        let mut cache = Arc::new(cache);
        let cache = Arc::get_mut(&mut cache)?;
        let refused = cache.token(at(NOW)).ok()?;
        cache.invalidate(&refused);
        drop(refused);
        let _ = cache.token(at(NOW + 1));
        let _ = cache.token(at(NOW + DAY));
        let _ = cache.token(at(NOW));
        cache.set_credentials(Credentials::new("AKIDEXAMPLE", SECRET).ok()?);
        let _ = cache.token(at(NOW));
        Some(cache.clone())
    });
    assert_eq!(found, None);
}

#[cfg(feature = "std")]
#[test]
fn caches_leave_nothing_whatever_they_drop() {
    use std::{num::NonZero, thread};

    use rds_iam_token::{TokenCache, TokenSource, TokenStore};

    let found = left_by(|| {
        let cache = Arc::new(TokenCache::new(request("app"), credentials().unwrap()).unwrap());
        let token = cache.token(at(NOW)).unwrap();
        let other = Arc::clone(&cache);
        thread::spawn(move || other.token(at(NOW + DAY)))
            .join()
            .unwrap()
            .unwrap();
        cache.invalidate(&token);
    });
    assert_eq!(found, None);

    for limit in [1, 3, 40] {
        let found = left_by(|| {
            let limit = NonZero::new(limit).unwrap();
            let store = Arc::new(TokenStore::new(credentials().unwrap(), limit));
            // More than a node of a tree holds, in an order that splits and joins nodes.
            for number in 0..60_u32 {
                let user = format!("app{}", number * 37 % 60);
                let token = store.token(&request(&user), at(NOW)).unwrap();
                if number % 7 == 0 {
                    store.invalidate(&token);
                }
            }
            let source = store.source(request("app")).unwrap();
            let token = source.token(at(NOW)).unwrap();
            store.set_credentials(Credentials::new("AKIDEXAMPLE", SECRET).unwrap());
            source.invalidate(&token);
            source.token(at(NOW)).unwrap()
        });
        assert_eq!(found, None, "{limit}");
    }
}

#[cfg(feature = "aws-credential-types")]
#[test]
fn a_conversion_leaves_nothing() {
    let session_token = Some(SESSION_TOKEN.to_owned());
    let sdk = aws_credential_types::Credentials::new("A", SECRET, session_token, None, "test");
    assert_eq!(left_by(|| Credentials::try_from(&sdk)), None);
}

#[test]
fn reading_and_verifying_leave_nothing() {
    let endpoint = request("app").endpoint().clone();
    let verifier = Verifier::new(endpoint, region());
    for text in damaged() {
        let found = left_by(|| {
            let parts = TokenParts::parse(text).map(|parts| (parts.clone(), parts.to_string()));
            drop(parts);
            let login = verifier.verify(text, at(NOW), |_| credentials().ok());
            drop(login.map(|login| (login.clone(), login)));
            verifier
                .verify_user(text, "app", at(NOW), |_| Credentials::new("A", SECRET).ok())
                .map(drop)
        });
        assert_eq!(found, None, "{text}");
    }
}

#[test]
fn a_diagnosis_leaves_nothing() {
    for text in damaged() {
        let found = left_by(|| {
            let known = Expected::new()
                .with_endpoint(Endpoint::new(
                    "db.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com",
                    5432,
                )?)
                .with_region(region())
                .with_user("app")
                .with_time(at(NOW))
                .with_credentials(credentials()?);
            let diagnosis = diagnose(text, &known);
            let report = format!("{diagnosis:?} {:?}", diagnosis.findings());
            Ok::<_, Error>((
                diagnosis.clone(),
                diagnose(diagnosis.expose_repaired(), &Expected::new()),
                known.clone(),
                report,
            ))
        });
        assert_eq!(found, None, "{text}");
    }
}

#[test]
fn a_secret_that_is_handed_over_is_the_caller_s() {
    let secret: Secret = request("app").canonical_request(&credentials().unwrap(), at(NOW));
    let found = left_by(|| secret.into_exposed_string());
    assert!(found.is_some());
}
