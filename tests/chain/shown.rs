//! Needs, answers and outcomes, of which `Debug` shows no secret.

use std::fmt::Write as _;

use rds_iam_token::chain::{
    Answer, CredentialChain, HttpFailure, HttpResponse, Need, RegionChain, Settings, Step,
};

use crate::world::{NOW, World};

const SECRET: &str = "not-a-real-secret";

const MFA: &str = "[profile mfa]\nrole_arn = arn:aws:iam::111122223333:role/app\n\
    mfa_serial = arn:aws:iam::111122223333:mfa/jane\nsource_profile = keys\n\
    region = eu-west-1\n[profile keys]\naws_access_key_id = AKIDEXAMPLE\n\
    aws_secret_access_key = not-a-real-secret\n";

const ASSUMED: &str = "<AssumeRoleResponse><AssumeRoleResult><Credentials>\
    <AccessKeyId>ASIDEXAMPLE</AccessKeyId><SecretAccessKey>not-a-real-secret</SecretAccessKey>\
    <SessionToken>not-a-real-secret</SessionToken><Expiration>2023-11-14T23:13:20Z</Expiration>\
    </Credentials></AssumeRoleResult></AssumeRoleResponse>";

fn mfa() -> Settings {
    Settings::default().with_profile("mfa")
}

#[test]
fn a_role_with_mfa_is_assumed_with_the_code_and_shows_no_secret() {
    let mut shown = String::new();
    let resolved = World::with_config(MFA)
        .resolve(mfa(), |need| {
            let answer = match need {
                Need::MfaCode { .. } => Answer::MfaCode(" 123456\n".into()),
                Need::Http(request) => {
                    assert!(request.expose_url().contains("&TokenCode=123456&"));
                    assert!(request.may_use_proxy());
                    Answer::Http(HttpResponse::new(200, [("x-amzn", SECRET)], ASSUMED))
                }
                need => panic!("{need:?}"),
            };
            writeln!(shown, "{need:?} {answer:?}").unwrap();
            answer
        })
        .unwrap();
    assert!(
        shown.contains("MfaCode([redacted])") && shown.contains("GET"),
        "{shown}"
    );
    write!(shown, "{resolved:?}").unwrap();
    assert!(
        !shown.contains(SECRET) && !shown.contains("123456"),
        "{shown}"
    );
    assert!(resolved.refresh_at().is_some() && resolved.notes().is_empty());
    assert_eq!(resolved.into_credentials().access_key_id(), "ASIDEXAMPLE");
}

#[test]
fn a_code_that_is_missing_or_not_six_digits_ends_the_search() {
    for (answer, kind) in [
        ("12345", "invalid-value"),
        ("1234567", "invalid-value"),
        ("", "invalid-value"),
    ] {
        let error = World::with_config(MFA)
            .resolve(mfa(), |_| Answer::MfaCode(answer.into()))
            .unwrap_err();
        assert_eq!(error.kind().as_str(), kind, "{answer}");
        assert!(error.report().contains("six digits"));
    }
    for answer in [
        Answer::Unsupported("no terminal".into()),
        Answer::MfaCode("x".into()),
    ] {
        let mut answer = Some(answer);
        let error = World::with_config(MFA)
            .resolve(mfa(), |_| answer.take().unwrap())
            .unwrap_err();
        assert!(!error.to_string().contains('\n'));
        assert!(error.report().contains("MFA"), "{}", error.report());
        assert!(!format!("{error:?}").contains(SECRET));
    }
}

#[test]
fn a_process_is_run_and_neither_its_arguments_nor_its_output_are_shown() {
    let config = "[default]\ncredential_process = /opt/keys --password not-a-real-secret\n";
    let output =
        r#"{"Version": 1, "AccessKeyId": "AKIDEXAMPLE", "SecretAccessKey": "not-a-real-secret"}"#;
    let mut shown = String::new();
    let resolved = World::with_config(config)
        .resolve(Settings::default(), |need| {
            assert!(matches!(need, Need::Process { .. }));
            let answer = Answer::Exited {
                status: Some(0),
                stdout: output.into(),
                stderr: SECRET.into(),
            };
            write!(shown, "{need:?} {answer:?}").unwrap();
            answer
        })
        .unwrap();
    assert!(
        shown.contains("/opt/keys") && shown.contains("Exited"),
        "{shown}"
    );
    assert!(!shown.contains(SECRET), "{shown}");
    assert_eq!(resolved.credentials().expose_secret_access_key(), SECRET);
    for answer in [
        Answer::NotStarted("no such file".into()),
        Answer::Unsupported("no processes".into()),
        Answer::Exited {
            status: None,
            stdout: Vec::new(),
            stderr: Vec::new(),
        },
    ] {
        let mut answer = Some(answer);
        let error = World::with_config(config)
            .resolve(Settings::default(), |_| answer.take().unwrap())
            .unwrap_err();
        assert_eq!(
            error.kind().as_str(),
            "process-failed",
            "{}",
            error.report()
        );
    }
}

