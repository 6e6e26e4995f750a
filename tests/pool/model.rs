//! Any sequence of calls, against a model.

use std::{collections::BTreeSet, num::NonZero, sync::Arc, time::Duration};

use proptest::prelude::*;
use rds_iam_token::{
    Credentials, SourceError, Timestamp, Token, TokenCache, TokenRequest, TokenStore,
};

use crate::{at, credentials, request, temporary};

const START: i64 = 1_440_938_160;

#[derive(Clone, Debug)]
enum Step {
    /// Requests a token.
    Token(usize),
    SetCredentials(usize),
    /// Rejects one of the tokens returned so far, counted from the last.
    Invalidate(usize),
    /// Moves the clock by so many seconds.
    Move(i64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..3_usize).prop_map(Step::Token),
        1 => (0..all_credentials().len()).prop_map(Step::SetCredentials),
        1 => (0..6_usize).prop_map(Step::Invalidate),
        3 => prop_oneof![
            4 => 0..2_i64,
            4 => 0..900_i64,
            1 => prop::sample::select(&[29, 30, 31, 59, 60, 61, 239, 240, 839, 840, 841, 900][..]),
            1 => -900..0_i64,
            1 => -100_000..100_000_i64,
        ].prop_map(Step::Move),
    ]
}

fn requests() -> [TokenRequest; 3] {
    [
        request("writer", "app", 900),
        request("writer", "report", 900),
        request("reader", "app", 300),
    ]
}

/// Credentials each of which differs from another in one part alone.
fn all_credentials() -> [Credentials; 7] {
    [
        temporary("session-1", START + 2_000),
        temporary("session-2", START + 2_000),
        temporary("session-1", START + 4_000),
        credentials(),
        Credentials::new("AKIDEXAMPLE2", "not-a-real-secret").unwrap(),
        Credentials::new("AKIDEXAMPLE", "not-a-real-secret-2").unwrap(),
        temporary("session-1", START + 100),
    ]
}

/// A cache for each request, and a store for all.
struct Caches {
    single: Vec<TokenCache>,
    store: TokenStore,
}

impl Caches {
    fn new(margin: u64, jitter: u32) -> Self {
        let first = || all_credentials()[0].clone();
        let margin = Duration::from_secs(margin);
        let single = requests().map(|request| {
            let cache = TokenCache::new(request, first()).unwrap();
            cache.with_margin(margin).unwrap().with_jitter(jitter)
        });
        let store = TokenStore::new(first(), NonZero::new(3).unwrap());
        Self {
            single: single.into(),
            store: store.with_margin(margin).unwrap().with_jitter(jitter),
        }
    }
}

/// A signed token: its request, its credentials and its time.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Signed {
    request: usize,
    credentials: usize,
    at: i64,
}

impl Signed {
    fn text(&self) -> String {
        requests()[self.request]
            .sign(&all_credentials()[self.credentials], at(self.at))
            .into_exposed_string()
    }
}

struct Model {
    margin: i64,
    /// Whether tokens are replaced as early as the jitter can have it.
    early: bool,
    credentials: usize,
    now: i64,
    kept: [Option<Signed>; 3],
    /// The texts of rejected tokens. None is returned after the second of its date. Credentials that
    /// differ in their expiry alone sign the same text.
    rejected: BTreeSet<String>,
    signatures: usize,
}

impl Model {
    /// The seconds that a token, or what would be signed now, will still be returned.
    fn left(&self, signed: Signed) -> i64 {
        let lifetime = requests()[signed.request].lifetime().as_secs();
        let mut reuse = i64::try_from(lifetime).unwrap() - self.margin;
        if let Some(expiry) = all_credentials()[signed.credentials].expiry() {
            reuse = reuse.min(expiry.unix_seconds() - self.margin - signed.at);
        }
        reuse -= if self.early { reuse / 10 } else { 0 };
        let mut end = signed.at + reuse;
        if self.is_rejected(signed) {
            end = end.min(signed.at + 1);
        }
        end - self.now
    }

    fn is_rejected(&self, signed: Signed) -> bool {
        !self.rejected.is_empty() && self.rejected.contains(&signed.text())
    }

    fn kept(&self, request: usize) -> Option<Signed> {
        self.kept[request]
            .filter(|kept| kept.credentials == self.credentials && kept.at <= self.now)
            .filter(|kept| self.left(*kept) > 0)
    }

