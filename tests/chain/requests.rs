//! What a search asks for, and how often.

use std::time::Duration;

use rds_iam_token::{
    Region, Timestamp,
    chain::{Answer, HttpFailure, HttpRequest, Need, Resolved, Settings, parse},
};

use crate::world::{KEYS, NOW, World, response};

const ROLE: &str = "[default]\nrole_arn=arn:aws:iam::123456789012:role/r\nsource_profile=base\n\
    [profile base]\naws_access_key_id=AKIDEXAMPLE\naws_secret_access_key=not-a-real-secret\n";

/// Runs a search in which each request gets the same response, and passes on each request.
fn requests(world: &World, status: u16, body: &str, mut seen: impl FnMut(&HttpRequest)) -> usize {
    let mut count = 0;
    let _ = world.resolve(Settings::default(), |need| {
        let Need::Http(request) = need else {
            panic!("{need:?}")
        };
        seen(request);
        count += 1;
        response(status, body)
    });
    count
}

#[test]
fn a_path_is_expanded_as_the_aws_command_does() {
    for (path, expected) in [
        ("~/c", "/home/u/c"),
        ("~", "/home/u"),
        ("~user/c", "~user/c"),
        ("/c~", "/c~"),
        ("$DIR/c", "/d/c"),
        ("${DIR}c", "/dc"),
        ("$DIR/${NAME}", "/d/n"),
        ("${DIR}/$NAME", "/d/n"),
        ("$NAME/${NAME}", "n/n"),
        ("${NAME}/$NAME-$NAME", "n/n-n"),
        ("~/$NAME", "/home/u/n"),
        ("$UNSET/$NAME/${UNSET}", "$UNSET/n/${UNSET}"),
        ("$/${}/$$NAME", "$/${}/$n"),
        ("$NAME/${NA-ME}", "n/${NA-ME}"),
        // What a variable contains is not expanded again.
        ("$DOLLAR", "$NAME"),
    ] {
        let world = World::default()
            .set("HOME", "/home/u")
            .set("DIR", "/d")
            .set("NAME", "n")
            .set("NA-ME", "x")
            .set("DOLLAR", "$NAME")
            .set("AWS_CONFIG_FILE", path)
            .file(
                expected,
                "[default]\naws_access_key_id=AKIDEXAMPLE\naws_secret_access_key=s\n",
            );
        let found = world.resolve(Settings::default(), |need| panic!("{path}: {need:?}"));
        assert!(found.is_ok(), "{path}: {found:?}");
    }
}

#[test]
fn a_service_near_by_is_waited_for_less_long() {
    let seconds = |connect, read| (Duration::from_secs(connect), Duration::from_secs(read));
    for (world, expected) in [
        (World::with_config(ROLE), seconds(5, 10)),
        (World::container(), seconds(2, 2)),
        (World::default(), seconds(1, 1)),
    ] {
        let count = requests(&world, 404, "", |request| {
            let found = (request.connect_timeout(), request.read_timeout());
            assert_eq!(found, expected, "{request:?}");
        });
        assert!(count > 0);
    }
}

#[test]
fn a_request_over_tls_has_the_configured_ca_bundle() {
    for (world, expected) in [
        (World::with_config(ROLE), None),
        (
            World::with_config(ROLE).set("AWS_CA_BUNDLE", "/ca.pem"),
            Some("/ca.pem"),
        ),
        (World::container().set("AWS_CA_BUNDLE", "/ca.pem"), None),
    ] {
        let count = requests(&world, 404, "", |request| {
            assert_eq!(request.ca_bundle(), expected, "{request:?}");
        });
        assert!(count > 0);
    }
}

