//! A signer and its last token, as long as that is returned again.

use alloc::{boxed::Box, sync::Arc};
use core::{ops::Range, time::Duration};

use crate::{
    credentials::Credentials,
    pool::{error::SourceError, rejected::Rejected, schedule::Schedule},
    request::TokenRequest,
    signer::Signer,
    timestamp::Timestamp,
    token::Token,
};

/// A signer, and the token that it signed last.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    /// In its own place: what holds this moves it, and would leave the bytes of keys behind.
    signer: Box<Signer>,
    token: Option<Arc<Token>>,
    /// The time in which the token is returned, in seconds since 1970.
    good: Range<i64>,
}

impl Kept {
    pub(super) fn new(request: TokenRequest, credentials: Credentials) -> Self {
        Self {
            signer: Box::new(Signer::new(request, credentials)),
            token: None,
            good: 0..0,
        }
    }

    pub(super) fn credentials(&self) -> &Credentials {
        self.signer.credentials()
    }

    /// Returns the last token if it is still good, or signs and keeps the next one.
    pub(super) fn token(
        &mut self,
        now: Timestamp,
        schedule: Schedule,
        rejected: &Rejected,
    ) -> Result<Arc<Token>, SourceError> {
        match &self.token {
            Some(token) if self.good.contains(&now.unix_seconds()) => Ok(Arc::clone(token)),
            _ => self.sign(now, schedule, rejected),
        }
    }

    fn sign(
        &mut self,
        now: Timestamp,
        schedule: Schedule,
        rejected: &Rejected,
    ) -> Result<Arc<Token>, SourceError> {
        let mut left = None;
        if let Some(expiry) = self.credentials().expiry() {
            let since = schedule.needed_by(expiry);
            if now >= expiry {
                return Err(SourceError::CredentialsExpired { since: expiry });
            }
            if now >= since {
                return Err(SourceError::CredentialsExpiring { expiry, since });
            }
            left = Some(since.saturating_duration_since(now));
        }
        let reuse = schedule.reuse(self.signer.request().lifetime(), left);
        let token = Arc::new(self.signer.sign(now));
        let seconds = if rejected.contains(&token) {
            1
        } else {
            reuse.as_secs()
        };
        let start = now.unix_seconds();
        self.good = start..start.saturating_add_unsigned(seconds);
        self.token = Some(Arc::clone(&token));
        Ok(token)
    }

    /// Ends the token with the second of its date, if it is the rejected one.
    pub(super) fn invalidate(&mut self, rejected: &Token) {
        let kept = self.token.as_ref();
        if kept.is_some_and(|kept| kept.expose_secret() == rejected.expose_secret()) {
            self.good.end = self.good.start.saturating_add(1);
        }
    }

    pub(super) fn refresh_in(&self, now: Timestamp) -> Duration {
        let now = now.unix_seconds();
        if self.good.contains(&now) {
            Duration::from_secs(self.good.end.abs_diff(now))
        } else {
            Duration::ZERO
        }
    }

    /// Forgets the token, because the schedule has changed.
    pub(super) fn forget_token(&mut self) {
        self.token = None;
        self.good = 0..0;
    }
}

/// Returns `true` if two credentials are the same in all their parts, the session token and the
/// expiry among them.
///
/// The time depends on how much of a secret they have in common: both must be the caller's own.
pub(super) fn are_same(one: &Credentials, other: &Credentials) -> bool {
    one.access_key_id() == other.access_key_id()
        && one.expose_secret_access_key() == other.expose_secret_access_key()
        && one.expose_session_token() == other.expose_session_token()
        && one.expiry() == other.expiry()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;

    /// An access key, and whether it is the same as the first.
    const KEYS: &[(&str, &str, &str, i64, bool)] = &[
        ("AKID", "secret", "session", 1, true),
        ("AKIE", "secret", "session", 1, false),
        ("akid", "secret", "session", 1, false),
        ("AKID", "secreT", "session", 1, false),
        ("AKID", "secres", "session", 1, false),
        ("AKID", "secret", "sessiom", 1, false),
        ("AKID", "secret", "Session", 1, false),
        ("AKID", "secret", "session", 2, false),
    ];

    #[test]
    fn credentials_are_the_same_in_all_their_parts() -> Result<(), Error> {
        let new = |id, secret, session_token, expiry| {
            let credentials = Credentials::new(id, secret)?.with_session_token(session_token)?;
            Ok::<_, Error>(credentials.with_expiry(Timestamp::from_unix_seconds(expiry)?))
        };
        let first = new("AKID", "secret", "session", 1)?;
        for &(id, secret, session_token, expiry, same) in KEYS {
            let other = new(id, secret, session_token, expiry)?;
            assert_eq!(are_same(&first, &other), same, "{other:?} {secret}");
        }
        assert!(!are_same(&first, &Credentials::new("AKID", "secret")?));
        Ok(())
    }
}
