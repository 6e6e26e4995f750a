//! Recipes: how each driver and pool gets a token from `rds_iam_token`.
//!
//! Copy the one for your driver; README.md lists the other parts that it needs. They share little: the
//! address of the database ([`Database`]), the clock ([`now`]), and TLS for the drivers that leave it to
//! others ([`tls`]).

use std::error::Error;

pub use clock::now;
pub use database::Database;

pub mod clock;
pub mod database;
pub mod recipes;
pub mod tls;

/// An error of any type.
pub type BoxError = Box<dyn Error + Send + Sync>;

/// Formats an error with its sources: some drivers print no more than "db error" themselves.
#[must_use]
pub fn with_sources(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        let more = error.to_string();
        if !text.contains(&more) {
            text += &format!(": {more}");
        }
        source = error.source();
    }
    text
}
