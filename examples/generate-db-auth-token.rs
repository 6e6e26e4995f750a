//! Prints a token, with the flags of `aws rds generate-db-auth-token`.

use std::{env, ffi::OsString, process::ExitCode, time::Duration};

use rds_iam_token::{
    Credentials, Endpoint, Error, HostKind, Region, Timestamp, Token, TokenRequest,
};
use time::OffsetDateTime;

use command_line::{CommandLine, Flags, Output, print};
use required::{region, require};
use values::{moment, number};

#[path = "cli/command_line.rs"]
mod command_line;
#[path = "cli/required.rs"]
mod required;
#[path = "cli/values.rs"]
mod values;

const HELP: &str = "\
Prints the password for an Amazon RDS database with IAM authentication.

Usage: generate-db-auth-token --hostname HOST --port PORT --username USER [OPTIONS]

  --hostname HOST       the endpoint's host, as RDS shows it
  --port PORT           the endpoint's port
  --username USER       the database user
  --region REGION       the database's region; default: what the host says, else AWS_REGION, else
                        AWS_DEFAULT_REGION
  --expires-in SECONDS  the token's lifetime, 1 to 900 (default 900)
  --at TIME             when it begins, in RFC 3339 or as @UNIX_SECONDS (default now)
  -h, --help            prints this

The keys are read from AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN.
Without any argument, a demonstration token is signed with the example keys of AWS.
";

const FLAGS: &[&str] = &["hostname", "port", "username", "region", "expires-in", "at"];

fn main() -> ExitCode {
    print(run(
        env::args_os().skip(1),
        |name| env::var_os(name),
        OffsetDateTime::now_utc(),
    ))
}

/// Does everything but input and output. An error is one line.
fn run(
    arguments: impl IntoIterator<Item = OsString>,
    variable: impl Fn(&str) -> Option<OsString>,
    now: OffsetDateTime,
) -> Result<Output, String> {
    let variables = Variables(&variable);
    let (token, notes) = match CommandLine::read(FLAGS, arguments)? {
        CommandLine::Help => {
            return Ok(Output {
                stdout: HELP.to_owned(),
                ..Output::default()
            });
        }
        CommandLine::Nothing => demonstration(now).map_err(|error| error.to_string())?,
        CommandLine::Flags(flags) => from_flags(&flags, &variables, now)?,
    };
    Ok(Output {
        stdout: token.into_exposed_string(),
        notes,
        ..Output::default()
    })
}

/// Signs for nobody with keys that AWS prints in its documentation.
fn demonstration(now: OffsetDateTime) -> Result<(Token, Vec<String>), Error> {
    let endpoint = Endpoint::new("mydb.c1a2b3c4d5e6.us-east-1.rds.amazonaws.com", 5432)?;
    let request = TokenRequest::new(endpoint, Region::new("us-east-1")?, "jane_doe")?;
    let credentials = Credentials::new(
        "AKIAIOSFODNN7EXAMPLE",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    )?;
    let note = "demonstration: signed with the example keys of AWS's documentation, so no database \
                takes it; a real call, with your keys in AWS_ACCESS_KEY_ID and \
                AWS_SECRET_ACCESS_KEY: cargo run --example generate-db-auth-token -- --hostname \
                mydb.c1a2b3c4d5e6.us-east-1.rds.amazonaws.com --port 5432 --username jane_doe";
    Ok((
        request.sign(&credentials, Timestamp::try_from(now)?),
        vec![note.to_owned()],
    ))
}

