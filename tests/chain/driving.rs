//! What holds for every driver: a step is pure, searches end, and nothing secret is shown.

use std::fmt::Write as _;

use proptest::prelude::*;
use rds_iam_token::{
    Timestamp,
    chain::{
        Answer, Attempt, CredentialChain, HttpFailure, HttpResponse, Need, RegionChain, Settings,
        Source, Step, UnexpectedAnswer,
    },
};

use crate::world::World;

const NOW: i64 = 1_700_000_000;

fn now() -> Timestamp {
    Timestamp::from_unix_seconds(NOW).unwrap()
}

/// Longer than any search: three attempts for each of a dozen requests, and the files between.
const MAX_STEPS: usize = 100;

fn unset(names: &[String]) -> Answer {
    Answer::Variables(vec![None; names.len()])
}

#[test]
fn a_step_is_the_same_until_it_is_answered() {
    let mut chain = CredentialChain::new(Settings::default());
    let shown = |chain: &mut CredentialChain| format!("{:?}", chain.step(now()));
    let first = shown(&mut chain);
    assert_eq!(first, shown(&mut chain));
    assert_eq!(chain.answer(Answer::Missing), Err(UnexpectedAnswer));
    assert_eq!(chain.answer(Answer::Written), Err(UnexpectedAnswer));
    assert_eq!(first, shown(&mut chain));
    chain.answer(Answer::Variables(Vec::new())).unwrap();
    let last = shown(&mut chain);
    assert_ne!(first, last);
    assert_eq!(last, shown(&mut chain));
}

#[test]
fn an_answer_before_a_step_is_unexpected() {
    let mut chain = CredentialChain::new(Settings::default());
    assert_eq!(chain.answer(Answer::Missing), Err(UnexpectedAnswer));
    let mut chain = RegionChain::new(Settings::default());
    assert_eq!(chain.answer(Answer::Missing), Err(UnexpectedAnswer));
}

#[test]
fn a_driver_that_can_do_nothing_gets_a_reason_for_each_source() {
    let mut chain = CredentialChain::new(Settings::default());
    let error = loop {
        match chain.step(now()) {
            Step::Need(_) => {}
            Step::Failed(error) => break error,
            step @ Step::Done(_) => panic!("{step:?}"),
        }
        chain
            .answer(Answer::Unsupported("not here".into()))
            .unwrap();
    };
    assert_eq!(error.kind().as_str(), "no-credentials");
    let sources: Vec<Source> = error.attempts().iter().map(Attempt::source).collect();
    assert!(sources.contains(&Source::Environment));
    assert!(sources.contains(&Source::InstanceMetadata));
    assert!(error.report().contains("not here"), "{}", error.report());
}

#[test]
fn a_retry_waits_and_a_first_attempt_does_not() {
    let mut chain = CredentialChain::new(Settings::default().with_seed(7));
    let mut waits = Vec::new();
    let error = loop {
        let answer = match chain.step(now()) {
            Step::Need(Need::Variables(names)) => Answer::Variables(
                names
                    .iter()
                    .map(|name| {
                        (name == "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI").then(|| "/c".into())
                    })
                    .collect(),
            ),
            Step::Need(Need::File(_)) => Answer::Missing,
            Step::Need(Need::Http(request)) => {
                assert!(!request.may_use_proxy());
                waits.push(request.wait().as_secs());
                Answer::Http(HttpResponse::new(500, [("a", "b")], ""))
            }
            Step::Failed(error) => break error,
            step => panic!("{step:?}"),
        };
        chain.answer(answer).unwrap();
    };
    assert_eq!(waits, [0, 1, 1]);
    assert_eq!(error.kind().as_str(), "http-status");
}

#[test]
fn a_source_that_is_left_out_is_not_asked() {
    let settings = Settings::default()
        .without(Source::InstanceMetadata)
        .without(Source::Container);
    let mut chain = CredentialChain::new(settings);
    loop {
        let answer = match chain.step(now()) {
            Step::Need(Need::Variables(names)) => unset(names),
            Step::Need(Need::File(_)) => Answer::Missing,
            Step::Failed(_) => return,
            step => panic!("{step:?}"),
        };
        chain.answer(answer).unwrap();
    }
}

