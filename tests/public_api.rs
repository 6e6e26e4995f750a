//! What the public types show and allow.

use std::time::Duration;
#[cfg(feature = "std")]
use std::{num::NonZero, sync::Arc};

use rds_iam_token::{
    Credentials, Endpoint, EndpointKind, Engine, Error, Fault, LocalTokenCache, Region, Secret,
    Signer, SourceError, Timestamp, Token, TokenRequest, TokenSource,
    policy::DbUserArn,
    sigv4::{CanonicalRequest, CredentialScope, Signature, SigningKey, StringToSign},
};
#[cfg(feature = "std")]
use rds_iam_token::{TokenCache, TokenStore};
use zeroize::ZeroizeOnDrop;

const SECRET: &str = "not-a-real-secret";
const SESSION_TOKEN: &str = "not-a-real-session-token";

#[test]
fn every_type_can_be_sent_and_shared() {
    fn check<T: Send + Sync>() {}
    check::<CanonicalRequest<'_>>();
    check::<CredentialScope<'_>>();
    check::<Credentials>();
    check::<DbUserArn>();
    check::<Endpoint>();
    check::<EndpointKind>();
    check::<Engine>();
    check::<Error>();
    check::<Fault>();
    check::<Region>();
    check::<Secret>();
    check::<Signature>();
    check::<Signer>();
    check::<SigningKey>();
    check::<SourceError>();
    check::<StringToSign<'_>>();
    check::<Timestamp>();
    check::<Token>();
    check::<LocalTokenCache>();
    check::<TokenRequest>();
    check::<Box<dyn TokenSource>>();
}

#[cfg(feature = "std")]
#[test]
fn a_source_can_be_sent_shared_and_kept() {
    fn check<T: TokenSource + Send + Sync + 'static>(_: &T) {}
    let credentials = || Credentials::new("AKIDEXAMPLE", SECRET).unwrap();
    let request = || {
        let endpoint = Endpoint::new("db.example.com", 5432).unwrap();
        TokenRequest::new(endpoint, Region::new("eu-west-1").unwrap(), "app").unwrap()
    };
    let cache = Arc::new(TokenCache::new(request(), credentials()).unwrap());
    let caches = Arc::new(TokenStore::new(credentials(), NonZero::<usize>::MIN));
    check(&cache);
    check(&caches.source(request()).unwrap());
    check::<Arc<dyn TokenSource>>(&(cache as _));
    check(&Signer::new(request(), credentials()));
    check(&|_| Err(SourceError::Unavailable));
}

#[test]
fn a_token_is_usable_until_its_lifetime_or_its_credentials_end() -> Result<(), Error> {
    let second = Timestamp::from_unix_seconds;
    let request = TokenRequest::new(
        Endpoint::new("db.example.com", 5432)?,
        Region::new("eu-west-1")?,
        "app",
    )?;
    let long_lived = Credentials::new("AKIDEXAMPLE", SECRET)?;

    let token = request.sign(&long_lived, second(1_000)?);
    assert_eq!(token.expires_at(), second(1_900)?);
    assert!(!token.is_expired(second(1_899)?));
    assert!(token.is_expired(second(1_900)?));

    for (lifetime, expiry, expires_at) in [
        (900, 1_899, 1_899),
        (900, 1_900, 1_900),
        (900, 1_901, 1_900),
        (900, 5, 5),
        (60, 1_059, 1_059),
        (60, 1_061, 1_060),
    ] {
        let request = request
            .clone()
            .with_lifetime(Duration::from_millis(lifetime * 1_000 + 999))?;
        assert_eq!(request.lifetime(), Duration::from_secs(lifetime));
        let credentials = long_lived.clone().with_expiry(second(expiry)?);
        assert_eq!(credentials.expiry(), Some(second(expiry)?));
        let token = request.sign(&credentials, second(1_000)?);
        assert_eq!(
            token.expires_at(),
            second(expires_at)?,
            "{lifetime} {expiry}"
        );
    }
    Ok(())
}

