//! How often signing and verifying allocate.

use allocation_counter::{AllocationInfo, measure};
use rds_iam_token::{
    Credentials, Endpoint, Error, Region, Signer, Timestamp, TokenParts, TokenRequest, Verifier,
};

/// Lengths of session tokens; 0 is for none.
const SESSION_TOKENS: &[usize] = &[0, 300, 1_000, 2_000];

const DAY: i64 = 86_400;

fn inputs(session_token_len: usize) -> Result<(TokenRequest, Credentials), Error> {
    let endpoint = Endpoint::new("orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com", 5432)?;
    let request = TokenRequest::new(endpoint, Region::new("eu-west-1")?, "jane doe")?;
    let credentials = Credentials::new("ASIDEXAMPLE", "not-a-real-secret")?;
    let credentials = match session_token_len {
        0 => credentials,
        len => credentials.with_session_token("a/+=".repeat(len / 4))?,
    };
    Ok((request, credentials))
}

/// Allocations, and bytes in them.
fn counted(info: &AllocationInfo) -> (u64, u64) {
    (info.count_total, info.bytes_total)
}

#[test]
fn a_token_is_one_allocation_of_its_length() -> Result<(), Error> {
    for &len in SESSION_TOKENS {
        let (request, credentials) = inputs(len)?;
        let mut signer = Signer::new(request.clone(), credentials.clone());
        for moment in [0, 1, DAY, 0] {
            let at = Timestamp::from_unix_seconds(moment)?;
            let bytes = request.sign(&credentials, at).expose_secret().len() as u64;
            let once = measure(|| drop(request.sign(&credentials, at)));
            assert_eq!(counted(&once), (1, bytes), "once, {len}, {moment}");
            let kept = measure(|| drop(signer.sign(at)));
            assert_eq!(counted(&kept), (1, bytes), "signer, {len}, {moment}");
        }
    }
    Ok(())
}

#[test]
fn a_buffer_is_allocated_once() -> Result<(), Error> {
    for &len in SESSION_TOKENS {
        let (request, credentials) = inputs(len)?;
        let mut signer = Signer::new(request, credentials);
        let mut buffer = String::new();
        for (moment, allocations) in [(0, 1), (1, 0), (DAY, 0), (0, 0)] {
            let at = Timestamp::from_unix_seconds(moment)?;
            let info = measure(|| {
                signer.sign_into(at, &mut buffer);
            });
            assert_eq!(info.count_total, allocations, "{len}, {moment}");
        }
        assert_eq!(buffer.capacity(), buffer.len());
    }
    Ok(())
}

#[test]
fn a_token_is_verified_without_more_than_its_decoded_user() -> Result<(), Error> {
    for &len in SESSION_TOKENS {
        let (request, credentials) = inputs(len)?;
        let at = Timestamp::from_unix_seconds(DAY)?;
        let token = request.sign(&credentials, at).into_exposed_string();
        let verifier = Verifier::new(request.endpoint().clone(), request.region().clone());
        let info = measure(|| {
            assert!(verifier.verify(&token, at, |_| Some(&credentials)).is_ok());
        });
        assert_eq!(info.count_total, 1, "verify, {len}");
        let info = measure(|| assert!(TokenParts::parse(&token).is_ok()));
        assert_eq!(info.count_total, 1, "parse, {len}");

        let oversize = format!("{token}{}", "x".repeat(64 * 1024));
        let info = measure(|| {
            assert!(
                verifier
                    .verify(&oversize, at, |_| Some(&credentials))
                    .is_err()
            );
        });
        assert_eq!(info.count_total, 0, "oversize, {len}");
    }
    Ok(())
}
