//! A day of connections, with credentials that rotate every hour and a clock that jumps.

use std::{error::Error, sync::Arc, time::Duration};

use rds_iam_token::{Credentials, Timestamp, Token, TokenCache, TokenSource};

use crate::{Numbers, request, temporary};

#[test]
fn a_day_adds_up_and_no_token_is_returned_within_its_margin() -> Result<(), Box<dyn Error>> {
    let counts = Simulation::run()?;
    assert!(counts.connections > 10_000, "{counts:?}");
    assert!(counts.least_life > Some(60), "{counts:?}");
    // A hundred for each failover, and those that come without one.
    assert!(counts.rejected > 400, "{counts:?}");
    let reasons = DAY / 840 + 1 + i64::from(counts.invalidated + counts.credentials + counts.jumps);
    assert!(i64::from(counts.signed) <= reasons, "{counts:?}");
    assert_eq!(
        counts.signed + counts.reused,
        counts.connections + counts.rejected,
        "{counts:?}"
    );
    Ok(())
}

/// The time of the database, and how far the pool's clock is ahead of it.
struct Clock {
    now: i64,
    ahead: i64,
}

impl Clock {
    /// Returns the time of the pool's clock.
    fn read(&self) -> Result<Timestamp, rds_iam_token::Error> {
        Timestamp::from_unix_seconds(self.now + self.ahead)
    }
}

struct Simulation {
    clock: Clock,
    cache: Arc<TokenCache>,
    /// The same cache, as the pool sees it.
    source: Arc<dyn TokenSource>,
    /// The token that was returned last.
    last: Option<Arc<Token>>,
    counts: Counts,
}

#[derive(Debug, Default)]
struct Counts {
    connections: u32,
    signed: u32,
    reused: u32,
    rejected: u32,
    /// Rejected for the first time.
    invalidated: u32,
    credentials: u32,
    jumps: u32,
    /// The least time that a token had left when it was returned, in seconds of the pool's clock.
    least_life: Option<i64>,
}

impl Simulation {
    fn run() -> Result<Counts, Box<dyn Error>> {
        let mut random = Numbers(1);
        let mut simulation = Self::start()?;
        let end = simulation.clock.now + DAY;
        let mut next_jump = simulation.clock.now + HOUR;
        let mut next_failover = simulation.clock.now + 5 * HOUR;
        while simulation.clock.now < end {
            simulation.clock.now += random.below(16);
            let now = simulation.clock.now;
            if now >= next_jump {
                next_jump = now + HOUR + random.below(HOUR);
                // By a slow clock, a token that has expired looks good.
                simulation.clock.ahead = random.below(11 * MINUTE) - 10 * MINUTE;
                simulation.counts.jumps += 1;
            }
            simulation.renew_credentials()?;
            if now >= next_failover {
                next_failover = now + 5 * HOUR;
                simulation.fail_over()?;
            } else {
                simulation.connect()?;
            }
        }
        Ok(simulation.counts)
    }

    fn start() -> Result<Self, Box<dyn Error>> {
        let clock = Clock {
            now: MIDNIGHT,
            ahead: 0,
        };
        let cache = Arc::new(TokenCache::new(
            request("db", "app", 900),
            fetch(clock.now),
        )?);
        Ok(Self {
            clock,
            source: cache.clone(),
            cache,
            last: None,
            counts: Counts::default(),
        })
    }

    /// Sets new credentials when they are due, as a task beside the pool does.
    fn renew_credentials(&mut self) -> Result<(), Box<dyn Error>> {
        let now = self.clock.read()?;
        if self
            .cache
            .credentials_due(now, Duration::from_secs(15 * 60))
        {
            self.cache.set_credentials(fetch(self.clock.now));
            self.counts.credentials += 1;
        }
        Ok(())
    }

    /// Opens a connection, and tries again with a new token if one is rejected.
    fn connect(&mut self) -> Result<(), Box<dyn Error>> {
        self.counts.connections += 1;
        for _ in 0..3 {
            let token = self.token()?;
            let now = Timestamp::from_unix_seconds(self.clock.now)?;
            if !token.is_expired(now) {
                break;
            }
            self.reject(&token);
            self.clock.now += 1;
        }
        Ok(())
    }

    /// Opens a hundred connections together, all of which are rejected.
    fn fail_over(&mut self) -> Result<(), Box<dyn Error>> {
        let tokens = (0..100)
            .map(|_| self.token())
            .collect::<Result<Vec<_>, _>>()?;
        self.clock.now += 1;
        for token in tokens {
            self.reject(&token);
            self.connect()?;
        }
        Ok(())
    }

    /// Gets a token as a pool does, and counts it.
    fn token(&mut self) -> Result<Arc<Token>, Box<dyn Error>> {
        let now = self.clock.read()?;
        let token = self.source.token(now)?;
        if self
            .last
            .as_ref()
            .is_some_and(|last| Arc::ptr_eq(last, &token))
        {
            self.counts.reused += 1;
        } else {
            self.counts.signed += 1;
        }
        let life = token.expires_at().unix_seconds() - now.unix_seconds();
        self.counts.least_life = self.counts.least_life.into_iter().chain([life]).min();
        self.last = Some(Arc::clone(&token));
        Ok(token)
    }

    fn reject(&mut self, token: &Arc<Token>) {
        self.counts.rejected += 1;
        if self
            .last
            .as_ref()
            .is_some_and(|last| Arc::ptr_eq(last, token))
        {
            self.counts.invalidated += 1;
        }
        self.source.invalidate(token);
    }
}

/// Returns credentials that live for an hour, by the right time.
fn fetch(now: i64) -> Credentials {
    temporary(&format!("session-{now}"), now + HOUR)
}

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// 2015-08-31T00:00:00Z.
const MIDNIGHT: i64 = 1_440_979_200;
