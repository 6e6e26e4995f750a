//! The credentials that `token` finds, in the homes of developers.

use crate::{
    home::{CONFIG, Home, SSO_TOKEN, sso_token},
    run::{HOST, KEYS, Run, run},
    server::serve,
};

const FAR: &str = "2100-01-01T00:00:00Z";

/// Runs `token` in a home.
#[track_caller]
fn token(home: &Home, more: &[&str], variables: &[&[(&str, &str)]]) -> Run {
    let url = serve();
    let endpoints = [
        ("AWS_ENDPOINT_URL_SSO", url.as_str()),
        ("AWS_ENDPOINT_URL_STS", &url),
        ("PATH", "/usr/bin:/bin"),
    ];
    let hostname = format!("--hostname={HOST}");
    let flags = ["token", &hostname, "--port=5432", "--username=app"];
    let variables = [&home.variables()[..], &endpoints, &variables.concat()].concat();
    run([&flags[..], more].concat(), &variables, b"")
}

fn developer() -> Home {
    Home::new()
        .with(".aws/config", CONFIG)
        .with(SSO_TOKEN, &sso_token(FAR))
}

/// Profiles, the key that signs, and what --verbose says.
const PROFILES: &[(&str, &str, &str)] = &[
    (
        "sso",
        "ASIASSO",
        "credentials: IAM Identity Center, account 012345678901, valid until 2100-01-01T00:00:00Z\n",
    ),
    (
        "role",
        "ASIAROLE",
        "credentials: assumed role, account 123456789012, valid until 2100-01-01T00:00:00Z\n",
    ),
    (
        "src",
        "AKIASRC",
        "credentials: config file, without a known expiry\n",
    ),
    #[cfg(unix)]
    (
        "process",
        "AKIAPROC",
        "credentials: credential_process, without a known expiry\n",
    ),
];

#[test]
fn each_kind_of_profile_signs_with_its_own_key() {
    let home = developer();
    for &(profile, key, verbose) in PROFILES {
        // The flag beats keys in the environment; the variable does not.
        let flag = ["--profile", profile, "--verbose"];
        let by_flag = token(&home, &flag, &[KEYS]);
        assert_eq!(
            (by_flag.stderr.as_str(), by_flag.status),
            (verbose, Some(0))
        );
        let by_variable = token(&home, &[], &[&[("AWS_PROFILE", profile)]]);
        assert_eq!(
            (by_variable.stderr.as_str(), by_variable.status),
            ("", Some(0))
        );
        for run in [by_flag, by_variable] {
            let start = format!("X-Amz-Credential={key}%2F");
            assert!(run.stdout.contains(&start), "{profile}: {}", run.stdout);
        }
        let keys = token(&home, &[], &[KEYS, &[("AWS_PROFILE", profile)]]);
        assert!(keys.stdout.contains("AKIDEXAMPLE"), "{}", keys.stdout);
    }
}

#[test]
fn with_keys_in_the_environment_no_file_is_read() {
    let home = Home::new().with(".aws/config", "broken");
    let missing = [("AWS_PROFILE", "missing")];
    let run = token(&home, &["--verbose"], &[KEYS, &missing]);
    assert_eq!(
        (run.stderr.as_str(), run.status),
        (
            "credentials: environment, without a known expiry; AWS_PROFILE is not used, since keys in the \
             environment come first\n",
            Some(0)
        )
    );
}

#[test]
fn an_empty_variable_for_a_file_means_no_file() {
    let file = "[default]\naws_access_key_id = AKIAFILE\naws_secret_access_key = secretfile\n";
    let home = Home::new().with(".aws/credentials", file);
    let found = token(&home, &[], &[]);
    assert!(found.stdout.contains("AKIAFILE"), "{}", found.stderr);
    let none = token(&home, &[], &[&[("AWS_SHARED_CREDENTIALS_FILE", "")]]);
    none.is_rejected_with("no source has credentials");
}

/// Profiles, the first line of the error, and a part of the rest.
const ERRORS: &[(&str, &str, &str)] = &[
    ("missing", "profile missing does not exist", "  try: "),
    ("half", "config file: ", "aws_secret_access_key"),
    ("", "--profile: expected a name", ""),
    #[cfg(unix)]
    ("failing", "credential_process: ", "a reason"),
    ("mfa", "assumed role: ", "no terminal"),
];

