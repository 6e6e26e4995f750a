//! AWS Signature Version 4, as far as a presigned `GET /` needs it, one step at a time.
//!
//! Signing a token needs none of this: [`TokenRequest::sign`](crate::TokenRequest::sign) performs
//! all the steps. They are public because AWS prints a canonical request and a string to sign in
//! its own errors, to be compared with one's own.
//!
//! 1. [`CanonicalRequest`]: the request, in the one form that both sides can rebuild; its parts are
//!    encoded by [`uri_encode`].
//! 2. [`StringToSign`]: the algorithm, the time, the [`CredentialScope`] and the hash of 1.
//! 3. [`SigningKey`]: derived from the secret for one scope; its HMAC of 2 is the [`Signature`].
//!
//! The steps are those of [Create a signed AWS API request][steps].
//!
//! [steps]: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
//!
//! # Examples
//!
//! The presigned `GET /` of AWS's own test suite (`get-vanilla`):
//!
//! ```
//! use rds_iam_token::{
//!     Region, Timestamp,
//!     sigv4::{CanonicalRequest, CredentialScope, SigningKey, StringToSign, uri_encode},
//! };
//!
//! let region = Region::new("us-east-1")?;
//! let at = Timestamp::from_unix_seconds(1_440_938_160)?;
//! let scope = CredentialScope::new(at, &region, "service");
//! let query = format!(
//!     "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={}&X-Amz-Date=20150830T123600Z\
//!      &X-Amz-Expires=3600&X-Amz-SignedHeaders=host",
//!     uri_encode(format!("AKIDEXAMPLE/{scope}")),
//! );
//! let canonical_request = CanonicalRequest::new(&query, "example.amazonaws.com");
//! let string_to_sign = StringToSign::new(&scope, &canonical_request.hash());
//! let key = SigningKey::derive("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", &scope);
//! assert_eq!(
//!     key.sign(&string_to_sign).expose_hex(),
//!     "e93c787ed7f371d5c6b165c1b38ede9550f4dce4144713e844b25b7192d3865d",
//! );
//! # Ok::<(), rds_iam_token::Error>(())
//! ```

mod canonical;
mod date;
mod encode;
mod key;
mod scope;
mod string_to_sign;
#[cfg(test)]
pub(crate) mod worked_example;

pub use canonical::CanonicalRequest;
pub(crate) use canonical::{CanonicalHash, END, HOST};
pub(crate) use date::AmzDate;
pub use encode::uri_encode;
pub(crate) use encode::{
    is_unreserved, push_uri_encoded, unreserved_len, uri_encoded, uri_encoded_len,
};
pub use key::{Signature, SigningKey};
pub use scope::CredentialScope;
pub(crate) use scope::TERMINATION;
pub use string_to_sign::{ALGORITHM, StringToSign};
