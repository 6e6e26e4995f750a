//! Guides: text and no code.

#[doc = include_str!("guide/credentials.md")]
pub mod credentials {}

#[doc = include_str!("guide/embedding.md")]
pub mod embedding {}

#[doc = include_str!("guide/migrating.md")]
pub mod migrating {}

#[doc = include_str!("guide/pools.md")]
pub mod pools {}

#[doc = include_str!("guide/testing.md")]
pub mod testing {}

#[doc = include_str!("guide/troubleshooting.md")]
pub mod troubleshooting {}