#[test]
fn a_source_that_is_left_out_gives_no_keys_to_a_role_either() {
    let role = "arn:aws:iam::123456789012:role/r";
    let keys = "aws_access_key_id=AKIDEXAMPLE\naws_secret_access_key=not-a-real-secret\n";
    let of_a_process = format!(
        "[default]\nrole_arn={role}\nsource_profile=b\n[profile b]\ncredential_process=p\n"
    );
    let of_the_environment = format!("[default]\nrole_arn={role}\ncredential_source=Environment\n");
    let of_keys = format!("[default]\nrole_arn={role}\nsource_profile=b\n[profile b]\n{keys}");
    let settings = Settings::default()
        .without(Source::Container)
        .without(Source::InstanceMetadata);
    for (world, source) in [
        (World::with_config(&of_a_process), Source::Process),
        (World::with_config(&of_keys), Source::ConfigFile),
        (World::with_config(&of_keys), Source::AssumeRole),
        (
            World::with_config(&of_the_environment)
                .set("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
                .set("AWS_SECRET_ACCESS_KEY", "not-a-real-secret"),
            Source::Environment,
        ),
        (
            World::default()
                .set("AWS_WEB_IDENTITY_TOKEN_FILE", "/token")
                .set("AWS_ROLE_ARN", role)
                .file("/token", "t"),
            Source::WebIdentity,
        ),
    ] {
        let error = world
            .resolve(settings.clone().without(source), |need| panic!("{need:?}"))
            .unwrap_err();
        assert_eq!(error.kind().as_str(), "no-credentials", "{source}");
    }
}

/// Texts that lead a search on, and some that lead it astray.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(SECRET.to_owned()),
        Just("true".to_owned()),
        Just("/c".to_owned()),
        Just("http://127.0.0.1/c".to_owned()),
        Just("arn:aws:iam::123456789012:role/r".to_owned()),
        Just("us-east-1".to_owned()),
        Just(format!("[default]\nrole_arn=arn:aws:iam::123456789012:role/r\nsource_profile=b\n[profile b]\naws_access_key_id=AKIDEXAMPLE\naws_secret_access_key={SECRET}\n")),
        Just("[default]\nregion=us-east-1\nsso_session=s\nsso_account_id=1\nsso_role_name=r\n[sso-session s]\nsso_region=us-east-1\nsso_start_url=https://x\n".to_owned()),
        Just("[default]\ncredential_process=p\n".to_owned()),
        Just(format!("{{\"accessToken\":\"{SECRET}\",\"expiresAt\":\"2023-11-14T22:00:00Z\",\"refreshToken\":\"{SECRET}\",\"clientId\":\"c\",\"clientSecret\":\"{SECRET}\",\"registrationExpiresAt\":\"2030-01-01T00:00:00Z\",\"expiresIn\":60}}")),
        Just(format!("{{\"Version\":1,\"AccessKeyId\":\"AKIDEXAMPLE\",\"SecretAccessKey\":\"{SECRET}\",\"Token\":\"{SECRET}\",\"Expiration\":\"2023-11-14T22:00:00Z\"}}")),
        Just(format!("<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>A</AccessKeyId><SecretAccessKey>{SECRET}</SecretAccessKey><SessionToken>{SECRET}</SessionToken><Expiration>2023-11-15T22:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>")),
        ".{0,40}",
    ]
}

const SECRET: &str = "nOt4rEaLsEcReT0123456789";

fn answer() -> impl Strategy<Value = (u8, String, u16)> {
    let statuses = prop_oneof![Just(200_u16), Just(401), Just(404), Just(429), Just(500)];
    (0..10_u8, text(), statuses)
}

/// Answers a need with a text, or otherwise if `kind` says so.
fn fitting(need: &Need<'_>, kind: u8, text: &str, status: u16) -> Answer {
    if kind == 9 {
        return Answer::Unsupported("no".into());
    }
    match need {
        // A few variables are set at a time.
        Need::Variables(names) => Answer::Variables(
            names
                .iter()
                .enumerate()
                .map(|(index, _)| (index % 11 == usize::from(kind)).then(|| text.to_owned()))
                .collect(),
        ),
        Need::File(_) if kind < 7 => Answer::File(text.into()),
        Need::File(_) if kind == 7 => Answer::Missing,
        Need::File(_) => Answer::Unreadable(text.into()),
        Need::WriteFile { .. } => Answer::Written,
        Need::Http(_) if kind < 7 => Answer::Http(HttpResponse::new(
            status,
            [("x-amzn-errortype", text)],
            text,
        )),
        Need::Http(_) => Answer::NoResponse {
            failure: HttpFailure::ReadTimeout,
            detail: text.into(),
        },
        Need::Process { .. } if kind < 8 => Answer::Exited {
            status: Some(i32::from(kind % 2)),
            stdout: text.into(),
            stderr: text.into(),
        },
        Need::Process { .. } => Answer::NotStarted(text.into()),
        _ => Answer::MfaCode("123456".into()),
    }
}

proptest! {
    #[test]
    fn every_search_ends_and_shows_no_secret(answers in proptest::collection::vec(answer(), 1..40)) {
        let mut chain = CredentialChain::new(Settings::default());
        let mut answers = answers.iter().cycle();
        let mut shown = String::new();
        for step in 0.. {
            prop_assert!(step < MAX_STEPS);
            write!(shown, "{chain:?}").unwrap();
            let answer = match chain.step(now()) {
                Step::Need(need) => {
                    write!(shown, "{need:?}").unwrap();
                    let (kind, text, status) = answers.next().unwrap();
                    fitting(&need, *kind, text, *status)
                }
                Step::Done(resolved) => {
                    write!(shown, "{resolved:?}").unwrap();
                    break;
                }
                Step::Failed(error) => {
                    prop_assert_eq!(error.to_string().lines().count(), 1, "{}", error);
                    write!(shown, "{error:?}{error}{}", error.report()).unwrap();
                    break;
                }
            };
            write!(shown, "{answer:?}").unwrap();
            chain.answer(answer).unwrap();
        }
        // A key id may be shown; a secret that was put into its place is rejected first or not one.
        prop_assert!(!shown.contains(SECRET), "{}", shown);
    }
}