#[test]
fn a_search_that_fails_is_reported_with_what_to_do() {
    let home = developer();
    for &(profile, start, part) in ERRORS {
        let run = token(&home, &["--profile", profile], &[]);
        run.is_rejected_with(start);
        assert!(run.stderr.contains(part), "{profile}: {}", run.stderr);
    }
    let expired = developer().with(SSO_TOKEN, &sso_token("2023-11-14T21:00:00Z"));
    let run = token(&expired, &["--profile=sso"], &[]);
    run.is_rejected_with("IAM Identity Center: ");
    assert!(run.stderr.contains("aws sso login"), "{}", run.stderr);
    let broken = Home::new().with(".aws/config", "broken");
    token(&broken, &[], &[]).is_rejected_with("");
    let none = token(&Home::new(), &[], &[]);
    none.is_rejected_with("no source has credentials");
    assert!(none.stderr.contains("\n  environment: "), "{}", none.stderr);
}

#[test]
fn the_region_of_the_profile_comes_last() {
    let home = developer();
    let local = ["token", "--hostname=db", "--port=1", "--username=app"];
    let profile = ["--profile=src"];
    let region = |more: &[&str], variables: &[(&str, &str)]| {
        let variables = [&home.variables()[..], variables].concat();
        run([&local[..], more].concat(), &variables, b"")
    };
    let run = region(&profile, &[]);
    run.is_rejected_with("--region is required: ");
    let of_profile = [("AWS_PROFILE", "sso")];
    let run = region(&[], &[KEYS, &of_profile].concat());
    assert!(run.stdout.contains("%2Fus-east-1%2F"), "{}", run.stderr);
    let variable = [("AWS_DEFAULT_REGION", "eu-west-3")];
    let run = region(&[], &[KEYS, &of_profile, &variable].concat());
    assert!(run.stdout.contains("%2Feu-west-3%2F"), "{}", run.stderr);
    // Of the host, although the profile has another.
    let of_host = token(&home, &["--profile=role"], &[]);
    assert!(
        of_host.stdout.contains("%2Fus-east-1%2F"),
        "{}",
        of_host.stderr
    );
}

#[cfg(unix)]
#[test]
fn a_variable_that_is_not_utf_8_is_not_passed_over() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt as _};

    let hostname = format!("--hostname={HOST}");
    let flags = ["token", &hostname, "--port=5432", "--username=app"];
    for (name, keys, status) in [
        ("AWS_PROFILE", KEYS, 2),
        ("AWS_PROFILE", &[], 2),
        ("HOME", KEYS, 0),
        ("HOME", &[], 2),
    ] {
        let mut command = crate::run::command(flags, keys);
        let output = command.env(name, OsStr::from_bytes(b"\xff")).output();
        let output = output.expect("it runs");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(status), "{name}: {stderr}");
        assert!(
            status == 0 || stderr == format!("error: {name} is not UTF-8\n"),
            "{stderr}"
        );
    }
}

/// `script` of util-linux gives it a terminal.
#[cfg(target_os = "linux")]
#[test]
fn the_code_of_an_mfa_device_is_asked_for_on_a_terminal() {
    use std::{
        io::Write as _,
        process::{Command, Stdio},
    };

    let home = developer();
    let url = serve();
    let line = format!(
        "{} token --hostname {HOST} --port 1 --username app --profile mfa",
        env!("CARGO_BIN_EXE_rds-iam-token")
    );
    let child = Command::new("script")
        .args(["-qec", &line, "/dev/null"])
        .env_clear()
        .envs(home.variables())
        .envs([
            ("AWS_ENDPOINT_URL_STS", url.as_str()),
            ("PATH", "/usr/bin:/bin"),
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut child) = child else { return };
    let mut stdin = child.stdin.take().expect("it is piped");
    stdin.write_all(b"123456\n").expect("it is read");
    let output = child.wait_with_output().expect("it ends");
    let text = String::from_utf8_lossy(&output.stdout);
    // The terminal echoes what is typed, and may do so within the question.
    let question = text.replace("123456\r\n", "").replace("123456\n", "");
    assert!(question.contains("MFA code of arn:aws:iam::"), "{text}");
    assert!(question.contains(":mfa/jane: "), "{text}");
    assert!(text.contains("X-Amz-Credential=ASIAMFA%2F"), "{text}");
}
