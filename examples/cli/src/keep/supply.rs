//! The credentials that sign, and the search for newer ones.

use std::time::Duration;

use rds_iam_token::{
    Credentials, Timestamp,
    chain::{ErrorKind, Resolved, Source},
};

use crate::{
    credentials::{Failure, is_valid},
    output,
    request::Request,
};

pub(crate) struct Supply<'a> {
    request: &'a Request,
    is_verbose: bool,
    /// Whether somebody can log in or type a code.
    has_person: bool,
    resolved: Option<Resolved>,
    search_at: Option<Timestamp>,
    /// The last warning, which is not repeated.
    warning: Option<String>,
}

impl<'a> Supply<'a> {
    pub(crate) fn new(request: &'a Request, is_verbose: bool, has_person: bool) -> Self {
        Self {
            request,
            is_verbose,
            has_person,
            resolved: None,
            search_at: None,
            warning: None,
        }
    }

    /// Returns the credentials, unless they have expired.
    pub(crate) fn credentials(&self, now: Timestamp) -> Option<&Credentials> {
        let credentials = self.resolved.as_ref()?.credentials();
        is_valid(credentials, now).then_some(credentials)
    }

    /// Searches if that is due, and returns `true` if there are new credentials.
    pub(crate) fn search(&mut self, now: Timestamp, is_renewal: bool) -> Result<bool, String> {
        let is_due = match &self.resolved {
            None => self.search_at.is_none_or(|at| at <= now),
            // Whoever replaces keys in a file gives no expiry.
            Some(resolved) if is_renewal && is_file(resolved.source()) => true,
            Some(_) => self.search_at.is_some_and(|at| at <= now),
        };
        if !is_due {
            return Ok(false);
        }
        let mut notes = Vec::new();
        // Each search has the same notes.
        let is_first = self.resolved.is_none();
        match self.request.credentials(self.is_verbose, &mut notes) {
            Ok(resolved) => {
                let has_new = self.accept(resolved, now);
                if is_first || has_new {
                    output::print_notes(&notes);
                }
                Ok(has_new)
            }
            Err(failure) => self.go_on(failure, now).map(|()| false),
        }
    }

    /// Returns the time until the next search.
    pub(crate) fn pause(&self, now: Timestamp) -> Option<Duration> {
        Some(self.search_at?.saturating_duration_since(now))
    }

    fn accept(&mut self, resolved: Resolved, now: Timestamp) -> bool {
        let credentials = resolved.credentials();
        let old = self.resolved.as_ref().map(Resolved::credentials);
        let has_new = old.is_none_or(|old| {
            old.access_key_id() != credentials.access_key_id()
                || old.expiry() != credentials.expiry()
        });
        let earliest = now.saturating_add(self.request.retry());
        self.search_at = resolved.refresh_at().map(|at| at.max(earliest));
        let ending = credentials
            .expiry()
            .filter(|expiry| !has_new && expiry.saturating_duration_since(now) <= ENDING);
        if let Some(expiry) = ending {
            let source = resolved.source();
            self.warn(format!(
                "credentials expire at {expiry}; {source}: no newer ones yet"
            ));
        } else if self.warning.take().is_some() {
            output::print_notes(&["credentials are available again".to_owned()]);
        }
        self.resolved = Some(resolved);
        has_new
    }

    /// Decides what a search without a result means.
    fn go_on(&mut self, failure: Failure, now: Timestamp) -> Result<(), String> {
        let needs_person = needs_person(&failure);
        let old = self.resolved.as_ref().map(Resolved::credentials);
        let is_hopeless = match old {
            None => !(needs_person && self.has_person),
            Some(old) if is_valid(old, now) => false,
            Some(_) => (needs_person && !self.has_person) || is_fixed(&failure),
        };
        if is_hopeless {
            return Err(failure.into());
        }
        let state = match old.map(Credentials::expiry) {
            None => "waiting for credentials".to_owned(),
            Some(None) => "the credentials in use are kept".to_owned(),
            Some(Some(expiry)) if expiry <= now => format!("credentials expired at {expiry}"),
            Some(Some(expiry)) => format!("credentials expire at {expiry}"),
        };
        self.warn(format!("{state}; {}", failure.summary()));
        self.search_at = Some(now.saturating_add(self.request.retry()));
        Ok(())
    }

    fn warn(&mut self, text: String) {
        if self.warning.as_ref() != Some(&text) {
            output::print_notes(&[format!("warning: {text}")]);
            self.warning = Some(text);
        }
    }
}

fn is_file(source: Source) -> bool {
    matches!(source, Source::CredentialsFile | Source::ConfigFile)
}

/// Returns `true` if only a person can help: by a login, or by the code of an MFA device.
fn needs_person(failure: &Failure) -> bool {
    let Failure::Chain(error) = failure else {
        return false;
    };
    match error.kind() {
        ErrorKind::SsoTokenExpired
        | ErrorKind::SsoTokenMissing
        | ErrorKind::LoginExpired
        | ErrorKind::LoginMissing => true,
        ErrorKind::Unsupported => error.failed_source() == Some(Source::AssumeRole),
        _ => false,
    }
}

/// Returns `true` if the credentials are in variables, which stay as they are while the program runs.
fn is_fixed(failure: &Failure) -> bool {
    matches!(failure, Failure::Chain(error) if error.failed_source() == Some(Source::Environment))
}

/// AWS has new credentials for an instance at least five minutes before the old ones expire.
const ENDING: Duration = Duration::from_secs(5 * 60);