#[test]
fn what_is_put_in_can_be_read() -> Result<(), Error> {
    let (endpoint, region) = (
        Endpoint::new("db.example.com", 5432)?,
        Region::new("eu-west-1")?,
    );
    let request = TokenRequest::new(endpoint.clone(), region.clone(), "app")?;
    assert_eq!(request.endpoint(), &endpoint);
    assert_eq!(request.region(), &region);
    assert_eq!(request.user(), "app");
    assert_eq!(request.lifetime(), Duration::from_secs(900));
    let credentials = Credentials::new("AKIDEXAMPLE", SECRET)?;
    assert_eq!(credentials.access_key_id(), "AKIDEXAMPLE");
    assert_eq!(credentials.expose_secret_access_key(), SECRET);
    assert_eq!(credentials.expose_session_token(), None);
    let credentials = credentials.with_session_token(SESSION_TOKEN)?;
    assert_eq!(credentials.expose_session_token(), Some(SESSION_TOKEN));
    let arn = DbUserArn::new(region.clone(), "111122223333", "db-ABC", "app")?;
    assert_eq!(arn.region(), &region);
    assert_eq!(
        [arn.account(), arn.resource_id(), arn.user()],
        ["111122223333", "db-ABC", "app"]
    );
    assert_eq!(
        [Engine::MariaDb, Engine::MySql, Engine::PostgreSql].map(|engine| engine.to_string()),
        ["MariaDB", "MySQL", "PostgreSQL"]
    );
    Ok(())
}

#[test]
fn debug_says_that_something_is_left_out() -> Result<(), Error> {
    let at = Timestamp::from_unix_seconds(1_440_938_160)?;
    let region = Region::new("eu-west-1")?;
    let credentials = Credentials::new("AKIDEXAMPLE", SECRET)?.with_session_token(SESSION_TOKEN)?;
    let scope = CredentialScope::new(at, &region, "rds-db");
    let key = SigningKey::derive(SECRET, &scope);
    let signature = key.sign(&StringToSign::new(&scope, &[0; 32]));
    let request = CanonicalRequest::new("Action=connect", "db:5432");
    assert_eq!(
        format!("{credentials:?}"),
        "Credentials { access_key_id: \"AKIDEXAMPLE\", secret_access_key: [redacted], \
         session_token: Some([redacted]), expiry: None }"
    );
    assert_eq!(format!("{key:?}"), "SigningKey([redacted])");
    let signer = Signer::new(
        TokenRequest::new(Endpoint::new("db", 5432)?, region.clone(), "app")?,
        credentials,
    );
    let debug = format!("{signer:?}");
    assert!(debug.starts_with("Signer { request: TokenRequest { endpoint"));
    assert!(debug.ends_with("session_token: Some([redacted]), expiry: None }, .. }"));
    assert_eq!(format!("{signature:?}"), "Signature([redacted])");
    assert_eq!(
        format!("{request:?}"),
        "CanonicalRequest { host: \"db:5432\", .. }"
    );
    Ok(())
}

#[test]
fn what_holds_a_secret_is_wiped() {
    fn check<T: ZeroizeOnDrop>() {}
    check::<Credentials>();
    check::<Secret>();
    check::<Signature>();
    check::<SigningKey>();
    check::<Token>();
}

#[test]
fn an_exposed_token_is_the_same_text() -> Result<(), Error> {
    let request = TokenRequest::new(
        Endpoint::new("db.example.com", 5432)?,
        Region::new("eu-west-1")?,
        "app",
    )?;
    let token = request.sign(&Credentials::new("AKIDEXAMPLE", SECRET)?, Timestamp::MIN);
    let text = token.expose_secret().to_owned();
    assert_eq!(token.into_exposed_string(), text);
    Ok(())
}

