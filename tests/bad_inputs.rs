//! Malformed and doubtful inputs: each is rejected with the right error, or accepted on purpose.

use std::time::Duration;

use rds_iam_token::{Credentials, Endpoint, Error, Fault, Region, Timestamp, TokenRequest};

use Input::{
    AccessKeyId, Host, Lifetime, LongSessionToken, Port, SecretAccessKey, SessionToken, Time, User,
};

/// One input; the others are good.
#[derive(Clone, Copy, Debug)]
enum Input {
    AccessKeyId(&'static str),
    Host(&'static str),
    /// In seconds.
    Lifetime(u64),
    /// Of so many characters.
    LongSessionToken(usize),
    Port(u16),
    Region(&'static str),
    SecretAccessKey(&'static str),
    SessionToken(&'static str),
    /// In seconds since 1970.
    Time(i64),
    User(&'static str),
}

impl Input {
    fn check(self) -> Result<(), Error> {
        match self {
            AccessKeyId(id) => Credentials::new(id, "secret").map(drop),
            Host(host) => Endpoint::new(host, 5432).map(drop),
            Lifetime(seconds) => request("app")?
                .with_lifetime(Duration::from_secs(seconds))
                .map(drop),
            LongSessionToken(length) => Credentials::new("AKIDEXAMPLE", "secret")?
                .with_session_token("A".repeat(length))
                .map(drop),
            Port(port) => Endpoint::new("db.example.com", port).map(drop),
            Self::Region(region) => Region::new(region).map(drop),
            SecretAccessKey(secret) => Credentials::new("AKIDEXAMPLE", secret).map(drop),
            SessionToken(session_token) => Credentials::new("AKIDEXAMPLE", "secret")?
                .with_session_token(session_token)
                .map(drop),
            Time(unix_seconds) => Timestamp::from_unix_seconds(unix_seconds).map(drop),
            User(user) => request(user).map(drop),
        }
    }
}

fn request(user: &str) -> Result<TokenRequest, Error> {
    TokenRequest::new(
        Endpoint::new("db.example.com", 5432)?,
        Region::new("us-east-1")?,
        user,
    )
}

/// The result for each input. If a careful library has the choice (a leading hyphen, IPv6, port
/// 443, a DEL in a user, an empty session token, years before 1970) the constructor's documentation
/// states the choice. A negative port cannot be expressed in a `u16`.
#[rustfmt::skip] // One line a row.
const INPUTS: &[(&str, Input, Result<(), Error>)] = &[
    ("host-empty", Host(""), Err(Error::Host(Fault::Empty.at(0)))),
    ("host-http-scheme", Host("http://mydb.c1abcdefghij.us-east-1.rds.amazonaws.com"), Err(Error::Host(Fault::Character.at(4)))),
    ("host-jdbc", Host("jdbc:mysql://mydb.c1abcdefghij.us-east-1.rds.amazonaws.com"), Err(Error::Host(Fault::Character.at(4)))),
    ("host-with-path", Host("mydb.c1abcdefghij.us-east-1.rds.amazonaws.com/db"), Err(Error::Host(Fault::Character.at(45)))),
    ("host-query", Host("mydb.c1abcdefghij.us-east-1.rds.amazonaws.com?x=1"), Err(Error::Host(Fault::Character.at(45)))),
    ("host-hash", Host("mydb.c1abcdefghij.us-east-1.rds.amazonaws.com#"), Err(Error::Host(Fault::Character.at(45)))),
    ("host-at", Host("user@mydb.c1abcdefghij.us-east-1.rds.amazonaws.com"), Err(Error::Host(Fault::Character.at(4)))),
    ("host-lf", Host("my\ndb.example.com"), Err(Error::Host(Fault::LineBreak.at(2)))),
    ("host-crlf-inject", Host("mydb.example.com\r\nx-evil: 1"), Err(Error::Host(Fault::LineBreak.at(16)))),
    ("host-trailing-lf", Host("mydb.c1abcdefghij.us-east-1.rds.amazonaws.com\n"), Err(Error::Host(Fault::LineBreak.at(45)))),
    ("host-tab", Host("my\tdb.example.com"), Err(Error::Host(Fault::WhiteSpace.at(2)))),
    ("host-leading-space", Host(" mydb.c1abcdefghij.us-east-1.rds.amazonaws.com"), Err(Error::Host(Fault::WhiteSpace.at(0)))),
    ("host-del", Host("my\x7fdb.example.com"), Err(Error::Host(Fault::ControlCharacter.at(2)))),
    ("host-backslash", Host("my\\db.example.com"), Err(Error::Host(Fault::Character.at(2)))),
    ("host-percent", Host("my%64b.example.com"), Err(Error::Host(Fault::Character.at(2)))),
    ("host-trailing-colon", Host("mydb.c1abcdefghij.us-east-1.rds.amazonaws.com:"), Err(Error::Host(Fault::Character.at(45)))),
    ("host-unicode", Host("bücher.example.com"), Err(Error::Host(Fault::NonAscii.at(1)))),
    ("host-254", Host(HOST_OF_254_BYTES), Err(Error::Host(Fault::TooLong.at(253)))),
    ("host-leading-hyphen", Host("-mydb.example.com"), Ok(())),
    ("host-ipv4", Host("10.0.0.1"), Ok(())),
    ("host-ipv6-bracketed", Host("[::1]"), Err(Error::Host(Fault::Character.at(0)))),
    ("host-upper", Host("MyDB.c1abcdefghij.us-east-1.rds.amazonaws.com"), Ok(())),
    ("port-0", Port(0), Err(Error::Port)),
    ("port-443", Port(443), Ok(())),
    ("user-lf", User("jane_doe\n"), Err(Error::User(Fault::LineBreak.at(8)))),
    ("user-crlf", User("jane\r\ndoe"), Err(Error::User(Fault::LineBreak.at(4)))),
    ("user-del", User("jane\x7fdoe"), Ok(())),
    ("user-space", User("app user"), Ok(())),
    ("user-plus", User("user+tag"), Ok(())),
    ("user-percent", User("%41dmin"), Ok(())),
    ("user-kerberos", User("jane@CORP.EXAMPLE.COM"), Ok(())),
    ("user-64", User("uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu"), Ok(())),
    ("region-empty", Input::Region(""), Err(Error::Region(Fault::Empty.at(0)))),
    ("region-slash", Input::Region("us-east-1/s3"), Err(Error::Region(Fault::Character.at(9)))),
    ("region-trailing-space", Input::Region("us-east-1 "), Err(Error::Region(Fault::WhiteSpace.at(9)))),
    ("akid-empty", AccessKeyId(""), Err(Error::AccessKeyId(Fault::Empty.at(0)))),
    ("akid-slash", AccessKeyId("AKID/EXAMPLE"), Err(Error::AccessKeyId(Fault::Character.at(4)))),
    ("akid-space", AccessKeyId("AKID EXAMPLE"), Err(Error::AccessKeyId(Fault::WhiteSpace.at(4)))),
    ("akid-lf", AccessKeyId("AKIAIOSFODNN7EXAMPLE\n"), Err(Error::AccessKeyId(Fault::LineBreak.at(20)))),
    ("akid-nonascii", AccessKeyId("AKIDÉXAMPLE"), Err(Error::AccessKeyId(Fault::NonAscii.at(4)))),
    ("secret-empty", SecretAccessKey(""), Err(Error::SecretAccessKey(Fault::Empty.at(0)))),
    ("secret-short", SecretAccessKey("s"), Ok(())),
    ("session-empty", SessionToken(""), Err(Error::SessionToken(Fault::Empty.at(0)))),
    ("session-space", SessionToken("IQoJb3JpZ2luX2Vj EXAMPLE"), Err(Error::SessionToken(Fault::WhiteSpace.at(16)))),
    ("session-20000", LongSessionToken(20_000), Ok(())),
    ("time-pre-1970", Time(-1), Err(Error::Timestamp { unix_seconds: -1 })),
    ("time-year-1", Time(-62_135_596_800), Err(Error::Timestamp { unix_seconds: -62_135_596_800 })),
    ("time-year-0", Time(-62_167_219_201), Err(Error::Timestamp { unix_seconds: -62_167_219_201 })),
    ("time-year-10000", Time(253_402_300_800), Err(Error::Timestamp { unix_seconds: 253_402_300_800 })),
    ("time-year-9999-end", Time(253_402_300_799), Ok(())),
    ("expires-1", Lifetime(1), Ok(())),
    ("expires-900", Lifetime(900), Ok(())),
    ("expires-901", Lifetime(901), Err(Error::Lifetime { seconds: 901, max: 900 })),
    ("expires-604801", Lifetime(604_801), Err(Error::Lifetime { seconds: 604_801, max: 900 })),
];

const HOST_OF_254_BYTES: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.\
    aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.\
    aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.\
    bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

#[test]
fn each_input_is_accepted_or_rejected_as_documented() {
    for &(id, input, result) in INPUTS {
        assert_eq!(input.check(), result, "{id}");
    }
}
