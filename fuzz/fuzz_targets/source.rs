//! Any sequence of calls returns tokens that live for their margin, or an error that is true; and the
//! local cache, the shared cache and the store agree.

#![no_main]

use std::{num::NonZero, sync::Arc, time::Duration};

use libfuzzer_sys::fuzz_target;
use rds_iam_token::{
    Credentials, Endpoint, LocalTokenCache, Region, SourceError, Timestamp, Token, TokenCache,
    TokenParts, TokenRequest, TokenStore,
};

fuzz_target!(|bytes: &[u8]| {
    let _ = run(bytes);
});

fn run(bytes: &[u8]) -> Option<()> {
    let mut bytes = bytes.iter().copied();
    let margin = Duration::from_secs(30 + u64::from(bytes.next()?));
    let jitter = u32::from(bytes.next()?) << 24;
    let mut now = 100_000_i64;
    let mut all = AllOf::new(margin, jitter);
    // Otherwise some are set later, or never.
    if let Some(choice) = bytes.next().filter(|choice| *choice < u8::MAX) {
        all.set_credentials(credentials(choice));
    }
    while let Some(call) = bytes.next() {
        match call % 8 {
            0..=2 => all.token(now),
            3 => now += i64::from(bytes.next()?),
            4 => now += 100 * i64::from(bytes.next()?),
            5 => now -= 10 * i64::from(bytes.next()?),
            6 => all.set_credentials(credentials(bytes.next()?)),
            _ => all.invalidate(),
        }
        now = now.clamp(0, Timestamp::MAX.unix_seconds());
    }
    None
}

/// One of several, some of which expire.
fn credentials(choice: u8) -> Credentials {
    let id = format!("AKIDEXAMPLE{}", choice % 2);
    let credentials = Credentials::new(id, "not-a-real-secret").unwrap();
    match choice / 2 {
        0 => credentials,
        minutes => credentials.with_expiry(at(100_000 + 60 * i64::from(minutes))),
    }
}

fn request(user: &str) -> TokenRequest {
    let endpoint = Endpoint::new("db.example.com", 5432).unwrap();
    TokenRequest::new(endpoint, Region::new("eu-west-1").unwrap(), user).unwrap()
}

fn at(unix_seconds: i64) -> Timestamp {
    Timestamp::from_unix_seconds(unix_seconds).unwrap()
}

/// Three ways to keep tokens, each of which should return the same ones.
struct AllOf {
    /// `None` until some are set.
    credentials: Option<Credentials>,
    margin: Duration,
    local: LocalTokenCache,
    cache: TokenCache,
    store: TokenStore,
    /// The last token that was returned, and the last that was rejected.
    last: Option<Arc<Token>>,
    rejected: Option<Arc<Token>>,
}

impl AllOf {
    fn new(margin: Duration, jitter: u32) -> Self {
        let local = LocalTokenCache::without_credentials(request("app"))
            .and_then(|cache| cache.with_margin(margin))
            .unwrap()
            .with_jitter(jitter);
        let store = TokenStore::without_credentials(NonZero::new(1).unwrap())
            .with_margin(margin)
            .unwrap()
            .with_jitter(jitter);
        Self {
            cache: TokenCache::from(local.clone()),
            credentials: None,
            margin,
            local,
            store,
            last: None,
            rejected: None,
        }
    }

    fn token(&mut self, now: i64) {
        let left = self.local.refresh_in(at(now));
        assert_eq!(left, self.cache.refresh_in(at(now)));
        assert_eq!(left, self.store.refresh_in(&request("app"), at(now)));
        let kept = self.local.token(at(now));
        for other in [
            self.cache.token(at(now)),
            self.store.token(&request("app"), at(now)),
        ] {
            match (&kept, &other) {
                (Ok(one), Ok(other)) => assert_eq!(one.expose_secret(), other.expose_secret()),
                (Err(one), Err(other)) => assert_eq!(one.to_string(), other.to_string()),
                (one, other) => panic!("{one:?}, {other:?}"),
            }
        }
        let needed_by = self.local.credentials_needed_by();
        assert_eq!(needed_by, self.cache.credentials_needed_by());
        assert_eq!(needed_by, self.store.credentials_needed_by());
        let due = self.local.credentials_due(at(now), Duration::ZERO);
        assert_eq!(due, needed_by.is_none_or(|needed_by| needed_by <= at(now)));
        assert_eq!(due, self.cache.credentials_due(at(now), Duration::ZERO));
        assert_eq!(due, self.store.credentials_due(at(now), Duration::ZERO));
        match kept {
            Ok(token) => self.check(token, left, now),
            Err(SourceError::CredentialsMissing) => assert!(self.credentials.is_none()),
            Err(
                SourceError::CredentialsExpired { since }
                | SourceError::CredentialsExpiring { since, .. },
            ) => {
                assert!(since <= at(now) && needed_by.is_some_and(|needed| needed <= at(now)));
                assert_eq!(left, Duration::ZERO);
            }
            Err(error) => panic!("{error}"),
        }
    }

    fn check(&mut self, token: Arc<Token>, left: Duration, now: i64) {
        let parts = TokenParts::parse(token.expose_secret()).unwrap();
        let signed_at = parts.signed_at();
        assert!(signed_at <= at(now));
        let credentials = self.credentials.as_ref().unwrap();
        assert_eq!(parts.access_key_id(), credentials.access_key_id());
        assert!(token.expires_at().saturating_sub(self.margin) > at(now));
        if left > Duration::ZERO {
            let last = self.last.as_ref().unwrap();
            assert_eq!(token.expose_secret(), last.expose_secret());
        } else {
            assert_eq!(signed_at, at(now));
        }
        if let Some(rejected) = &self.rejected
            && rejected.expose_secret() == token.expose_secret()
        {
            assert_eq!(signed_at, at(now));
        }
        self.last = Some(token);
    }

    fn set_credentials(&mut self, credentials: Credentials) {
        self.local.set_credentials(credentials.clone());
        self.cache.set_credentials(credentials.clone());
        self.store.set_credentials(credentials.clone());
        self.credentials = Some(credentials);
    }

    fn invalidate(&mut self) {
        if let Some(last) = &self.last {
            self.rejected = Some(Arc::clone(last));
            self.local.invalidate(last);
            self.cache.invalidate(last);
            self.store.invalidate(last);
        }
    }
}
