//! The order in which a store drops its requests.

use std::{num::NonZero, time::Duration};

use rds_iam_token::TokenStore;

use crate::{Numbers, at, credentials, request, temporary};

#[test]
fn the_order_of_use_holds_for_any_sequence_of_requests() {
    let limit = 50;
    let store = TokenStore::new(credentials(), NonZero::new(limit).unwrap());
    let requests: Vec<_> = (0..3 * limit)
        .map(|number| request("db", &format!("user{number}"), 900))
        .collect();
    // The requests that are kept, the last used one at the end.
    let mut kept = Vec::new();
    let mut numbers = Numbers(3);
    for _ in 0..3_000 {
        let number = usize::try_from(numbers.below(150)).unwrap();
        store.token(&requests[number], at(1_000)).unwrap();
        kept.retain(|other| *other != number);
        kept.push(number);
        if kept.len() > limit {
            kept.remove(0);
        }
        for (number, request) in requests.iter().enumerate() {
            let is_kept = store.refresh_in(request, at(1_000)) > Duration::ZERO;
            assert_eq!(is_kept, kept.contains(&number), "{number}");
        }
    }
    store.set_credentials(temporary("session", 10_000));
    for request in &requests {
        assert_eq!(store.refresh_in(request, at(1_000)), Duration::ZERO);
    }
}
