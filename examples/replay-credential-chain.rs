//! Replays recorded searches of the credential chain, without any I/O but standard input and output.
//!
//! Reads one case file on standard input, runs each case, and prints a line with its id, a tab, and
//! its outcome as JSON. The report of a failed search goes to standard error. This is what the
//! tests run, and what can be sent with a bug report (with all secrets replaced):
//!
//! ```sh
//! cargo run --features chain --example replay-credential-chain < tests/chain/cases/order.json
//! ```

use std::{
    error::Error,
    io::{self, Read, Write},
};

use serde_json::Value;

#[path = "../tests/chain/replay.rs"]
mod replay;

fn main() -> Result<(), Box<dyn Error>> {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text)?;
    let file: Value = serde_json::from_str(&text)?;
    let mut out = io::stdout().lock();
    for replayed in replay::replay(&file)? {
        writeln!(out, "{}\t{}", replayed.id, replayed.outcome)?;
        if let Some(report) = replayed.report {
            eprint!("{}: {report}", replayed.id);
        }
    }
    Ok(())
}
