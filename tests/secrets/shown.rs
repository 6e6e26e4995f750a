//! Neither `Debug` nor an error shows anything secret.

use std::{error::Error as StdError, fmt::Debug};

use rds_iam_token::{
    Credentials, Endpoint, Error, Host, LocalTokenCache, Region, Signer, TokenParts, TokenRequest,
    Verifier,
    diagnose::{Expected, diagnose},
    grant::{DbUser, Engine},
    policy::{DbUserArn, DbUserPattern},
    sigv4::{CanonicalRequest, CredentialScope, SigningKey, StringToSign},
};

use crate::inputs::{
    NOW, SECRET, SESSION_TOKEN, at, credentials, damaged, needles, region, request, token,
};

/// Fails where a text holds a piece of anything secret: as it is, in hexadecimal digits, or as a
/// list of numbers.
fn check(shown: &str) {
    let unbroken: String = shown
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .collect();
    for needle in needles() {
        for piece in needle.pieces() {
            let hex = hex::encode(piece);
            let numbers: Vec<_> = piece.iter().map(ToString::to_string).collect();
            let is_shown = unbroken.contains(&hex)
                || unbroken.contains(&hex.to_uppercase())
                || unbroken.contains(&numbers.join(","))
                || std::str::from_utf8(piece).is_ok_and(|text| unbroken.contains(text));
            assert!(!is_shown, "{}: {shown}", needle.name);
        }
    }
}

fn check_debug(value: &dyn Debug) {
    check(&format!("{value:?}"));
    check(&format!("{value:#?}"));
}

fn check_error(error: &dyn StdError) {
    check_debug(&error);
    check(&error.to_string());
    if let Some(source) = error.source() {
        check_error(source);
    }
}

#[test]
#[should_panic(expected = "signing key: [")]
fn what_is_shown_is_found() {
    let region = region();
    let scope = CredentialScope::new(at(NOW), &region, "rds-db");
    check_debug(SigningKey::derive(SECRET, &scope).expose_secret());
}

#[test]
fn debug_shows_nothing_secret() -> Result<(), Box<dyn StdError>> {
    let (now, region, request) = (at(NOW), region(), request("app"));
    let credentials = credentials()?;
    let scope = CredentialScope::new(now, &region, "rds-db");
    let key = SigningKey::derive(SECRET, &scope);
    let string_to_sign = StringToSign::new(&scope, &[0; 32]);
    let query = format!("X-Amz-Security-Token={SESSION_TOKEN}");
    let mut signer = Signer::new(request.clone(), credentials.clone());
    let mut cache = LocalTokenCache::new(request.clone(), credentials.clone())?;
    cache.invalidate(&*cache.clone().token(now)?);
    let kept = cache.token(now)?;
    cache.invalidate(&kept);
    let verifier = Verifier::new(request.endpoint().clone(), region.clone());
    let parts = TokenParts::parse(token())?;
    let known = Expected::new()
        .with_credentials(credentials.clone())
        .with_time(now);
    let shown: &[&dyn Debug] = &[
        &credentials,
        &request.sign(&credentials, now),
        &request.canonical_request(&credentials, now),
        &signer.sign(now),
        &signer,
        &cache,
        &kept,
        &scope,
        &key,
        &key.sign(&string_to_sign),
        &string_to_sign,
        &CanonicalRequest::new(&query, "db:5432"),
        &verifier.verify(token(), now, |_| Some(&credentials))?,
        &verifier,
        &diagnose(token(), &known),
        &diagnose(&token()[..token().len() - 10], &known),
        &known,
        &parts,
    ];
    for value in shown {
        check_debug(value);
    }
    check(&parts.to_string());
    Ok(())
}

#[cfg(feature = "std")]
#[test]
fn what_threads_share_shows_nothing_secret() -> Result<(), Box<dyn StdError>> {
    use std::{num::NonZero, sync::Arc};

    use rds_iam_token::{SharedTokenSource, SourceError, TokenCache, TokenStore};

    let cache = TokenCache::new(request("app"), credentials()?)?;
    check_debug(&cache.token(at(NOW))?);
    check_debug(&cache);
    let store = Arc::new(TokenStore::new(credentials()?, NonZero::<usize>::MIN));
    check_debug(&store.token(&request("app"), at(NOW))?);
    check_debug(&store);
    check_debug(&store.source(request("app"))?);
    check_debug(&SharedTokenSource::from(Arc::new(cache)));
    let error = SourceError::other(format!("an answer with {SECRET} and {SESSION_TOKEN}"));
    check_debug(&error);
    check(&error.to_string());
    Ok(())
}

