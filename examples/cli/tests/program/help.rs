//! The help of each command, as it is printed. After a change that is meant:
//! `WRITE_HELP=1 cargo test help`, and look at the difference.

use std::{env, fs, path::Path};

use crate::run::run;

/// Commands; the help of each is in `help/`.
const COMMANDS: &[&str] = &[
    "token",
    "keep",
    "connect",
    "inspect",
    "grant",
    "check-policy",
];

#[test]
fn the_help_of_each_command_is_as_recorded() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/program/help");
    for command in COMMANDS {
        let file = folder.join(format!("{command}.txt"));
        let help = run([command, "--help"], &[], b"").stdout;
        if env::var_os("WRITE_HELP").is_some() {
            fs::write(&file, &help).expect("it can be written");
        }
        let recorded = fs::read_to_string(&file).unwrap_or_default();
        assert_eq!(help, recorded, "{command}");
    }
}
