//! The time of each path against its floor. The two alternate in short turns, so that other work on the
//! machine slows both, and the fastest turn of each counts. Prints a table for `README.md`.

use std::time::Instant;

use rds_iam_token::Error;

#[path = "signing/floor.rs"]
mod floor;
#[path = "signing/paths.rs"]
mod paths;

fn main() -> Result<(), Error> {
    let mut paths = paths::all()?;
    let measured = [
        paths::SIGN_ONCE,
        paths::GENUINE,
        paths::FORGED,
        paths::PARSE,
    ];
    paths.retain(|path| measured.contains(&path.group));
    let mut times = vec![f64::INFINITY; paths.len()];
    for _ in 0..TURNS {
        for (path, fastest) in paths.iter_mut().zip(&mut times) {
            (0..RUNS / 10).for_each(|_| (path.run)());
            let start = Instant::now();
            (0..RUNS).for_each(|_| (path.run)());
            let time = start.elapsed().as_secs_f64() * 1e9 / f64::from(RUNS);
            *fastest = fastest.min(time);
        }
    }
    println!("|  | time | floor | ratio |\n| --- | ---: | ---: | ---: |");
    for group in measured {
        for length in paths::SESSION_TOKENS {
            let case = paths::case(length);
            let found = |case: &str| {
                let is_it = |path: &paths::Path| path.group == group && path.case == case;
                paths
                    .iter()
                    .position(is_it)
                    .map(|place| (times[place], paths[place].bytes))
            };
            let Some((time, bytes)) = found(&case) else {
                continue;
            };
            let (floor, ratio) = match found(&format!("{case}, floor")) {
                Some((floor, _)) => (format!("{floor:.0} ns"), format!("{:.2}", time / floor)),
                None => (
                    "–".to_owned(),
                    format!("{:.2} ns a byte", time / bytes as f64),
                ),
            };
            println!("| {group}, {case} | {time:.0} ns | {floor} | {ratio} |");
        }
    }
    Ok(())
}

const TURNS: u32 = 400;

/// In a turn.
const RUNS: u32 = 200;
