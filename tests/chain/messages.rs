//! What errors and their parts say.

use rds_iam_token::chain::{
    Answer, Error, ErrorKind, HttpFailure, HttpResponse, Need, Settings, Source, UnexpectedAnswer,
    parse::{Document, Profiles},
};

use crate::world::{ROLE, World, response};

const TOKEN: &str = "AWS_CONTAINER_AUTHORIZATION_TOKEN";
const TOKEN_FILE: &str = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";

fn sts_error(status: u16, code: &str, message: &str) -> Answer {
    let error = format!("<Error><Code>{code}</Code><Message>{message}</Message></Error>");
    response(status, format!("<ErrorResponse>{error}</ErrorResponse>"))
}

fn fails(world: &World, others: impl FnMut(&Need<'_>) -> Answer) -> Error {
    world.resolve(Settings::default(), others).unwrap_err()
}

#[test]
fn a_document_that_is_refused_is_named_with_its_field() {
    for (document, reason) in [
        (r#"{"code": "E", "message": "m"}"#, "rejected with E: m"),
        (r#"{"code": "E", "message": ""}"#, "rejected with E"),
        (r#"{"Code": "E"}"#, "rejected with E"),
        (r#"{"AccessKeyId": "A"}"#, "SecretAccessKey is missing"),
        (r#"{"Expiration": 1}"#, "Expiration is not a string"),
        (
            r#"{"Expiration": "1"}"#,
            "Expiration is not a date of RFC 3339",
        ),
        ("{", "the document is not well-formed JSON"),
    ] {
        let error = Document::Container.parse(document.as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), reason, "{document}");
    }
    for (document, reason) in [
        ("{}", "roleCredentials is missing"),
        (
            r#"{"roleCredentials": 1}"#,
            "roleCredentials is not an object",
        ),
        (
            r#"{"roleCredentials": {"expiration": "1"}}"#,
            "expiration is not a whole number",
        ),
    ] {
        let error = Document::SsoRole.parse(document.as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), reason, "{document}");
    }
}

#[test]
fn an_error_of_the_container_service_says_what_to_check() {
    let page = "check whether a login page, firewall or proxy answers in place of the service";
    for (world, status, body, kind, remedy) in [
        (
            World::container(),
            401,
            "",
            ErrorKind::HttpStatus,
            format!("set {TOKEN_FILE}"),
        ),
        (
            World::container().set(TOKEN, "not-a-real-token"),
            401,
            "",
            ErrorKind::HttpStatus,
            "check that the authorization token is that of this container, and not expired".into(),
        ),
        (
            World::container(),
            500,
            "",
            ErrorKind::HttpStatus,
            "check the agent of the container (ECS agent, EKS Pod Identity Agent)".into(),
        ),
        (
            World::container(),
            400,
            r#"{"code": "AccessDenied", "message": "no"}"#,
            ErrorKind::ServiceRefused,
            "check the role of the task or service account".into(),
        ),
        (
            World::container(),
            200,
            "<html>",
            ErrorKind::Document,
            page.into(),
        ),
        (
            World::with_config(ROLE),
            200,
            "Log in",
            ErrorKind::Document,
            page.into(),
        ),
    ] {
        let error = fails(&world, |_| response(status, body));
        assert_eq!(error.kind(), kind, "{}", error.report());
        assert_eq!(error.remedies(), [remedy.as_str()], "{}", error.report());
    }
}

#[test]
fn a_container_token_is_one_line_of_a_readable_file() {
    let invalid = |name: &str| {
        format!("container credentials: {name} has a token that is empty, or contains a line break")
    };
    let file = || World::container().set(TOKEN_FILE, "/token");
    for (world, kind, text) in [
        (
            World::container().set(TOKEN, "a\nb"),
            ErrorKind::InvalidConfig,
            invalid(TOKEN),
        ),
        (
            file().file("/token", ""),
            ErrorKind::InvalidConfig,
            invalid(TOKEN_FILE),
        ),
        (
            file().file("/token", "a\n"),
            ErrorKind::InvalidConfig,
            invalid(TOKEN_FILE),
        ),
        (
            file(),
            ErrorKind::File,
            format!("container credentials: /token, which {TOKEN_FILE} names, does not exist"),
        ),
        (
            file().unreadable("/token", || Answer::Unreadable("permission denied".into())),
            ErrorKind::File,
            "container credentials: /token is unreadable: permission denied".into(),
        ),
        (
            file().unreadable("/token", || Answer::Unsupported("no files".into())),
            ErrorKind::File,
            "container credentials: /token was not read: no files".into(),
        ),
    ] {
        let error = fails(&world, |need| panic!("{need:?}"));
        assert_eq!((error.kind(), error.to_string()), (kind, text));
        assert_eq!(error.failed_source(), Some(Source::Container));
    }
}

#[test]
fn sts_is_named_with_the_status_or_the_code() {
    let whom = "assumed role: sts.eu-west-1.amazonaws.com";
    let late = "Signature not yet current: 20231114T221320Z is still later than";
    for (answer, kind, code, text) in [
        (
            (|| sts_error(500, "InternalFailure", "m")) as fn() -> Answer,
            ErrorKind::HttpStatus,
            Some("InternalFailure"),
            format!("{whom} answered with status 500"),
        ),
        (
            || response(503, "busy"),
            ErrorKind::HttpStatus,
            None,
            format!("{whom} answered with status 503"),
        ),
        (
            || response(400, "<html>"),
            ErrorKind::HttpStatus,
            None,
            format!("{whom} answered with status 400"),
        ),
        (
            || sts_error(400, "Unheard", "of"),
            ErrorKind::ServiceRefused,
            Some("Unheard"),
            format!("{whom}: rejected with Unheard: of"),
        ),
        (
            || sts_error(403, "AccessDenied", "no"),
            ErrorKind::ServiceRefused,
            Some("AccessDenied"),
            format!("{whom}: rejected with AccessDenied: no"),
        ),
        (
            || {
                let late = "Signature not yet current: 20231114T221320Z is still later than";
                sts_error(403, "SignatureDoesNotMatch", late)
            },
            ErrorKind::ClockSkew,
            Some("SignatureDoesNotMatch"),
            format!(
                "{whom} finds the time of the signature wrong: rejected with \
                 SignatureDoesNotMatch: {late}"
            ),
        ),
        (
            || {
                sts_error(
                    403,
                    "SignatureDoesNotMatch",
                    "Signature expired: 20231114T221320Z",
                )
            },
            ErrorKind::ClockSkew,
            Some("SignatureDoesNotMatch"),
            format!(
                "{whom} finds the time of the signature wrong: rejected with \
                 SignatureDoesNotMatch: Signature expired: 20231114T221320Z"
            ),
        ),
    ] {
        let error = fails(&World::with_config(ROLE), |_| answer());
        assert_eq!(
            (error.kind(), error.code()),
            (kind, code),
            "{}",
            error.report()
        );
        assert_eq!(error.to_string(), text);
        assert_eq!(error.failed_source(), Some(Source::AssumeRole));
    }
}

#[test]
fn a_failed_connection_says_what_to_allow() {
    let whom = "sts.eu-west-1.amazonaws.com";
    let proxy = format!("allow connections from this machine to {whom}, or set HTTPS_PROXY");
    let authority =
        "if a proxy re-encrypts TLS, set AWS_CA_BUNDLE to the certificates of its authority";
    for (failure, detail, end, remedy) in [
        (HttpFailure::Tls, "", "TLS handshake failed", authority),
        (
            HttpFailure::Refused,
            "os error 111",
            "connection refused (os error 111)",
            &proxy,
        ),
    ] {
        let error = fails(&World::with_config(ROLE), |_| Answer::NoResponse {
            failure,
            detail: detail.into(),
        });
        let text = format!("assumed role: {whom} did not answer: {end}");
        assert_eq!(error.to_string(), text);
        assert_eq!(error.remedies(), [remedy]);
    }
}

#[test]
fn a_service_near_by_has_no_proxy() {
    let full = |url| World::default().set("AWS_CONTAINER_CREDENTIALS_FULL_URI", url);
    for (world, whom) in [
        (World::container(), "169.254.170.2"),
        (full("http://127.0.0.1:1338/x"), "127.0.0.1:1338"),
    ] {
        let error = fails(&world, |_| Answer::NoResponse {
            failure: HttpFailure::Refused,
            detail: String::new(),
        });
        let remedy = format!("allow connections from this program to {whom}");
        assert_eq!(error.remedies(), [remedy]);
    }
}

#[test]
fn an_error_that_main_returns_is_one_line() {
    let error = fails(&World::container(), |_| response(500, ""));
    assert_eq!(
        format!("{error:?}"),
        "Error(HttpStatus, container credentials: 169.254.170.2 answered with status 500)"
    );
}

#[test]
fn a_process_or_a_person_that_cannot_be_asked_is_named_with_the_reason() {
    let process = World::with_config("[default]\ncredential_process=/opt/keys --all\n");
    let mfa = World::with_config(&format!(
        "[default]\nmfa_serial=arn:aws:iam::123456789012:mfa/jane\n{}",
        ROLE.strip_prefix("[default]\n").unwrap()
    ));
    for (world, answer, text) in [
        (
            &process,
            (|| Answer::NotStarted("no such file".into())) as fn() -> Answer,
            "credential_process: /opt/keys could not be started: no such file",
        ),
        (
            &process,
            || Answer::Unsupported("no processes".into()),
            "credential_process: /opt/keys was not run: no processes",
        ),
        (
            &mfa,
            || Answer::Unsupported("no terminal".into()),
            "assumed role: the role needs a code of the MFA device \
             arn:aws:iam::123456789012:mfa/jane: no terminal",
        ),
    ] {
        let error = fails(world, |_| answer());
        assert_eq!(error.to_string(), text);
    }
}

#[test]
fn expired_credentials_say_who_can_renew_them() {
    let keys = r#"{"Version": 1, "AccessKeyId": "A", "SecretAccessKey": "s",
        "Expiration": "2023-11-14T21:13:20Z"}"#;
    let environment = World::default()
        .set("AWS_ACCESS_KEY_ID", "A")
        .set("AWS_SECRET_ACCESS_KEY", "s")
        .set("AWS_CREDENTIAL_EXPIRATION", "2023-11-14T21:13:20Z");
    for (world, remedy) in [
        (
            environment,
            "export new credentials and their AWS_CREDENTIAL_EXPIRATION",
        ),
        (
            World::with_config("[default]\ncredential_process=/opt/keys\n"),
            "make the program of credential_process print credentials that last",
        ),
    ] {
        let error = fails(&world, |_| Answer::Exited {
            status: Some(0),
            stdout: keys.into(),
            stderr: Vec::new(),
        });
        assert_eq!(error.kind(), ErrorKind::Expired, "{}", error.report());
        let clock = "compare the clock of this machine with true time";
        assert_eq!(error.remedies(), [remedy, clock]);
    }
}

#[test]
fn without_credentials_the_likeliest_remedy_is_the_first() {
    let world =
        World::with_config("[profile a]\n").set("AWS_SECRET_ACCESS_KEY", "not-a-real-secret");
    let error = fails(&world, |_| Answer::NoResponse {
        failure: HttpFailure::ConnectTimeout,
        detail: String::new(),
    });
    assert_eq!(error.failed_source(), None);
    let attempts: Vec<_> = error
        .attempts()
        .iter()
        .map(|tried| (tried.source(), tried.reason()))
        .collect();
    assert_eq!(
        attempts,
        [
            (
                Source::Environment,
                "AWS_ACCESS_KEY_ID is not set, although AWS_SECRET_ACCESS_KEY is"
            ),
            (
                Source::CredentialsFile,
                "/home/u/.aws/credentials does not exist"
            ),
            (Source::ConfigFile, "there is no profile default, only: a"),
            (
                Source::Container,
                "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and AWS_CONTAINER_CREDENTIALS_FULL_URI are \
                 not set"
            ),
            (
                Source::InstanceMetadata,
                "169.254.169.254 cannot be reached: this is no EC2 instance"
            ),
        ]
    );
    assert_eq!(
        error.remedies(),
        [
            "export AWS_ACCESS_KEY_ID, the other half of AWS_SECRET_ACCESS_KEY",
            "set AWS_PROFILE to one of: a",
            "log in with the aws command, or set keys in the environment; the guide to credentials of \
             rds-iam-token lists the source of each deployment",
        ]
    );
}

#[test]
fn half_a_key_pair_in_a_source_profile_is_not_passed_over() {
    for half in ["aws_access_key_id=A", "aws_secret_access_key=s"] {
        let base = format!(
            "[profile base]\n{half}\nrole_arn=arn:aws:iam::123456789012:role/b\n\
            source_profile=end\n[profile end]\naws_access_key_id=A\naws_secret_access_key=s\n"
        );
        let (role, _) = ROLE.split_once("[profile base]").unwrap();
        let error = fails(&World::with_config(&format!("{role}{base}")), |need| {
            panic!("{need:?}")
        });
        assert_eq!(error.kind(), ErrorKind::Partial, "{}", error.report());
    }
}

#[test]
fn each_kind_and_an_unexpected_answer_have_a_text() {
    assert_eq!(ErrorKind::SsoTokenExpired.to_string(), "sso-token-expired");
    assert_eq!(
        UnexpectedAnswer.to_string(),
        "the answer does not fit what the credential chain needs"
    );
}

#[test]
fn of_a_response_the_status_is_shown_and_of_profiles_the_keys() {
    let response = HttpResponse::new(404, [("a", "b")], "not-a-real-secret");
    assert_eq!(format!("{response:?}"), "HttpResponse { status: 404, .. }");
    let profiles = Profiles::parse(ROLE.as_bytes(), b"").unwrap();
    let shown = format!("{profiles:?}");
    assert!(
        shown.contains(r#"["aws_access_key_id", "aws_secret_access_key"]"#),
        "{shown}"
    );
    assert!(!shown.contains("not-a-real-secret"), "{shown}");
    let config = b"[default]\ncredential_process=p --password not-a-real-secret\n";
    let profiles = Profiles::parse(config, b"").unwrap();
    let plan = format!("{:?}", profiles.plan("default").unwrap());
    assert!(
        plan.contains("Process") && !plan.contains("not-a-real-secret"),
        "{plan}"
    );
}
