//! What holds for every input.

use std::{collections::BTreeMap, time::Duration};

use percent_encoding::percent_decode_str;
use proptest::prelude::*;
use rds_iam_token::{
    Credentials, Endpoint, Region, Signer, Timestamp, Token, TokenRequest,
    grant::{DbUser, Engine},
    policy::{DbUserArn, connect_policy},
    sigv4::uri_encode,
};
#[cfg(feature = "time")]
use time::OffsetDateTime;

/// What a token is made from, in any form that is taken.
#[derive(Clone, Debug)]
struct Inputs {
    host: String,
    port: u16,
    region: String,
    user: String,
    access_key_id: String,
    secret_access_key: String,
    session_token: Option<String>,
    lifetime: u64,
    at: i64,
}

impl Inputs {
    fn sign(&self) -> Token {
        self.request().sign(&self.credentials(), timestamp(self.at))
    }

    fn request(&self) -> TokenRequest {
        let endpoint = Endpoint::new(&self.host, self.port).unwrap();
        TokenRequest::new(endpoint, Region::new(&self.region).unwrap(), &self.user)
            .unwrap()
            .with_lifetime(Duration::from_secs(self.lifetime))
            .unwrap()
    }

    fn credentials(&self) -> Credentials {
        let credentials = Credentials::new(&self.access_key_id, &self.secret_access_key).unwrap();
        match &self.session_token {
            Some(session_token) => credentials.with_session_token(session_token).unwrap(),
            None => credentials,
        }
    }
}

fn timestamp(unix_seconds: i64) -> Timestamp {
    Timestamp::from_unix_seconds(unix_seconds).unwrap()
}

prop_compose! {
    fn inputs()(
        host in "[a-zA-Z0-9_-]{1,63}(\\.[a-zA-Z0-9_-]{1,63}){0,2}",
        port in 1..=u16::MAX,
        region in "[a-z0-9-]{1,40}",
        user in "[^\0\r\n]{1,128}",
        access_key_id in "[!-.0-~]{1,127}",
        secret_access_key in "[!-~]{1,128}",
        session_token in proptest::option::of("[!-~]{1,2000}"),
        lifetime in 1..=900_u64,
        at in 0..=253_402_300_799_i64,
    ) -> Inputs {
        Inputs {
            host, port, region, user, access_key_id, secret_access_key, session_token, lifetime, at,
        }
    }
}

/// The date text by the calendar of the crate `time`.
#[cfg(feature = "time")]
fn amz_date(at: i64) -> String {
    let at = OffsetDateTime::from_unix_timestamp(at).unwrap();
    let (year, month, day) = at.to_calendar_date();
    let (hour, minute, second) = at.to_hms();
    let month = u8::from(month);
    format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}Z")
}

/// The same by the crate's own `Display`.
#[cfg(not(feature = "time"))]
fn amz_date(at: i64) -> String {
    let at = Timestamp::from_unix_seconds(at).unwrap();
    at.to_string().replace(['-', ':'], "")
}

