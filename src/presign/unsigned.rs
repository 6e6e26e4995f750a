//! The text of a presigned request before it is signed.

use alloc::{string::String, vec::Vec};

use zeroize::Zeroize;

use super::{PRINTED, Presigned, Section, sink::Length};
use crate::{
    ascii,
    secret::Secret,
    sigv4::{
        AmzDate, CanonicalHash, CanonicalRequest, CredentialScope, END, HOST, Signature,
        StringToSign,
    },
};

/// A presigned request up to the digits of its signature, with room for those.
#[derive(Clone)]
pub(crate) struct Unsigned {
    text: Secret,
    /// The end of each section, as it is printed.
    ends: [usize; PRINTED.len()],
}

impl Unsigned {
    pub(crate) fn new(presigned: &Presigned<'_>, scope: &CredentialScope<'_>) -> Self {
        let mut length = Length(SIGNATURE_LEN);
        for section in PRINTED {
            presigned.write(section, scope, &mut length);
        }
        let mut text = Vec::with_capacity(length.0);
        let ends = PRINTED.map(|section| {
            presigned.write(section, scope, &mut text);
            text.len()
        });
        Self {
            text: Secret::new(ascii::into_string(text)),
            ends,
        }
    }

    /// Returns the canonical request, in slices of the text.
    pub(crate) fn canonical_request(&self) -> CanonicalRequest<'_> {
        // The first four sections follow one another in both orders.
        let query = [
            self.sections(Section::Head, Section::Expires),
            self.section(Section::SecurityToken),
            self.section(Section::SignedHeaders),
        ];
        CanonicalRequest::in_pieces(query, self.section(Section::Authority))
    }

    /// Returns the string to sign.
    pub(crate) fn string_to_sign(&self, scope: &CredentialScope<'_>) -> StringToSign {
        StringToSign::new(scope, &self.canonical_request().hash())
    }

    /// Returns the hash of the canonical request up to the date.
    pub(super) fn hash_until_date(&self) -> CanonicalHash {
        let mut hash = CanonicalHash::new();
        hash.absorb(self.sections(Section::Head, Section::Scope));
        hash
    }

    /// Copies the canonical request from the date on.
    pub(super) fn canonical_from_date(&self) -> Secret {
        Secret::concat(&[
            self.sections(Section::Date, Section::Expires),
            self.section(Section::SecurityToken),
            self.section(Section::SignedHeaders),
            HOST,
            self.section(Section::Authority),
            END,
        ])
    }

    /// Completes the text, in the room that was left for the signature.
    pub(crate) fn sign(self, signature: &Signature) -> Secret {
        let mut text = self.text.into_exposed_string();
        text.push_str(signature.expose_hex());
        Secret::new(text)
    }

    /// Copies the text into a buffer, with a different moment of the same day, and completes it.
    ///
    /// What the buffer held is overwritten, and wiped first if that would leave some of it behind:
    /// past the end of the text, or in memory that is freed because it is too small.
    pub(super) fn signed_at(
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
        let (start, end) = self.place(Section::Date);
        let ((until_date, _), (_, after_date)) = (text.split_at(start), text.split_at(end));
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

    /// Overwrites the day of the credential scope.
    pub(super) fn set_day(&mut self, date: &AmzDate) {
        let (start, _) = self.place(Section::Scope);
        self.text.overwrite(start, date.day());
    }

    fn section(&self, section: Section) -> &str {
        self.sections(section, section)
    }

    /// Returns sections that follow one another as they are printed.
    fn sections(&self, first: Section, last: Section) -> &str {
        let ((start, _), (_, end)) = (self.place(first), self.place(last));
        self.text
            .expose_secret()
            .get(start..end)
            .unwrap_or_default()
    }

    /// Returns the start and the end of a section.
    fn place(&self, section: Section) -> (usize, usize) {
        let (before, rest) = self.ends.split_at(section as usize);
        let end_of = |ends: Option<&usize>| ends.copied().unwrap_or_default();
        (end_of(before.last()), end_of(rest.first()))
    }
}

/// In bytes, and in digits.
const SIGNATURE_LEN: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{error::Error, sigv4::worked_example};

    fn worked_example(port: Option<u16>, lifetime: u32) -> Presigned<'static> {
        Presigned {
            host: worked_example::HOST,
            port,
            parameters: &[],
            access_key_id: "AKIDEXAMPLE",
            lifetime,
            session_token: None,
        }
    }

    #[test]
    fn the_worked_example_is_written_and_hashed() -> Result<(), Error> {
        let region = worked_example::region()?;
        let scope = CredentialScope::new(worked_example::at()?, &region, worked_example::SERVICE);
        let presigned = worked_example(None, 3_600);
        let unsigned = Unsigned::new(&presigned, &scope);
        let expected = [
            worked_example::HOST,
            "/?",
            worked_example::QUERY,
            "&X-Amz-Signature=",
        ];
        assert_eq!(unsigned.text.expose_secret(), expected.concat());
        let canonical_request = unsigned.canonical_request();
        assert_eq!(
            canonical_request.to_secret().expose_secret(),
            worked_example::CANONICAL_REQUEST
        );
        assert_eq!(canonical_request.hash(), worked_example::HASH);
        assert_eq!(presigned.canonical_hash(&scope), worked_example::HASH);
        Ok(())
    }

    #[test]
    fn a_number_is_written_as_by_display_and_measured() -> Result<(), Error> {
        let region = worked_example::region()?;
        let scope = CredentialScope::new(worked_example::at()?, &region, worked_example::SERVICE);
        for lifetime in [0, 1, 9, 10, 99, 900, 604_800, 1_000_000_000, u32::MAX] {
            for port in [1, 10, 443, 5_432, u16::MAX] {
                let unsigned = Unsigned::new(&worked_example(Some(port), lifetime), &scope);
                let authority = alloc::format!("{}:{port}", worked_example::HOST);
                assert_eq!(unsigned.section(Section::Authority), authority);
                let expires = alloc::format!("&X-Amz-Expires={lifetime}");
                assert_eq!(unsigned.section(Section::Expires), expires);
                let text = unsigned.text.into_exposed_string();
                assert_eq!(text.capacity(), text.len() + SIGNATURE_LEN);
            }
        }
        Ok(())
    }
}
