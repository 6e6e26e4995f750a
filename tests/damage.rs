//! Damage that is rare, and what is said about it to the letter.

use rds_iam_token::{
    Credentials, Endpoint, Host, Region, Timestamp, TokenRequest,
    diagnose::{Cause, Expected, Finding, Server, diagnose},
    sigv4::uri_encode,
};

use Cause::UnknownParameter;
use Cause::{Decoded, DuplicateParameter, EncodedTwice, NotAToken, SurroundingText, Truncated};

const HOST: &str = "db.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com";

/// Signs for the user `app` with a temporary key.
fn signed(host: &str) -> String {
    let endpoint = Endpoint::new(host, 5432).unwrap();
    let credentials = Credentials::new("ASIDEXAMPLE", "not-a-real-secret")
        .and_then(|credentials| credentials.with_session_token("not+a/real=session-token"))
        .unwrap();
    TokenRequest::new(endpoint, Region::new("eu-west-1").unwrap(), "app")
        .unwrap()
        .sign(
            &credentials,
            Timestamp::from_unix_seconds(1_440_938_160).unwrap(),
        )
        .into_exposed_string()
}

fn causes(text: &str, known: &Expected) -> Vec<Cause> {
    let diagnosis = diagnose(text, known);
    diagnosis.findings().iter().map(Finding::cause).collect()
}

/// Gives the message about a cause.
fn message(text: &str, cause: Cause) -> String {
    let diagnosis = diagnose(text, &Expected::new());
    let mut findings = diagnosis.findings().iter();
    let finding = findings.find(|finding| finding.cause() == cause);
    finding
        .map(|finding| finding.message().to_owned())
        .unwrap_or_default()
}

fn known(host: &str) -> Expected {
    Expected::new().with_host(Host::new(host).unwrap())
}

#[test]
fn the_start_of_a_host_is_told_from_other_text() {
    for (text, known, cause) in [
        ("db.", known(HOST), NotAToken),
        ("db.c", known(HOST), Truncated),
        ("DB.C1A2", known(HOST), Truncated),
        ("db.d", known(HOST), NotAToken),
        ("x.rds.y", Expected::new(), Truncated),
        ("a.database.internal.lan.", Expected::new(), Truncated),
        ("a.database.internal.lan", Expected::new(), NotAToken),
        ("a-database-on.internal-lan", Expected::new(), NotAToken),
        ("A.database.internal.lan.x", Expected::new(), NotAToken),
        // Up to the first parameter: host and port, both.
        (
            "db.c1a2.eu-west-1.rds.amazonaws.com:5432/?Act",
            Expected::new(),
            Truncated,
        ),
        (
            "db.c1a2.eu-west-1.rds.amazonaws.com:0/?Act",
            Expected::new(),
            NotAToken,
        ),
        (
            "db.c1a2.eu-west-1.rds.amazonaws.com:port/?Act",
            Expected::new(),
            NotAToken,
        ),
        ("db..com:5432/?Act", Expected::new(), NotAToken),
    ] {
        assert_eq!(causes(text, &known), [cause], "{text}");
    }
}

#[test]
fn a_token_is_found_whatever_is_around_it() {
    let (token, other) = (signed(HOST), signed("db.example.com"));
    let (start, signature) = token.split_at(token.find("&X-Amz-Security-Token").unwrap());
    let (session_token, signature) = signature.split_at(signature.find("&X-Amz-Sig").unwrap());
    // As the Rust SDK prints it.
    let rust = [start, signature, session_token].concat();
    let (rust_start, rust_end) = rust.split_at(rust.len() - 10);
    let encoded = uri_encode(&token);
    // What is encoded nowhere may stand in a session token.
    let unreserved = rust.replace("session-token", "session_token~");
    for (text, repaired) in [
        (format!("password:{token}"), &token),
        (format!("password\n{other}"), &other),
        (format!("\"{encoded}\""), &token),
        (format!("Token „{encoded}“"), &token),
        (format!("{rust_start}\n  {rust_end} is it"), &rust),
        (format!("{rust_start}\n{rust_end} is it"), &rust),
        // A host that RDS gives is put together over lines.
        (format!("{}\n{}", &token[..20], &token[20..]), &token),
        (format!("{}\n{}", &token[..30], &token[30..]), &token),
        (format!("'{unreserved}'"), &unreserved),
    ] {
        let diagnosis = diagnose(&text, &Expected::new());
        assert_eq!(diagnosis.expose_repaired(), repaired, "{text}");
    }
    // A host that is known is put together over lines.
    let (start, end) = other.split_at(6);
    let text = format!("{start}\n{end}");
    let diagnosis = diagnose(&text, &known("db.example.com"));
    assert_eq!(diagnosis.expose_repaired(), other);
    // What is foreign stands before a user that is not encoded, and not behind it.
    let text = token
        .replace("connect", "con\"nect")
        .replace("DBUser=app", "DBUser=a pp");
    let diagnosis = diagnose(&text, &Expected::new());
    assert!(
        diagnosis
            .expose_repaired()
            .contains("Action=connect&DBUser=a pp&")
    );
}

