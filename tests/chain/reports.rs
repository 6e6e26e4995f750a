//! Broken setups, each explained by its cause first.

use rds_iam_token::chain::{Answer, HttpFailure, HttpResponse, Need, Settings};

use crate::world::World;

struct Setup {
    about: &'static str,
    world: World,
    profile: Option<&'static str>,
    others: fn(&Need<'_>) -> Answer,
    /// In the first line of the report.
    cause: &'static str,
    /// The start of the first remedy.
    remedy: &'static str,
}

fn no_network(_: &Need<'_>) -> Answer {
    no_response(HttpFailure::ConnectTimeout)
}

fn no_response(failure: HttpFailure) -> Answer {
    Answer::NoResponse {
        failure,
        detail: String::new(),
    }
}

fn response(status: u16, body: &str) -> Answer {
    Answer::Http(HttpResponse::new(
        status,
        [("date", "Tue, 14 Nov 2023 22:13:20 GMT")],
        body,
    ))
}

fn sts(need: &Need<'_>, code: &str, date: &str) -> Answer {
    let Need::Http(_) = need else {
        panic!("{need:?}")
    };
    let body = format!(
        "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>The request \
         signature we calculated does not match.\n\nThe Canonical String was \
         X-Amz-Security-Token=x</Message></Error></ErrorResponse>"
    );
    Answer::Http(HttpResponse::new(403, [("date", date)], body))
}

const ROLE: &str = "[default]\nregion=us-east-1\nrole_arn=arn:aws:iam::123456789012:role/r\n\
    source_profile=base\n[profile base]\naws_access_key_id=AKIDEXAMPLE\n\
    aws_secret_access_key=not-a-real-secret\n";

const SSO: &str = "[default]\nsso_session=corp\nsso_account_id=123456789012\nsso_role_name=Dev\n\
    [sso-session corp]\nsso_region=eu-west-1\nsso_start_url=https://x.awsapps.com/start\n";

const SSO_CACHE: &str = "/home/u/.aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json";

#[expect(clippy::too_many_lines, reason = "a table")]
fn setups() -> Vec<Setup> {
    let container = || World::default().set("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/c");
    vec![
        Setup {
            about: "nobody is logged in",
            world: World::with_config(SSO),
            profile: None,
            others: no_network,
            cause: "IAM Identity Center: no one is logged in",
            remedy: "run aws sso login --sso-session corp",
        },
        Setup {
            about: "the login expired, and cannot be refreshed",
            world: World::with_config(SSO).file(
                SSO_CACHE,
                r#"{"accessToken": "a", "expiresAt": "2023-11-14T21:13:20Z"}"#,
            ),
            profile: None,
            others: no_network,
            cause: "the access token expired at 2023-11-14T21:13:20Z, 60 min ago",
            remedy: "run aws sso login --sso-session corp",
        },
        Setup {
            about: "a profile of the older form",
            world: World::with_config(
                "[profile old]\nsso_start_url=https://x\nsso_region=eu-west-1\n\
                 sso_account_id=1\nsso_role_name=r\n",
            ),
            profile: Some("old"),
            others: no_network,
            cause: "no one is logged in",
            remedy: "run aws sso login --profile old",
        },
        Setup {
            about: "a section without the word profile",
            world: World::with_config("[prod]\nregion=eu-west-1\n").set("AWS_PROFILE", "prod"),
            profile: None,
            others: no_network,
            cause: "[prod], which lacks the word profile",
            remedy: "in /home/u/.aws/config, write [profile prod] instead of [prod]",
        },
        Setup {
            about: "the same, and no profile is named",
            world: World::with_config("[prod]\naws_access_key_id=AKIDEXAMPLE\n"),
            profile: None,
            others: no_network,
            cause: "without the word profile",
            remedy: "in the config file, write [profile NAME] instead of [prod]",
        },
        Setup {
            about: "a profile that does not exist",
            world: World::with_config("[profile a]\n[profile b]\n"),
            profile: Some("c"),
            others: no_network,
            cause: "profile c does not exist",
            remedy: "use a profile that exists: a, b",
        },
        Setup {
            about: "half a key pair in the environment",
            world: World::default().set("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
            profile: None,
            others: no_network,
            cause: "AWS_SECRET_ACCESS_KEY is missing",
            remedy: "export AWS_SECRET_ACCESS_KEY",
        },
        Setup {
            about: "the other half, which ends no search",
            world: World::with_config("[default]\nregion=us-east-1\n")
                .set("AWS_SECRET_ACCESS_KEY", "not-a-real-secret"),
            profile: None,
            others: no_network,
            cause: "AWS_ACCESS_KEY_ID is not set, although AWS_SECRET_ACCESS_KEY is",
            remedy: "export AWS_ACCESS_KEY_ID",
        },
        Setup {
            about: "a hop limit of 1 in a container",
            world: World::default(),
            profile: None,
            others: |_| no_response(HttpFailure::ReadTimeout),
            cause: "was reached and sent no token",
            remedy: "in a container, allow a second hop",
        },
        Setup {
            about: "the metadata service is switched off",
            world: World::default(),
            profile: None,
            others: |_| response(403, ""),
            cause: "is switched off (status 403)",
            remedy: "switch it on: aws ec2 modify-instance-metadata-options",
        },
        Setup {
            about: "the metadata service is left out by a variable",
            world: World::with_config("[default]\nregion=us-east-1\n")
                .set("AWS_EC2_METADATA_DISABLED", "true"),
            profile: None,
            others: no_network,
            cause: "switched off by AWS_EC2_METADATA_DISABLED",
            remedy: "on EC2, unset AWS_EC2_METADATA_DISABLED",
        },
        Setup {
            about: "the same, and the profile is not named",
            world: World::with_config("[profile dev]\nregion=us-east-1\n"),
            profile: None,
            others: |_| response(403, ""),
            cause: "is switched off (status 403)",
            remedy: "set AWS_PROFILE to one of: dev",
        },
        Setup {
            about: "an instance without a role",
            world: World::default(),
            profile: None,
            others: |need| match need {
                Need::Http(request) if request.method() == "PUT" => response(200, "token"),
                _ => response(404, ""),
            },
            cause: "the instance has no role",
            remedy: "attach a role to the instance",
        },
        Setup {
            about: "a login page in place of JSON",
            world: container(),
            profile: None,
            others: |_| response(200, "<html>Log in</html>"),
            cause: "the document is HTML or XML instead of JSON",
            remedy: "check whether a login page, firewall or proxy",
        },
        Setup {
            about: "credentials that have expired",
            world: container(),
            profile: None,
            others: |_| {
                response(
                    200,
                    r#"{"AccessKeyId": "A", "SecretAccessKey": "s", "Token": "t",
                        "Expiration": "2023-11-14T20:13:20Z"}"#,
                )
            },
            cause: "credentials expired at 2023-11-14T20:13:20Z, 2 h ago",
            remedy: "check why the service issues expired credentials",
        },
        Setup {
            about: "STS denies",
            world: World::with_config(ROLE),
            profile: None,
            others: |need| sts(need, "AccessDenied", "Tue, 14 Nov 2023 22:13:20 GMT"),
            cause: "rejected with AccessDenied",
            remedy: "allow sts:AssumeRole to the caller",
        },
        Setup {
            about: "a wrong secret",
            world: World::with_config(ROLE),
            profile: None,
            others: |need| {
                sts(
                    need,
                    "SignatureDoesNotMatch",
                    "Tue, 14 Nov 2023 22:13:20 GMT",
                )
            },
            cause: "rejected with SignatureDoesNotMatch",
            remedy: "check that the secret access key belongs to the access key id",
        },
        Setup {
            about: "a wrong clock",
            world: World::with_config(ROLE),
            profile: None,
            others: |need| {
                sts(
                    need,
                    "SignatureDoesNotMatch",
                    "Tue, 14 Nov 2023 22:43:20 GMT",
                )
            },
            cause: "the clock of this machine is 30 min slow",
            remedy: "set the clock of this machine",
        },
        Setup {
            about: "a process that fails",
            world: World::with_config("[default]\ncredential_process=/opt/creds --json\n"),
            profile: None,
            others: |_| Answer::Exited {
                status: Some(3),
                stdout: Vec::new(),
                stderr: b"\nno ticket\nmore".to_vec(),
            },
            cause: "/opt/creds exited with status 3: no ticket",
            remedy: "run /opt/creds",
        },
        Setup {
            about: "a malformed file",
            world: World::with_config("[default]\nregion: eu-west-1\n"),
            profile: None,
            others: no_network,
            cause: "/home/u/.aws/config, line 2",
            remedy: "correct line 2 of /home/u/.aws/config",
        },
        Setup {
            about: "a token that is not mounted",
            world: World::default()
                .set("AWS_WEB_IDENTITY_TOKEN_FILE", "/var/run/token")
                .set("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/r"),
            profile: None,
            others: no_network,
            cause: "the token file /var/run/token does not exist",
            remedy: "check that the token is mounted",
        },
    ]
}

#[test]
fn a_broken_setup_is_explained_by_its_cause_first() {
    for setup in setups() {
        let mut settings = Settings::default();
        if let Some(profile) = setup.profile {
            settings = settings.with_profile(profile);
        }
        let error = setup.world.resolve(settings, setup.others).unwrap_err();
        let (about, report) = (setup.about, error.report());
        let first = report.lines().next().unwrap();
        assert!(first.contains(setup.cause), "{about}:\n{report}");
        assert_eq!(first, error.to_string(), "{about}");
        let remedy = report.lines().nth(1).unwrap();
        let expected = format!("  try: {}", setup.remedy);
        assert!(remedy.starts_with(&expected), "{about}:\n{report}");
        assert!(
            !report.contains("X-Amz-Security-Token"),
            "{about}:\n{report}"
        );
    }
}
