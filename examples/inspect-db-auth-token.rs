//! Says what is in a token and what is wrong with it.

use std::{
    env,
    ffi::OsString,
    io::{self, Read as _},
    process::ExitCode,
};

use rds_iam_token::{
    Credentials, Endpoint, Region, Timestamp, TokenParts,
    diagnose::{Known, Server, diagnose},
};
use time::OffsetDateTime;

use command_line::{CommandLine, Flags, Output, print};
use values::{moment, number};

#[path = "cli/command_line.rs"]
mod command_line;
#[path = "cli/values.rs"]
mod values;

const HELP: &str = "\
Says what is in a token and what is wrong with it.

Usage: inspect-db-auth-token [OPTIONS] < TOKEN

The token is what was used as the password: in RDS_TOKEN, or else on standard input, where one line
break at the end is left out. Its signature and session token are not shown. With the key that signed
in AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, the signature is checked too.

  --hostname HOST  the endpoint's host, as RDS shows it
  --port PORT      the endpoint's port
  --username USER  the database user
  --region REGION  the database's region; default: what the host says
  --at TIME        when it was used, in RFC 3339 or as @UNIX_SECONDS (default now)
  -h, --help       prints this

Exit status: 0 where nothing is wrong, 1 where something is, 2 where the call is.
";

const FLAGS: &[&str] = &["hostname", "port", "username", "region", "at"];

/// In bytes, of a text that is read.
const LONGEST_TOKEN: usize = 64 * 1024;

fn main() -> ExitCode {
    print(run(
        env::args_os().skip(1),
        |name| env::var_os(name).filter(|value| !value.is_empty()),
        io::stdin().lock(),
        OffsetDateTime::now_utc(),
    ))
}

/// Does everything but input and output. An error is one line.
fn run(
    arguments: impl IntoIterator<Item = OsString>,
    variable: impl Fn(&str) -> Option<OsString>,
    stdin: impl io::Read,
    now: OffsetDateTime,
) -> Result<Output, String> {
    let flags = match CommandLine::read(FLAGS, arguments)? {
        CommandLine::Flags(flags) => flags,
        CommandLine::Nothing => Flags::default(),
        CommandLine::Help => {
            return Ok(Output {
                stdout: HELP.to_owned(),
                ..Output::default()
            });
        }
    };
    let known = known(&flags, now)?;
    let password = match variable("RDS_TOKEN") {
        Some(token) => token.into_encoded_bytes(),
        None => read(stdin).map_err(|error| format!("standard input: {error}"))?,
    };
    let Ok(password) = String::from_utf8(password) else {
        let stdout = "- not-a-token: is not UTF-8 text".to_owned();
        return Ok(Output {
            stdout,
            exit_status: 1,
            ..Output::default()
        });
    };
    Ok(report(&password, known, &flags, credentials(variable)))
}

/// Reads standard input, of which far less than is read here can be a token.
fn read(mut stdin: impl io::Read) -> io::Result<Vec<u8>> {
    let mut password = Vec::new();
    stdin.by_ref().take(64 << 20).read_to_end(&mut password)?;
    if password.last() == Some(&b'\n') {
        password.pop();
    }
    Ok(password)
}

fn known(flags: &Flags, now: OffsetDateTime) -> Result<Known, String> {
    let at = match moment(flags, "at")? {
        Some(at) => at,
        None => Timestamp::try_from(now).map_err(|error| format!("the clock: {error}"))?,
    };
    let mut known = Known::new().with_time(at);
    if let Some(host) = flags.get("hostname") {
        known = known
            .with_host(host)
            .map_err(|error| format!("--hostname: {error}"))?;
    }
    if let Some(port) = number(flags, "port", "1 to 65535")? {
        known = known.with_port(port);
    }
    if let Some(user) = flags.get("username") {
        known = known.with_user(user);
    }
    if let Some(code) = flags.get("region") {
        let region = Region::new(code).map_err(|error| format!("--region: {error}"))?;
        known = known.with_region(region);
    }
    Ok(known)
}