#[test]
fn a_role_is_assumed_in_the_region_or_at_the_global_endpoint() {
    let world = || World::with_config(ROLE);
    for (world, start, scope) in [
        (world(), "https://sts.amazonaws.com/?", "us-east-1"),
        (
            world().set("AWS_REGION", "eu-west-1"),
            "https://sts.eu-west-1.amazonaws.com/?",
            "eu-west-1",
        ),
        (
            world()
                .set("AWS_REGION", "eu-west-1")
                .set("AWS_ENDPOINT_URL_STS", "https://sts.example/"),
            "https://sts.example/?",
            "eu-west-1",
        ),
        (
            world().set("AWS_ENDPOINT_URL_STS", "https://sts.example"),
            "https://sts.example/?",
            "us-east-1",
        ),
    ] {
        let count = requests(&world, 404, "", |request| {
            let url = request.expose_url();
            assert!(url.starts_with(start), "{request:?}");
            let scope = format!("%2F20231114%2F{scope}%2Fsts%2Faws4_request");
            assert!(url.contains(&scope), "{request:?}");
        });
        assert_eq!(count, 1);
    }
}

#[test]
fn an_endpoint_has_fips_even_at_the_global_one_and_plain_http_on_loopback_alone() {
    let region = |code| Region::new(code).unwrap();
    let sts = |code, configured, options| {
        parse::endpoint(
            parse::Service::Sts,
            Some(&region(code)),
            configured,
            options,
        )
        .ok()
    };
    for (code, configured, options, expected) in [
        (
            "aws-global",
            None,
            [false, false],
            Some("https://sts.amazonaws.com"),
        ),
        (
            "aws-global",
            None,
            [true, false],
            Some("https://sts-fips.aws-global.amazonaws.com"),
        ),
        (
            "aws-global",
            None,
            [false, true],
            Some("https://sts.aws-global.api.aws"),
        ),
        (
            "eu-west-1",
            Some("http://localhost:1/"),
            [false, false],
            Some("http://localhost:1"),
        ),
        (
            "eu-west-1",
            Some("http://sts.example"),
            [false, false],
            None,
        ),
        (
            "eu-west-1",
            Some("https://sts.example?a"),
            [false, false],
            None,
        ),
        (
            "eu-west-1",
            Some("https://sts.example"),
            [true, false],
            None,
        ),
    ] {
        let found = sts(code, configured, options);
        assert_eq!(found.as_deref(), expected, "{code} {configured:?}");
    }
}

#[test]
fn what_may_pass_is_tried_three_times_and_an_answer_that_counts_once() {
    let error =
        |code: &str| format!("<ErrorResponse><Error><Code>{code}</Code></Error></ErrorResponse>");
    let role = || World::with_config(ROLE);
    for (world, status, body, expected) in [
        (World::container(), 500, "", 3),
        (World::container(), 404, "", 3),
        (World::container(), 200, "{", 3),
        (World::container(), 200, "{}", 1),
        (
            World::container(),
            200,
            r#"{"code": "AccessDenied", "message": "no"}"#,
            1,
        ),
        (
            World::container(),
            400,
            r#"{"code": "AccessDenied", "message": "no"}"#,
            1,
        ),
        (role(), 500, "", 3),
        (role(), 503, &error("SlowDown"), 3),
        (role(), 400, &error("Throttling"), 3),
        (role(), 400, &error("AccessDenied"), 1),
        (role(), 400, "<html>", 1),
        (role(), 200, "<html>", 1),
    ] {
        let count = requests(&world, status, body, |_| {});
        assert_eq!(count, expected, "{status} {body}");
    }
}

#[test]
fn a_retry_over_the_internet_waits_for_up_to_one_second_and_then_two() {
    // The generator is SplitMix64: of the seed 1234567 its fourth and fifth numbers are
    // 4593380528125082431 and 16408922859458223821 (rosettacode.org/wiki/Pseudo-random_numbers/Splitmix64).
    let mut waits = Vec::new();
    let found =
        World::with_config(ROLE).resolve(Settings::default().with_seed(1_234_567), |need| {
            let Need::Http(request) = need else {
                panic!("{need:?}")
            };
            waits.push(request.wait().as_millis());
            response(500, "")
        });
    assert!(found.is_err());
    assert_eq!(waits, [0, 431, 2 * 821]);
}

