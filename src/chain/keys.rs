//! A key pair and what came with it, on its way to [`Credentials`].

use alloc::{format, string::String, vec::Vec};
use core::time::Duration;

use crate::{
    chain::{
        error::{ErrorKind, Failure},
        format::date,
        machine::Resolved,
        run::{Outcome, Run},
        shown::redacted,
        source::Source,
    },
    credentials::Credentials,
    error::Error,
    secret::Secret,
    timestamp::Timestamp,
};

/// Keys as a source has them, not yet checked.
pub(crate) struct Keys {
    pub(crate) access_key_id: String,
    pub(crate) secret_access_key: Secret,
    /// An empty one counts as none.
    pub(crate) session_token: Option<Secret>,
    pub(crate) expiry: Option<Timestamp>,
    pub(crate) account_id: Option<String>,
}

impl Keys {
    /// Checks each key.
    pub(crate) fn credentials(self) -> Result<(Credentials, Option<String>), Failure> {
        let invalid = |reason| {
            Failure::new(ErrorKind::InvalidValue, reason)
                .remedy("remove quotes, spaces and line breaks around the key")
        };
        let wrong = |error: Error| invalid(format!("{error}"));
        // Quotes are part of a value in every file, and no id has one.
        if self.access_key_id.contains(['"', '\'']) {
            return Err(invalid("access key id contains a quote".into()));
        }
        let secret = self.secret_access_key.into_exposed_string();
        let mut credentials = Credentials::new(self.access_key_id, secret).map_err(wrong)?;
        let token = self.session_token.map(Secret::into_exposed_string);
        if let Some(token) = token.filter(|token| !token.is_empty()) {
            credentials = credentials.with_session_token(token).map_err(wrong)?;
        }
        if let Some(expiry) = self.expiry {
            credentials = credentials.with_expiry(expiry);
        }
        Ok((
            credentials,
            self.account_id.filter(|account| !account.is_empty()),
        ))
    }

    /// Checks each key, and that they have not expired.
    pub(crate) fn resolved(self, run: &Run<'_>, source: Source) -> Outcome<Resolved> {
        let now = run.now();
        let lacks_token = self.access_key_id.starts_with("ASIA") && self.session_token.is_none();
        let (credentials, account_id) = self.credentials().map_err(|failure| failure.at(source))?;
        let expiry = credentials.expiry();
        if let Some(expiry) = expiry.filter(|expiry| *expiry <= now) {
            let ago = date::distance(now, expiry);
            let reason = format!("credentials expired at {expiry}, {ago} ago");
            return Err(Failure::new(ErrorKind::Expired, reason)
                .at(source)
                .remedy(source.renewal())
                .remedy("compare the clock of this machine with true time")
                .into());
        }
        let mut notes: Vec<String> = run.notes.iter().map(|note| redacted(note)).collect();
        if lacks_token {
            notes.push(
                "a key that starts with ASIA is temporary, and needs its session token".into(),
            );
        }
        Ok(Resolved {
            credentials,
            account_id,
            source,
            refresh_at: expiry.map(|expiry| refresh_at(now, expiry)),
            notes,
        })
    }
}

/// 10 minutes before the expiry, or halfway to it.
fn refresh_at(now: Timestamp, expiry: Timestamp) -> Timestamp {
    let left = expiry.saturating_duration_since(now);
    expiry.saturating_sub(Duration::from_secs(600).min(left / 2))
}

/// Chooses between the two names of a session token; an empty one counts as none.
pub(crate) fn session_token(
    (old_name, old): (&str, Option<&str>),
    (name, new): (&str, Option<&str>),
) -> Result<Option<Secret>, Failure> {
    let old = old.filter(|token| !token.is_empty());
    let new = new.filter(|token| !token.is_empty());
    if old.zip(new).is_some_and(|(old, new)| old != new) {
        let reason = format!("{old_name} and {name} are both set and differ");
        return Err(Failure::new(ErrorKind::Ambiguous, reason)
            .remedy(format!("unset {old_name}, which is the old name of {name}")));
    }
    Ok(new.or(old).map(Secret::new))
}
