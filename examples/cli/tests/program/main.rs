//! The program as a user runs it: arguments, variables and standard input go in, and what comes out is
//! compared. Each subcommand has a file.

mod check_policy;
mod field_cases;
mod generate;
mod grant;
mod help;
mod inspect;
mod leaks;
mod run;
mod token;
mod usage;
