//! Tokens for pools: kept while they are good, replaced before they are not.

mod keeper;
mod refresh;
mod source;

pub use keeper::TokenKeeper;
pub use source::{SourceError, TokenSource};
