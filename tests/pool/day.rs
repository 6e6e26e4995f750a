//! A day of a pool.

use rds_iam_token::{SourceError, TokenCache};

use crate::{Numbers, at, request, temporary};

const CONNECTIONS: usize = 10_000;
const DAY: i64 = 86_400;
const MIDNIGHT: i64 = 16_678 * DAY;

/// How long credentials live, and how late at most new ones are set, in seconds; and how many connections
/// may therefore fail for want of a token.
const DAYS: &[(i64, i64, usize)] = &[
    (900, 0, 0),
    (3_600, 0, 0),
    (6 * 3_600, 0, 0),
    (12 * 3_600, 0, 0),
    // Late, but within the margin: the cache returns an error.
    (900, 50, 1_000),
    (3_600, 50, 200),
    // After the credentials have expired.
    (900, 400, 3_000),
];

#[test]
fn ten_thousand_connections_in_a_day_see_no_expired_token() {
    for &(life, late, allowed) in DAYS {
        let mut numbers = Numbers(life.unsigned_abs());
        let mut moments: Vec<_> = (0..CONNECTIONS)
            .map(|_| MIDNIGHT + numbers.below(DAY))
            .collect();
        moments.sort_unstable();

        let fetch = |now: i64| temporary(&format!("session-{now}"), now + life);
        let cache = TokenCache::new(request("db", "app", 900), fetch(MIDNIGHT)).unwrap();
        let (mut failed, mut delay) = (0, 0);
        for now in moments {
            let needed_by = cache.credentials_needed_by().unwrap().unix_seconds();
            if now >= needed_by + delay {
                cache.set_credentials(fetch(now));
                delay = numbers.below(late + 1);
            }
            match cache.token(at(now)) {
                // On a clock that is a minute slow.
                Ok(token) => assert!(!token.is_expired(at(now + 60)), "{life}, {late}: {now}"),
                Err(
                    SourceError::CredentialsExpired { .. }
                    | SourceError::CredentialsExpiring { .. },
                ) => failed += 1,
                Err(error) => panic!("{life}, {late}: {error}"),
            }
        }
        assert!(failed <= allowed, "{life}, {late}: {failed}");
        assert_eq!(failed == 0, late == 0, "{life}, {late}");
    }
}