/// Returns credentials of an instance whose keys expired an hour ago.
fn expired_on_an_instance(seed: u64) -> Resolved {
    let settings = Settings::default().with_seed(seed);
    World::default()
        .resolve(settings, |need| match need {
            Need::Http(request) if request.method() == "PUT" => response(200, "token"),
            Need::Http(request) if request.expose_url().ends_with('/') => response(200, "role"),
            _ => response(200, KEYS.replace("T23", "T21")),
        })
        .unwrap()
}

#[test]
fn expired_keys_of_an_instance_are_used_for_17_to_25_minutes() {
    let mut extra: Vec<i64> = (0..200)
        .map(|seed| {
            let resolved = expired_on_an_instance(seed);
            assert_eq!(
                resolved.notes(),
                ["the instance metadata service issues expired credentials"]
            );
            resolved.credentials().expiry().unwrap().unix_seconds() - NOW
        })
        .collect();
    extra.sort_unstable();
    extra.dedup();
    assert!(extra.len() > 100, "{extra:?}");
    assert!((1_020..1_030).contains(extra.first().unwrap()), "{extra:?}");
    assert!((1_490..1_500).contains(extra.last().unwrap()), "{extra:?}");
}

#[test]
fn credentials_are_refreshed_ten_minutes_early_or_halfway() {
    for (expiry, expected) in [
        ("2023-11-14T23:13:20Z", NOW + 3_000),
        ("2023-11-14T22:33:20Z", NOW + 600),
        ("2023-11-14T22:33:18Z", NOW + 599),
        ("2023-11-14T22:13:30Z", NOW + 5),
    ] {
        let body = KEYS.replace("2023-11-14T23:13:20Z", expiry);
        let resolved = World::container()
            .resolve(Settings::default(), |_| response(200, body.as_str()))
            .unwrap();
        let expected = Timestamp::from_unix_seconds(expected).unwrap();
        assert_eq!(resolved.refresh_at(), Some(expected), "{expiry}");
    }
}

#[test]
fn a_temporary_key_without_a_session_token_is_noted() {
    for (id, token, noted) in [
        ("ASIAEXAMPLE", "", true),
        ("ASIAEXAMPLE", "aws_session_token=t\n", false),
        ("AKIDEXAMPLE", "", false),
    ] {
        let config = format!("[default]\naws_access_key_id={id}\naws_secret_access_key=s\n{token}");
        let resolved = World::with_config(&config)
            .resolve(Settings::default(), |need| panic!("{need:?}"))
            .unwrap();
        let note = "a key that starts with ASIA is temporary, and needs its session token";
        let expected: &[&str] = if noted { &[note] } else { &[] };
        assert_eq!(resolved.notes(), expected, "{id} {token}");
    }
}

#[test]
fn a_region_is_none_if_nothing_answers_and_an_error_if_a_setting_is_wrong() {
    for (endpoint, failure, expected) in [
        ("http://127.0.0.1:1338", HttpFailure::ReadTimeout, Ok(None)),
        ("http://127.0.0.1:1338", HttpFailure::Refused, Ok(None)),
        (
            "ftp://127.0.0.1",
            HttpFailure::Refused,
            Err("invalid-config"),
        ),
    ] {
        let settings = Settings::default().with_metadata_endpoint(endpoint);
        let found = World::default().region(settings, |_| Answer::NoResponse {
            failure,
            detail: String::new(),
        });
        let found = found.as_ref().map_err(|error| error.kind().as_str());
        assert_eq!(found, expected.as_ref().map_err(|kind| *kind), "{endpoint}");
    }
}

#[test]
fn the_cache_of_aws_login_is_named_by_the_hash_of_its_session() {
    assert_eq!(
        parse::login_cache_name("arn:aws:iam::123456789012:user/jane"),
        "e503db6a50c52e426cd2e8b0edf93b94ec9cb0ba1ccdba607277d35e756abde9.json"
    );
}