proptest! {
    #[test]
    fn a_token_holds_each_parameter_once_and_decodes_to_its_inputs(inputs in inputs()) {
        let token = inputs.sign();
        let token = token.expose_secret();
        prop_assert!(token.bytes().all(|byte| byte.is_ascii_graphic()));

        let (authority, query) = token.split_once("/?").unwrap();
        prop_assert_eq!(authority, format!("{}:{}", inputs.host.to_lowercase(), inputs.port));
        let mut parameters = BTreeMap::new();
        for parameter in query.split('&') {
            let (name, value) = parameter.split_once('=').unwrap();
            let value = String::from_utf8(percent_decode_str(value).collect()).unwrap();
            prop_assert_eq!(parameters.insert(name, value), None);
        }
        let signature = parameters.remove("X-Amz-Signature").unwrap();
        prop_assert_eq!(signature.len(), 64);
        prop_assert!(signature.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')));

        let date = amz_date(inputs.at);
        let scope = format!("{}/{}/rds-db/aws4_request", &date[..8], inputs.region);
        let mut expected = BTreeMap::from([
            ("Action", "connect".to_owned()),
            ("DBUser", inputs.user),
            ("X-Amz-Algorithm", "AWS4-HMAC-SHA256".to_owned()),
            ("X-Amz-Credential", format!("{}/{scope}", inputs.access_key_id)),
            ("X-Amz-Date", date),
            ("X-Amz-Expires", inputs.lifetime.to_string()),
            ("X-Amz-SignedHeaders", "host".to_owned()),
        ]);
        expected.extend(inputs.session_token.map(|token| ("X-Amz-Security-Token", token)));
        prop_assert_eq!(parameters, expected);
    }

    #[test]
    fn signing_is_deterministic(inputs in inputs()) {
        let (first, second) = (inputs.sign(), inputs.sign());
        prop_assert_eq!(first.expose_secret(), second.expose_secret());
    }

    #[test]
    fn a_token_fills_its_allocation(inputs in inputs()) {
        let text = inputs.sign().into_exposed_string();
        prop_assert_eq!(text.capacity(), text.len());
    }

    #[test]
    fn a_signer_prints_what_its_request_signs(
        inputs in inputs(),
        moments in proptest::collection::vec(0..=253_402_300_799_i64, 1..4),
    ) {
        let (request, credentials) = (inputs.request(), inputs.credentials());
        let mut signer = Signer::new(request.clone(), credentials.clone());
        for at in moments.into_iter().chain([inputs.at, inputs.at]).map(timestamp) {
            let once = request.sign(&credentials, at);
            let text = signer.sign(at).into_exposed_string();
            prop_assert_eq!(&text, once.expose_secret());
            prop_assert_eq!(text.capacity(), text.len());
        }
    }

    #[test]
    fn every_input_is_signed(inputs in inputs()) {
        let signature = |inputs: &Inputs| {
            let token = inputs.sign();
            token.expose_secret().rsplit_once('=').unwrap().1.to_owned()
        };
        let one_changed = [
            Inputs { host: inputs.host.clone() + ".a", ..inputs.clone() },
            Inputs { port: inputs.port % u16::MAX + 1, ..inputs.clone() },
            Inputs { region: inputs.region.clone() + "a", ..inputs.clone() },
            Inputs { user: inputs.user.clone() + "a", ..inputs.clone() },
            Inputs { access_key_id: inputs.access_key_id.clone() + "a", ..inputs.clone() },
            Inputs { secret_access_key: inputs.secret_access_key.clone() + "a", ..inputs.clone() },
            Inputs {
                session_token: Some(inputs.session_token.clone().unwrap_or_default() + "a"),
                ..inputs.clone()
            },
            Inputs { lifetime: inputs.lifetime % 900 + 1, ..inputs.clone() },
            Inputs { at: (inputs.at + 1) % 253_402_300_800, ..inputs.clone() },
        ];
        for changed in one_changed {
            prop_assert_ne!(signature(&changed), signature(&inputs), "{:?}", changed);
        }
    }

    #[test]
    fn encoding_decodes_to_the_same_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let encoded = uri_encode(&bytes);
        prop_assert_eq!(percent_decode_str(&encoded).collect::<Vec<_>>(), bytes);
    }

    #[test]
    fn no_text_makes_a_constructor_panic(text in any::<String>(), number in any::<i64>()) {
        let _ = Endpoint::new(&text, 5432);
        let _ = Region::new(&text);
        let _ = Timestamp::from_unix_seconds(number);
        let endpoint = Endpoint::new("db", 5432).unwrap();
        let _ = TokenRequest::new(endpoint, Region::new("r").unwrap(), &text);
        if let Ok(credentials) = Credentials::new(&text, &text) {
            let _ = credentials.with_session_token(&text);
        }
    }

    #[test]
    fn sql_has_one_name_and_that_is_the_user(
        user in "[a\"'`\\\\;$ -~\\PC]{1,40}",
        engine in prop_oneof![Just(Engine::MariaDb), Just(Engine::MySql), Just(Engine::PostgreSql)],
        with_host: bool,
    ) {
        let Ok(mut account) = DbUser::in_utf8_session(engine, &user) else { return Ok(()) };
        let mut names = vec![user.clone()];
        if engine != Engine::PostgreSql {
            prop_assert_eq!(DbUser::new(engine, &user).is_ok(), user.is_ascii());
            if with_host {
                account = account.with_host("10.0.%").unwrap();
                names.push("10.0.%".into());
            }
        }
        for sql in [
            account.create(),
            account.create_if_not_exists(),
            account.enable_iam(),
            account.disable_iam(),
        ] {
            prop_assert!(engine != Engine::PostgreSql || sql.is_ascii());
            let read = frame(&sql);
            prop_assert_eq!(&read.names, &names);
            prop_assert!(FRAMES.contains(&read.frame.as_str()), "{}", read.frame);
        }
    }

    #[test]
    fn a_policy_is_json_that_holds_the_user(user in "[ -~\u{a1}-\u{ff}]{1,40}") {
        let region = Region::new("us-east-2").unwrap();
        if let Ok(arn) = DbUserArn::new(region, "111122223333", "db-ABCDEFGHIJKL01234", &user) {
            prop_assert_eq!(arn.to_string().parse::<DbUserArn>().unwrap(), arn.clone());
            let policy = connect_policy([arn]);
            let strings: Vec<_> = policy.split('"').skip(1).step_by(2).collect();
            prop_assert_eq!(strings.len(), 9);
            let resource = strings.last().unwrap();
            let end = format!("dbuser:db-ABCDEFGHIJKL01234/{user}");
            prop_assert!(resource.ends_with(&end));
            prop_assert!(!policy.contains('\\'));
        }
    }
}

