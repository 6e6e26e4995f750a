//! The clock, which the tests can move.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, SystemTime},
};

use rds_iam_token::Timestamp;

/// Returns the time; in your program, `Timestamp::try_from(SystemTime::now())`.
///
/// A clock before 1970 or after 9999 returns a time at which no database accepts a token.
#[must_use]
pub fn now() -> Timestamp {
    Timestamp::try_from(SystemTime::now())
        .unwrap_or(Timestamp::MIN)
        .saturating_add(Duration::from_secs(AHEAD.load(Ordering::Relaxed)))
}

/// Sets how many seconds the clock is ahead.
pub fn set_ahead(seconds: u64) {
    AHEAD.store(seconds, Ordering::Relaxed);
}

static AHEAD: AtomicU64 = AtomicU64::new(0);
