//! A token's text before it is signed.

use alloc::{string::String, vec::Vec};

use zeroize::Zeroize;

use super::layout::{Content, Layout, Part, SIGNED_HEADERS, length, write};
use crate::{
    ascii,
    secret::Secret,
    sigv4::{AmzDate, CanonicalRequest, CredentialScope, Signature},
};

/// A token's text up to the digits of its signature, with room for those, and where its parts stand.
///
/// The parameters are in the order of the `aws` command. The canonical request has them sorted,
/// which moves one of them: the session token goes before the names of the signed headers. So it
/// is made of slices of this text, and the text is written once.
#[derive(Clone)]
pub(crate) struct UnsignedToken {
    text: Secret,
    places: Places,
}

/// Where in the text what starts.
#[derive(Clone, Copy)]
struct Places {
    query: usize,
    /// Within the credential.
    day: usize,
    date: usize,
    signed_headers: usize,
    signature: usize,
}

impl UnsignedToken {
    /// Lays the text out.
    pub(crate) fn new(content: &Content<'_>, scope: &CredentialScope<'_>) -> Self {
        let layout = Layout::new(content, scope);
        let query = length(&layout.authority) + QUERY_MARK.len();
        let day = query + length(&layout.before_day);
        let date = day + length(&layout.before_date);
        let signed_headers = date + length(&layout.from_date);
        let signature = signed_headers + SIGNED_HEADERS.len() + length(&layout.security_token);
        let mut text = Vec::with_capacity(signature + SIGNATURE.len() + SIGNATURE_LEN);
        for parts in [
            &layout.authority[..],
            &[Part::Plain(QUERY_MARK)],
            &layout.before_day,
            &layout.before_date,
            &layout.from_date,
            &[Part::Plain(SIGNED_HEADERS)],
            &layout.security_token,
            &[Part::Plain(SIGNATURE)],
        ] {
            write(parts, |piece| text.extend_from_slice(piece));
        }
        Self {
            text: Secret::new(ascii::into_string(text)),
            places: Places {
                query,
                day,
                date,
                signed_headers,
                signature,
            },
        }
    }

    /// Changes the day of the credential scope.
    pub(crate) fn set_day(&mut self, date: &AmzDate) {
        self.text.overwrite(self.places.day, date.day());
    }

    /// Copies the text into a buffer, with another moment of the same day, and completes it.
    ///
    /// What the buffer held is overwritten, and wiped first where that would leave some of it
    /// behind: past the end of the text, or in memory that is given back because it is too small.
    pub(crate) fn signed_at(
        &self,
        date: &AmzDate,
        signature: &Signature,
        mut buffer: String,
    ) -> Secret {
        let text = self.text.expose_secret();
        let len = text.len() + SIGNATURE_LEN;
        if !(buffer.len()..=buffer.capacity()).contains(&len) {
            buffer.zeroize();
        }
        buffer.clear();
        buffer.reserve_exact(len);
        let (until_date, from_date) = text.split_at(self.places.date);
        let (_, after_date) = from_date.split_at(DATE_LEN);
        for piece in [
            until_date,
            date.as_str(),
            after_date,
            signature.expose_hex(),
        ] {
            buffer.push_str(piece);
        }
        Secret::new(buffer)
    }

    /// Gives the canonical request, in slices of the text.
    pub(crate) fn canonical_request(&self) -> CanonicalRequest<'_> {
        let text = self.text.expose_secret();
        let (text, _) = text.split_at(self.places.signature);
        let (start, query) = text.split_at(self.places.query);
        let (authority, _) = start.split_at(start.len() - QUERY_MARK.len());
        let (of_day, query) = query.split_at(self.places.date - self.places.query);
        let (query, end) = query.split_at(self.places.signed_headers - self.places.date);
        let (date, expires) = query.split_at(DATE_LEN);
        let (signed_headers, security_token) = end.split_at(SIGNED_HEADERS.len());
        let query = [of_day, date, expires, security_token, signed_headers];
        CanonicalRequest::from_pieces(query, authority)
    }

    /// Completes the text, in the room that was left for it.
    pub(crate) fn sign(self, signature: &Signature) -> Secret {
        let mut text = self.text.into_exposed_string();
        text.push_str(signature.expose_hex());
        Secret::new(text)
    }
}

/// In bytes, of a date with the time.
const DATE_LEN: usize = 16;

const QUERY_MARK: &str = "/?";

const SIGNATURE: &str = "&X-Amz-Signature=";

/// In bytes, and in digits.
const SIGNATURE_LEN: usize = 64;
