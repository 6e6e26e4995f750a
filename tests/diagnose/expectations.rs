//! Differences from what is expected.

use rds_iam_token::{
    Credentials, Endpoint, Host, Region, Timestamp, TokenParts, TokenRequest,
    diagnose::{Cause, Expected, Finding, diagnose},
};

use Cause::{
    CredentialsExpired, Expired, MissingSessionToken, MissingSlash, NotYetValid, SurroundingText,
    Truncated, UnexpectedSessionToken, UnsignableHost, UserCase, WrongAccessKey, WrongHost,
    WrongPort, WrongRegion, WrongSessionToken, WrongSignature, WrongUser,
};

use crate::tokens::{
    DB_HOST, HOST, NOW, all_expected, app_token, causes, expected_host, good, long_lived, seconds,
    signed, temporary, without,
};

/// A wrong expectation, and the findings.
#[test]
fn each_difference_from_the_expectations_is_found() {
    let good = good();
    let endpoint = |host: &str, port| Endpoint::new(host, port).unwrap();
    let reader = "mydb.cluster-ro-c1a2b3c4d5e6.us-east-1.rds.amazonaws.com";
    for (known, expected) in [
        (all_expected().with_user("jane doe"), &[UserCase][..]),
        (all_expected().with_user("app"), &[WrongUser]),
        (all_expected().with_port(5433), &[WrongPort]),
        (
            all_expected().with_host(Host::new("localhost").unwrap()),
            &[],
        ),
        (
            all_expected().with_host(Host::new("db.c1a2.us-east-1.rds.amazonaws.com").unwrap()),
            &[WrongHost],
        ),
        (
            all_expected().with_endpoint(endpoint(reader, 5432)),
            &[WrongHost],
        ),
        (
            all_expected().with_endpoint(endpoint(reader, 3306)),
            &[WrongHost, WrongPort],
        ),
        (
            all_expected().with_region(Region::new("us-east-2").unwrap()),
            &[WrongRegion],
        ),
        (all_expected().with_time(seconds(NOW + 899)), &[]),
        (all_expected().with_time(seconds(NOW + 900)), &[Expired]),
        (all_expected().with_time(seconds(NOW - 10)), &[]),
        (all_expected().with_time(seconds(NOW - 11)), &[NotYetValid]),
        (
            all_expected().with_credentials(temporary().with_expiry(seconds(NOW + 60))),
            &[CredentialsExpired],
        ),
        (
            all_expected().with_credentials(temporary().with_expiry(seconds(NOW + 61))),
            &[],
        ),
        (
            all_expected().with_credentials(long_lived()),
            &[WrongAccessKey],
        ),
    ] {
        assert_eq!(causes(&good, &known), expected, "{known:?}");
    }
    let other = Credentials::new("ASIAIOSFODNN7EXAMPLE", "another-secret")
        .and_then(|credentials| credentials.with_session_token("another"))
        .unwrap();
    assert_eq!(
        causes(&good, &all_expected().with_credentials(other)),
        [WrongSignature]
    );
    let other = Credentials::new("ASIAIOSFODNN7EXAMPLE", "not-a-real-secret")
        .and_then(|credentials| credentials.with_session_token("another"))
        .unwrap();
    assert_eq!(
        causes(&good, &all_expected().with_credentials(other)),
        [WrongSessionToken]
    );
}

#[test]
fn a_host_that_rds_rejects_is_found_without_an_expectation() {
    for (host, words) in [
        (
            "mydb.cluster-custom-c1a2.us-east-1.rds.amazonaws.com",
            "an Aurora custom endpoint",
        ),
        ("10.0.0.1", "an IP address"),
        ("db.internal.example.com", "a CNAME or a tunnel"),
        ("localhost", "a CNAME or a tunnel"),
    ] {
        let token = signed(host, 5432, "us-east-1", "app", &long_lived());
        let diagnosis = diagnose(&token, &Expected::new());
        let [finding] = diagnosis.findings() else {
            panic!("{host}: {diagnosis:?}")
        };
        assert_eq!(finding.cause(), UnsignableHost, "{host}");
        assert!(finding.message().contains(words), "{finding}");
    }
}

#[test]
fn the_region_in_the_host_name_is_expected_if_no_other_is() {
    let token = signed(HOST, 5432, "us-east-2", "app", &long_lived());
    assert_eq!(causes(&token, &Expected::new()), [WrongRegion]);
}

#[test]
fn a_temporary_key_needs_a_session_token_and_a_long_lived_one_has_none() {
    let token = signed(HOST, 5432, "us-east-1", "app", &temporary());
    let without = without(&token, "X-Amz-Security-Token");
    assert_eq!(causes(&without, &Expected::new()), [MissingSessionToken]);
    let long_lived = long_lived().with_session_token("left-over").unwrap();
    let with = signed(HOST, 5432, "us-east-1", "app", &long_lived);
    assert_eq!(causes(&with, &Expected::new()), [UnexpectedSessionToken]);
}

