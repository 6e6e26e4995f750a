//! SHA-256 output as text.

use zeroize::Zeroizing;

use crate::ascii;

/// The 64 lower-case hexadecimal digits of a SHA-256 or HMAC-SHA256 output, wiped when dropped.
#[derive(Clone, Debug)]
pub(super) struct HexDigest(Zeroizing<[u8; 64]>);

impl HexDigest {
    #[expect(clippy::expect_used, reason = "64 digits are what 32 bytes need")]
    pub(super) fn new(output: &[u8; 32]) -> Self {
        let mut digits = Zeroizing::new([0; 64]);
        hex::encode_to_slice(output, &mut *digits).expect("the lengths are constants");
        Self(digits)
    }

    pub(super) fn as_str(&self) -> &str {
        ascii::as_str(&*self.0)
    }
}
