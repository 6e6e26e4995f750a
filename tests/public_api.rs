//! What the public types show and allow.

use std::time::Duration;
#[cfg(feature = "std")]
use std::{num::NonZero, sync::Arc};

use rds_iam_token::{
    Credentials, Endpoint, Error, Fault, Flaw, Host, HostKind, LocalTokenCache, MarginError,
    PresignedRequest, Region, Secret, SharedTokenSource, Signer, SourceError, Timestamp, Token,
    TokenRequest, TokenSource,
    grant::{self, DbUser, Engine},
    policy::{self, DbUserArn, DbUserPattern},
    sigv4::{CanonicalRequest, CredentialScope, Signature, SigningKey, StringToSign},
};
#[cfg(feature = "std")]
use rds_iam_token::{TokenCache, TokenStore, from_fn};
use zeroize::ZeroizeOnDrop;

const SECRET: &str = "not-a-real-secret";
const SESSION_TOKEN: &str = "not-a-real-session-token";

#[test]
fn every_type_can_be_sent_and_shared() {
    fn check<T: Send + Sync>() {}
    check::<CanonicalRequest<'_>>();
    check::<CredentialScope<'_>>();
    check::<Credentials>();
    check::<DbUser>();
    check::<DbUserArn>();
    check::<DbUserPattern>();
    check::<Endpoint>();
    check::<HostKind>();
    check::<Engine>();
    check::<Error>();
    check::<grant::Error>();
    check::<policy::Error>();
    check::<Fault>();
    check::<Flaw>();
    check::<Host>();
    check::<Region>();
    check::<Secret>();
    check::<Signature>();
    check::<PresignedRequest>();
    check::<Signer>();
    check::<SigningKey>();
    check::<MarginError>();
    check::<SharedTokenSource>();
    check::<SourceError>();
    check::<StringToSign>();
    check::<Timestamp>();
    check::<Token>();
    check::<LocalTokenCache>();
    check::<TokenRequest>();
    check::<Box<dyn TokenSource>>();
}

#[test]
fn a_configuration_with_a_source_can_be_unwound_through() {
    fn check<T: std::panic::UnwindSafe + std::panic::RefUnwindSafe>() {}
    check::<SharedTokenSource>();
    check::<SourceError>();
    let error = SourceError::from(Token::try_from(String::from("no token")).unwrap_err());
    assert_eq!(error.to_string(), "no token available");
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
    check(&from_fn(|_| Err(SourceError::other("offline"))));
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
    let arn = DbUserArn::new(region.clone(), "111122223333", "db-ABC", "app").unwrap();
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
    assert_eq!(format!("{at:?}"), "Timestamp(2015-08-30T12:36:00Z)");
    let to_sign = format!("{:?}", StringToSign::new(&scope, &[0; 32]));
    assert!(
        to_sign.starts_with("StringToSign(AWS4-HMAC-SHA256\n20150830T123600Z\n"),
        "{to_sign}"
    );
    let presigned =
        PresignedRequest::new(Host::new("db")?, "dsql", 900)?.with_parameter("Action", SECRET)?;
    assert_eq!(
        format!("{presigned:?}"),
        "PresignedRequest { host: Host(\"db\"), port: None, service: \"dsql\", lifetime: 900, .. }"
    );
    let arn: policy::RelatedArn = "arn:aws:iam::111122223333:root".parse().unwrap();
    assert!(format!("{arn:?}").contains("\"arn:aws:iam::111122223333:root\""));
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
        Error::AccessKeyId(Fault::LineBreak.at(20)),
        "invalid access key ID: line break at byte 20; expected at most 128 printable ASCII \
         characters, no space or slash",
    ),
    (
        Error::Host(Fault::Character.at(5)),
        "invalid host: character that is not allowed at byte 5; expected a DNS name without \
         scheme, port or path",
    ),
    (
        Error::Host(Fault::LabelTooLong.at(63)),
        "invalid host: label over 63 bytes at byte 63; expected a DNS name without scheme, port \
         or path",
    ),
    (
        Error::Lifetime {
            seconds: 901,
            max: 900,
        },
        "invalid lifetime: 901 s; expected 1 s to 900 s",
    ),
    (
        Error::Parameter,
        "invalid parameter: expected a name that is used once and sorts before X-Amz-",
    ),
    (
        Error::Port,
        "invalid port: expected a number from 1 to 65535",
    ),
    (
        Error::Region(Fault::Empty.at(0)),
        "invalid region: empty; expected lowercase ASCII letters, digits and hyphens",
    ),
    (
        Error::SecretAccessKey(Fault::WhiteSpace.at(3)),
        "invalid secret access key: white space at byte 3; expected printable ASCII without spaces",
    ),
    (
        Error::Service(Fault::Empty.at(0)),
        "invalid service: empty; expected lowercase ASCII letters, digits and hyphens",
    ),
    (
        Error::SessionToken(Fault::Empty.at(0)),
        "invalid session token: empty; expected printable ASCII without spaces, or no session token",
    ),
    (
        Error::Timestamp { unix_seconds: -1 },
        "invalid time: -1 s since 1970; expected the years 1970 to 9999",
    ),
    (
        Error::TimestampText(Fault::TooShort.at(10)),
        "invalid time: too short at byte 10; expected RFC 3339, such as 2015-08-30T12:36:00Z",
    ),
    (
        Error::User(Fault::ControlCharacter.at(0)),
        "invalid user: control character at byte 0; expected 1 to 512 bytes of UTF-8 without NUL, \
         CR and LF",
    ),
];

