//! The kinds of sources, and what they pass on.

use std::{error::Error, num::NonZero, sync::Arc};

use rds_iam_token::{
    MarginError, SharedTokenSource, SourceError, TokenCache, TokenRequest, TokenSource, TokenStore,
    from_fn,
};

use crate::{at, credentials, request};

fn cache() -> Arc<TokenCache> {
    Arc::new(TokenCache::new(request("db", "app", 900), credentials()).unwrap())
}

fn store_source() -> SharedTokenSource {
    let store = Arc::new(TokenStore::new(credentials(), NonZero::<usize>::MIN));
    store.source(request("db", "app", 900)).unwrap()
}

fn signing() -> impl TokenSource {
    from_fn(|now| {
        Ok(Arc::new(
            request("db", "app", 900).sign(&credentials(), now),
        ))
    })
}

/// Every kind of source and of pointer to one, and whether it keeps tokens.
fn sources() -> Vec<(&'static str, Box<dyn TokenSource>, bool)> {
    let of_closure = cache();
    vec![
        (
            "cache",
            Box::new(Arc::into_inner(cache()).unwrap()) as Box<dyn TokenSource>,
            true,
        ),
        ("Arc", Box::new(cache()), true),
        ("Arc of an Arc", Box::new(Arc::new(cache())), true),
        ("Arc<dyn>", Box::new(cache() as Arc<dyn TokenSource>), true),
        ("Box", Box::new(Box::new(cache())), true),
        (
            "Box<dyn>",
            Box::new(Box::new(cache()) as Box<dyn TokenSource>),
            true,
        ),
        (
            "reference",
            Box::new(Box::leak(Box::new(cache())) as &'static _),
            true,
        ),
        ("shared", Box::new(SharedTokenSource::new(cache())), true),
        (
            "shared from Arc",
            Box::new(SharedTokenSource::from(cache())),
            true,
        ),
        (
            "shared from Arc<dyn>",
            Box::new(SharedTokenSource::from(cache() as Arc<dyn TokenSource>)),
            true,
        ),
        ("store", Box::new(store_source()), true),
        (
            "closure of a cache",
            Box::new(from_fn(move |now| of_closure.token(now))),
            true,
        ),
        ("closure that signs", Box::new(signing()), false),
    ]
}

#[test]
fn every_source_returns_the_token_of_its_request() {
    for (name, source, keeps) in sources() {
        let token = source.token(at(1_000)).unwrap();
        let expected = request("db", "app", 900).sign(&credentials(), at(1_000));
        assert_eq!(token.expose_secret(), expected.expose_secret(), "{name}");
        let later = source.token(at(1_100)).unwrap();
        assert_eq!(Arc::ptr_eq(&token, &later), keeps, "{name}");
    }
}

#[test]
fn every_source_but_a_closure_passes_on_its_request_and_rejected_tokens() {
    for (name, source, _) in sources() {
        let is_closure = name.starts_with("closure");
        let expected = (!is_closure).then(|| request("db", "app", 900));
        assert_eq!(source.request(), expected.as_ref(), "{name}");

        let rejected = source.token(at(1_000)).unwrap();
        source.invalidate(&rejected);
        let next = source.token(at(1_001)).unwrap();
        let is_new = next.expose_secret() != rejected.expose_secret();
        assert_eq!(is_new, name != "closure of a cache", "{name}");
    }
}

#[test]
fn a_request_shows_a_source_for_a_different_user() {
    fn is_for(source: &dyn TokenSource, user: &str) -> bool {
        source
            .request()
            .map(TokenRequest::user)
            .is_none_or(|of_source| of_source == user)
    }
    assert!(is_for(&cache(), "app"));
    assert!(!is_for(&cache(), "report"));
    assert!(is_for(&signing(), "report"));
}

#[test]
fn a_foreign_cause_is_a_source_and_is_not_in_debug() {
    const CAUSE: &str = "an answer with a secret in it";
    let error = SourceError::other(CAUSE);
    assert_eq!(error.to_string(), "no token available");
    assert_eq!(error.source().unwrap().to_string(), CAUSE);
    assert_eq!(format!("{error:?}"), "Other([redacted])");
    assert_eq!(format!("{error:#?}"), "Other([redacted])");

    let io = || std::io::Error::other(CAUSE);
    for error in [
        SourceError::other(io()),
        SourceError::Other(Arc::new(io())),
        SourceError::other(io()).clone(),
    ] {
        let cause = error.source().unwrap();
        assert!(cause.downcast_ref::<std::io::Error>().is_some());
        assert!(!format!("{error:?} {error}").contains(CAUSE));
    }
}

#[test]
fn an_error_of_an_input_becomes_a_source_error() {
    let source = from_fn(|now| {
        let request = request("db", "app", 900);
        let request = TokenRequest::new(request.endpoint().clone(), request.region().clone(), "")?;
        Ok(Arc::new(request.sign(&credentials(), now)))
    });
    let error = source.token(at(1_000)).unwrap_err();
    let cause = error.source().unwrap();
    assert!(cause.downcast_ref::<rds_iam_token::Error>().is_some());
}

#[test]
fn a_source_error_states_a_reason_and_a_time() {
    let (since, expiry) = (at(1_440_938_160), at(1_440_938_220));
    let margin = MarginError {
        seconds: 60,
        lifetime: 45,
    };
    assert_eq!(
        format!("{:?}", SourceError::Margin(margin)),
        format!("Margin({margin:?})")
    );
    assert!(SourceError::CredentialsMissing.source().is_none());
    for (error, text) in [
        (
            SourceError::CredentialsExpired { since },
            "credentials expired at 2015-08-30T12:36:00Z; new ones are needed",
        ),
        (
            SourceError::CredentialsExpiring { expiry, since },
            "credentials expire at 2015-08-30T12:37:00Z, and their margin began at \
             2015-08-30T12:36:00Z; new ones are needed",
        ),
        (
            SourceError::CredentialsMissing,
            "credentials are missing; none were set yet",
        ),
        (
            SourceError::from(margin),
            "invalid margin: 60 s; expected at least 30 s, and less than the lifetime of 45 s",
        ),
        (SourceError::other("offline"), "no token available"),
    ] {
        assert_eq!(error.to_string(), text);
        assert!(text.len() <= 120, "{text}");
    }
}
