//! What one connection costs: see `signing/paths.rs`, and here what a pool's cache adds.

use std::{error::Error, hint::black_box, thread, time::Duration};

use criterion::{Criterion, Throughput};
use rds_iam_token::{Timestamp, TokenCache};

#[path = "signing/floor.rs"]
mod floor;
#[path = "signing/paths.rs"]
mod paths;

fn main() -> Result<(), Box<dyn Error>> {
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1))
        .configure_from_args();
    let mut paths = paths::all()?;
    paths.sort_by_key(|path| path.group);
    for paths in paths.chunk_by_mut(|one, next| one.group == next.group) {
        let mut group = criterion.benchmark_group(paths[0].group);
        for path in paths {
            group.throughput(Throughput::Bytes(path.bytes.try_into()?));
            group.bench_function(&path.case, |bencher| bencher.iter(&mut path.run));
        }
        group.finish();
    }
    hit_cache(&mut criterion)?;
    criterion.final_summary();
    Ok(())
}

/// Returns a token that is kept already, in one thread and in two at once.
fn hit_cache(criterion: &mut Criterion) -> Result<(), Box<dyn Error>> {
    const HITS: u16 = 10_000;
    let now = Timestamp::from_unix_seconds(paths::NOW)?;
    let mut group = criterion.benchmark_group("cache hit");
    for session_token_length in paths::SESSION_TOKENS {
        let (request, credentials) = paths::inputs(session_token_length)?;
        let case = paths::case(session_token_length);
        let cache = TokenCache::new(request, credentials)?;
        let hit = || black_box(cache.token(black_box(now))).is_ok();
        group.throughput(Throughput::Elements(1));
        group.bench_function(format!("{case}, one thread"), |bencher| bencher.iter(hit));
        group.throughput(Throughput::Elements(2 * u64::from(HITS)));
        group.bench_function(
            format!("{case}, two threads, {HITS} times each"),
            |bencher| {
                let hits = || assert!((0..HITS).all(|_| hit()));
                bencher.iter(|| {
                    thread::scope(|scope| {
                        scope.spawn(hits);
                        hits();
                    });
                });
            },
        );
    }
    group.finish();
    Ok(())
}
