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
break at the end is left out. Better from a file than typed: a terminal cuts a line after 4,095 bytes.
Its signature and session token are not shown. With the key that signed
in AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, the signature is checked too.

  --hostname HOST  the endpoint's host, as RDS shows it
  --port PORT      the endpoint's port
  --username USER  the database user
  --region REGION  the database's region; default: what the host says
  --at TIME        when it was used, in RFC 3339 or as @UNIX_SECONDS (default now)
  -h, --help       prints this

Exit status: 0 where nothing is wrong, 1 where something is, 2 where the arguments are wrong.
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
        let stdout =
            "- not-a-token: is not UTF-8 text (a file that PowerShell wrote may be UTF-16)";
        let stdout = stdout.to_owned();
        return Ok(Output {
            stdout,
            exit_status: 1,
            ..Output::default()
        });
    };
    Ok(report(&password, known, &flags, variable))
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

/// Reads the keys of the environment. An error says why they are of no use.
fn credentials(
    variable: impl Fn(&str) -> Option<OsString>,
    signer: &str,
) -> Result<Credentials, String> {
    let read = |name: &str| match variable(name).map(OsString::into_string) {
        Some(Ok(value)) => Ok(value),
        Some(Err(_)) => Err(format!("{name} is not UTF-8")),
        None => Err(format!("{name} is not set")),
    };
    let [id, secret, session] = [
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
    ];
    let credentials =
        Credentials::new(read(id)?, read(secret)?).map_err(|error| error.to_string())?;
    if credentials.access_key_id() != signer {
        return Err(format!("{id} is another key than the one that signed"));
    }
    if variable(session).is_none() {
        return Ok(credentials);
    }
    credentials
        .with_session_token(read(session)?)
        .map_err(|error| error.to_string())
}

fn report(
    password: &str,
    mut known: Known,
    flags: &Flags,
    variable: impl Fn(&str) -> Option<OsString>,
) -> Output {
    let mut diagnosis = diagnose(password, &known);
    let mut lines = Vec::new();
    let mut signature = None;
    let repaired = diagnosis.expose_repaired().to_owned();
    if let Ok(parts) = TokenParts::parse(&repaired) {
        describe(&parts, &mut lines);
        match credentials(variable, parts.access_key_id()) {
            Ok(credentials) => {
                known = known.with_credentials(credentials);
                diagnosis = diagnose(password, &known);
            }
            Err(error) => signature = Some(error),
        }
    } else {
        describe_what_is_there(&repaired, &mut lines);
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
        lines.extend(not_compared(flags, &repaired));
        lines.extend(signature.map(|error| format!("The signature was not checked: {error}.")));
        list_other_causes(&mut lines);
    }
    let exit_status = u8::from(!diagnosis.is_clean());
    Output {
        stdout: lines.join("\n"),
        exit_status,
        ..Output::default()
    }
}

/// Says what was not given to compare with. The region is compared with that of the host.
fn not_compared(flags: &Flags, token: &str) -> Option<String> {
    let host = flags.get("hostname").or(token.split(':').next());
    let has_region = host
        .and_then(|host| Endpoint::new(host, 1).ok())
        .is_some_and(|endpoint| endpoint.inferred_region().is_some());
    let missing: Vec<_> = FLAGS
        .iter()
        .filter(|flag| flags.get(flag).is_none())
        .filter(|flag| **flag != "at" && !(**flag == "region" && has_region))
        .map(|flag| format!("--{flag}"))
        .collect();
    (!missing.is_empty())
        .then(|| format!("Not compared, because not given: {}.", missing.join(", ")))
}

/// Lists the parameters that hold no secret, as they are, of a token that cannot be read whole.
fn describe_what_is_there(token: &str, lines: &mut Vec<String>) {
    let Some((authority, query)) = token.split_once('?') else {
        return;
    };
    lines.push(format!(
        "{:<20} {}",
        "host and port",
        shown(authority.trim_end_matches('/'))
    ));
    for (name, value) in query
        .split('&')
        .filter_map(|parameter| parameter.split_once('='))
    {
        // What has an equals sign in it may have another parameter in it.
        if SHOWN.contains(&name) && !value.contains('=') {
            lines.push(format!("{name:<20} {}", shown(value)));
        }
    }
    lines.push(String::new());
}

