//! `rds-iam-token generate`, for those who package the program.

use std::{fs, path::Path};

use clap::{Command, Subcommand};
use clap_complete::Shell;

use crate::output::Output;

/// Prints completions for a shell, or writes man pages.
#[derive(clap::Args)]
#[command(hide = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Print a script that completes commands and flags
    Completions {
        #[arg(value_enum)]
        shell: Shell,
    },
    /// Writes a man page for each command into a folder
    Man { folder: String },
}

pub(crate) fn run(arguments: &Arguments, command: Command) -> Result<Output, String> {
    match &arguments.what {
        What::Completions { shell } => completions(*shell, command),
        What::Man { folder } => man(Path::new(folder), command),
    }
}

fn completions(shell: Shell, mut command: Command) -> Result<Output, String> {
    let mut script = Vec::new();
    let name = command.get_name().to_owned();
    clap_complete::generate(shell, &mut command, name, &mut script);
    let stdout = String::from_utf8(script).map_err(|_| "completions: not UTF-8")?;
    Ok(Output {
        stdout,
        ..Output::default()
    })
}

fn man(folder: &Path, command: Command) -> Result<Output, String> {
    let written =
        fs::create_dir_all(folder).and_then(|()| clap_mangen::generate_to(command, folder));
    written.map_err(|error| format!("man pages: {error}"))?;
    Ok(Output::default())
}
