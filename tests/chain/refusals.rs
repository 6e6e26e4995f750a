//! What a search says of settings that are wrong, and of services that refuse.

use rds_iam_token::{
    Region, Timestamp,
    chain::{
        Answer, CredentialChain, ErrorKind, HttpFailure, HttpRequest, HttpResponse, Need,
        RegionChain, Resolved, Settings, Source, Step,
        parse::{Document, PlanStep, Profiles, sso_cache_name},
    },
};

use crate::world::{NOW, ROLE, World, response};

const SSO: &str = "[default]\nsso_session=s\nsso_account_id=123456789012\nsso_role_name=Reader\n\
    [sso-session s]\nsso_start_url=https://d-1.awsapps.com/start\nsso_region=eu-west-1\n";

const SSO_KEYS: &str = r#"{"roleCredentials": {"accessKeyId": "ASIDEXAMPLE",
    "secretAccessKey": "not-a-real-secret", "sessionToken": "not-a-real-token",
    "expiration": 1700003600000}}"#;

fn no_need(need: &Need<'_>) -> Answer {
    panic!("{need:?}")
}

fn no_response() -> Answer {
    Answer::NoResponse {
        failure: HttpFailure::ReadTimeout,
        detail: String::new(),
    }
}

/// A machine on which a person is logged in until the time given.
fn logged_in(expires: &str) -> World {
    let path = format!("/home/u/.aws/sso/cache/{}", sso_cache_name("s"));
    let token = format!(
        r#"{{"accessToken": "not-a-real-token", "expiresAt": "{expires}", "clientId": "c",
            "clientSecret": "not-a-real-secret", "refreshToken": "not-a-real-refresh-token",
            "registrationExpiresAt": "2023-12-14T22:13:20Z"}}"#
    );
    World::with_config(SSO).file(&path, &token)
}

const FOR_HOURS: &str = "2023-11-15T02:13:20Z";
const FOR_MINUTES: &str = "2023-11-14T22:14:20Z";
const NO_LONGER: &str = "2023-11-14T22:12:20Z";

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn identity_center_is_named_with_what_it_answers() {
    let whom = "IAM Identity Center: portal.sso.eu-west-1.amazonaws.com";
    let assignment = "ask for the assignment of Reader in account 123456789012: aws sso \
        list-account-roles shows what is assigned";
    let proxy = "allow connections from this machine to portal.sso.eu-west-1.amazonaws.com, or set \
        HTTPS_PROXY";
    let login = "run aws sso login --sso-session s";
    let page = "check whether a login page, firewall or proxy answers in place of the service";
    let no_remedies: &[&str] = &[];
    for (status, code, body, requests, kind, end, remedies) in [
        (
            200,
            "",
            "<html>",
            1,
            ErrorKind::Document,
            ": the document is HTML or XML instead of JSON",
            &[page][..],
        ),
        (
            400,
            "InvalidRequestException:http://internal.amazon.com/",
            r#"{"message": "m"}"#,
            1,
            ErrorKind::ServiceRefused,
            ": rejected with InvalidRequestException: m",
            no_remedies,
        ),
        (
            400,
            "",
            "",
            1,
            ErrorKind::HttpStatus,
            " answered with status 400",
            no_remedies,
        ),
        (
            401,
            "",
            "",
            1,
            ErrorKind::SsoTokenExpired,
            " no longer accepts the access token",
            &[login],
        ),
        (
            403,
            "ForbiddenException",
            r#"{"message": "No access"}"#,
            1,
            ErrorKind::ServiceRefused,
            ": rejected with ForbiddenException: No access",
            &[assignment],
        ),
        (
            404,
            "",
            "",
            1,
            ErrorKind::HttpStatus,
            " answered with status 404",
            &[assignment],
        ),
        (
            429,
            "TooManyRequestsException",
            "",
            3,
            ErrorKind::ServiceRefused,
            ": rejected with TooManyRequestsException",
            no_remedies,
        ),
        (
            500,
            "ServerException",
            "",
            3,
            ErrorKind::HttpStatus,
            " answered with status 500",
            no_remedies,
        ),
        (
            0,
            "",
            "",
            3,
            ErrorKind::Unreachable,
            " did not answer: no response in time",
            &[proxy],
        ),
    ] {
        let mut sent = 0;
        let found = logged_in(FOR_HOURS).resolve(Settings::default(), |need| {
            assert!(matches!(need, Need::Http(_)), "{need:?}");
            sent += 1;
            match (status, code) {
                (0, _) => no_response(),
                (_, "") => response(status, body),
                _ => Answer::Http(HttpResponse::new(
                    status,
                    [("x-amzn-ErrorType", code)],
                    body,
                )),
            }
        });
        let error = found.unwrap_err();
        assert_eq!(error.to_string(), format!("{whom}{end}"), "{status} {code}");
        assert_eq!((error.kind(), sent), (kind, requests), "{status} {code}");
        assert_eq!(error.remedies(), remedies, "{status} {code}");
    }
}

