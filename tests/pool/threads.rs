//! Many threads, one cache.

use std::{
    collections::BTreeSet,
    sync::{Arc, Barrier},
    thread,
};

use rds_iam_token::{SourceError, Token, TokenCache};

use crate::{Numbers, at, request, temporary};

type Answer = Result<Arc<Token>, SourceError>;

const THREADS: usize = 8;

/// With 8 threads, a million calls.
const ROUNDS: usize = 250;
const CALLS: usize = 500;

const START: i64 = 1_440_938_160;

#[derive(Clone, Copy, Debug)]
enum Round {
    /// Every thread asks for tokens at one moment.
    Quiet,
    /// Every thread was refused the token of the round before.
    Refused,
    /// One thread sets other credentials halfway.
    Rotation,
}

/// What happens, and when. The clock goes back as well.
fn rounds() -> Vec<(Round, i64)> {
    let mut numbers = Numbers(5);
    let mut now = START;
    let round = |number: usize| {
        now += match numbers.below(8) {
            0 => -numbers.below(1_000),
            1..=3 => 0,
            _ => numbers.below(500),
        };
        let kind = match number % 5 {
            2 => Round::Refused,
            4 => Round::Rotation,
            _ => Round::Quiet,
        };
        (kind, now)
    };
    (0..ROUNDS).map(round).collect()
}

/// How many signatures are needed, one round after the other, when the first is for the start.
fn needed() -> usize {
    let mut signatures = 1;
    // When the kept token was signed, and until when it is handed out.
    let (mut start, mut end) = (START, START + 840);
    for (round, now) in rounds() {
        if matches!(round, Round::Refused) {
            end = end.min(start + 1);
        }
        let kept = start <= now && now < end;
        let rotated = matches!(round, Round::Rotation);
        signatures += usize::from(!kept) + usize::from(rotated);
        if !kept || rotated {
            (start, end) = (now, now + 840);
        }
    }
    signatures
}

/// The last rotation until the end of a round.
fn rotation(rounds: &[(Round, i64)], round: usize) -> usize {
    let rotated = |round: &usize| matches!(rounds[*round].0, Round::Rotation);
    (0..=round).rev().find(rotated).unwrap_or(0)
}

fn is_same(one: &Answer, other: &Answer) -> bool {
    matches!((one, other), (Ok(one), Ok(other)) if Arc::ptr_eq(one, other))
}

#[test]
fn eight_threads_sign_no_more_than_is_needed() {
    let credentials = |round: usize| temporary(&format!("session-{round}."), START + 1_000_000);
    let cache = TokenCache::new(request("db", "app", 900), credentials(0)).unwrap();
    let (rounds, barrier) = (rounds(), Barrier::new(THREADS));
    // Gives the tokens that are other than the one before, and the round of each. It must not
    // panic: the others would wait at the barrier.
    let thread = |number: usize| {
        let mut tokens = vec![(0, cache.token(at(START)))];
        barrier.wait();
        for (round, &(kind, now)) in rounds.iter().enumerate() {
            if let (Round::Refused, Some((_, Ok(token)))) = (kind, tokens.last()) {
                cache.invalidate(token);
            }
            for call in 0..CALLS {
                let turn = number == round % THREADS && call == CALLS / 2;
                if turn && matches!(kind, Round::Rotation) {
                    cache.set_credentials(credentials(round));
                }
                let token = cache.token(at(now));
                if !tokens.last().is_some_and(|(_, last)| is_same(last, &token)) {
                    tokens.push((round, token));
                }
            }
            barrier.wait();
        }
        tokens
    };
    let tokens: Vec<Vec<_>> = thread::scope(|scope| {
        let threads = [0, 1, 2, 3, 4, 5, 6, 7].map(|number| scope.spawn(move || thread(number)));
        threads.map(|thread| thread.join().unwrap()).into()
    });

    // All of them are alive, so each has an address of its own.
    let mut signatures = BTreeSet::new();
    for (round, token) in tokens.iter().flatten() {
        let token = token.as_ref().unwrap();
        signatures.insert(Arc::as_ptr(token));
        let text = token.expose_secret();
        let is_by = |round: usize| text.contains(&format!("=session-{round}.&"));
        let before = rotation(&rounds, round.saturating_sub(1));
        assert!(is_by(rotation(&rounds, *round)) || is_by(before), "{round}");
    }
    assert_eq!(signatures.len(), needed());
}
