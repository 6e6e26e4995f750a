//! Tokens for several requests, without a lock.

use alloc::{collections::BTreeMap, sync::Arc};
use core::{mem, num::NonZero, time::Duration};

use crate::{
    credentials::Credentials,
    endpoint::Endpoint,
    pool::{
        error::SourceError,
        kept::{Kept, are_same},
        rejected::Rejected,
        schedule::Schedule,
    },
    region::Region,
    request::TokenRequest,
    timestamp::Timestamp,
    token::{Token, TokenParts},
};

/// The tokens of several requests, signed by the same credentials, up to a limit.
///
/// No call looks at all entries: their number is up to the caller, and a lock is held meanwhile.
#[derive(Debug)]
pub(super) struct Entries {
    credentials: Option<Credentials>,
    schedule: Schedule,
    limit: NonZero<usize>,
    /// The number of calls for a token.
    calls: u64,
    /// Of all requests, since an entry can be dropped.
    rejected: Rejected,
    /// At most `limit` entries, each with these credentials.
    table: Table,
}

/// Entries, by request and in the order of their last use.
#[derive(Debug, Default)]
pub(super) struct Table {
    by_request: BTreeMap<Arc<TokenRequest>, Entry>,
    /// Each request of `by_request`, by its last call.
    by_last_call: BTreeMap<u64, Arc<TokenRequest>>,
}

#[derive(Debug)]
struct Entry {
    kept: Kept,
    /// The number of the last call for its token.
    last_call: u64,
}

impl Entries {
    pub(super) fn new(credentials: Option<Credentials>, limit: NonZero<usize>) -> Self {
        Self {
            credentials,
            schedule: Schedule::DEFAULT,
            limit,
            calls: 0,
            rejected: Rejected::default(),
            table: Table::default(),
        }
    }

    pub(super) fn schedule(&self) -> Schedule {
        self.schedule
    }

    pub(super) fn with_schedule(self, schedule: Schedule) -> Self {
        Self {
            schedule,
            table: Table::default(),
            ..self
        }
    }

    pub(super) fn token(
        &mut self,
        request: &TokenRequest,
        now: Timestamp,
    ) -> Result<Arc<Token>, SourceError> {
        self.calls = self.calls.saturating_add(1);
        let (schedule, rejected) = (self.schedule, &self.rejected);
        if let Some(kept) = self.table.get_mut(request, self.calls) {
            return kept.token(now, schedule, rejected);
        }
        schedule.fit(request.lifetime())?;
        let credentials = self.credentials.clone();
        let credentials = credentials.ok_or(SourceError::CredentialsMissing)?;
        let mut kept = Kept::new(request.clone(), credentials);
        let token = kept.token(now, schedule, rejected)?;
        if self.table.by_request.len() >= self.limit.get() {
            self.table.remove_unused();
        }
        self.table.insert(request.clone(), kept, self.calls);
        Ok(token)
    }

    /// Sets the credentials, and returns the entries of the old ones, so that the caller can drop them
    /// when it holds no lock.
    pub(super) fn set_credentials(&mut self, credentials: Credentials) -> Table {
        let current = self.credentials.as_ref();
        if current.is_some_and(|current| are_same(&credentials, current)) {
            return Table::default();
        }
        self.credentials = Some(credentials);
        mem::take(&mut self.table)
    }

    pub(super) fn invalidate(&mut self, token: &Token) {
        let request = request_of(token);
        if let Some(entry) = request.and_then(|request| self.table.by_request.get_mut(&request)) {
            entry.kept.invalidate(token);
        }
        self.rejected.note(token);
    }

    pub(super) fn refresh_in(&self, request: &TokenRequest, now: Timestamp) -> Duration {
        let entry = self.table.by_request.get(request);
        entry.map_or(Duration::ZERO, |entry| entry.kept.refresh_in(now))
    }

    pub(super) fn credentials_needed_by(&self) -> Option<Timestamp> {
        let expiry = self.credentials.as_ref()?.expiry()?;
        Some(self.schedule.needed_by(expiry))
    }
}

impl Table {
    /// Returns what is kept for a request, and notes the call.
    fn get_mut(&mut self, request: &TokenRequest, call: u64) -> Option<&mut Kept> {
        let entry = self.by_request.get_mut(request)?;
        let last_call = mem::replace(&mut entry.last_call, call);
        if let Some(request) = self.by_last_call.remove(&last_call) {
            self.by_last_call.insert(call, request);
        }
        Some(&mut entry.kept)
    }

    fn insert(&mut self, request: TokenRequest, kept: Kept, last_call: u64) {
        let request = Arc::new(request);
        self.by_last_call.insert(last_call, Arc::clone(&request));
        self.by_request.insert(request, Entry { kept, last_call });
    }

    /// Removes the entry that was not used for the longest time.
    fn remove_unused(&mut self) {
        if let Some((_, request)) = self.by_last_call.pop_first() {
            self.by_request.remove(&request);
        }
    }
}

/// Returns the request that a token was signed for.
fn request_of(token: &Token) -> Option<TokenRequest> {
    let parts = TokenParts::parse(token.expose_secret()).ok()?;
    let request = || {
        let endpoint = Endpoint::new(parts.host(), parts.port())?;
        TokenRequest::new(endpoint, Region::new(parts.region())?, parts.user())?
            .with_lifetime(parts.lifetime())
    };
    request().ok()
}
