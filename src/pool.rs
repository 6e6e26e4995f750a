//! Tokens for pools: kept while they are good, replaced before they are not.

#[cfg(feature = "std")]
mod entries;
mod local;
#[cfg(feature = "std")]
mod lock;
mod rejected;
mod schedule;
#[cfg(feature = "std")]
mod shared;
mod source;
#[cfg(feature = "std")]
mod store;

pub use local::LocalTokenCache;
#[cfg(feature = "std")]
pub use shared::TokenCache;
pub use source::{SourceError, TokenSource};
#[cfg(feature = "std")]
pub use store::TokenStore;