    fn token(&mut self, request: usize) -> Option<Signed> {
        let new = Signed {
            request,
            credentials: self.credentials,
            at: self.now,
        };
        if let Some(kept) = self.kept(request) {
            return Some(kept);
        }
        if self.left(new) <= 0 {
            return None;
        }
        self.signatures += 1;
        self.kept[request] = Some(new);
        Some(new)
    }
}

/// Checks one answer on its own, whatever the model says.
fn check(
    token: &Result<Arc<Token>, SourceError>,
    signer: &Credentials,
    now: Timestamp,
    margin: i64,
) -> Result<(), TestCaseError> {
    let left = |end: Timestamp| end.unix_seconds() - now.unix_seconds();
    match token {
        Ok(token) => prop_assert!(left(token.expires_at()) > margin, "{now}: {token:?}"),
        Err(SourceError::CredentialsExpired { since }) => {
            prop_assert_eq!(Some(*since), signer.expiry());
            prop_assert!(left(*since) <= 0);
        }
        Err(SourceError::CredentialsExpiring { expiry, since }) => {
            prop_assert_eq!(Some(*expiry), signer.expiry());
            prop_assert!(left(*expiry) > 0 && left(*expiry) <= margin && *since <= now);
        }
        Err(error) => return Err(TestCaseError::fail(error.to_string())),
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn the_caches_and_the_store_do_what_the_model_does(
        steps in prop::collection::vec(step(), 1..60),
        margin in prop::sample::select(&[30, 60, 200][..]),
        early in any::<bool>(),
    ) {
        let caches = Caches::new(margin, if early { u32::MAX } else { 0 });
        let mut model = Model {
            margin: i64::try_from(margin).unwrap(),
            early,
            credentials: 0,
            now: START,
            kept: [None; 3],
            rejected: BTreeSet::new(),
            signatures: 0,
        };
        let mut signatures = [0; 2];
        let mut last: [[Option<Arc<Token>>; 3]; 2] = Default::default();
        let mut returned = Vec::new();
        for step in steps {
            match step {
                Step::Token(request) => {
                    let now = at(model.now);
                    let expected = model.token(request);
                    let answers = [
                        caches.single[request].token(now),
                        caches.store.token(&requests()[request], now),
                    ];
                    for (which, answer) in answers.into_iter().enumerate() {
                        check(&answer, &all_credentials()[model.credentials], now, model.margin)?;
                        let text = answer.as_ref().ok().map(|token| token.expose_secret());
                        let expected_text = expected.map(|signed| signed.text());
                        prop_assert_eq!(text, expected_text.as_deref());
                        let Ok(token) = answer else { continue };
                        let last = &mut last[which][request];
                        let same = last.as_ref().is_some_and(|last| Arc::ptr_eq(last, &token));
                        signatures[which] += usize::from(!same);
                        *last = Some(Arc::clone(&token));
                        returned.extend(expected.map(|signed| (signed, token)));
                    }
                    prop_assert_eq!(signatures, [model.signatures; 2]);
                }
                Step::SetCredentials(which) => {
                    model.credentials = which;
                    // Kept tokens of others do not come back with their credentials.
                    model.kept = model.kept.map(|kept| kept.filter(|kept| kept.credentials == which));
                    let credentials = all_credentials()[which].clone();
                    for cache in &caches.single {
                        cache.set_credentials(credentials.clone());
                    }
                    caches.store.set_credentials(credentials);
                }
                Step::Invalidate(back) => {
                    if let Some((signed, token)) = returned.iter().rev().nth(back) {
                        model.rejected.insert(signed.text());
                        caches.single[signed.request].invalidate(token);
                        caches.store.invalidate(token);
                    }
                }
                Step::Move(seconds) => model.now += seconds,
            }
            let (now, needed_by) = (at(model.now), caches.store.credentials_needed_by());
            let expiry = all_credentials()[model.credentials].expiry();
            let needed = |by: Timestamp| by.unix_seconds() + model.margin;
            prop_assert_eq!(needed_by.map(needed), expiry.map(Timestamp::unix_seconds));
            for (request, cache) in caches.single.iter().enumerate() {
                prop_assert_eq!(cache.credentials_needed_by(), needed_by);
                let left = model.kept(request).map_or(0, |kept| model.left(kept));
                let left = Duration::from_secs(left.try_into().unwrap());
                prop_assert_eq!(cache.refresh_in(now), left);
                prop_assert_eq!(caches.store.refresh_in(&requests()[request], now), left);
            }
        }
    }
}
