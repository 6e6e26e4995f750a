//! What one connection costs: see `signing/paths.rs`.

use std::{error::Error, time::Duration};

use criterion::{Criterion, Throughput};

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
    criterion.final_summary();
    Ok(())
}
