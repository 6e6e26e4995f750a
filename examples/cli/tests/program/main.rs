//! The program as a user runs it: arguments, variables and standard input go in, and what comes out is
//! compared. Each subcommand has a file.

mod check_policy;
mod credentials;
mod field_cases;
mod generate;
mod grant;
mod help;
mod home;
mod inspect;
#[cfg(unix)]
mod keep;
mod leaks;
mod run;
mod server;
mod token;
mod usage;
