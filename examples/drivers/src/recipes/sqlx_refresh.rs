//! The task that both recipes for `sqlx` run.

use std::{sync::Arc, time::Duration};

use rds_iam_token::TokenCache;
use sqlx::{Connection, Database, Pool};
use tokio::time::sleep;

use crate::now;

/// Replaces the options of a pool before its token expires, until the pool is closed.
pub async fn refresh<DB: Database>(
    pool: Pool<DB>,
    tokens: Arc<TokenCache>,
    options: impl Fn(&str) -> <DB::Connection as Connection>::Options,
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
