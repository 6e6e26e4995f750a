//! What a search says of settings that are wrong, and of services that refuse.

use rds_iam_token::{
    Region, Timestamp,
    chain::{
        Answer, CredentialChain, ErrorKind, Need, Settings, Source, Step,
        parse::{Document, PlanStep, Profiles},
    },
};

use crate::world::{KEYS, NOW, ROLE, SSO, World, no_response, response};

fn no_need(need: &Need<'_>) -> Answer {
    panic!("{need:?}")
}

#[test]
fn a_setting_that_is_wrong_is_named_with_its_remedy() {
    let role = |line: &str| ROLE.replace("[profile base]", &format!("{line}\n[profile base]"));
    let length = "set duration_seconds to a number from 900 to 43200";
    let duration =
        "assumed role: profile default: duration_seconds is not a number from 900 to 43200";
    let endpoint = "correct AWS_ENDPOINT_URL_STS, AWS_ENDPOINT_URL or endpoint_url";
    for (world, text, remedy) in [
        (
            World::with_config("[default]\ncredential_process=/opt/keys \"all\n"),
            "credential_process: the command has a quote that is not closed",
            "close the quote in credential_process",
        ),
        (
            World::with_config(&role("duration_seconds=899")),
            duration,
            length,
        ),
        (
            World::with_config(&role("duration_seconds=43201")),
            duration,
            length,
        ),
        (
            World::with_config(&role("duration_seconds=1h")),
            duration,
            length,
        ),
        (
            World::with_config(&role("external_id=a")),
            "assumed role: profile default: external_id is not 2 to 1224 letters, digits and \
             +=,.@:/-_",
            "correct external_id",
        ),
        (
            World::with_config(&role("role_session_name=a b")),
            "assumed role: profile default: the name of the role session is not 2 to 64 letters, \
             digits and +=,.@-_",
            "correct the name of the role session",
        ),
        (
            World::with_config(ROLE).set("AWS_ENDPOINT_URL_STS", "https://sts.example/path"),
            "assumed role: the configured endpoint of STS has a path, which a presigned request \
             cannot have",
            endpoint,
        ),
        (
            World::with_config(ROLE).set("AWS_ENDPOINT_URL_STS", "https://sts..example"),
            "assumed role: the configured endpoint of STS cannot be signed for: invalid \
             host: empty label at byte 4; expected a DNS name without scheme, port or path",
            endpoint,
        ),
        (
            World::with_config(
                "[default]\nrole_arn=arn:aws:iam::123456789012:role/r\nsource_profile=base\n\
                 [base]\naws_access_key_id=AKIDEXAMPLE\n",
            ),
            "assumed role: profile default has source_profile base, which does not exist",
            "in the config file, write [profile base] instead of [base]",
        ),
        (
            World::with_config("[default]\n[]\n"),
            "/home/u/.aws/config, line 2: the line is a section header without a name",
            "correct line 2 of /home/u/.aws/config",
        ),
    ] {
        let error = world.resolve(Settings::default(), no_need).unwrap_err();
        assert_eq!(error.to_string(), text);
        assert_eq!(error.remedies(), [remedy], "{text}");
    }
}

#[test]
fn documents_of_every_kind_are_parsed_or_named_with_the_reason() {
    let login = r#"{"accessToken": {"accessKeyId": "ASIDEXAMPLE", "secretAccessKey": "s",
        "sessionToken": "t", "accountId": "123456789012", "expiresAt": "2023-11-14T23:13:20Z"},
        "refreshToken": "r", "clientId": "c", "dpopKey": "k"}"#;
    let process = r#"{"Version": 1, "AccessKeyId": "ASIDEXAMPLE", "SecretAccessKey": "s"}"#;
    let no_code = "<ErrorResponse><Error><Message>m</Message></Error></ErrorResponse>";
    for (kind, document, expected) in [
        (Document::Login, login, Ok(Some("123456789012"))),
        (Document::Process, process, Ok(None)),
        (
            Document::Process,
            "[1]",
            Err("the document is not a JSON object"),
        ),
        (
            Document::Process,
            r#"{"Version": 1, "AccessKeyId": "\ud800\t"}"#,
            Err("AccessKeyId is not a string"),
        ),
        (Document::Sts, no_code, Err("Code is missing")),
    ] {
        let found = kind.parse(document.as_bytes());
        let found = found
            .map(|(_, account)| account)
            .map_err(|error| error.to_string());
        assert_eq!(
            found,
            expected.map(|a| a.map(String::from)).map_err(String::from),
            "{document}"
        );
    }
}

