//! The token sources, as pools use them.
#![cfg(feature = "std")]

use std::{num::NonZero, sync::Arc, time::Duration};

use rds_iam_token::{
    Credentials, Endpoint, Region, Signer, SourceError, Timestamp, Token, TokenCache, TokenRequest,
    TokenSource, TokenStore,
};

mod day;
mod model;
mod threads;

fn at(unix_seconds: i64) -> Timestamp {
    Timestamp::from_unix_seconds(unix_seconds).unwrap()
}

fn request(host: &str, user: &str, lifetime: u64) -> TokenRequest {
    let endpoint = Endpoint::new(host, 5432).unwrap();
    TokenRequest::new(endpoint, Region::new("eu-west-1").unwrap(), user)
        .unwrap()
        .with_lifetime(Duration::from_secs(lifetime))
        .unwrap()
}

fn credentials() -> Credentials {
    Credentials::new("AKIDEXAMPLE", "not-a-real-secret").unwrap()
}

fn temporary(session_token: &str, expiry: i64) -> Credentials {
    credentials()
        .with_session_token(session_token)
        .unwrap()
        .with_expiry(at(expiry))
}

/// Numbers that look random and are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: i64) -> i64 {
        // Knuth's MMIX constants.
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        i64::try_from(self.0 >> 33).unwrap() % end
    }
}

#[test]
fn each_kind_of_source_is_one_to_a_driver() {
    let (first, last) = (at(1_000), at(1_100));
    let cache = Arc::new(TokenCache::new(request("db", "app", 900), credentials()).unwrap());
    let caches = Arc::new(TokenStore::new(credentials(), NonZero::<usize>::MIN));
    let of_closure = Arc::clone(&cache);
    let sources: [(&str, Arc<dyn TokenSource>, bool); 6] = [
        ("cache", cache.clone(), true),
        ("an Arc of an Arc", Arc::new(cache), true),
        ("closure", Arc::new(move |now| of_closure.token(now)), true),
        (
            "caches",
            Arc::new(caches.source(request("db", "app", 900)).unwrap()),
            true,
        ),
        (
            "signer",
            Arc::new(Signer::new(request("db", "app", 900), credentials())),
            false,
        ),
        (
            "a box",
            Arc::new(Box::new(|now| {
                Ok(Arc::new(
                    request("db", "app", 900).sign(&credentials(), now),
                ))
            })),
            false,
        ),
    ];
    for (name, source, keeps) in sources {
        let token = source.token(first).unwrap();
        let expected = request("db", "app", 900).sign(&credentials(), first);
        assert_eq!(token.expose_secret(), expected.expose_secret(), "{name}");
        let later = source.token(last).unwrap();
        assert_eq!(Arc::ptr_eq(&token, &later), keeps, "{name}");
    }
}

#[test]
fn a_refused_token_goes_the_way_it_came() {
    let cache = Arc::new(TokenCache::new(request("db", "app", 900), credentials()).unwrap());
    let caches = Arc::new(TokenStore::new(credentials(), NonZero::<usize>::MIN));
    let sources: [Arc<dyn TokenSource>; 3] = [
        cache.clone(),
        Arc::new(cache),
        Arc::new(caches.source(request("db", "app", 900)).unwrap()),
    ];
    for source in sources {
        let refused = source.token(at(1_000)).unwrap();
        source.invalidate(&refused);
        let token = source.token(at(1_001)).unwrap();
        assert_ne!(token.expose_secret(), refused.expose_secret());
        source.invalidate(&token);
    }
}

#[test]
fn a_signer_as_a_source_says_that_its_credentials_expired() {
    let signer = Signer::new(request("db", "app", 900), temporary("session", 1_000));
    let token = TokenSource::token(&signer, at(999)).unwrap();
    assert_eq!(token.expires_at(), at(1_000));
    assert_eq!(
        TokenSource::token(&signer, at(1_000)).err(),
        Some(SourceError::CredentialsExpired { since: at(1_000) })
    );
}

#[test]
fn the_request_asked_for_the_longest_ago_is_forgotten() {
    let limit = NonZero::new(2).unwrap();
    let caches = TokenStore::new(credentials(), limit);
    let requests = ["writer", "reader", "proxy"].map(|host| request(host, "app", 900));
    let token = |index: usize| -> Arc<Token> { caches.token(&requests[index], at(1_000)).unwrap() };
    let (writer, reader) = (token(0), token(1));
    assert!(Arc::ptr_eq(&writer, &token(0)));
    let proxy = token(2);
    assert!(Arc::ptr_eq(&writer, &token(0)));
    assert!(Arc::ptr_eq(&proxy, &token(2)));
    assert!(!Arc::ptr_eq(&reader, &token(1)));
    assert!(Arc::ptr_eq(&proxy, &token(2)));
    assert!(!Arc::ptr_eq(&writer, &token(0)));
    for (request, seconds) in requests.iter().zip([840, 0, 840]) {
        let refresh_in = caches.refresh_in(request, at(1_000));
        assert_eq!(refresh_in, Duration::from_secs(seconds));
    }
}

#[test]
fn a_lifetime_that_is_all_margin_is_refused_where_it_comes_in() {
    let caches = Arc::new(TokenStore::new(credentials(), NonZero::<usize>::MIN));
    let short = request("db", "app", 60);
    assert_eq!(
        caches.token(&short, at(1_000)).err(),
        Some(SourceError::Lifetime {
            seconds: 60,
            margin: 60
        })
    );
    assert!(caches.source(short).is_err());
    assert!(caches.token(&request("db", "app", 61), at(1_000)).is_ok());
    let caches = TokenStore::new(credentials(), NonZero::<usize>::MIN);
    assert!(caches.with_margin(Duration::from_secs(900)).is_err());
}