/// Escapes a text, and shortens it. What names a secret parameter is left out: where an ampersand is
/// lost, a value has the next one in it.
fn shown(text: &str) -> String {
    const MOST: usize = 100;
    let end = text.to_ascii_lowercase().find("x-amz-s");
    let visible = end.map_or(text, |end| text.split_at(end).0);
    let shown: String = visible
        .chars()
        .take(MOST)
        .flat_map(char::escape_debug)
        .collect();
    if visible.chars().count() > MOST || visible.len() < text.len() {
        shown + "…"
    } else {
        shown
    }
}

/// The parameters that hold no secret.
const SHOWN: &[&str] = &[
    "Action",
    "DBUser",
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-Expires",
    "X-Amz-SignedHeaders",
];

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
        ("user", shown(parts.user())),
        ("region", shown(parts.region())),
        ("service", shown(parts.service())),
        ("action", shown(parts.action())),
        ("algorithm", shown(parts.algorithm())),
        ("signed headers", shown(parts.signed_headers())),
        ("access key id", shown(parts.access_key_id())),
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
    fn what_is_there_of_a_damaged_token_is_described() -> Result<(), String> {
        let (cut, _) = TOKEN.split_at(250);
        let output = run(&[], &[], cut.as_bytes())?;
        assert_eq!(findings(&output), ["truncated"]);
        for words in [
            "amazonaws.com:5432\n",
            "DBUser               app\n",
            "AKIDEXAMPLE%2F20150830",
        ] {
            assert!(output.stdout.contains(words), "{}", output.stdout);
        }
        for (damage, instead) in [
            ("&X-Amz-Signature", "X-Amz-Signature"),
            ("&X-Amz-Signature=", "%26X-Amz-Signature%3D"),
            ("&X-Amz-Signature=", "%26x-amz-signature%3D"),
            ("&X-Amz-Signature=", "%2526X-Amz-Signature%253D"),
        ] {
            let joined = TOKEN.replace(damage, instead);
            let output = run(&[], &[], joined.as_bytes())?;
            assert!(!output.stdout.contains("1f5779dd"), "{}", output.stdout);
        }
        Ok(())
    }

    #[test]
    fn keys_of_no_use_are_named() -> Result<(), String> {
        let secret = ("AWS_SECRET_ACCESS_KEY", "not-a-real-secret");
        for (variables, words) in [
            (
                &[][..],
                "The signature was not checked: AWS_ACCESS_KEY_ID is not set.",
            ),
            (
                &[("AWS_ACCESS_KEY_ID", "AKIDOTHER"), secret],
                "is another key than the one",
            ),
            (
                &[KEY, ("AWS_SECRET_ACCESS_KEY", "real\n")],
                "invalid secret access key: line break",
            ),
        ] {
            let output = run(&[], variables, TOKEN.as_bytes())?;
            assert!(output.stdout.contains(words), "{}", output.stdout);
        }
        Ok(())
    }

    #[test]
    fn what_is_not_given_to_compare_with_is_named() -> Result<(), String> {
        let global = TOKEN.replace("c1a2b3c4d5e6.us-east-1", "global-c1a2b3c4d5e6.global");
        for (token, arguments, missing) in [
            (TOKEN, &[][..], Some("--hostname, --port, --username")),
            (TOKEN, &["--port=5432"], Some("--hostname, --username")),
            // This name tells no region.
            (
                &global,
                &["--username=app"],
                Some("--hostname, --port, --region"),
            ),
            (
                &global,
                &["--username=app", "--port=5432", "--region=us-east-1"],
                Some("--hostname"),
            ),
            (
                TOKEN,
                &[
                    "--hostname=mydb.c1a2b3c4d5e6.us-east-1.rds.amazonaws.com",
                    "--port=5432",
                    "--username=app",
                ],
                None,
            ),
        ] {
            let output = run(arguments, &[], token.as_bytes())?;
            let line = output
                .stdout
                .lines()
                .find_map(|line| line.strip_prefix("Not compared, because not given: "));
            let expected = missing.map(|missing| format!("{missing}."));
            assert_eq!(line, expected.as_deref(), "{}", output.stdout);
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
                error.starts_with(start.split(": ").next().unwrap_or_default())
                    && !error.contains('\n'),
                "{argument}: {error}"
            );
        }
    }
}