#[test]
fn the_steps_of_a_plan_have_the_settings_of_its_source() {
    let sso = Profiles::parse(SSO.as_bytes(), b"").unwrap();
    let steps = sso.plan("default").unwrap().unwrap();
    let [
        PlanStep::Sso {
            sso_session,
            sso_start_url,
            sso_region,
            sso_account_id,
            sso_role_name,
        },
    ] = steps.as_slice()
    else {
        panic!("{steps:?}")
    };
    assert_eq!(sso_session.as_deref(), Some("s"));
    let values = [sso_start_url, sso_region, sso_account_id, sso_role_name];
    assert_eq!(
        values,
        [
            "https://d-1.awsapps.com/start",
            "eu-west-1",
            "123456789012",
            "Reader"
        ]
    );

    let session = "arn:aws:iam::123456789012:user/jane";
    let config = format!("[default]\nlogin_session={session}\n");
    let login = Profiles::parse(config.as_bytes(), b"").unwrap();
    let steps = login.plan("default").unwrap().unwrap();
    let [PlanStep::Login { login_session }] = steps.as_slice() else {
        panic!("{steps:?}")
    };
    assert_eq!(login_session, session);

    let lines = "[default]\ncredential_process = /opt/keys\n  --all\n\tkeys \n";
    let process = Profiles::parse(lines.as_bytes(), b"").unwrap();
    let steps = process.plan("default").unwrap().unwrap();
    let [PlanStep::Process { command }] = steps.as_slice() else {
        panic!("{steps:?}")
    };
    assert_eq!(command.expose_secret(), "/opt/keys\n  --all\n\tkeys");
}

