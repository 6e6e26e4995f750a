//! The token sources, as pools use them.
#![cfg(feature = "std")]

use std::{num::NonZero, sync::Arc, time::Duration};

use rds_iam_token::{
    Credentials, MarginError, SourceError, Token, TokenCache, TokenRequest, TokenStore,
};

#[path = "../common/mod.rs"]
mod common;
mod config;
mod day;
mod model;
mod order;
mod simulation;
mod sources;
mod threads;

use common::at;

fn request(host: &str, user: &str, lifetime: u64) -> TokenRequest {
    common::request(host, "eu-west-1", user)
        .with_lifetime(Duration::from_secs(lifetime))
        .unwrap()
}

fn credentials() -> Credentials {
    common::long_lived("AKIDEXAMPLE")
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
fn the_request_that_was_not_used_for_the_longest_time_is_dropped() {
    let limit = NonZero::new(2).unwrap();
    let store = TokenStore::new(credentials(), limit);
    let requests = ["writer", "reader", "proxy"].map(|host| request(host, "app", 900));
    let token = |index: usize| -> Arc<Token> { store.token(&requests[index], at(1_000)).unwrap() };
    let (writer, reader) = (token(0), token(1));
    assert!(Arc::ptr_eq(&writer, &token(0)));
    let proxy = token(2);
    assert!(Arc::ptr_eq(&writer, &token(0)));
    assert!(Arc::ptr_eq(&proxy, &token(2)));
    assert!(!Arc::ptr_eq(&reader, &token(1)));
    assert!(Arc::ptr_eq(&proxy, &token(2)));
    assert!(!Arc::ptr_eq(&writer, &token(0)));
    for (request, seconds) in requests.iter().zip([840, 0, 840]) {
        let refresh_in = store.refresh_in(request, at(1_000));
        assert_eq!(refresh_in, Duration::from_secs(seconds));
    }
}

#[test]
fn a_store_rejects_a_lifetime_that_is_all_margin() {
    let store = Arc::new(TokenStore::new(credentials(), NonZero::<usize>::MIN));
    let short = request("db", "app", 60);
    let rejection = MarginError {
        seconds: 60,
        lifetime: 60,
    };
    let error = store.token(&short, at(1_000)).unwrap_err();
    assert!(matches!(error, SourceError::Margin(error) if error == rejection));
    assert_eq!(store.source(short).unwrap_err(), rejection);
    assert!(store.token(&request("db", "app", 61), at(1_000)).is_ok());
    let store = TokenStore::new(credentials(), NonZero::<usize>::MIN);
    assert!(store.with_margin(Duration::from_secs(900)).is_err());
}

#[test]
fn a_store_without_credentials_signs_once_they_are_set() {
    let store = TokenStore::without_credentials(NonZero::<usize>::MIN);
    let request = request("db", "app", 900);
    let error = store.token(&request, at(1_000)).unwrap_err();
    assert!(matches!(error, SourceError::CredentialsMissing));
    assert!(store.credentials_due(at(1_000), Duration::ZERO));
    assert_eq!(store.credentials_needed_by(), None);

    store.set_credentials(temporary("session", 5_000));
    assert!(store.token(&request, at(1_000)).is_ok());
    assert!(!store.credentials_due(at(4_699), Duration::from_secs(240)));
    assert!(store.credentials_due(at(4_700), Duration::from_secs(240)));
}

#[test]
fn a_cache_without_credentials_signs_once_they_are_set() {
    let cache = TokenCache::without_credentials(request("db", "app", 900)).unwrap();
    assert_eq!(*cache.request(), request("db", "app", 900));
    let error = cache.token(at(1_000)).unwrap_err();
    assert!(matches!(error, SourceError::CredentialsMissing));
    assert!(cache.credentials_due(at(1_000), Duration::ZERO));

    cache.set_credentials(temporary("session", 5_000));
    assert!(cache.token(at(1_000)).is_ok());
    assert!(!cache.credentials_due(at(4_699), Duration::from_secs(240)));
    assert!(cache.credentials_due(at(4_700), Duration::from_secs(240)));
}
