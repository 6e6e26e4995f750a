//! Supplies a pool with tokens. The cache starts without credentials, new ones are set when they are due, and
//! each connection calls it. The clock is simulated: an hour passes at once.

use std::{error::Error, sync::Arc, time::Duration};

use rds_iam_token::{
    Credentials, Endpoint, SharedTokenSource, SourceError, Timestamp, TokenCache, TokenRequest,
    TokenSource,
};

fn main() -> Result<(), Box<dyn Error>> {
    let endpoint = Endpoint::new("orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com", 5432)?;
    let region = endpoint
        .inferred_region()
        .ok_or("no region in the host name")?;
    let request = TokenRequest::new(endpoint, region, "app")?;
    let cache = Arc::new(TokenCache::without_credentials(request)?);
    let pool = Pool {
        passwords: SharedTokenSource::from(Arc::clone(&cache)),
    };

    // In your program these are two tasks, and `now` is `Timestamp::try_from(SystemTime::now())`.
    let start = Timestamp::from_unix_seconds(1_440_938_160)?;
    for seconds in (0..3_600).step_by(300) {
        let now = start.saturating_add(Duration::from_secs(seconds));
        if cache.credentials_due(now, Duration::from_secs(240)) {
            let credentials = fetch(now)?;
            println!("{now} credentials of {}", credentials.access_key_id());
            cache.set_credentials(credentials);
        }
        pool.connect(now)?;
    }
    Ok(())
}

/// A pool, which has one source of any kind.
struct Pool {
    passwords: SharedTokenSource,
}

impl Pool {
    fn connect(&self, now: Timestamp) -> Result<(), SourceError> {
        let token = self.passwords.token(now)?;
        let age = 900 - (token.expires_at().unix_seconds() - now.unix_seconds());
        if log_in(token.expose_secret()) {
            println!("{now} connection with a token that is {age} s old");
        } else {
            self.passwords.invalidate(&token);
        }
        Ok(())
    }
}

/// Plays a driver: accepts any token of the user.
fn log_in(password: &str) -> bool {
    password.contains("Action=connect&DBUser=app&")
}

/// Returns what STS would: credentials that expire after half an hour.
fn fetch(now: Timestamp) -> Result<Credentials, rds_iam_token::Error> {
    let expiry = now.saturating_add(Duration::from_secs(1_800));
    Ok(Credentials::new("ASIDEXAMPLE", "not-a-real-secret")?
        .with_session_token(format!("not-a-real-session-token-{now}"))?
        .with_expiry(expiry))
}
