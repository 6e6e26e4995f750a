//! One presigned request, for one moment after the other.

use alloc::{string::String, vec::Vec};

use zeroize::Zeroizing;

use super::{Presigned, Unsigned};
use crate::{
    region::Region,
    secret::Secret,
    sigv4::{AmzDate, CanonicalHash, CredentialScope, SigningKey, StringToSign},
    timestamp::Timestamp,
};

/// A presigned request with all that can be computed before the moment of signing.
///
/// It keeps the encoded text, in which only the dates change, and the key of the day that was
/// signed for last. So a signature costs two passes of the hash and a copy, and once in a day the
/// derivation of a key.
#[derive(Clone)]
pub(crate) struct Template {
    /// Of the day that is kept, at an arbitrary moment.
    unsigned: Unsigned,
    /// The canonical request from the date on, of any moment.
    from_date: Zeroizing<Vec<u8>>,
    /// Of any moment.
    string_to_sign: StringToSign,
    kept: Option<Day>,
}

/// What the requests of a day have in common.
#[derive(Clone)]
struct Day {
    /// A moment of that day.
    date: AmzDate,
    key: SigningKey,
    /// Of the canonical request up to the date.
    start: CanonicalHash,
}

impl Template {
    pub(crate) fn new(presigned: &Presigned<'_>, region: &Region, service: &str) -> Self {
        let scope = CredentialScope::new(Timestamp::MIN, region, service);
        let unsigned = Unsigned::new(presigned, &scope);
        let from_date = unsigned.canonical_from_date().into_exposed_string();
        Self {
            from_date: Zeroizing::new(from_date.into_bytes()),
            string_to_sign: StringToSign::new(&scope, &[0; 32]),
            unsigned,
            kept: None,
        }
    }

    /// Signs into a buffer, which [`Unsigned::signed_at`] fills.
    pub(crate) fn sign(
        &mut self,
        at: Timestamp,
        derive_key: impl FnOnce(AmzDate) -> SigningKey,
        buffer: String,
    ) -> Secret {
        let same_day = self
            .kept
            .as_ref()
            .and_then(|kept| kept.date.on_same_day(at));
        let date = same_day.unwrap_or_else(|| AmzDate::new(at));
        let day = match &mut self.kept {
            Some(kept) if same_day.is_some() => kept,
            kept => {
                self.unsigned.set_day(&date);
                kept.insert(Day {
                    date,
                    key: derive_key(date),
                    start: self.unsigned.hash_until_date(),
                })
            }
        };
        if let Some(start) = self.from_date.first_chunk_mut() {
            *start = *date.as_bytes();
        }
        let mut hash = day.start.clone();
        hash.absorb(&*self.from_date);
        self.string_to_sign.set(&date, &hash.finish());
        let signature = day.key.sign(&self.string_to_sign);
        self.unsigned.signed_at(&date, &signature, buffer)
    }
}