#[test]
fn what_is_around_a_token_is_named() {
    let token = signed(HOST);
    for (text, said) in [
        (format!("{token}\n"), "line breaks"),
        (format!("{token}\t"), "white space"),
        (format!("\u{feff}{token}"), "white space"),
        (format!("\u{200b}{token}"), "white space"),
        (format!("{token}\0"), "control characters"),
        (format!("'{token}'"), "quotes"),
        (format!("\u{201e}\u{201f}{token}\u{2018}"), "quotes"),
        (token.replace("&DB", "\\&DB"), "backslashes"),
        (token.replace("&DB", "^&DB"), "carets"),
        (
            format!("\"{token}\"\n"),
            "quotes and line breaks and quotes",
        ),
    ] {
        let said = format!("{said} around the token or in it; expected the token alone");
        assert_eq!(message(&text, SurroundingText), said, "{text:?}");
    }
}

/// Orders in which no signer prints, with what is cut last: what is before it cannot tell.
#[test]
fn a_value_that_is_cut_is_found_in_any_order() {
    let token = signed(HOST);
    let (authority, query) = token.split_once('?').unwrap();
    for (name, cut, whole) in [
        ("Action", "conn", "connect"),
        ("X-Amz-Algorithm", "AWS4-HMAC", "AWS4-HMAC-SHA256"),
        ("X-Amz-Credential", "ASIDEXAMPLE%2F20150830%2Feu-west-1", ""),
        ("X-Amz-Date", "20150830T1236", "20150830T123600Z"),
        ("X-Amz-Expires", "90", "900"),
        ("X-Amz-SignedHeaders", "ho", "host"),
    ] {
        let start = format!("{name}=");
        let (kept, moved): (Vec<_>, Vec<_>) = query
            .split('&')
            .filter(|parameter| !parameter.starts_with("X-Amz-Signature"))
            .rev()
            .partition(|parameter| !parameter.starts_with(&start));
        let is_cut = |last: &str, before: &[&str]| {
            let text = format!("{authority}?{}&{last}", before.join("&"));
            causes(&text, &Expected::new()).contains(&Truncated)
        };
        assert!(is_cut(&format!("{start}{cut}"), &kept), "{name}");
        // Whole as it is.
        assert!(!is_cut(moved[0], &kept), "{name}");
        if !whole.is_empty() {
            assert!(!is_cut(&format!("{start}{whole}"), &kept), "{name}");
        }
        // Nothing is cut behind a signature.
        let (_, signature) = query.split_once("&X-Amz-Signature").unwrap();
        let signature = format!("X-Amz-Signature{signature}");
        let signed: Vec<_> = [signature.as_str()].into_iter().chain(kept).collect();
        let is_told = matches!(name, "Action" | "X-Amz-Algorithm" | "X-Amz-SignedHeaders");
        assert_eq!(is_cut(&format!("{start}{cut}"), &signed), is_told, "{name}");
    }
}

#[test]
fn a_last_parameter_without_a_value_is_cut_where_it_starts_one_that_is_missing() {
    let token = signed(HOST).replace("&X-Amz-Expires=900", "");
    for (last, is_cut) in [("&X-Amz-Exp", true), ("&zzz", false), ("&Act", false)] {
        let found = causes(&[&token, last].concat(), &Expected::new());
        assert_eq!(found.contains(&Truncated), is_cut, "{last}: {found:?}");
    }
}

