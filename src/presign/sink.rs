//! The destinations of a presigned request's sections.

use alloc::vec::Vec;

use super::Value;
use crate::sigv4::{CanonicalHash, push_uri_encoded, uri_encoded, uri_encoded_len};

/// A place that sections are written to.
pub(super) trait Sink {
    fn put(&mut self, bytes: &[u8]);

    fn put_value(&mut self, value: Value<'_>) {
        match value {
            Value::Raw(text) => uri_encoded(text.as_bytes(), |piece| self.put(piece)),
            Value::Encoded(text) => self.put(text.as_bytes()),
        }
    }

    fn put_decimal(&mut self, number: u32) {
        let mut digits = [0; 10];
        let (mut rest, mut start) = (number, digits.len());
        for digit in digits.iter_mut().rev() {
            let [last, ..] = (rest % 10).to_le_bytes();
            *digit = b'0' + last;
            start -= 1;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        self.put(digits.split_at(start).1);
    }
}

/// A number of bytes.
pub(super) struct Length(pub(super) usize);

impl Length {
    fn add(&mut self, len: usize) {
        self.0 = self.0.saturating_add(len);
    }
}

impl Sink for Length {
    fn put(&mut self, bytes: &[u8]) {
        self.add(bytes.len());
    }

    fn put_value(&mut self, value: Value<'_>) {
        self.add(match value {
            Value::Raw(text) => uri_encoded_len(text.as_bytes()),
            Value::Encoded(text) => text.len(),
        });
    }

    fn put_decimal(&mut self, number: u32) {
        self.add(number.checked_ilog10().map_or(1, |log| log as usize + 1));
    }
}

impl Sink for Vec<u8> {
    fn put(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }

    fn put_value(&mut self, value: Value<'_>) {
        match value {
            Value::Raw(text) => push_uri_encoded(self, text.as_bytes()),
            Value::Encoded(text) => self.put(text.as_bytes()),
        }
    }
}

impl Sink for CanonicalHash {
    fn put(&mut self, bytes: &[u8]) {
        self.absorb(bytes);
    }
}