/// An error and its text.
const ERRORS: &[(Error, &str)] = &[
    (
        Error::Account {
            fault: Fault::TooShort,
            offset: 10,
        },
        "account is too short, at byte 10: it must be 12 digits, or *",
    ),
    (
        Error::Arn { offset: 8 },
        "ARN goes wrong at byte 8: it must be arn:<partition>:rds-db:<region>:<account>:dbuser:\
         <resource id>/<user>, with the partition of the region",
    ),
    (
        Error::EngineUser {
            engine: Engine::PostgreSql,
            fault: Fault::TooLong,
            offset: 63,
        },
        "user is too long, at byte 63: PostgreSQL keeps 63 bytes",
    ),
    (
        Error::EngineUser {
            engine: Engine::MariaDb,
            fault: Fault::TooLong,
            offset: 80,
        },
        "user is too long, at byte 80: MariaDB keeps 80 characters, none beyond U+FFFF, and no \
         space at the end",
    ),
    (
        Error::EngineUser {
            engine: Engine::MySql,
            fault: Fault::WhiteSpace,
            offset: 3,
        },
        "user has white space, at byte 3: MySQL keeps 32 characters, none beyond U+FFFF, and no \
         space at the end",
    ),
    (
        Error::PolicyUser {
            fault: Fault::Character,
            offset: 1,
        },
        "user has a character that is not allowed, at byte 1: in a policy it must be printable \
         Latin-1 without \", \\, *, ? and ${, or * alone",
    ),
    (
        Error::ResourceId {
            fault: Fault::Prefix,
            offset: 0,
        },
        "resource id does not start as it must: it must be db-, cluster- or prx- with its letters \
         and digits (upper-case ones but for prx-), or *, and not the name; find it with `aws rds \
         describe-db-instances --query \"DBInstances[].[DBInstanceIdentifier,DbiResourceId]\"`, for \
         Aurora `aws rds describe-db-clusters --query \
         \"DBClusters[].[DBClusterIdentifier,DbClusterResourceId]\"`, for RDS Proxy at the end of \
         the ARN in `aws rds describe-db-proxies --query \"DBProxies[].[DBProxyName,DBProxyArn]\"`",
    ),
    (
        Error::AccessKeyId {
            fault: Fault::LineBreak,
            offset: 20,
        },
        "access key id has a line break (as text read from a file ends with), at byte 20: it must \
         be printable ASCII without spaces and slashes",
    ),
    (
        Error::Host {
            fault: Fault::Character,
            offset: 5,
        },
        "host has a character that is not allowed, at byte 5: it must be a DNS name of ASCII \
         letters, digits, hyphens and underscores, without scheme, port or path",
    ),
    (
        Error::Host {
            fault: Fault::LabelTooLong,
            offset: 63,
        },
        "host has a label of over 63 bytes, at byte 63: it must be a DNS name of ASCII letters, \
         digits, hyphens and underscores, without scheme, port or path",
    ),
    (
        Error::Lifetime { seconds: 901 },
        "lifetime is 901 s: it must be from 1 s to 900 s",
    ),
    (
        Error::Margin {
            seconds: 29,
            lifetime: 900,
        },
        "margin is 29 s: it must be at least 30 s, and less than the lifetime, 900 s",
    ),
    (
        Error::Port,
        "port is missing, or not a number from 1 to 65535",
    ),
    (
        Error::Region {
            fault: Fault::Empty,
            offset: 0,
        },
        "region is empty: it must be lower-case ASCII letters, digits and hyphens",
    ),
    (
        Error::SecretAccessKey {
            fault: Fault::WhiteSpace,
            offset: 3,
        },
        "secret access key has white space, at byte 3: it must be printable ASCII without spaces",
    ),
    (
        Error::SessionToken {
            fault: Fault::Empty,
            offset: 0,
        },
        "session token is empty: it must be printable ASCII without spaces, and left out where \
         there is none",
    ),
    (
        Error::Timestamp { unix_seconds: -1 },
        "time -1 (in seconds since 1970) is not in the years 1970 to 9999",
    ),
    (
        Error::User {
            fault: Fault::ControlCharacter,
            offset: 0,
        },
        "user has a control character, at byte 0: it must be 1 to 512 bytes of UTF-8 without NUL, \
         CR and LF",
    ),
];

/// What is wrong with a text, in words.
const FAULTS: &[(Fault, &str)] = &[
    (Fault::Character, "has a character that is not allowed"),
    (Fault::ControlCharacter, "has a control character"),
    (Fault::Empty, "is empty"),
    (Fault::EmptyLabel, "has an empty label"),
    (Fault::LabelTooLong, "has a label of over 63 bytes"),
    (
        Fault::LineBreak,
        "has a line break (as text read from a file ends with)",
    ),
    (Fault::NonAscii, "has a character outside ASCII"),
    (Fault::Prefix, "does not start as it must"),
    (Fault::TooLong, "is too long"),
    (Fault::TooShort, "is too short"),
    (Fault::WhiteSpace, "has white space"),
];

#[test]
fn a_fault_is_said_in_words() {
    for (fault, text) in FAULTS {
        assert_eq!(fault.to_string(), *text);
    }
}

#[test]
fn an_error_names_the_input_the_fault_its_place_and_the_rule() {
    for (error, text) in ERRORS {
        assert_eq!(error.to_string(), *text);
    }
}

#[test]
fn a_source_says_why_it_has_no_token_and_since_when() -> Result<(), Error> {
    let since = Timestamp::from_unix_seconds(1_440_938_160)?;
    let expiry = Timestamp::from_unix_seconds(1_440_938_220)?;
    for (error, text) in [
        (
            SourceError::CredentialsExpired { since },
            "credentials expired at 2015-08-30T12:36:00Z: new ones are needed",
        ),
        (
            SourceError::CredentialsExpiring { expiry, since },
            "credentials expire at 2015-08-30T12:37:00Z, so since 2015-08-30T12:36:00Z no token lives \
             for its margin: new ones are needed",
        ),
        (
            SourceError::Lifetime {
                seconds: 45,
                margin: 60,
            },
            "lifetime is 45 s: it must be more than the margin, 60 s",
        ),
        (SourceError::Unavailable, "no token is to be had"),
    ] {
        assert_eq!(error.to_string(), text);
    }
    Ok(())
}