fn from_flags(
    flags: &Flags,
    variables: &Variables<'_>,
    now: OffsetDateTime,
) -> Result<(Token, Vec<String>), String> {
    let host = require(flags, "hostname")?;
    let port = number(flags, "port", "1 to 65535")?.ok_or("--port is needed")?;
    let user = require(flags, "username")?;
    let endpoint = Endpoint::new(host, port).map_err(|error| match error {
        Error::Port => format!("--port: {error}"),
        _ => format!("--hostname: {error}"),
    })?;
    let mut notes = Vec::new();
    let region = match region(flags, Some(&endpoint), &mut notes)? {
        Some(region) => region,
        None => region_from(variables)?,
    };
    let kind = endpoint.kind();
    if !kind.accepts_tokens() {
        let what = match kind {
            HostKind::Other => "the host is not one that RDS gives".to_owned(),
            _ => format!("RDS takes no token for a host of this kind ({kind})"),
        };
        notes.push(format!(
            "warning: {what}: sign for the endpoint that RDS shows, and connect through this one"
        ));
    }
    let mut request = TokenRequest::new(endpoint, region, user)
        .map_err(|error| format!("--username: {error}"))?;
    if let Some(seconds) = number(flags, "expires-in", "1 to 900")? {
        request = request
            .with_lifetime(Duration::from_secs(seconds))
            .map_err(|error| format!("--expires-in: {error}"))?;
    }
    let at = match moment(flags, "at")? {
        Some(at) => at,
        None => Timestamp::try_from(now).map_err(|error| format!("the clock: {error}"))?,
    };
    let credentials = credentials(variables)?;
    let is_temporary = credentials.access_key_id().starts_with("ASIA");
    if is_temporary && credentials.expose_session_token().is_none() {
        notes.push(
            "warning: AWS_ACCESS_KEY_ID is a temporary key, which signs nothing without its \
             AWS_SESSION_TOKEN"
                .to_owned(),
        );
    }
    Ok((request.sign(&credentials, at), notes))
}

/// Finds the region of a host that does not tell it. There is no default.
fn region_from(variables: &Variables<'_>) -> Result<Region, String> {
    for name in ["AWS_REGION", "AWS_DEFAULT_REGION"] {
        if let Some(code) = variables.get(name)? {
            return Region::new(code).map_err(|error| format!("{name}: {error}"));
        }
    }
    Err(
        "the host does not tell the region: --region, AWS_REGION or AWS_DEFAULT_REGION is needed"
            .to_owned(),
    )
}

fn credentials(variables: &Variables<'_>) -> Result<Credentials, String> {
    let [id, secret, session] = [
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
    ];
    let credentials = Credentials::new(variables.require(id)?, variables.require(secret)?)
        .map_err(|error| match error {
            Error::AccessKeyId { .. } => format!("{id}: {error}"),
            _ => format!("{secret}: {error}"),
        })?;
    match variables.get(session)? {
        Some(token) => credentials
            .with_session_token(token)
            .map_err(|error| format!("{session}: {error}")),
        None => Ok(credentials),
    }
}

/// The environment, in which a variable that is set but empty counts as absent, as for AWS's tools.
struct Variables<'a>(&'a dyn Fn(&str) -> Option<OsString>);

