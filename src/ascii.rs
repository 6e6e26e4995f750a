//! Short ASCII text without an allocation.

/// Reads text that was put together from ASCII digits and letters.
#[expect(
    clippy::expect_used,
    reason = "callers pass the digits and letters they wrote themselves"
)]
pub(crate) fn as_str(ascii: &[u8]) -> &str {
    core::str::from_utf8(ascii).expect("digits and letters are UTF-8")
}