#[test]
fn credentials_with_a_session_token_need_it_in_the_token() {
    let long_lived = Credentials::new("AKIDEXAMPLE", "not-a-real-secret").unwrap();
    let temporary = long_lived.clone().with_session_token("token").unwrap();
    for (signer, known, expected) in [
        (&long_lived, &temporary, MissingSessionToken),
        (&temporary, &long_lived, UnexpectedSessionToken),
    ] {
        let token = signed(HOST, 5432, "us-east-1", "app", signer);
        let known = Expected::new().with_credentials(known.clone());
        assert_eq!(causes(&token, &known), [expected]);
    }
}

#[test]
fn a_damaged_copy_is_read_through_its_damage() {
    let late = all_expected()
        .with_time(seconds(NOW + 4_000))
        .with_user("jane doe");
    let quoted = format!("\"{}\"\n", good());
    assert_eq!(causes(&quoted, &late), [SurroundingText, UserCase, Expired]);
    assert_eq!(
        TokenParts::parse(diagnose(&quoted, &late).expose_repaired())
            .map(|parts| parts.signed_at()),
        Ok(seconds(NOW))
    );
    let cut = &good()[..300];
    assert_eq!(causes(cut, &late), [Truncated, UserCase, Expired]);
    assert_eq!(
        causes(&good().replace("/?", "?"), &late),
        [MissingSlash, UserCase, Expired]
    );
}

#[test]
fn a_finding_says_what_is_there_and_what_should_be() {
    let known = all_expected()
        .with_endpoint(Endpoint::new("proxy.proxy-c1a2.us-east-2.rds.amazonaws.com", 3306).unwrap())
        .with_region(Region::new("us-east-2").unwrap())
        .with_user("app")
        .with_time(seconds(NOW + 900 + 90_061));
    let found: Vec<_> = diagnose(&good(), &known)
        .findings()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        found,
        [
            "wrong-host: signed for host mydb.c1a2b3c4d5e6.us-east-1.rds.amazonaws.com (an instance); \
             expected proxy.proxy-c1a2.us-east-2.rds.amazonaws.com",
            "wrong-port: signed for port 5432; expected 3306",
            "wrong-region: signed for region us-east-1; expected us-east-2",
            "wrong-user: signed for user Jane Doe; expected app",
            "expired: expired 1 d 1 h ago, at 2015-08-30T12:51:00Z",
        ]
    );
}

#[test]
fn a_time_is_said_in_its_two_largest_units() {
    for (ago, words) in [
        (3_600, "1 h"),
        (3_601, "1 h"),
        (3_660, "1 h 1 min"),
        (119, "1 min 59 s"),
        (120, "2 min"),
        (90_061, "1 d 1 h"),
    ] {
        let known = all_expected().with_time(seconds(NOW + 900 + ago));
        let diagnosis = diagnose(&good(), &known);
        let [expired] = diagnosis.findings() else {
            panic!("{diagnosis:?}")
        };
        let start = format!("expired {words} ago, at ");
        assert!(expired.message().starts_with(&start), "{expired}");
        assert_eq!(expired.remedy(), expired.cause().remedy());
    }
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
        let said = format!("signed for host {host} ({what}); expected {DB_HOST}");
        let diagnosis = diagnose(&app_token(&host), &expected_host(DB_HOST));
        let messages: Vec<_> = diagnosis.findings().iter().map(Finding::message).collect();
        assert!(messages.contains(&said.as_str()), "{messages:?}");
    }
    let host = "other.global-c1a2b3c4d5e6.global.rds.amazonaws.com";
    let diagnosis = diagnose(&app_token(host), &expected_host(DB_HOST));
    let message = diagnosis.findings()[0].message();
    assert!(
        message.contains("a global database's writer endpoint"),
        "{message}"
    );
}

#[test]
fn a_user_is_shown_up_to_a_separator() {
    let token = app_token(DB_HOST);
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
    assert_eq!(
        causes(&sign("app"), &expected_host(host).with_user("app")),
        []
    );
    let diagnosis = diagnose(&sign("amz-sales"), &expected_host(host).with_user("jane"));
    assert_eq!(
        diagnosis.findings()[0].message(),
        "signed for user amz-sales; expected jane"
    );
    // The forms of a sigma differ in letter case.
    for (signed, user) in [("\u{391}\u{3a3}", "\u{3b1}\u{3c2}"), ("\u{212a}", "k")] {
        let found = causes(&sign(signed), &expected_host(host).with_user(user));
        assert_eq!(found, [Cause::UserCase], "{user}");
    }
}