impl Variables<'_> {
    fn get(&self, name: &str) -> Result<Option<String>, String> {
        (self.0)(name)
            .filter(|value| !value.is_empty())
            .map(|value| {
                value
                    .into_string()
                    .map_err(|_| format!("{name} is not UTF-8"))
            })
            .transpose()
    }

    fn require(&self, name: &str) -> Result<String, String> {
        self.get(name)?
            .ok_or_else(|| format!("{name} is not set, or empty"))
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const HOST: &str = "mydb.c1a2b3c4d5e6.us-east-1.rds.amazonaws.com";

    /// Keys, and no region.
    const KEYS: &[(&str, &str)] = &[
        ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", "not-a-real-secret"),
    ];

    fn run(arguments: &[&str], variables: &[&[(&str, &str)]]) -> Result<Output, String> {
        let variables = variables.concat();
        super::run(
            arguments.iter().map(OsString::from),
            |name| {
                let (_, value) = variables.iter().find(|(known, _)| *known == name)?;
                Some(value.into())
            },
            datetime!(2015-08-30 12:36 UTC),
        )
    }

    fn good<'a>(more: &[&'a str]) -> Vec<&'a str> {
        [
            &["--hostname", HOST, "--port", "5432", "--username", "app"],
            more,
        ]
        .concat()
    }

    /// What botocore 1.44 prints for the same inputs.
    const TOKEN: &str = "mydb.c1a2b3c4d5e6.us-east-1.rds.amazonaws.com:5432/?Action=connect\
        &DBUser=app&X-Amz-Algorithm=AWS4-HMAC-SHA256\
        &X-Amz-Credential=AKIDEXAMPLE%2F20150830%2Fus-east-1%2Frds-db%2Faws4_request\
        &X-Amz-Date=20150830T123600Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host\
        &X-Amz-Signature=1f5779ddf64f71de19871ab0cd6c15cb79e8f05537aac4860d78bf6e2f9ff037";

    #[test]
    fn every_way_to_say_the_same_prints_the_same_token() {
        for arguments in [
            good(&[]),
            good(&["--region", "us-east-1"]),
            good(&["--at", "@1440938160"]),
            good(&["--at=2015-08-30T14:36:00.999+02:00", "--expires-in=900"]),
            vec![
                "--username=app",
                "--port=5432",
                "--hostname=MyDB.c1a2b3c4d5e6.us-east-1.rds.amazonaws.com.",
            ],
        ] {
            let output = run(
                &arguments,
                &[KEYS, &[("AWS_SESSION_TOKEN", ""), ("AWS_REGION", "x")]],
            );
            let output = output.unwrap_or_else(|error| panic!("{arguments:?}: {error}"));
            assert_eq!(output.stdout, TOKEN, "{arguments:?}");
            assert_eq!(output.notes, [""; 0], "{arguments:?}");
        }
    }

    #[test]
    fn without_arguments_a_demonstration_is_printed_and_said_to_be_one() -> Result<(), String> {
        let output = run(&[], &[])?;
        assert!(
            output
                .stdout
                .contains("AKIAIOSFODNN7EXAMPLE%2F20150830%2Fus-east-1")
        );
        let note = output.notes.concat();
        assert!(
            note.starts_with("demonstration: ") && note.contains(" --hostname "),
            "{note}"
        );
        Ok(())
    }

    #[test]
    fn the_region_is_the_flag_the_hosts_or_the_environments() -> Result<(), String> {
        let local = ["--hostname=localhost", "--port=5432", "--username=app"];
        let one = &[
            ("AWS_REGION", "eu-west-1"),
            ("AWS_DEFAULT_REGION", "eu-west-2"),
        ][..];
        let other = &[("AWS_REGION", ""), ("AWS_DEFAULT_REGION", "eu-west-2")][..];
        for (arguments, variables, region) in [
            (&local[..], one, "eu-west-1"),
            (&local, other, "eu-west-2"),
            (&good(&[]), one, "us-east-1"),
            (&good(&["--region=eu-west-3"]), one, "eu-west-3"),
        ] {
            let output = run(arguments, &[KEYS, variables])?;
            assert!(
                output.stdout.contains(&format!("%2F{region}%2F")),
                "{}",
                output.stdout
            );
        }
        Ok(())
    }

    #[test]
    fn what_rds_will_refuse_is_said() -> Result<(), String> {
        let output = run(&good(&["--region=eu-west-3"]), &[KEYS])?;
        assert_eq!(
            output.notes,
            [
                "warning: --region is eu-west-3, but the endpoint is in us-east-1: RDS takes only its \
              own region"
            ]
        );
        let temporary = [("AWS_ACCESS_KEY_ID", "ASIAIOSFODNN7EXAMPLE"), SECRET];
        let notes = run(&good(&[]), &[&temporary])?.notes.concat();
        assert!(notes.contains("without its AWS_SESSION_TOKEN"), "{notes}");
        let session_token = [("AWS_SESSION_TOKEN", "token")];
        assert_eq!(
            run(&good(&[]), &[&temporary, &session_token])?.notes,
            [""; 0]
        );
        for (host, kind) in [
            (
                "--hostname=mydb.cluster-custom-c1.us-east-1.rds.amazonaws.com",
                "(cluster-custom)",
            ),
            ("--hostname=10.0.0.1", "(ip)"),
            ("--hostname=localhost", "not one that RDS gives"),
        ] {
            let arguments = [host, "--port=5432", "--username=app", "--region=us-east-1"];
            let notes = run(&arguments, &[KEYS])?.notes;
            assert_eq!(notes.len(), 1, "{host}: {notes:?}");
            assert!(notes.concat().contains(kind), "{host}: {notes:?}");
        }
        Ok(())
    }

    /// Arguments, variables, and how the error starts.
    type Case<'a> = (&'a [&'a str], &'a [(&'a str, &'a str)], &'a str);

    const SECRET: (&str, &str) = ("AWS_SECRET_ACCESS_KEY", "not-a-real-secret");

    const MISTAKES: &[Case<'_>] = &[
        (
            &["--port=1", "--username=app"],
            KEYS,
            "--hostname is needed",
        ),
        (&["--"], KEYS, "--hostname is needed"),
        (
            &["--hostname=db", "--username=app"],
            KEYS,
            "--port is needed",
        ),
        (&["--hostname=db", "--port=1"], KEYS, "--username is needed"),
        (
            &["--hostname=db", "--port=1", "--username=app"],
            KEYS,
            "the host does not tell",
        ),
        (
            &["--hostname=d b", "--port=1", "--username=app"],
            KEYS,
            "--hostname: host has white",
        ),
        (
            &["--hostname=db", "--port", "-1"],
            KEYS,
            "--port is not a whole number from 1 to 65535",
        ),
        (
            &["--hostname=db", "--port=65536"],
            KEYS,
            "--port is not a whole number from 1 to 65535",
        ),
        (
            &["--hostname=db", "--port=+1"],
            KEYS,
            "--port is not a whole number",
        ),
        (
            &["--hostname=db", "--port=05432"],
            KEYS,
            "--port is not a whole number",
        ),
        (
            &["--hostname=db", "--port=0", "--username=app"],
            KEYS,
            "--port: port is missing, or",
        ),
        (&["--port=1", "--port=1"], KEYS, "--port is given twice"),
        (&["--hostname"], KEYS, "--hostname has no value"),
        (
            &["--hostname", "--port", "1"],
            KEYS,
            "--hostname has no value",
        ),
        (
            &["--real=x"],
            KEYS,
            "there is no such flag; there are --hostname --port --username",
        ),
        (&["-p", "1"], KEYS, "flags start with two hyphens"),
        (&["--help=real"], KEYS, "a flag has a value it cannot have"),
        (
            &["not-a-real-secret"],
            KEYS,
            "there is an argument without a flag",
        ),
        (
            &["--hostname=db", "--port=1", "--username=app"],
            &[("AWS_REGION", "eu west 1")],
            "AWS_REGION: region has white space",
        ),
    ];

    /// What is added to arguments that are good.
    const MISTAKES_BESIDES: &[Case<'_>] = &[
        (&["--region="], KEYS, "--region: region is empty"),
        (&["--expires-in=0"], KEYS, "--expires-in: lifetime is 0 s"),
        (
            &["--expires-in=901"],
            KEYS,
            "--expires-in: lifetime is 901 s",
        ),
        (
            &["--expires-in", "-1"],
            KEYS,
            "--expires-in is not a whole number from 1 to 900",
        ),
        (
            &["--expires-in=1.5"],
            KEYS,
            "--expires-in is not a whole number",
        ),
        (&["--at=yesterday"], KEYS, "--at is no time in RFC 3339"),
        (
            &["--at=2015-02-29T00:00:00Z"],
            KEYS,
            "--at is no time in RFC 3339",
        ),
        (&["--at=@+1"], KEYS, "--at is no time in RFC 3339"),
        (
            &["--at=@-1"],
            KEYS,
            "--at: time -1 (in seconds since 1970) is not in",
        ),
        (&["--at=1969-12-31T23:59:59Z"], KEYS, "--at: time -1 "),
        (&["--at=@253402300800"], KEYS, "--at: time 253402300800 "),
        (&[], &[], "AWS_ACCESS_KEY_ID is not set, or empty"),
        (
            &[],
            &[("AWS_ACCESS_KEY_ID", ""), SECRET],
            "AWS_ACCESS_KEY_ID is not set",
        ),
        (&[], &[KEYS[0]], "AWS_SECRET_ACCESS_KEY is not set"),
        (
            &[],
            &[("AWS_ACCESS_KEY_ID", "A/B"), SECRET],
            "AWS_ACCESS_KEY_ID: access key id has a character",
        ),
        (
            &[],
            &[KEYS[0], ("AWS_SECRET_ACCESS_KEY", "not-a-real-secret\n")],
            "AWS_SECRET_ACCESS_KEY: secret access key has a line break",
        ),
        (
            &[],
            &[KEYS[0], SECRET, ("AWS_SESSION_TOKEN", "not a real secret")],
            "AWS_SESSION_TOKEN: session token has white space",
        ),
    ];

    #[test]
    fn a_mistake_is_one_line_that_names_the_input() {
        let check = |arguments: &[&str], variables: &[(&str, &str)], start: &str| {
            let error = run(arguments, &[variables]).err().unwrap_or_default();
            assert!(
                error.starts_with(start.split(": ").next().unwrap_or_default()),
                "{arguments:?}: {error}"
            );
            assert!(
                !error.contains('\n') && !error.contains("real"),
                "{arguments:?}: {error}"
            );
        };
        for (arguments, variables, start) in MISTAKES {
            check(arguments, variables, start);
        }
        for (more, variables, start) in MISTAKES_BESIDES {
            check(&good(more), variables, start);
        }
    }

    #[cfg(unix)]
    #[test]
    fn what_is_not_utf_8_is_named_and_not_shown() {
        use std::os::unix::ffi::OsStringExt as _;

        let bytes = || OsString::from_vec(b"not-a-real-secret\xff".to_vec());
        let mut arguments: Vec<_> = good(&["--region"]).iter().map(OsString::from).collect();
        arguments.push(bytes());
        for (arguments, error) in [
            (arguments, "--region is not UTF-8"),
            (
                good(&[]).iter().map(OsString::from).collect(),
                "AWS_ACCESS_KEY_ID is not UTF-8",
            ),
        ] {
            let result = super::run(
                arguments,
                |_| Some(bytes()),
                datetime!(2015-08-30 12:36 UTC),
            );
            assert_eq!(result.err().as_deref(), Some(error));
        }
    }

    #[test]
    fn a_value_may_start_with_one_hyphen_and_after_an_equals_sign_with_two() -> Result<(), String> {
        let start = ["--hostname", HOST, "--port", "5432"];
        for (user, shown) in [
            (&["--username", "-app"][..], "-app"),
            (&["--username=--app"], "--app"),
        ] {
            let output = run(&[&start, user].concat(), &[KEYS])?;
            assert!(
                output.stdout.contains(&format!("&DBUser={shown}&")),
                "{}",
                output.stdout
            );
        }
        Ok(())
    }

    #[test]
    fn help_is_printed_whatever_else_is_given() -> Result<(), String> {
        for arguments in [&["--help"][..], &["-h"], &["--port=1", "--help"]] {
            assert_eq!(run(arguments, &[])?.stdout, HELP);
        }
        Ok(())
    }
}
