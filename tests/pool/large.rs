//! A store of tens of thousands of requests.

use std::{
    num::NonZero,
    time::{Duration, Instant},
};

use rds_iam_token::{TokenRequest, TokenStore};

use crate::{Numbers, at, credentials, request, temporary};

const SMALL: usize = 16;
const LARGE: usize = 20_000;

/// How much longer a call may take in the large store than in the small one. A scan of all requests
/// would take dozens of times as long.
const FACTOR: u32 = 8;

/// Returns the shortest of the times that a call takes: other programs of the machine only add to it.
fn shortest(mut call: impl FnMut(usize)) -> Duration {
    let times = (0..200).map(|round| {
        let started = Instant::now();
        call(round);
        started.elapsed()
    });
    times.min().unwrap()
}

fn requests(number: usize) -> Vec<TokenRequest> {
    (0..number)
        .map(|number| request("db", &format!("user{number}"), 900))
        .collect()
}

#[test]
fn no_call_takes_longer_with_many_requests() {
    let times = [SMALL, LARGE].map(|size| {
        let store = TokenStore::new(credentials(), NonZero::new(size).unwrap());
        let requests = requests(size);
        for request in &requests {
            store.token(request, at(1_000)).unwrap();
        }
        let mut numbers = Numbers(7);
        let mut any = || {
            let number = numbers.below(size.try_into().unwrap());
            &requests[usize::try_from(number).unwrap()]
        };
        let kept = shortest(|_| drop(store.token(any(), at(1_001)).unwrap()));
        let rejected = shortest(|_| {
            store.invalidate(&any().sign(&credentials(), at(1_000)));
        });
        let replaced = shortest(|round| {
            let new = request("db", &format!("new{round}"), 900);
            store.token(&new, at(1_001)).unwrap();
        });
        [kept, rejected, replaced]
    });
    let [small, large] = times;
    for (small, large) in small.into_iter().zip(large) {
        let limit = small.max(Duration::from_micros(1)) * FACTOR;
        assert!(large < limit, "{small:?}, {large:?}");
    }
}

#[test]
fn the_order_of_use_holds_for_any_sequence_of_requests() {
    let limit = 50;
    let store = TokenStore::new(credentials(), NonZero::new(limit).unwrap());
    let requests = requests(3 * limit);
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