/// Reads the keys of the environment, if they are any.
fn credentials(variable: impl Fn(&str) -> Option<OsString>) -> Option<Credentials> {
    let variable = |name| variable(name)?.into_string().ok();
    let credentials = Credentials::new(
        variable("AWS_ACCESS_KEY_ID")?,
        variable("AWS_SECRET_ACCESS_KEY")?,
    )
    .ok()?;
    match variable("AWS_SESSION_TOKEN") {
        Some(session_token) => credentials.with_session_token(session_token).ok(),
        None => Some(credentials),
    }
}

fn report(
    password: &str,
    mut known: Known,
    flags: &Flags,
    credentials: Option<Credentials>,
) -> Output {
    let mut diagnosis = diagnose(password, &known);
    let mut lines = Vec::new();
    let mut unchecked: Vec<_> = FLAGS
        .iter()
        .filter(|flag| **flag != "at" && flags.get(flag).is_none())
        .map(|flag| format!("--{flag}"))
        .collect();
    let repaired = diagnosis.expose_repaired().to_owned();
    if let Ok(parts) = TokenParts::parse(&repaired) {
        describe(&parts, &mut lines);
        // Other keys than the one that signed say nothing about it.
        match credentials.filter(|credentials| credentials.access_key_id() == parts.access_key_id())
        {
            Some(credentials) => {
                known = known.with_credentials(credentials);
                diagnosis = diagnose(password, &known);
            }
            None => unchecked.push("the signature".to_owned()),
        }
    }
    for finding in diagnosis.findings() {
        lines.push(format!("- {finding}"));
        // Who gave so much text was not going to give a token.
        if password.len() <= LONGEST_TOKEN {
            lines.push(format!("  {}", finding.remedy()));
        }
    }
    if diagnosis.is_clean() {
        lines.push("Nothing is wrong with the token itself.".to_owned());
        if !unchecked.is_empty() {
            lines.push(format!(
                "Not checked, for nothing to compare with: {}.",
                unchecked.join(", ")
            ));
        }
        list_other_causes(&mut lines);
    }
    let exit_status = u8::from(!diagnosis.is_clean());
    Output {
        stdout: lines.join("\n"),
        exit_status,
        ..Output::default()
    }
}

fn describe(parts: &TokenParts<'_>, lines: &mut Vec<String>) {
    let kind =
        Endpoint::new(parts.host(), parts.port()).map(|endpoint| endpoint.kind().to_string());
    let session_token = match parts.expose_session_token() {
        Some(session_token) => format!("yes, of {} characters", session_token.len()),
        None => "no".to_owned(),
    };
    for (name, value) in [
        (
            "host",
            format!("{} ({})", parts.host(), kind.unwrap_or_default()),
        ),
        ("port", parts.port().to_string()),
        ("user", parts.user().escape_debug().to_string()),
        ("region", parts.region().escape_debug().to_string()),
        ("service", parts.service().escape_debug().to_string()),
        ("action", parts.action().escape_debug().to_string()),
        ("algorithm", parts.algorithm().escape_debug().to_string()),
        (
            "signed headers",
            parts.signed_headers().escape_debug().to_string(),
        ),
        (
            "access key id",
            parts.access_key_id().escape_debug().to_string(),
        ),
        ("session token", session_token),
        ("signed at", parts.signed_at().to_string()),
        ("lifetime", format!("{} s", parts.lifetime().as_secs())),
        ("expires at", parts.expires_at().to_string()),
        ("signature", "64 digits, not shown".to_owned()),
    ] {
        lines.push(format!("{name:<15} {value}"));
    }
    lines.push(String::new());
}

