//! Runs each path when it is warm: once with its allocations counted, once more in a function whose
//! instructions callgrind counts. `.ci/counts` has both compared with `record.tsv`.

use allocation_counter::measure;
use rds_iam_token::Error;

#[path = "../../signing/floor.rs"]
mod floor;
#[path = "../../signing/paths.rs"]
mod paths;

/// Prints a line for each path: its name, the bytes that it hashes or reads, how often it
/// allocates, and how many bytes. An argument selects the names that contain it.
fn main() -> Result<(), Error> {
    let filter = std::env::args().nth(1).unwrap_or_default();
    for mut path in paths::all()? {
        let name = format!("{}: {}", path.group, path.case);
        if name.contains(&filter) {
            (0..4).for_each(|_| (path.run)());
            let info = measure(&mut path.run);
            counted_once(&mut *path.run);
            let (count, allocated) = (info.count_total, info.bytes_total);
            println!("{name}\t{}\t{count}\t{allocated}", path.bytes);
        }
    }
    Ok(())
}

#[inline(never)]
fn counted_once(run: &mut dyn FnMut()) {
    run();
}