#[test]
fn the_kind_of_an_answer_is_shown_and_not_its_contents() {
    for (answer, shown) in [
        (
            Answer::Variables(vec![Some(SECRET.into())]),
            "Variables([redacted])",
        ),
        (Answer::File(SECRET.into()), "File([redacted])"),
        (Answer::Missing, "Missing"),
        (Answer::Unreadable(SECRET.into()), "Unreadable"),
        (Answer::Written, "Written"),
        (Answer::NotStarted(SECRET.into()), "NotStarted"),
        (Answer::Unsupported(SECRET.into()), "Unsupported"),
        (
            Answer::NoResponse {
                failure: HttpFailure::Tls,
                detail: SECRET.into(),
            },
            "Tls",
        ),
    ] {
        assert_eq!(format!("{answer:?}"), shown);
    }
    for (failure, text) in [
        (HttpFailure::Refused, "connection refused"),
        (HttpFailure::ConnectTimeout, "connection timed out"),
        (HttpFailure::ReadTimeout, "no response in time"),
        (HttpFailure::Tls, "TLS handshake failed"),
        (HttpFailure::Other, "connection failed"),
    ] {
        assert_eq!(failure.to_string(), text);
    }
}

#[cfg(feature = "std")]
#[test]
fn an_outcome_of_the_standard_library_becomes_an_answer() {
    use std::io::{Error, ErrorKind};

    for (error, shown) in [
        (ErrorKind::NotFound, "Missing"),
        (ErrorKind::NotADirectory, "Missing"),
        (ErrorKind::PermissionDenied, "Unreadable"),
    ] {
        assert_eq!(
            format!("{:?}", Answer::from_read(Err(Error::from(error)))),
            shown
        );
    }
    assert!(
        matches!(Answer::from_read(Ok(vec![1])), Answer::File(ref contents) if *contents == [1])
    );
    let failed = Answer::from_output(Err(Error::from(ErrorKind::NotFound)));
    assert!(matches!(failed, Answer::NotStarted(_)));
    let output = std::process::Output {
        status: std::process::ExitStatus::default(),
        stdout: b"{}".to_vec(),
        stderr: Vec::new(),
    };
    let ended = Answer::from_output(Ok(output));
    assert!(matches!(
        ended,
        Answer::Exited {
            status: Some(0),
            ..
        }
    ));
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let now = rds_iam_token::Timestamp::from_unix_seconds(NOW).unwrap();
    for (answer, words) in [
        (
            || Answer::Unreadable("permission denied".into()),
            "permission denied",
        ),
        (|| Answer::Unsupported("no files".into()), "no files"),
    ] as [(fn() -> Answer, &str); 2]
    {
        let mut chain = CredentialChain::new(Settings::default().with_profile("app"));
        let error = loop {
            let answer = match chain.step(now) {
                Step::Need(Need::Variables(names)) => Answer::Variables(
                    names
                        .iter()
                        .map(|name| (name == "HOME").then(|| "/home/u".into()))
                        .collect(),
                ),
                Step::Need(Need::File(_)) => answer(),
                Step::Failed(error) => break error,
                step => panic!("{step:?}"),
            };
            chain.answer(answer).unwrap();
        };
        assert!(error.report().contains(words), "{}", error.report());
    }
    assert!(
        format!("{:?}", CredentialChain::new(Settings::default())).starts_with("CredentialChain")
    );
    assert!(format!("{:?}", RegionChain::new(Settings::default())).starts_with("RegionChain"));
}

#[test]
fn the_region_of_an_instance_is_that_of_its_zone() {
    let now = rds_iam_token::Timestamp::from_unix_seconds(NOW).unwrap();
    for (status, zone, expected) in [
        (200, "eu-west-1a\n", Some("eu-west-1")),
        (404, "", None),
        (500, "", None),
    ] {
        let mut chain = RegionChain::new(Settings::default());
        let region = loop {
            let answer = match chain.step(now) {
                Step::Need(Need::Variables(names)) => Answer::Variables(vec![None; names.len()]),
                Step::Need(Need::File(_)) => Answer::Missing,
                Step::Need(Need::Http(request)) => {
                    assert!(!request.may_use_proxy());
                    let is_zone = request
                        .expose_url()
                        .ends_with("/placement/availability-zone/")
                        || request
                            .expose_url()
                            .ends_with("/placement/availability-zone");
                    let (status, body) = if is_zone {
                        (status, zone)
                    } else {
                        (200, SECRET)
                    };
                    let headers: [(&str, &str); 0] = [];
                    Answer::Http(HttpResponse::new(status, headers, body))
                }
                Step::Done(region) => break region,
                step => panic!("{step:?}"),
            };
            chain.answer(answer).unwrap();
        };
        let code = region.as_ref().map(rds_iam_token::Region::as_str);
        assert_eq!(code, expected, "{status}");
    }
}