fn list_other_causes(lines: &mut Vec<String>) {
    lines.push("If it is refused all the same, the reason is elsewhere:".to_owned());
    for (name, server) in [
        (
            "PostgreSQL, \"PAM authentication failed\"",
            Server::PostgreSql,
        ),
        ("MySQL and MariaDB, \"Access denied\"", Server::MySql),
        ("RDS Proxy", Server::Proxy),
    ] {
        lines.push(String::new());
        lines.push(format!("{name}:"));
        for cause in server.other_causes() {
            lines.push(format!("  * {}", cause.message()));
            lines.push(format!("    {}", cause.remedy()));
        }
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    /// What botocore 1.44 prints for AKIDEXAMPLE and not-a-real-secret.
    const TOKEN: &str = "mydb.c1a2b3c4d5e6.us-east-1.rds.amazonaws.com:5432/?Action=connect\
        &DBUser=app&X-Amz-Algorithm=AWS4-HMAC-SHA256\
        &X-Amz-Credential=AKIDEXAMPLE%2F20150830%2Fus-east-1%2Frds-db%2Faws4_request\
        &X-Amz-Date=20150830T123600Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host\
        &X-Amz-Signature=1f5779ddf64f71de19871ab0cd6c15cb79e8f05537aac4860d78bf6e2f9ff037";

    const KEY: (&str, &str) = ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");

    fn run(arguments: &[&str], variables: &[(&str, &str)], stdin: &[u8]) -> Result<Output, String> {
        super::run(
            arguments.iter().map(OsString::from),
            |name| {
                let (_, value) = variables.iter().find(|(known, _)| *known == name)?;
                Some(value.into())
            },
            stdin,
            datetime!(2015-08-30 12:37 UTC),
        )
    }

    fn findings(output: &Output) -> Vec<&str> {
        let lines = output
            .stdout
            .lines()
            .filter_map(|line| line.strip_prefix("- "));
        lines
            .map(|line| line.split(':').next().unwrap_or_default())
            .collect()
    }

    #[test]
    fn a_good_token_is_described_and_the_other_causes_are_listed() -> Result<(), String> {
        for (variables, stdin) in [
            (&[][..], TOKEN.to_owned()),
            (&[], TOKEN.to_owned() + "\n"),
            (&[("RDS_TOKEN", TOKEN)], "not read".to_owned()),
            (
                &[KEY, ("AWS_SECRET_ACCESS_KEY", "not-a-real-secret")],
                TOKEN.to_owned(),
            ),
        ] {
            let output = run(&["--username=app"], variables, stdin.as_bytes())?;
            assert_eq!((findings(&output), output.exit_status), (vec![], 0));
            for words in [
                "user            app\n",
                "2015-08-30T12:51:00Z",
                "rds_iam is not granted",
            ] {
                assert!(output.stdout.contains(words), "{}", output.stdout);
            }
            assert!(!output.stdout.contains("1f5779dd"));
        }
        Ok(())
    }

    #[test]
    fn what_is_wrong_is_listed_with_its_remedy() -> Result<(), String> {
        let arguments = [
            "--username",
            "App",
            "--port=3306",
            "--at=2015-08-30T12:52:00Z",
        ];
        let secret = ("AWS_SECRET_ACCESS_KEY", "another-secret");
        let output = run(&arguments, &[KEY, secret], format!("'{TOKEN}'").as_bytes())?;
        assert_eq!(
            findings(&output),
            [
                "surrounding-text",
                "wrong-port",
                "user-case",
                "expired",
                "wrong-signature"
            ]
        );
        assert_eq!(output.exit_status, 1);
        assert!(
            output.stdout.contains(
                "- expired: expired 1 min ago, at 2015-08-30T12:51:00Z\n  make a new token for each"
            ),
            "{}",
            output.stdout
        );
        Ok(())
    }

    #[test]
    fn what_is_no_token_is_answered_in_short() -> Result<(), String> {
        for (stdin, name) in [
            (vec![], "empty"),
            (b"hunter2".to_vec(), "not-a-token"),
            (vec![b'a'; 1 << 20], "not-a-token"),
            (vec![0xff; 1 << 20], "not-a-token"),
        ] {
            let output = run(&[], &[], &stdin)?;
            assert_eq!((findings(&output), output.exit_status), (vec![name], 1));
            assert!(!output.stdout.contains("hunter2"));
            assert!(
                stdin.len() < 100 || output.stdout.lines().count() == 1,
                "{}",
                output.stdout
            );
        }
        Ok(())
    }

    #[test]
    fn a_mistake_is_one_line_that_names_the_input() {
        for (argument, start) in [
            ("--hostname=a b", "--hostname: host has white space"),
            ("--port=0x", "--port is not a whole number"),
            ("--region=US", "--region: region has a character"),
            ("--at=now", "--at is no time"),
            ("--token=x", "there is no such flag"),
        ] {
            let error = run(&[argument], &[], b"").err().unwrap_or_default();
            assert!(
                error.starts_with(start) && !error.contains('\n'),
                "{argument}: {error}"
            );
        }
    }
}
