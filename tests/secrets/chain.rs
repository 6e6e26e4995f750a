//! The credential chain leaves nothing in memory, whatever source its credentials come from.

use rds_iam_token::chain::{
    Answer, CredentialChain, HttpResponse, Need, Resolved, Settings, Source, Step,
};

use crate::{
    allocator::left_by,
    inputs::{NOW, SECRET, SESSION_TOKEN, at},
};

/// What a machine has: texts that are built before anything is searched for.
#[derive(Default)]
struct World {
    variables: Vec<(&'static str, String)>,
    /// By the ends of their paths.
    files: Vec<(&'static str, String)>,
    process: String,
    /// By pieces of their URLs.
    responses: Vec<(&'static str, String)>,
}

impl World {
    fn resolve(&self) -> Resolved {
        let mut chain = CredentialChain::new(Settings::default());
        loop {
            let answer = match chain.step(at(NOW)) {
                Step::Need(need) => self.answer(&need),
                Step::Done(resolved) => return resolved,
                step @ Step::Failed(_) => panic!("{step:?}"),
            };
            chain.answer(answer).unwrap();
        }
    }

    fn answer(&self, need: &Need<'_>) -> Answer {
        match need {
            Need::Variables(names) => {
                let value = |name: &String| {
                    let found = self.variables.iter().find(|(known, _)| known == name);
                    found.map(|(_, value)| value.clone())
                };
                Answer::Variables(names.iter().map(value).collect())
            }
            Need::File(path) => match self.files.iter().find(|(end, _)| path.ends_with(end)) {
                Some((_, text)) => Answer::File(text.clone().into_bytes()),
                None => Answer::Missing,
            },
            Need::WriteFile { .. } => Answer::Written,
            Need::Process { .. } => Answer::Exited {
                status: Some(0),
                stdout: self.process.clone().into_bytes(),
                stderr: Vec::new(),
            },
            Need::Http(request) => {
                let url = request.expose_url();
                let found = self.responses.iter().find(|(piece, _)| url.contains(piece));
                let body = found.unwrap().1.clone();
                Answer::Http(HttpResponse::new(200, [("a", "b")], body))
            }
            need => panic!("{need:?}"),
        }
    }

    fn with_config(config: &str) -> Self {
        Self {
            variables: vec![("HOME", "/home/u".into())],
            files: vec![("config", config.into())],
            ..Self::default()
        }
    }
}

/// Writes each character as an escape of JSON.
fn escaped(text: &str) -> String {
    text.chars().fold(String::new(), |escaped, letter| {
        format!("{escaped}\\u{:04x}", u32::from(letter))
    })
}

/// Writes each character as a reference of XML.
fn referenced(text: &str) -> String {
    text.chars().fold(String::new(), |referenced, letter| {
        format!("{referenced}&#{};", u32::from(letter))
    })
}

fn json(token: &str, expiry: &str) -> String {
    let (secret, session) = (escaped(SECRET), SESSION_TOKEN);
    format!(
        r#"{{"Version": 1, "AccessKeyId": "ASIDEXAMPLE", "SecretAccessKey": "{secret}",
            "{token}": "{session}", "{expiry}": "2030-01-01T00:00:00Z"}}"#
    )
}

fn worlds() -> Vec<(Source, World)> {
    let keys = format!(
        "[default]\naws_access_key_id=ASIDEXAMPLE\naws_secret_access_key={SECRET}\n\
         aws_session_token={SESSION_TOKEN}\n"
    );
    let role = format!(
        "{keys}region=us-east-1\nrole_arn=arn:aws:iam::123456789012:role/r\nsource_profile=default\n"
    );
    let sts = format!(
        "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>A</AccessKeyId>\
         <SecretAccessKey>{}</SecretAccessKey><SessionToken>{SESSION_TOKEN}</SessionToken>\
         <Expiration>2030-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult>\
         </AssumeRoleResponse>",
        referenced(SECRET)
    );
    let sso = "[default]\nsso_session=s\nsso_account_id=1\nsso_role_name=r\n[sso-session s]\n\
        sso_region=us-east-1\nsso_start_url=https://x\n";
    let token = format!(
        r#"{{"accessToken": "{SESSION_TOKEN}", "expiresAt": "2010-01-01T00:00:00Z",
            "refreshToken": "{SESSION_TOKEN}", "clientId": "c", "clientSecret": "{SECRET}",
            "registrationExpiresAt": "2030-01-01T00:00:00Z"}}"#
    );
    let refreshed = format!(
        r#"{{"accessToken": "{}", "expiresIn": 28800, "refreshToken": "{SESSION_TOKEN}"}}"#,
        escaped(SESSION_TOKEN)
    );
    let role_keys = format!(
        r#"{{"roleCredentials": {{"accessKeyId": "A", "secretAccessKey": "{}",
            "sessionToken": "{SESSION_TOKEN}", "expiration": 1893456000000}}}}"#,
        escaped(SECRET)
    );
    vec![
        (
            Source::Environment,
            World {
                variables: vec![
                    ("AWS_ACCESS_KEY_ID", "ASIDEXAMPLE".into()),
                    ("AWS_SECRET_ACCESS_KEY", SECRET.into()),
                    ("AWS_SESSION_TOKEN", SESSION_TOKEN.into()),
                ],
                ..World::default()
            },
        ),
        (Source::ConfigFile, World::with_config(&keys)),
        (
            Source::AssumeRole,
            World {
                responses: vec![("sts.", sts)],
                ..World::with_config(&role)
            },
        ),
        (
            Source::Process,
            World {
                process: json("SessionToken", "Expiration"),
                ..World::with_config("[default]\ncredential_process=p\n")
            },
        ),
        (
            Source::Container,
            World {
                variables: vec![
                    ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/c".into()),
                    ("AWS_CONTAINER_AUTHORIZATION_TOKEN", SESSION_TOKEN.into()),
                ],
                responses: vec![("169.254.170.2", json("Token", "Expiration"))],
                ..World::default()
            },
        ),
        (
            Source::InstanceMetadata,
            World {
                responses: vec![
                    ("api/token", SESSION_TOKEN.into()),
                    ("security-credentials/role", json("Token", "Expiration")),
                    ("security-credentials/", "role".into()),
                ],
                ..World::default()
            },
        ),
        (
            Source::Sso,
            World {
                files: vec![("config", sso.into()), (".json", token)],
                responses: vec![("oidc.", refreshed), ("portal.", role_keys)],
                ..World::with_config(sso)
            },
        ),
    ]
}

#[test]
fn a_search_leaves_nothing() {
    for (source, world) in worlds() {
        assert_eq!(world.resolve().source(), source);
        assert_eq!(left_by(|| world.resolve()), None, "{source}");
    }
}

#[test]
fn a_response_that_is_rejected_leaves_nothing() {
    let chunk = format!("{:x}\r\n{SECRET}\r\n", SECRET.len());
    for response in [
        format!("HTTP/1.1 2x0 OK\r\n\r\n{SECRET}"),
        format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{chunk}5\r\ncut"),
    ] {
        let found = left_by(|| assert!(HttpResponse::from_http1(response.as_bytes()).is_none()));
        assert_eq!(found, None, "{response:?}");
    }
    let response = format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{chunk}0\r\n\r\n");
    let found = left_by(|| assert!(HttpResponse::from_http1(response.as_bytes()).is_some()));
    assert_eq!(found, None);
}