/// SQL without its names, and the names.
struct Frame {
    frame: String,
    names: Vec<String>,
}

/// Reads quoted names as the engines do: a doubled mark is one, and a backslash escapes after `U&`.
fn frame(sql: &str) -> Frame {
    let sql = sql
        .replace("'RDS'", "RDS")
        .replace("'the user exists and is left as it is'", "NOTE");
    let (mut frame, mut names) = (String::new(), vec![]);
    let mut letters = sql.chars().peekable();
    while let Some(mark) = letters.next() {
        if !matches!(mark, '"' | '`' | '\'') {
            frame.push(mark);
            continue;
        }
        let escapes = frame.ends_with("U&");
        let mut name = String::new();
        while let Some(letter) = letters.next() {
            if letter == mark && letters.next_if_eq(&mark).is_none() {
                break;
            }
            if letter != '\\' || !escapes {
                name.push(letter);
            } else if letters.next_if_eq(&'\\').is_some() {
                name.push('\\');
            } else {
                let digits = if letters.next_if_eq(&'+').is_some() {
                    6
                } else {
                    4
                };
                let code: String = letters.by_ref().take(digits).collect();
                let code = u32::from_str_radix(&code, 16).unwrap();
                name.push(char::from_u32(code).unwrap());
            }
        }
        names.push(name);
        frame.truncate(frame.trim_end_matches("U&").len());
        frame.push('_');
    }
    Frame {
        frame: frame
            .replace("_@_", "_")
            .replace('\n', " ")
            .trim_end()
            .to_owned(),
        names,
    }
}

/// Everything that may stand around a name, in one line.
const FRAMES: &[&str] = &[
    "ALTER USER _ ACCOUNT LOCK;",
    "ALTER USER _ IDENTIFIED WITH AWSAuthenticationPlugin AS RDS REQUIRE SSL ACCOUNT UNLOCK;",
    "CREATE USER _ IDENTIFIED WITH AWSAuthenticationPlugin AS RDS REQUIRE SSL;",
    "CREATE USER IF NOT EXISTS _ IDENTIFIED WITH AWSAuthenticationPlugin AS RDS REQUIRE SSL;",
    "CREATE USER _ IN ROLE rds_iam;",
    "DO $rds_iam$ BEGIN CREATE USER _ IN ROLE rds_iam; EXCEPTION WHEN duplicate_object THEN \
     RAISE NOTICE NOTE; END $rds_iam$;",
    "GRANT rds_iam TO _;",
    "REVOKE rds_iam FROM _;",
];