#[test]
fn a_parameter_that_no_token_has_is_named_where_it_is_a_name() {
    let generic = "an unknown parameter is present";
    let token = signed(HOST);
    for (parameter, said) in [
        ("&foo=bar", "foo is not a parameter of a token"),
        ("&X-Foo=bar", "X-Foo is not a parameter of a token"),
        ("&foo", "foo is not a parameter of a token"),
        (
            "&dbuser=app",
            "dbuser is not a parameter of a token; expected DBUser, case counts",
        ),
        ("&f_o=bar", generic),
        ("&foo1=bar", generic),
        ("&=bar", generic),
        (
            "&abcdefghijklmnopqrs=",
            "abcdefghijklmnopqrs is not a parameter of a token",
        ),
        // Long enough to be a piece of a secret.
        ("&abcdefghijklmnopqrst=", generic),
    ] {
        let text = token.replace("&X-Amz-Date", &[parameter, "&X-Amz-Date"].concat());
        assert_eq!(message(&text, UnknownParameter), said, "{parameter}");
    }
}

#[test]
fn each_parameter_that_is_there_twice_is_named_once() {
    let token = signed(HOST);
    let twice = token.replace(
        "&X-Amz-Date",
        "&Action=connect&DBUser=app&DBUser=app&X-Amz-Date",
    );
    let diagnosis = diagnose(&twice, &Expected::new());
    let messages: Vec<_> = diagnosis
        .findings()
        .iter()
        .filter(|finding| finding.cause() == DuplicateParameter)
        .map(Finding::message)
        .collect();
    assert_eq!(
        messages,
        [
            "Action is present twice; expected it once",
            "DBUser is present twice; expected it once"
        ]
    );
}

#[test]
fn a_session_token_alone_may_be_encoded_twice() {
    let token = signed(HOST);
    let twice = token.replace("%2Ba%2Freal%3D", "%252Ba%252Freal%253D");
    assert_ne!(twice, token);
    let diagnosis = diagnose(&twice, &Expected::new());
    assert_eq!(diagnosis.expose_repaired(), token);
    assert_eq!(causes(&twice, &Expected::new()), [EncodedTwice]);
    let decoded = token
        .replace("%2F", "/")
        .replace("%2B", "+")
        .replace("%3D", "=");
    assert_eq!(causes(&decoded, &Expected::new()), [Decoded]);
}

#[test]
fn parameters_are_decoded_three_times_and_no_more() {
    let token = signed(HOST);
    for (times, is_repaired) in [(3, true), (4, false)] {
        let encoded = token.replace('%', &["%", &"25".repeat(times)].concat());
        let diagnosis = diagnose(&encoded, &Expected::new());
        let is_same = diagnosis.expose_repaired() == token;
        assert_eq!(is_same, is_repaired, "{encoded}");
    }
}

/// Every cause, in the order in which they are reported, and its name.
const CAUSES: &[(Cause, &str)] = &[
    (Cause::Empty, "empty"),
    (Cause::NotAToken, "not-a-token"),
    (Cause::Base64, "base64"),
    (Cause::SurroundingText, "surrounding-text"),
    (Cause::EscapedAmpersand, "escaped-ampersand"),
    (Cause::LetterCase, "letter-case"),
    (Cause::WrongService, "wrong-service"),
    (Cause::Scheme, "scheme"),
    (Cause::EncodedTwice, "encoded-twice"),
    (Cause::Decoded, "decoded"),
    (Cause::LostPercentSigns, "lost-percent-signs"),
    (Cause::PlusForSpace, "plus-for-space"),
    (Cause::Truncated, "truncated"),
    (Cause::MissingSlash, "missing-slash"),
    (Cause::MissingPort, "missing-port"),
    (Cause::MalformedHost, "malformed-host"),
    (Cause::MalformedEncoding, "malformed-encoding"),
    (Cause::DuplicateParameter, "duplicate-parameter"),
    (Cause::UnknownParameter, "unknown-parameter"),
    (Cause::MissingParameter, "missing-parameter"),
    (Cause::MalformedParameter, "malformed-parameter"),
    (Cause::MalformedSignature, "malformed-signature"),
    (Cause::WrongAlgorithm, "wrong-algorithm"),
    (Cause::WrongAction, "wrong-action"),
    (Cause::WrongSignedHeaders, "wrong-signed-headers"),
    (Cause::WrongScopeDate, "wrong-scope-date"),
    (Cause::WrongHost, "wrong-host"),
    (Cause::UnsignableHost, "unsignable-host"),
    (Cause::WrongPort, "wrong-port"),
    (Cause::WrongRegion, "wrong-region"),
    (Cause::WrongUser, "wrong-user"),
    (Cause::UserCase, "user-case"),
    (Cause::WrongAccessKey, "wrong-access-key"),
    (Cause::MissingSessionToken, "missing-session-token"),
    (Cause::UnexpectedSessionToken, "unexpected-session-token"),
    (Cause::WrongSessionToken, "wrong-session-token"),
    (Cause::Lifetime, "lifetime"),
    (Cause::Expired, "expired"),
    (Cause::CredentialsExpired, "credentials-expired"),
    (Cause::NotYetValid, "not-yet-valid"),
    (Cause::WrongSignature, "wrong-signature"),
];

