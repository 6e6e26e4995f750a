//! Signs the same tokens with each crate, and compares the cost.
//!
//! Prints a line for each crate and length of session token, separated by tabs. With `--count` each
//! one signs once, in a function whose instructions `instructions.py` counts.

use std::{
    env,
    error::Error,
    hint::black_box,
    time::{Duration, Instant, SystemTime},
};

use allocation_counter::measure;
use rds_iam_token::{Signer, TokenParts};

#[expect(dead_code, reason = "only the hash with a kept key is compared")]
#[path = "../../signing/floor.rs"]
mod floor;

type Run = Box<dyn FnMut()>;

/// Lengths of session tokens; 0 is for long-lived keys.
const SESSION_TOKENS: [usize; 7] = [0, 300, 600, 1_000, 1_400, 2_000, 3_000];

const ENDPOINT: (&str, u16) = ("orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com", 5432);
const REGION: &str = "eu-west-1";
const USER: &str = "app";
const ACCESS_KEY_ID: &str = "AKIAIOSFODNN7EXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

fn main() -> Result<(), Box<dyn Error>> {
    let count = env::args().any(|argument| argument == "--count");
    for length in SESSION_TOKENS {
        let session_token = session_token(length);
        set_environment(session_token.as_deref());
        let mut runs = runs(session_token.as_deref())?;
        if count {
            for (name, run) in &mut runs {
                // Its client alone takes millions of steps.
                if *name != "aws-rds-signer" {
                    (0..4).for_each(|_| run());
                    counted_once(run);
                    println!("{name}\t{length}");
                }
            }
            continue;
        }
        let nanoseconds = time(&mut runs);
        for ((name, run), nanoseconds) in runs.iter_mut().zip(nanoseconds) {
            let info = measure(run);
            let (count, bytes) = (info.count_total, info.bytes_total);
            println!("{name}\t{length}\t{nanoseconds:.0}\t{count}\t{bytes}");
        }
    }
    Ok(())
}

#[inline(never)]
fn counted_once(run: &mut dyn FnMut()) {
    run();
}

/// Returns the runs that are compared, after checking that all signatures agree.
fn runs(session_token: Option<&str>) -> Result<Vec<(&'static str, Run)>, Box<dyn Error>> {
    let keys = (ACCESS_KEY_ID, SECRET, session_token);
    let at = SystemTime::UNIX_EPOCH + Duration::from_secs(1_440_938_160);
    let ours = sign_with_rds_iam_token::Generator::new(ENDPOINT, REGION, USER, keys, at)?;
    let sdk = sign_with_aws_sdk_rds::Generator::new(ENDPOINT, REGION, USER, keys, at)?;
    let sigv4 = sign_with_aws_sigv4::Generator::new(ENDPOINT, REGION, USER, keys, at)?;
    let other = sign_with_aws_rds_signer::Generator::new(ENDPOINT, REGION, USER, keys, at)?;

    let mut signer = Signer::new(ours.request.clone(), ours.credentials.clone());
    let mut floor = floor::Floor::of(&ours.request, &ours.credentials, ours.at);
    let mut buffer = String::new();
    signer.sign_into(ours.at, &mut buffer);
    let signature = signature(&ours.sign()?)?;
    for token in [&buffer, &sdk.sign()?, &sigv4.sign()?] {
        assert_eq!(self::signature(token)?, signature, "the signatures differ");
    }
    let token = other.sign()?;
    let signed_at = TokenParts::parse(&token)?.signed_at();
    let again = ours.request.sign(&ours.credentials, signed_at);
    assert_eq!(
        self::signature(&token)?,
        self::signature(again.expose_secret())?,
        "the signatures differ"
    );

    let (at, mut kept) = (ours.at, signer.clone());
    Ok(vec![
        ("floor", Box::new(move || floor.hash())),
        (
            "rds-iam-token, `Signer::sign_into`",
            Box::new(move || {
                black_box(signer.sign_into(black_box(at), &mut buffer));
            }),
        ),
        (
            "rds-iam-token, `Signer::sign`",
            Box::new(move || {
                black_box(kept.sign(black_box(at)));
            }),
        ),
        (
            "rds-iam-token, `TokenRequest::sign`",
            Box::new(move || {
                black_box(ours.request.sign(&ours.credentials, black_box(at)));
            }),
        ),
        ("aws-sdk-rds", Box::new(move || drop(black_box(sdk.sign())))),
        ("aws-sigv4", Box::new(move || drop(black_box(sigv4.sign())))),
        (
            "aws-rds-signer",
            Box::new(move || drop(black_box(other.sign()))),
        ),
    ])
}

fn signature(token: &str) -> Result<String, Box<dyn Error>> {
    Ok(TokenParts::parse(token)?.expose_signature().to_owned())
}

/// Times each run in turns, so that other load on the machine is shared, and returns the medians.
fn time(runs: &mut [(&str, Run)]) -> Vec<f64> {
    const TURNS: usize = 31;
    let mut turns = vec![Vec::new(); runs.len()];
    let mut calls = vec![1_u32; runs.len()];
    for _ in 0..=TURNS {
        for (((_, run), turns), calls) in runs.iter_mut().zip(&mut turns).zip(&mut calls) {
            let start = Instant::now();
            (0..*calls).for_each(|_| run());
            let nanoseconds = start.elapsed().as_secs_f64() * 1e9 / f64::from(*calls);
            // The first turn warms up and measures how many calls take 5 ms.
            match *calls {
                1 => {
                    (0..100).for_each(|_| run());
                    let start = Instant::now();
                    run();
                    let once = start.elapsed().as_secs_f64();
                    *calls = (0.005 / once).clamp(2.0, 100_000.0) as u32;
                }
                _ => turns.push(nanoseconds),
            }
        }
    }
    let median = |mut turns: Vec<f64>| {
        turns.sort_by(f64::total_cmp);
        turns[turns.len() / 2]
    };
    turns.into_iter().map(median).collect()
}

/// Sets the variables that `aws-rds-signer` reads.
fn set_environment(session_token: Option<&str>) {
    // SAFETY: no other thread runs yet, nor later.
    unsafe {
        env::set_var("AWS_ACCESS_KEY_ID", ACCESS_KEY_ID);
        env::set_var("AWS_SECRET_ACCESS_KEY", SECRET);
        env::set_var("AWS_EC2_METADATA_DISABLED", "true");
        match session_token {
            Some(session_token) => env::set_var("AWS_SESSION_TOKEN", session_token),
            None => env::remove_var("AWS_SESSION_TOKEN"),
        }
    }
}

/// Returns letters in the mix of base64, as in AWS's session tokens.
fn session_token(length: usize) -> Option<String> {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut state = 1_u64;
    let letters = std::iter::repeat_with(|| {
        // Knuth's MMIX generator.
        state = state.wrapping_mul(6_364_136_223_846_793_005);
        state = state.wrapping_add(1_442_695_040_888_963_407);
        char::from(LETTERS[(state >> 58) as usize])
    });
    (length > 0).then(|| letters.take(length).collect())
}
