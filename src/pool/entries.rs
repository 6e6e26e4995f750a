//! Kept tokens of several requests, without a lock.

use alloc::{boxed::Box, collections::BTreeMap, sync::Arc};
use core::{num::NonZero, time::Duration};

use crate::{
    credentials::Credentials,
    pool::{
        local::{LocalTokenCache, are_same},
        rejected::Rejected,
        schedule::Schedule,
        source::SourceError,
    },
    request::TokenRequest,
    timestamp::Timestamp,
    token::Token,
};

/// A keeper for each of several requests, up to a limit, with the same credentials.
#[derive(Debug)]
pub(crate) struct Entries {
    credentials: Credentials,
    refresh: Schedule,
    limit: NonZero<usize>,
    /// How often a token was asked for.
    calls: u64,
    /// Of all requests, for those that were forgotten.
    refused: Rejected,
    /// At most `limit`, each with these credentials.
    kept: BTreeMap<TokenRequest, Kept>,
}

#[derive(Debug)]
struct Kept {
    /// In its own place: a tree moves what it holds, and would leave the bytes of keys behind.
    keeper: Box<LocalTokenCache>,
    /// The number of the last call that asked for it.
    last_call: u64,
}

impl Entries {
    pub(crate) fn new(credentials: Credentials, limit: NonZero<usize>) -> Self {
        Self {
            credentials,
            refresh: Schedule::DEFAULT,
            limit,
            calls: 0,
            refused: Rejected::default(),
            kept: BTreeMap::new(),
        }
    }

    pub(crate) fn refresh(&self) -> Schedule {
        self.refresh
    }

    pub(crate) fn with_refresh(self, refresh: Schedule) -> Self {
        Self {
            refresh,
            kept: BTreeMap::new(),
            ..self
        }
    }

    pub(crate) fn token(
        &mut self,
        request: &TokenRequest,
        now: Timestamp,
    ) -> Result<Arc<Token>, SourceError> {
        self.calls = self.calls.saturating_add(1);
        if let Some(kept) = self.kept.get_mut(request) {
            kept.last_call = self.calls;
            return kept.keeper.token(now);
        }
        let keeper = LocalTokenCache::with_refresh(
            request.clone(),
            self.credentials.clone(),
            self.refresh,
            self.refused.clone(),
        )
        .map_err(|_| SourceError::Lifetime {
            seconds: request.lifetime().as_secs(),
            margin: self.refresh.margin().as_secs(),
        })?;
        let mut keeper = Box::new(keeper);
        let token = keeper.token(now)?;
        self.make_room();
        let kept = Kept {
            keeper,
            last_call: self.calls,
        };
        self.kept.insert(request.clone(), kept);
        Ok(token)
    }

    pub(crate) fn set_credentials(&mut self, credentials: Credentials) {
        if !are_same(&credentials, &self.credentials) {
            for kept in self.kept.values_mut() {
                kept.keeper.set_credentials(credentials.clone());
            }
            self.credentials = credentials;
        }
    }

    pub(crate) fn invalidate(&mut self, token: &Token) {
        self.refused.note(Arc::new(token.clone()));
        for kept in self.kept.values_mut() {
            kept.keeper.invalidate(token);
        }
    }

    pub(crate) fn refresh_in(&self, request: &TokenRequest, now: Timestamp) -> Duration {
        let kept = self.kept.get(request);
        kept.map_or(Duration::ZERO, |kept| kept.keeper.refresh_in(now))
    }

    pub(crate) fn credentials_needed_by(&self) -> Option<Timestamp> {
        let expiry = self.credentials.expiry()?;
        Some(self.refresh.needed_by(expiry))
    }

    /// Forgets the request that was not asked for the longest, if one more would be too many.
    fn make_room(&mut self) {
        if self.kept.len() < self.limit.get() {
            return;
        }
        let oldest = self.kept.iter().min_by_key(|(_, kept)| kept.last_call);
        if let Some(request) = oldest.map(|(request, _)| request.clone()) {
            self.kept.remove(&request);
        }
    }
}
