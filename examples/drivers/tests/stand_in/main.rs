//! Every recipe against the stand-in, and every way to be rejected: a table, driver by case.
//!
//! With `--errors` it also prints the message of each driver.

use std::{env, process::ExitCode, time::Duration};

use rds_iam_token_drivers::{BoxError, with_sources};
use tokio::time::{Instant, timeout};

use cases::{CASES, Case};
use drivers::{ALL, Driver};
use server::StandIn;

mod cases;
mod drivers;
mod guide;
mod hazards;
mod login;
mod relay;
mod server;

#[tokio::main]
async fn main() -> Result<ExitCode, BoxError> {
    let stand_in = StandIn::from_env()?;
    let started = Instant::now();
    let (mut passed, mut failures, mut errors) = (0, Vec::new(), Vec::new());
    println!("{:<18}{}", "", CASES.map(|case| case.title).join(" "));
    for driver in ALL {
        let mut row = format!("{:<18}", driver.name);
        for case in &CASES {
            let mut said = Vec::new();
            let result = run(case, &stand_in, driver, &mut said).await;
            let cell = if result.is_ok() { "ok" } else { "NO" };
            row += &format!("{cell:<width$} ", width = case.title.len());
            match result {
                Ok(()) => passed += 1,
                Err(error) => failures.push((driver.name, case.title, with_sources(&*error))),
            }
            for text in said {
                if !guide::explains(&text) {
                    failures.push((driver.name, "guide", text.clone()));
                }
                errors.push((driver.name, case.title, text));
            }
        }
        println!("{row}");
    }
    for (client, engine) in hazards::CLIENTS {
        let sent = timeout(LIMIT, hazards::sends_in_clear(&stand_in, client, engine)).await??;
        println!("{client} without TLS: sends the token in clear: {sent}");
        if sent {
            passed += 1;
        } else {
            failures.push((client, "without TLS", "sends no token".to_owned()));
        }
    }
    for (driver, case, why) in &failures {
        println!("FAILED {driver}, {case}: {why}");
    }
    for (driver, case, said) in &errors {
        if env::args().any(|argument| argument == "--errors") {
            println!("{driver}, {case}: {said}");
        }
    }
    println!("in {} s", started.elapsed().as_secs());
    println!("{passed} passed, {} failed", failures.len());
    Ok(if failures.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

async fn run(
    case: &Case,
    stand_in: &StandIn,
    driver: &Driver,
    said: &mut Vec<String>,
) -> Result<(), BoxError> {
    timeout(LIMIT, (case.run)(stand_in, driver, said)).await?
}

const LIMIT: Duration = Duration::from_secs(60);