#[test]
fn each_cause_has_a_name_that_stays_and_a_remedy() {
    assert!(CAUSES.is_sorted());
    assert!(CAUSES.iter().map(|(cause, _)| cause).eq(Cause::ALL));
    let mut remedies: Vec<_> = CAUSES.iter().map(|(cause, _)| cause.remedy()).collect();
    for (cause, name) in CAUSES {
        assert_eq!(cause.to_string(), *name);
        assert!(
            cause.remedy().len() > 10 && !cause.remedy().contains('\n'),
            "{name}"
        );
    }
    let count = remedies.len();
    remedies.sort_unstable();
    remedies.dedup();
    assert!(remedies.len() + 5 > count, "one remedy is for many");
}

#[test]
fn an_endpoint_is_said_to_be_what_it_is() {
    for (start, what) in [
        ("c1a2b3c4d5e6", "an instance"),
        ("cluster-c1a2b3c4d5e6", "a cluster's writer endpoint"),
        ("cluster-ro-c1a2b3c4d5e6", "a cluster's reader endpoint"),
        ("cluster-custom-c1a2b3c4d5e6", "an Aurora custom endpoint"),
        ("proxy-c1a2b3c4d5e6", "a proxy"),
        ("endpoint.proxy-c1a2b3c4d5e6", "a proxy's endpoint"),
        ("shardgrp-c1a2b3c4d5e6", "a shard group"),
    ] {
        let host = format!("other.{start}.eu-west-1.rds.amazonaws.com");
        let said = format!("signed for host {host} ({what}); expected {HOST}");
        let diagnosis = diagnose(&signed(&host), &known(HOST));
        let messages: Vec<_> = diagnosis.findings().iter().map(Finding::message).collect();
        assert!(messages.contains(&said.as_str()), "{messages:?}");
    }
    let host = "other.global-c1a2b3c4d5e6.global.rds.amazonaws.com";
    let diagnosis = diagnose(&signed(host), &known(HOST));
    let message = diagnosis.findings()[0].message();
    assert!(
        message.contains("a global database's writer endpoint"),
        "{message}"
    );
}

#[test]
fn what_cannot_be_decoded_or_is_empty_is_answered() {
    let encoded = uri_encode(signed(HOST)).replace("app", "%FF");
    assert!(!causes(&encoded, &Expected::new()).is_empty());
    let no_user = Expected::new().with_user("");
    let diagnosis = diagnose(&signed(HOST), &no_user);
    assert_eq!(
        diagnosis.findings()[0].message(),
        "signed for user app; expected (nothing)"
    );
}

#[test]
fn a_user_is_shown_up_to_a_separator() {
    let token = signed(HOST);
    let long = "u.".repeat(40);
    for (user, shown) in [
        ("jane.doe%40example.com", "jane.doe@example.com"),
        ("Jane%20Doe-2_b", "Jane Doe-2_b"),
        ("j%C3%BCrgen%E2%80%AE", "j\u{fc}rgen…"),
        ("app%26X-Amz-Signature%3D0123", "app…"),
        ("app%2526X-Amz-Signature", "app…"),
        ("app%2Bb", "app…"),
        ("%7Bapp%7D", "not shown, 5 bytes"),
        ("abcdefghijklmnopqrs", "abcdefghijklmnopqrs"),
        ("abcdefghijklmnopqrst", "not shown, 20 bytes"),
        (&long, &long),
        (&[&long, "u"].concat(), &[&long, "…"].concat()),
    ] {
        let text = token.replace("DBUser=app", &["DBUser=", user].concat());
        let diagnosis = diagnose(&text, &Expected::new().with_user("jane"));
        let message = format!("signed for user {shown}; expected jane");
        assert_eq!(diagnosis.findings()[0].message(), message);
    }
}

