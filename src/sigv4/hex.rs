//! SHA-256 output as text.

/// Writes the 64 lower-case hexadecimal digits of a SHA-256 or HMAC-SHA256 output.
pub(super) fn digits(output: &[u8; 32]) -> [u8; 64] {
    let mut digits = [0; 64];
    for (pair, byte) in digits.chunks_exact_mut(2).zip(output) {
        pair.copy_from_slice(&[digit(byte >> 4), digit(byte & 0xf)]);
    }
    digits
}

/// Writes a number under 16: without a table, since how long it takes to read one tells what.
fn digit(number: u8) -> u8 {
    number + b'0' + u8::from(number > 9) * (b'a' - b'0' - 10)
}
