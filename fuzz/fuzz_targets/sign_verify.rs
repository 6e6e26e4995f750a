//! A token that is signed from any inputs parses as those inputs and is accepted; a token with one
//! byte changed is not.

#![no_main]

use std::time::Duration;

use libfuzzer_sys::fuzz_target;
use rds_iam_token::{
    Credentials, Endpoint, Region, Secret, Signer, Timestamp, TokenParts, TokenRequest, Verifier,
    VerifyError,
};
use rds_iam_token_fuzz::encode;

fuzz_target!(|text: &str| {
    let _ = check(text);
});

fn check(text: &str) -> Option<()> {
    let mut lines = text.split('\n');
    let mut next = || lines.next();
    let endpoint: Endpoint = next()?.parse().ok()?;
    let region = Region::new(next()?).ok()?;
    let user = next()?;
    let request = TokenRequest::new(endpoint.clone(), region.clone(), user)
        .ok()?
        .with_lifetime(Duration::from_secs(next()?.parse().ok()?))
        .ok()?;
    let at = Timestamp::from_unix_seconds(next()?.parse().ok()?).ok()?;
    let id = next()?;
    let mut credentials = Credentials::new(id, next()?).ok()?;
    let session_token = next().filter(|session_token| !session_token.is_empty());
    if let Some(session_token) = session_token {
        credentials = credentials.with_session_token(session_token).ok()?;
    }

    let token = request.sign(&credentials, at);
    let token = token.expose_secret();
    let mut buffer = text.to_owned();
    let mut signer = Signer::new(request.clone(), credentials.clone());
    let _ = signer.sign(Timestamp::MAX);
    signer.sign_into(at, &mut buffer);
    assert_eq!(buffer, token);
    let expected = format!(
        "{endpoint}/?Action=connect&DBUser={}&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={}%2F",
        encode(user.as_bytes()),
        encode(id.as_bytes())
    );
    assert!(token.starts_with(&expected));

    if token.len() > 64 * 1024 {
        assert!(TokenParts::parse(token).is_err());
        return None;
    }
    let parts = TokenParts::parse(token).unwrap();
    assert_eq!(
        (parts.host(), parts.port()),
        (endpoint.host().as_str(), endpoint.port())
    );
    assert_eq!((parts.user(), parts.access_key_id()), (user, id));
    assert_eq!(parts.region(), region.as_str());
    assert_eq!(parts.lifetime(), request.lifetime());
    assert_eq!(parts.signed_at(), at);
    let read = parts.session_token();
    assert_eq!(read.as_ref().map(Secret::expose_secret), session_token);

    let verifier = Verifier::new(endpoint, region);
    let verify = |token: &str, credentials: &Credentials| {
        verifier
            .verify_user(token, user, at, |_| Some(credentials.clone()))
            .map(|_| ())
    };
    if at < parts.expires_at() {
        assert_eq!(verify(token, &credentials), Ok(()));
    }
    let other = Credentials::new(id, [credentials.expose_secret_access_key(), "x"].concat());
    assert!(verify(token, &other.unwrap()).is_err());
    let other = verifier.verify_user(token, "another", at, |_| Some(&credentials));
    assert!(user == "another" || other.is_err());
    // A digit of the signature is a different one.
    let (start, last) = token.split_at(token.len() - 1);
    let forged = [start, if last == "0" { "1" } else { "0" }].concat();
    if at < parts.expires_at() {
        assert_eq!(verify(&forged, &credentials), Err(VerifyError::Signature));
    }
    None
}