/// Answers the refresh, the write of the refreshed token and the request of keys.
fn refreshed(
    expires: &str,
    refresh: impl Fn() -> Answer,
    write: impl Fn() -> Answer,
) -> (Result<Resolved, String>, usize) {
    let mut refreshes = 0;
    let found = logged_in(expires).resolve(Settings::default(), |need| match need {
        Need::Http(request) if request.method() == "POST" => {
            refreshes += 1;
            refresh()
        }
        Need::Http(_) => response(200, SSO_KEYS),
        Need::WriteFile { path, .. } => {
            assert_eq!(
                format!("{need:?}"),
                format!("WriteFile {{ path: {path:?}, .. }}")
            );
            write()
        }
        need => panic!("{need:?}"),
    });
    (found.map_err(|error| error.to_string()), refreshes)
}

#[test]
fn a_refresh_that_fails_is_noted_while_the_token_lasts_and_an_error_after_that() {
    let whom = "oidc.eu-west-1.amazonaws.com";
    for (status, body, requests, end) in [
        (
            200,
            "<html>",
            1,
            ": the document is HTML or XML instead of JSON",
        ),
        (200, "{}", 1, ": accessToken is missing"),
        (
            400,
            r#"{"error": "invalid_grant"}"#,
            1,
            ": rejected with invalid_grant",
        ),
        (400, "{}", 1, " answered with status 400"),
        (400, "<html>", 1, " answered with status 400"),
        (429, "", 3, " answered with status 429"),
        (500, "", 3, " answered with status 500"),
        (0, "", 3, " did not answer: no response in time"),
    ] {
        let answer = || match status {
            0 => no_response(),
            _ => response(status, body),
        };
        let (found, sent) = refreshed(FOR_MINUTES, answer, || panic!("nothing to write"));
        let note = format!("the token was not refreshed: {whom}{end}");
        assert_eq!(
            (found.unwrap().notes(), sent),
            (&[note][..], requests),
            "{status} {body}"
        );

        let (found, sent) = refreshed(NO_LONGER, answer, || panic!("nothing to write"));
        let expired =
            "IAM Identity Center: the access token expired at 2023-11-14T22:12:20Z, 60 s ago";
        let between = if status == 0 {
            ": "
        } else {
            "; the refresh failed: "
        };
        let text = format!("{expired}{between}{whom}{end}");
        assert_eq!(
            (found.unwrap_err(), sent),
            (text, requests),
            "{status} {body}"
        );
    }
}

#[test]
fn a_refreshed_token_that_cannot_be_written_is_noted() {
    let refreshed_token = r#"{"accessToken": "not-a-real-second-token", "expiresIn": 28800}"#;
    let path = format!("/home/u/.aws/sso/cache/{}", sso_cache_name("s"));
    let note = format!("the refreshed token could not be written to {path}");
    for (answer, notes) in [
        (Answer::Written as Answer, vec![]),
        (
            Answer::Unreadable("read-only file system".into()),
            vec![note.clone()],
        ),
        (Answer::Unsupported("no files".into()), vec![note]),
    ] {
        let write = std::cell::RefCell::new(Some(answer));
        let (found, _) = refreshed(
            NO_LONGER,
            || response(200, refreshed_token),
            || write.take().unwrap(),
        );
        assert_eq!(found.unwrap().notes(), notes);
    }
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

/// Runs the search of a region, in which each request gets the same response.
fn region(settings: Settings, variable: Option<(&str, &str)>) -> Result<Option<String>, String> {
    let mut chain = RegionChain::new(settings);
    loop {
        let answer = match chain.step(Timestamp::from_unix_seconds(NOW).unwrap()) {
            Step::Need(Need::Variables(names)) => {
                let value = |name: &String| variable.filter(|(own, _)| own == name);
                Answer::Variables(
                    names
                        .iter()
                        .map(|name| value(name).map(|(_, value)| value.into()))
                        .collect(),
                )
            }
            Step::Need(Need::Http(_)) => response(200, "eu-west-1a"),
            Step::Need(_) => Answer::Missing,
            Step::Done(region) => return Ok(region.map(|region| region.as_str().into())),
            Step::Failed(error) => return Err(error.to_string()),
        };
        chain.answer(answer).unwrap();
    }
}

#[test]
fn the_instance_is_asked_for_the_region_unless_it_is_left_out() {
    let found = |settings, variable| region(settings, variable);
    let some = |code: &str| Ok(Some(code.to_owned()));
    assert_eq!(found(Settings::default(), None), some("eu-west-1"));
    let without = Settings::default().without(Source::InstanceMetadata);
    assert_eq!(found(without, None), Ok(None));
    let disabled = ("AWS_EC2_METADATA_DISABLED", "true");
    assert_eq!(found(Settings::default(), Some(disabled)), Ok(None));
    let in_code = Settings::default().with_region(Region::new("us-west-2").unwrap());
    assert_eq!(found(in_code, None), some("us-west-2"));
    let query = Settings::default().with_metadata_endpoint("http://127.0.0.1:1338/?a=b");
    assert_eq!(
        found(query, None),
        Err("the configured endpoint has a query".into())
    );
}

#[test]
fn an_instance_that_issues_an_empty_token_is_an_error() {
    let found = World::default().resolve(Settings::default(), |_| response(200, " \n"));
    let error = found.unwrap_err();
    assert_eq!(
        (error.kind(), error.to_string().as_str()),
        (
            ErrorKind::ImdsNoToken,
            "instance metadata: 169.254.169.254 issues an empty token"
        )
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
        let mut urls = Vec::new();
        let _ = world.resolve(settings, |need| {
            let Need::Http(request) = need else {
                panic!("{need:?}")
            };
            urls.push(HttpRequest::expose_url(request).to_owned());
            response(400, "")
        });
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
