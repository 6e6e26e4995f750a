//! Tokens for connections, and the credentials that sign them.

use std::{
    sync::{self, PoisonError},
    time::{Duration, Instant},
};

use rds_iam_token::{
    Token, TokenRequest,
    chain::{Resolved, Settings},
};
use tokio::sync::Mutex;

use crate::{
    credentials::{self, is_valid},
    environment, output,
    value::now,
};

/// The credentials of one AWS identity, which all databases share.
pub(crate) struct Identity {
    settings: Settings,
    uses_environment: bool,
    is_verbose: bool,
    resolved: Mutex<Option<Resolved>>,
    /// When a rejected token led to a search.
    renewed: sync::Mutex<Option<Instant>>,
}

impl Identity {
    pub(crate) fn new(settings: Settings, uses_environment: bool, is_verbose: bool) -> Self {
        Self {
            settings,
            uses_environment,
            is_verbose,
            resolved: Mutex::default(),
            renewed: sync::Mutex::default(),
        }
    }

    /// Signs with credentials that have not expired, which are searched for if they are missing or due.
    pub(crate) async fn sign(&self, request: &TokenRequest) -> Result<Token, String> {
        let mut resolved = self.resolved.lock().await;
        let now = now()?;
        let is_due = resolved.as_ref().is_none_or(|resolved| {
            resolved.refresh_at().is_some_and(|at| at <= now)
                || !is_valid(resolved.credentials(), now)
        });
        if is_due {
            match self.search().await {
                Ok(found) => *resolved = Some(found),
                // The old ones are good until they expire.
                Err(error)
                    if !resolved
                        .as_ref()
                        .is_some_and(|old| is_valid(old.credentials(), now)) =>
                {
                    return Err(error);
                }
                Err(error) => {
                    output::print_notes(&[format!("warning: no new credentials: {error}")]);
                }
            }
        }
        let credentials = resolved.as_ref().map(Resolved::credentials);
        let credentials = credentials.ok_or("no credentials")?;
        if let Some(expiry) = credentials.expiry().filter(|expiry| *expiry <= now) {
            return Err(format!("the credentials expired at {expiry}"));
        }
        Ok(request.sign(credentials, now))
    }

    /// Searches for credentials before they are needed, and prints why there are none.
    pub(crate) async fn prepare(&self) {
        let mut resolved = self.resolved.lock().await;
        if resolved.is_some() {
            return;
        }
        match self.search().await {
            Ok(found) => *resolved = Some(found),
            Err(error) => {
                output::print_notes(&[format!("warning: no credentials yet: {error}")]);
            }
        }
    }

    /// Searches for credentials because a database rejected a token, and returns `true` if there are
    /// different ones.
    pub(crate) async fn renew(&self) -> bool {
        let mut resolved = self.resolved.lock().await;
        {
            let mut last = self.renewed.lock().unwrap_or_else(PoisonError::into_inner);
            if last.is_some_and(|last| last.elapsed() < BETWEEN_RENEWALS) {
                return false;
            }
            *last = Some(Instant::now());
        }
        let Ok(found) = self.search().await else {
            return false;
        };
        let id = |resolved: &Resolved| {
            let credentials = resolved.credentials();
            (credentials.access_key_id().to_owned(), credentials.expiry())
        };
        let is_different = resolved.as_ref().map(id) != Some(id(&found));
        *resolved = Some(found);
        is_different
    }

    /// Returns where the credentials come from, and until when they are valid.
    pub(crate) async fn source(&self) -> Option<String> {
        self.resolved
            .lock()
            .await
            .as_ref()
            .map(credentials::described)
    }

    async fn search(&self) -> Result<Resolved, String> {
        let settings = self.settings.clone();
        let uses_environment = self.uses_environment;
        // Files, processes and HTTP, which block.
        let found = tokio::task::spawn_blocking(move || {
            if uses_environment {
                environment::check()?;
            }
            credentials::resolve(settings).map_err(|failure| failure.summary())
        });
        let found = found
            .await
            .map_err(|_| "the search for credentials was ended".to_owned())??;
        if self.is_verbose {
            output::print_notes(&[credentials::described(&found)]);
        }
        Ok(found)
    }
}

/// A client that retries without a pause shall not ask for an MFA code each time.
const BETWEEN_RENEWALS: Duration = Duration::from_secs(10);
