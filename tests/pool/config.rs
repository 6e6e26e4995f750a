//! A driver's configuration in the way of tokio-postgres, with nothing written around the source.

use std::{sync::Arc, time::Duration};

use rds_iam_token::{SharedTokenSource, SourceError, TokenCache, TokenSource, from_fn};

use crate::{at, credentials, request};

#[derive(Clone, Debug, PartialEq, Eq)]
enum Password {
    Fixed(Vec<u8>),
    Tokens(SharedTokenSource),
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Config {
    user: Option<String>,
    password: Option<Password>,
    host: Vec<String>,
    port: Vec<u16>,
    connect_timeout: Option<Duration>,
}

impl Config {
    fn new(host: &str) -> Self {
        Self {
            user: None,
            password: None,
            host: vec![host.to_owned()],
            port: vec![5432],
            connect_timeout: None,
        }
    }

    fn password(&mut self, password: &str) -> &mut Self {
        self.password = Some(Password::Fixed(password.into()));
        self
    }

    fn token_source(&mut self, source: impl TokenSource + 'static) -> &mut Self {
        self.password = Some(Password::Tokens(SharedTokenSource::new(source)));
        self
    }

    fn connect(&self, now: i64) -> Result<Vec<u8>, SourceError> {
        match &self.password {
            Some(Password::Fixed(password)) => Ok(password.clone()),
            Some(Password::Tokens(source)) => {
                Ok(source.token(at(now))?.expose_secret().as_bytes().to_vec())
            }
            None => Ok(Vec::new()),
        }
    }
}

#[test]
fn a_configuration_with_a_source_is_cloned_compared_and_printed() {
    let cache = Arc::new(TokenCache::new(request("db", "app", 900), credentials()).unwrap());
    let mut config = Config::new("db");
    config.token_source(Arc::clone(&cache));
    assert_eq!(config.clone(), config);
    assert_eq!(
        config.connect(1_000).unwrap(),
        config.clone().connect(1_100).unwrap()
    );

    let debug = format!("{config:?}");
    assert!(
        debug.contains("Tokens(SharedTokenSource { request: Some(TokenRequest {"),
        "{debug}"
    );
    assert!(
        !debug.contains("not-a-real-secret") && !debug.contains("X-Amz"),
        "{debug}"
    );

    // The same cache in a source that was created separately.
    let mut other = config.clone();
    other.token_source(cache);
    assert_ne!(other, config);
    other.password("not-a-real-password");
    assert_ne!(other, config);
}

#[test]
fn sources_of_closures_without_state_differ() {
    let mut config = Config::new("db");
    let mut other = config.clone();
    config.token_source(from_fn(|_| Err(SourceError::CredentialsMissing)));
    other.token_source(from_fn(|_| Err(SourceError::CredentialsMissing)));
    assert_ne!(config, other);
    assert!(config.connect(1_000).is_err());
    assert!(format!("{config:?}").contains("SharedTokenSource { request: None, .. }"));
}

#[test]
fn sources_of_one_arc_are_equal() {
    let cache = Arc::new(TokenCache::new(request("db", "app", 900), credentials()).unwrap());
    let source = SharedTokenSource::from(Arc::clone(&cache));
    assert_eq!(source, SharedTokenSource::from(Arc::clone(&cache)));
    assert_eq!(
        source,
        SharedTokenSource::from(cache as Arc<dyn TokenSource>)
    );
}
