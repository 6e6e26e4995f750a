use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use rds_iam_token::{SourceError, Timestamp, TokenCache};
use sqlx::{
    PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio::time::sleep;

/// The options have everything but the password, with `PgSslMode::VerifyFull`.
pub fn pool(
    without_password: PgConnectOptions,
    tokens: Arc<TokenCache>,
) -> Result<PgPool, SourceError> {
    let options = move |password: &str| without_password.clone().password(password);

    let token = tokens.token(now())?;
    let pool = PgPoolOptions::new().connect_lazy_with(options(token.expose_secret()));
    tokio::spawn(refresh(pool.clone(), tokens, options));
    Ok(pool)
}

async fn refresh(
    pool: PgPool,
    tokens: Arc<TokenCache>,
    options: impl Fn(&str) -> PgConnectOptions,
) {
    let mut closed = pool.close_event();
    let mut is_failing = false;
    loop {
        // Credentials may be replaced, and the clock may jump, before the token is due.
        let pause = tokens.refresh_in(now()).clamp(SHORTEST, LONGEST);
        if closed.do_until(sleep(pause)).await.is_err() {
            return;
        }
        let token = tokens.token(now());
        match &token {
            Ok(token) => pool.set_connect_options(options(token.expose_secret())),
            Err(error) if !is_failing => eprintln!("no token: {error}"),
            Err(_) => {}
        }
        is_failing = token.is_err();
    }
}

const SHORTEST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(30);

fn now() -> Timestamp {
    Timestamp::try_from(SystemTime::now()).unwrap_or(Timestamp::MIN)
}