/// Makes a secret wrong in each way that there is, for each input that it may be mistaken for.
#[test]
fn an_error_shows_nothing_secret() {
    let endpoint = || Endpoint::new("db", 5432).unwrap();
    let region = || Region::new("eu-west-1").unwrap();
    for secret in [SECRET, SESSION_TOKEN, token()] {
        for text in [
            secret.to_owned(),
            format!(" {secret}"),
            format!("{secret}\n"),
            format!("{secret}\0"),
            format!("{secret}\u{fc}"),
            secret.repeat(50),
            format!("arn:{secret}"),
            format!("{secret}:0"),
        ] {
            let errors: [Option<Error>; 8] = [
                Credentials::new(&text, "s").err(),
                Credentials::new("AKIDEXAMPLE", &text).err(),
                credentials()
                    .and_then(|credentials| credentials.with_session_token(&text))
                    .err(),
                Endpoint::new(&text, 5432).err(),
                text.parse::<Endpoint>().err(),
                Region::new(&text).err(),
                TokenRequest::new(endpoint(), region(), &text).err(),
                Host::new(&text).err(),
            ];
            for error in errors.iter().flatten() {
                check_error(error);
            }
            let account = "111122223333";
            let errors = [
                text.parse::<DbUserArn>().err(),
                text.parse::<DbUserPattern>().err(),
                DbUserArn::new(region(), &text, "db-A", "app").err(),
                DbUserArn::new(region(), account, &text, "app").err(),
                DbUserArn::new(region(), account, "db-A", &text).err(),
                DbUserPattern::new(&text, "*", "*", "*", "*").err(),
                DbUserPattern::new("aws", &text, "*", "*", "*").err(),
            ];
            for error in errors.iter().flatten() {
                check_error(error);
            }
            for engine in [Engine::MariaDb, Engine::MySql, Engine::PostgreSql] {
                if let Err(error) = DbUser::new(engine, &text) {
                    check_error(&error);
                }
                let user = DbUser::new(engine, "app").unwrap();
                if let Err(error) = user.with_host(&text) {
                    check_error(&error);
                }
            }
            if let Err(error) = TokenParts::parse(&text) {
                check_error(&error);
            }
            let verifier = Verifier::new(endpoint(), region());
            if let Err(error) = verifier.verify(&text, at(NOW), |_| credentials().ok()) {
                check_error(&error);
            }
            for finding in diagnose(&text, &Expected::new()).findings() {
                check_debug(finding);
                check(&finding.to_string());
            }
        }
    }
}

#[test]
fn what_is_said_of_a_damaged_token_shows_nothing_secret() -> Result<(), Box<dyn StdError>> {
    let verifier = Verifier::new(request("app").endpoint().clone(), region());
    let known = Expected::new()
        .with_endpoint(request("app").endpoint().clone())
        .with_user("another")
        .with_time(at(NOW))
        .with_credentials(Credentials::new("AKIDEXAMPLE", SECRET)?);
    let (start, signature) = token().split_at(token().len() - 64);
    let (_, query) = start.split_once('?').unwrap();
    let swallowed = format!("%26X-Amz-Signature%3D{signature}");
    // Where no secret belongs, so that it is shown no more than elsewhere, but is not wiped.
    let misplaced = [
        // In place of the host, and without a port.
        format!("{signature}/?{query}{signature}"),
        // In a value that is shown.
        token().replace("ASIDEXAMPLE", &format!("ASIDEXAMPLE{swallowed}")),
        token().replace("=app", &format!("=app{swallowed}")),
    ];
    for text in damaged()
        .into_iter()
        .chain(misplaced.iter().map(String::as_str))
    {
        match TokenParts::parse(text) {
            Ok(parts) => check(&format!("{parts} {parts:?}")),
            Err(error) => check_error(&error),
        }
        if let Err(error) = verifier.verify(text, at(NOW), |_| credentials().ok()) {
            check_error(&error);
        }
        let diagnosis = diagnose(text, &known);
        check_debug(&diagnosis);
        for finding in diagnosis.findings() {
            check(&finding.to_string());
        }
    }
    Ok(())
}
