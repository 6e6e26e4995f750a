//! Simulates a pool: a day of connections in a moment, with credentials that rotate every hour and
//! a clock that jumps. Prints what was signed, reused and refused.

use std::{error::Error, fmt, sync::Arc, time::Duration};

use rds_iam_token::{
    Credentials, Endpoint, Timestamp, Token, TokenCache, TokenRequest, TokenSource,
};

fn main() -> Result<(), Box<dyn Error>> {
    print!("{}", Simulation::run()?);
    Ok(())
}

/// The time that the database has, and the pool's clock, which is off by a while.
struct Clock {
    now: i64,
    ahead: i64,
}

impl Clock {
    /// Reads the pool's clock.
    fn read(&self) -> Result<Timestamp, rds_iam_token::Error> {
        Timestamp::from_unix_seconds(self.now + self.ahead)
    }
}

struct Simulation {
    clock: Clock,
    cache: Arc<TokenCache>,
    /// What the pool knows of the cache.
    source: Arc<dyn TokenSource>,
    /// The token that was handed out last.
    last: Option<Arc<Token>>,
    counts: Counts,
}

#[derive(Debug, Default)]
struct Counts {
    connections: u32,
    signed: u32,
    reused: u32,
    refused: u32,
    /// Refused for the first time.
    invalidated: u32,
    credentials: u32,
    jumps: u32,
    /// Seconds that a token had left when it was handed out, on the pool's clock.
    least_life: Option<i64>,
}

impl Simulation {
    fn run() -> Result<Counts, Box<dyn Error>> {
        let mut random = Random(1);
        let mut simulation = Self::start()?;
        let end = simulation.clock.now + DAY;
        let mut next_jump = simulation.clock.now + HOUR;
        let mut next_failover = simulation.clock.now + 5 * HOUR;
        while simulation.clock.now < end {
            simulation.clock.now += random.below(16);
            let now = simulation.clock.now;
            if now >= next_jump {
                next_jump = now + HOUR + random.below(HOUR);
                // What a slow clock takes for good may have expired.
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
        let endpoint = Endpoint::new("orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com", 5432)?;
        let region = endpoint
            .inferred_region()
            .ok_or("the host tells no region")?;
        let request = TokenRequest::new(endpoint, region, "app")?;
        let cache = Arc::new(TokenCache::new(request, fetch(clock.now)?)?);
        Ok(Self {
            clock,
            source: cache.clone(),
            cache,
            last: None,
            counts: Counts::default(),
        })
    }

    /// What a task does beside the pool: new credentials, well before they are needed.
    fn renew_credentials(&mut self) -> Result<(), Box<dyn Error>> {
        let now = self.clock.read()?;
        let soon = now.saturating_add(Duration::from_secs(15 * 60));
        let needed_by = self.cache.credentials_needed_by();
        // Credentials whose expiry is not known are fetched each time; the same ones change nothing.
        if needed_by.is_none_or(|needed_by| needed_by <= soon) {
            self.cache.set_credentials(fetch(self.clock.now)?);
            self.counts.credentials += 1;
        }
        Ok(())
    }

    /// Opens a connection: once more with another token if the first is refused.
    fn connect(&mut self) -> Result<(), Box<dyn Error>> {
        self.counts.connections += 1;
        for _ in 0..3 {
            let token = self.take()?;
            // The database has the right time.
            let now = Timestamp::from_unix_seconds(self.clock.now)?;
            if !token.is_expired(now) {
                break;
            }
            self.refuse(&token);
            self.clock.now += 1;
        }
        Ok(())
    }

    /// A hundred connections are opened together, and refused together.
    fn fail_over(&mut self) -> Result<(), Box<dyn Error>> {
        let tokens = (0..100)
            .map(|_| self.take())
            .collect::<Result<Vec<_>, _>>()?;
        self.clock.now += 1;
        for token in tokens {
            self.refuse(&token);
            self.connect()?;
        }
        Ok(())
    }

    /// Takes a token as a pool does, and counts it.
    fn take(&mut self) -> Result<Arc<Token>, Box<dyn Error>> {
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

    fn refuse(&mut self, token: &Arc<Token>) {
        self.counts.refused += 1;
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

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "24 hours of a pool")?;
        for (name, count) in [
            ("connections", self.connections),
            ("tokens signed", self.signed),
            ("tokens reused", self.reused),
            ("connections refused", self.refused),
            ("tokens invalidated for it", self.invalidated),
            ("new credentials", self.credentials),
            ("jumps of the clock", self.jumps),
        ] {
            writeln!(f, "  {name:<32}{count:>6}")?;
        }
        let least_life = self.least_life.unwrap_or_default();
        writeln!(f, "  {:<32}{least_life:>6} s", "least life when handed out")
    }
}

/// Stands for STS: credentials that live for an hour, by the right time.
fn fetch(now: i64) -> Result<Credentials, rds_iam_token::Error> {
    let expiry = Timestamp::from_unix_seconds(now + HOUR)?;
    Ok(Credentials::new("ASIDEXAMPLE", "not-a-real-secret")?
        .with_session_token(format!("not-a-real-session-token-{now}"))?
        .with_expiry(expiry))
}

/// Numbers that look random and are the same in every run (Knuth's MMIX generator).
struct Random(u64);

impl Random {
    fn below(&mut self, end: i64) -> i64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        i64::try_from(self.0 >> 33).unwrap_or_default() % end
    }
}

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// 2015-08-31T00:00:00Z.
const MIDNIGHT: i64 = 1_440_979_200;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_adds_up_and_no_token_is_handed_out_in_its_margin() -> Result<(), Box<dyn Error>> {
        let counts = Simulation::run()?;
        assert!(counts.connections > 10_000, "{counts:?}");
        assert!(counts.least_life > Some(60), "{counts:?}");
        // A hundred for each failover, and those without one.
        assert!(counts.refused > 400, "{counts:?}");
        let reasons =
            DAY / 840 + 1 + i64::from(counts.invalidated + counts.credentials + counts.jumps);
        assert!(i64::from(counts.signed) <= reasons, "{counts:?}");
        assert_eq!(
            counts.signed + counts.reused,
            counts.connections + counts.refused,
            "{counts:?}"
        );
        Ok(())
    }
}