#[test]
fn a_command_is_split_as_in_sh() {
    for (line, expected) in [
        (r#"/opt/keys "a\b" c"#, ["/opt/keys", r"a\b", "c"]),
        (r#"/opt/keys "a\\b" 'c'"#, ["/opt/keys", r"a\b", "c"]),
        (r#"/opt/keys a\ b "\"c""#, ["/opt/keys", "a b", "\"c"]),
    ] {
        let config = format!("[default]\ncredential_process={line}\n");
        let mut seen = false;
        let _ = World::with_config(&config).resolve(Settings::default(), |need| {
            let Need::Process { argv, .. } = need else {
                panic!("{need:?}")
            };
            assert_eq!(*argv, expected, "{line}");
            seen = true;
            Answer::NotStarted("not here".into())
        });
        assert!(seen);
    }
}

#[test]
fn of_a_broken_file_and_half_a_key_pair_the_file_is_corrected_first() {
    let world =
        World::with_config("[default]\n[]\n").set("AWS_SECRET_ACCESS_KEY", "not-a-real-secret");
    let error = world.resolve(Settings::default(), no_need).unwrap_err();
    assert_eq!(
        error.remedies(),
        [
            "correct line 2 of /home/u/.aws/config",
            "export AWS_ACCESS_KEY_ID, the other half of AWS_SECRET_ACCESS_KEY",
        ]
    );
}

#[test]
fn the_instance_is_asked_for_the_region_unless_it_is_left_out() {
    let settings = Settings::default;
    let disabled = World::default().set("AWS_EC2_METADATA_DISABLED", "true");
    let without = settings().without(Source::InstanceMetadata);
    let in_code = settings().with_region(Region::new("us-west-2").unwrap());
    let query = settings().with_metadata_endpoint("http://127.0.0.1:1338/?a=b");
    for (world, settings, expected) in [
        (&World::default(), settings(), Ok(Some("eu-west-1"))),
        (&World::default(), without, Ok(None)),
        (&disabled, settings(), Ok(None)),
        (&World::default(), in_code, Ok(Some("us-west-2"))),
        (
            &World::default(),
            query,
            Err("the configured endpoint has a query"),
        ),
    ] {
        let found = world.region(settings, |_| response(200, "eu-west-1a"));
        let found = found.map_err(|error| error.to_string());
        let found = found
            .as_ref()
            .map(|region| region.as_ref().map(Region::as_str));
        assert_eq!(found.map_err(String::as_str), expected);
    }
}

#[test]
fn an_instance_that_issues_no_token_is_an_error() {
    for (status, body, requests, kind, reason) in [
        (
            200,
            " \n",
            1,
            ErrorKind::ImdsNoToken,
            " issues an empty token",
        ),
        (
            200,
            "<html>",
            1,
            ErrorKind::Document,
            ": the token is malformed",
        ),
        (
            200,
            "a b",
            1,
            ErrorKind::Document,
            ": the token is malformed",
        ),
        (
            401,
            "",
            3,
            ErrorKind::ImdsNoToken,
            " issues no token: status 401",
        ),
        (
            404,
            "",
            1,
            ErrorKind::ImdsNoToken,
            " issues no token: status 404",
        ),
        (
            500,
            "",
            3,
            ErrorKind::ImdsNoToken,
            " issues no token: status 500",
        ),
    ] {
        let mut sent = 0;
        let found = World::default().resolve(Settings::default(), |_| {
            sent += 1;
            response(status, body)
        });
        let error = found.unwrap_err();
        let text = format!("instance metadata: 169.254.169.254{reason}");
        assert_eq!((error.kind(), error.to_string()), (kind, text));
        assert_eq!(sent, requests, "{status} {body}");
    }
}

#[test]
fn an_expired_token_of_an_instance_is_renewed_once() {
    for (rejections, is_found) in [(0, true), (1, true), (2, false)] {
        let (mut tokens, mut rejected) = (0, 0);
        let found = World::default().resolve(Settings::default(), |need| match need {
            Need::Http(request) if request.method() == "PUT" => {
                tokens += 1;
                response(200, "not-a-real-token")
            }
            Need::Http(_) if rejected < rejections => {
                rejected += 1;
                response(401, "")
            }
            Need::Http(request) if request.expose_url().ends_with('/') => response(200, "role"),
            _ => response(200, KEYS),
        });
        assert_eq!((found.is_ok(), tokens), (is_found, 1 + rejections.min(1)));
    }
}

#[test]
fn the_endpoint_of_an_instance_has_the_version_of_ip_that_is_set() {
    let mode = |mode| Settings::default().with_metadata_mode(mode);
    let (v4, v6) = ("http://169.254.169.254/", "http://[fd00:ec2::254]/");
    let plain = World::default;
    let with_v6 = || World::default().set("AWS_IMDS_USE_IPV6", "true");
    for (world, settings, expected) in [
        (plain(), Settings::default(), Some(v4)),
        (plain(), mode("IPv4"), Some(v4)),
        (plain(), mode("ipv6"), Some(v6)),
        (plain(), mode("IPv5"), None),
        (with_v6(), Settings::default(), Some(v6)),
        (with_v6(), mode("ipv4"), Some(v4)),
    ] {
        let urls = world.urls(settings, no_response);
        let url = urls.first().map(String::as_str).unwrap_or_default();
        assert!(url.starts_with(expected.unwrap_or("")), "{url}");
        assert_eq!(url.is_empty(), expected.is_none(), "{url}");
    }
}

#[test]
fn a_token_of_a_container_may_have_spaces_and_a_role_gets_a_name_for_its_session() {
    let container = World::container().set("AWS_CONTAINER_AUTHORIZATION_TOKEN", "Bearer a\tb");
    let found = container.resolve(Settings::default(), |_| response(200, KEYS));
    assert!(found.is_ok(), "{found:?}");

    let settings = Settings::default().with_seed(0x7f);
    let urls = World::with_config(ROLE).urls(settings, || response(400, ""));
    let url = &urls[0];
    assert!(
        url.contains("&RoleSessionName=rds-iam-token-1700000000-7f&"),
        "{url}"
    );
}

#[test]
fn endpoints_of_the_configuration_can_be_ignored_and_the_region_of_code_comes_first() {
    let world = || World::with_config(ROLE).set("AWS_ENDPOINT_URL_STS", "https://sts.example");
    let ignoring = world().set("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true");
    let us_west = Settings::default().with_region(Region::new("us-west-2").unwrap());
    for (world, settings, start) in [
        (&world(), Settings::default(), "https://sts.example/?"),
        (
            &ignoring,
            Settings::default(),
            "https://sts.eu-west-1.amazonaws.com/?",
        ),
        (&ignoring, us_west, "https://sts.us-west-2.amazonaws.com/?"),
    ] {
        let urls = world.urls(settings, || response(400, ""));
        assert!(urls.len() == 1 && urls[0].starts_with(start), "{urls:?}");
    }
}

#[test]
fn a_path_stays_as_it_is_where_variables_are_unsupported() {
    let mut chain = CredentialChain::new(Settings::default());
    let mut asked = false;
    loop {
        let answer = match chain.step(Timestamp::from_unix_seconds(NOW).unwrap()) {
            Step::Need(Need::Variables(names)) if names.len() > 1 => Answer::Variables(
                names
                    .iter()
                    .map(|name| (name == "AWS_CONFIG_FILE").then(|| "$DIR/c".into()))
                    .collect(),
            ),
            Step::Need(Need::Variables(_)) => Answer::Unsupported("one time alone".into()),
            Step::Need(need @ Need::File(path)) => {
                assert_eq!(format!("{need:?}"), format!("File({path:?})"));
                asked |= path == "$DIR/c";
                Answer::Missing
            }
            Step::Need(_) => no_response(),
            step => {
                assert!(matches!(step, Step::Failed(_)), "{step:?}");
                break;
            }
        };
        chain.answer(answer).unwrap();
    }
    assert!(asked);
}
