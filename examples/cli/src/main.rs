//! The program `rds-iam-token`. Each subcommand is a file: its flags, and what it does with them.

use std::{env, process::ExitCode};

use clap::{CommandFactory as _, Parser, Subcommand};

mod arguments;
mod check_policy;
#[cfg(all(unix, feature = "connect"))]
mod connect;
mod credentials;
mod endpoint;
mod engine;
mod environment;
mod format;
mod generate;
mod grant;
mod input;
mod inspect;
mod keep;
mod output;
#[cfg_attr(unix, path = "platform/unix.rs")]
#[cfg_attr(not(unix), path = "platform/other.rs")]
mod platform;
mod region;
mod request;
mod token;
mod usage;
mod value;

/// Tokens for Amazon RDS databases with IAM authentication.
#[derive(Parser)]
#[command(name = "rds-iam-token", bin_name = "rds-iam-token", version)]
#[command(subcommand_required = true, arg_required_else_help = false)]
struct Program {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Token(token::Arguments),
    Keep(keep::Arguments),
    #[cfg(all(unix, feature = "connect"))]
    Connect(connect::Arguments),
    Inspect(inspect::Arguments),
    Grant(grant::Arguments),
    CheckPolicy(check_policy::Arguments),
    Generate(generate::Arguments),
}

fn main() -> ExitCode {
    let arguments = arguments::join_values(&Program::command(), env::args_os());
    let output = match Program::try_parse_from(arguments) {
        Err(error) => Ok(usage::output(error)),
        Ok(program) => match program.command {
            Command::Token(arguments) => token::run(&arguments),
            Command::Keep(arguments) => keep::run(&arguments),
            #[cfg(all(unix, feature = "connect"))]
            Command::Connect(arguments) => connect::run(&arguments),
            Command::Inspect(arguments) => inspect::run(&arguments),
            Command::Grant(arguments) => grant::run(&arguments),
            Command::CheckPolicy(arguments) => check_policy::run(&arguments),
            Command::Generate(arguments) => generate::run(&arguments, Program::command()),
        },
    };
    output::print(output)
}
