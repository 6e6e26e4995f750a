//! Damaged and mistaken tokens, and what is found.

mod causes;
#[path = "../common/mod.rs"]
mod common;
mod copies;
mod cuts;
mod encodings;
mod expectations;
mod field_cases;
mod fields;
mod good;
mod leaks;
mod limits;
mod no_secrets;
mod no_token;
mod parameters;
mod tokens;
