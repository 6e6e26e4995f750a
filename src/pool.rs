//! Tokens for pools: kept while they are good, replaced before they are not.

#[cfg(feature = "std")]
mod cache;
#[cfg(feature = "std")]
mod caches;
mod keeper;
#[cfg(feature = "std")]
mod keepers;
#[cfg(feature = "std")]
mod lock;
mod refresh;
mod refusals;
mod source;

#[cfg(feature = "std")]
pub use cache::TokenCache;
#[cfg(feature = "std")]
pub use caches::TokenCaches;
pub use keeper::TokenKeeper;
pub use source::{SourceError, TokenSource};