#[test]
fn each_server_has_causes_and_remedies_of_its_own() {
    for (server, count, first, remedy) in [
        (
            Server::MySql,
            11,
            "the user is not identified with",
            "rds_iam_token::grant",
        ),
        (
            Server::PostgreSql,
            13,
            "the role rds_iam is not granted",
            "rds_iam_token::grant",
        ),
        (
            Server::Proxy,
            12,
            "the IAM policy names the resource id of the database",
            "prx-",
        ),
    ] {
        let causes: Vec<_> = server.other_causes().collect();
        assert_eq!(causes.len(), count, "{server:?}");
        assert!(causes[0].message().starts_with(first), "{server:?}");
        assert!(causes[0].remedy().contains(remedy), "{server:?}");
    }
}

/// What is behind a secret may be a piece of it, and what is before a question mark too.
#[test]
fn no_piece_of_a_secret_is_named() {
    let token = |session_token: &str| {
        let credentials = Credentials::new("ASIDEXAMPLE", "not-a-real-secret")
            .and_then(|credentials| credentials.with_session_token(session_token))
            .unwrap();
        TokenRequest::new(
            Endpoint::new(HOST, 5432).unwrap(),
            Region::new("eu-west-1").unwrap(),
            "app",
        )
        .unwrap()
        .sign(&credentials, Timestamp::MIN)
        .into_exposed_string()
    };
    let signature = "0123456789abcdef".repeat(4);
    for (text, secret) in [
        (
            token("not-a-real-session-token").replace("Token=", "Token&"),
            "not-a-real-session-token",
        ),
        (
            token("abcdefghijklmnop&qrstuvwxyzABCDEF").replace("%26", "&"),
            "qrstuvwxyzABCDEF",
        ),
        (
            token("IQoJb3JpZ2luX2VjEJrabcdefghijklmnopqrst").replace("VjEJr", "VjEJr&"),
            "abcdefghijklmnopqrst",
        ),
        (
            token("IQoJb3JpZ2luX2VjEJrabcdefghijklmnopqrst")
                .replace("VjEJr", "VjEJr&")
                .replace("X-Amz-Security", "x-amz-security"),
            "abcdefghijklmnopqrst",
        ),
        (
            token("abcdefghijklmnop?qrstuvwxyzABCDEF")
                .replace('?', "")
                .replace("%3F", "?")
                .replace("%2F", "/"),
            "abcdefghijklmnop",
        ),
        (
            token("s").replace(
                "DBUser=app",
                &format!("DBUser=-Amz-Signature%3D{signature}"),
            ),
            "0123456789abcdef",
        ),
    ] {
        for known in [Expected::new(), known(HOST).with_user("jane")] {
            let diagnosis = diagnose(&text, &known);
            for finding in diagnosis.findings() {
                assert!(!finding.to_string().contains(secret), "{finding}");
            }
        }
    }
}

/// Names that start like a parameter's and are none.
#[test]
fn a_host_or_user_that_starts_like_a_secret_is_one() {
    let host = "amz-search.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com";
    let sign = |user: &str| {
        let endpoint = Endpoint::new(host, 5432).unwrap();
        let credentials = Credentials::new("AKIDEXAMPLE", "not-a-real-secret").unwrap();
        TokenRequest::new(endpoint, Region::new("eu-west-1").unwrap(), user)
            .unwrap()
            .sign(&credentials, Timestamp::MIN)
            .into_exposed_string()
    };
    assert_eq!(causes(&sign("app"), &known(host).with_user("app")), []);
    let diagnosis = diagnose(&sign("amz-sales"), &known(host).with_user("jane"));
    assert_eq!(
        diagnosis.findings()[0].message(),
        "signed for user amz-sales; expected jane"
    );
    // The forms of a sigma differ in letter case.
    for (signed, user) in [("\u{391}\u{3a3}", "\u{3b1}\u{3c2}"), ("\u{212a}", "k")] {
        let found = causes(&sign(signed), &known(host).with_user(user));
        assert_eq!(found, [Cause::UserCase], "{user}");
    }
}