/// A fault and its text.
const FAULTS: &[(Fault, &str)] = &[
    (Fault::Character, "character that is not allowed"),
    (Fault::ControlCharacter, "control character"),
    (Fault::Empty, "empty"),
    (Fault::EmptyLabel, "empty label"),
    (Fault::LabelTooLong, "label over 63 bytes"),
    (Fault::LineBreak, "line break"),
    (Fault::NonAscii, "character outside ASCII"),
    (Fault::Prefix, "unknown prefix"),
    (Fault::TooLong, "too long"),
    (Fault::TooShort, "too short"),
    (Fault::WhiteSpace, "white space"),
];

#[test]
fn a_fault_is_a_noun_phrase() {
    for (fault, text) in FAULTS {
        assert_eq!(fault.to_string(), *text);
    }
}

#[test]
fn an_error_names_the_input_the_fault_its_place_and_the_rule() {
    for (error, text) in ERRORS {
        assert_eq!(error.to_string(), *text);
        assert!(text.len() <= 120, "{text}");
        assert!(text.starts_with(&format!("invalid {}: ", error.input())));
    }
}

#[test]
fn debug_of_a_source_error_shows_its_times_and_no_foreign_text() -> Result<(), Error> {
    let since = Timestamp::from_unix_seconds(1_440_938_160)?;
    for (error, shown) in [
        (
            SourceError::CredentialsExpired { since },
            "CredentialsExpired { since: ",
        ),
        (
            SourceError::CredentialsExpiring {
                expiry: since,
                since,
            },
            "CredentialsExpiring { expiry: ",
        ),
        (SourceError::CredentialsMissing, "CredentialsMissing"),
        (SourceError::other(SECRET), "Other([redacted])"),
        (SourceError::from(Error::Port), "Other([redacted])"),
    ] {
        let debug = format!("{error:?}");
        assert!(
            debug.starts_with(shown) && !debug.contains(SECRET),
            "{debug}"
        );
    }
    Ok(())
}

#[test]
fn a_host_is_compared_and_borrowed_as_text() -> Result<(), Error> {
    let host: Host = "DB.example.com.".parse()?;
    assert_eq!(host, *"db.example.com");
    assert_eq!(AsRef::<str>::as_ref(&host), "db.example.com");
    assert_eq!(
        "a b".parse::<Host>(),
        Err(Error::Host(Fault::WhiteSpace.at(1)))
    );
    Ok(())
}

#[test]
fn a_field_of_a_diagnosis_is_a_name_and_a_value() {
    use rds_iam_token::diagnose::{Expected, diagnose};

    let diagnosis = diagnose("db.example.com:5432/?Action=connect", &Expected::new());
    let fields = diagnosis.fields();
    let port = fields.iter().find(|field| field.name() == "port");
    assert_eq!(
        port.map(rds_iam_token::diagnose::Field::value),
        Some("5432")
    );
    assert_eq!(port.map(ToString::to_string), Some("port: 5432".into()));
}
