//! Guides: text and no code.

#[doc = include_str!("guide/troubleshooting.md")]
pub mod troubleshooting {}
