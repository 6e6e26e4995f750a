//! Prints what lets a database user in with tokens: the IAM policy and the SQL.

use std::{env, ffi::OsString, process::ExitCode};

use rds_iam_token::{
    Endpoint, Engine, Error, HostKind, grant,
    policy::{DbUserArn, connect_policy},
};

use command_line::{CommandLine, Flags, Output, print};
use required::{region, require};

#[path = "cli/command_line.rs"]
mod command_line;
#[path = "cli/required.rs"]
mod required;

const HELP: &str = "\
Prints the IAM policy and the SQL that let a database user in with tokens.

Usage: grant-db-access --hostname HOST --account ACCOUNT --resource-id ID \\
                       --engine ENGINE --username USER [--only policy|sql]

  --hostname HOST     the endpoint's host, which tells the region; or else
  --region REGION     the database's region
  --account ACCOUNT   the 12 digits of the database's account, or *
  --resource-id ID    db-… of an instance, cluster-… of an Aurora cluster, prx-… of a proxy, or *
  --engine ENGINE     postgres, mysql or mariadb
  --username USER     the database user
  --only policy|sql   prints only that, and needs only the flags for it
  -h, --help          prints this
";

const FLAGS: &[&str] = &[
    "hostname",
    "region",
    "account",
    "resource-id",
    "engine",
    "username",
    "only",
];

fn main() -> ExitCode {
    print(run(env::args_os().skip(1)))
}

/// Does everything but input and output. An error is one line.
fn run(arguments: impl IntoIterator<Item = OsString>) -> Result<Output, String> {
    let flags = match CommandLine::read(FLAGS, arguments)? {
        CommandLine::Flags(flags) => flags,
        CommandLine::Help => {
            return Ok(Output {
                stdout: HELP.to_owned(),
                ..Output::default()
            });
        }
        CommandLine::Nothing => return Err("--help shows what is needed".to_owned()),
    };
    let mut notes = Vec::new();
    let stdout = match flags.get("only") {
        Some("policy") => policy(&flags, &mut notes)?,
        Some("sql") => sql(&flags)?,
        Some(_) => return Err("--only is neither policy nor sql".to_owned()),
        None => format!(
            "IAM policy, for the role or user whose keys sign the tokens:\n\n{}\n\
             SQL, for the master user of the database:\n\n{}",
            policy(&flags, &mut notes)?,
            sql(&flags)?
        ),
    };
    Ok(Output {
        stdout,
        notes,
        ..Output::default()
    })
}

fn policy(flags: &Flags, notes: &mut Vec<String>) -> Result<String, String> {
    // A policy names no port, so any will do.
    let endpoint = flags
        .get("hostname")
        .map(|host| Endpoint::new(host, 1))
        .transpose();
    let endpoint = endpoint.map_err(|error| format!("--hostname: {error}"))?;
    let region = region(flags, endpoint.as_ref(), notes)?
        .ok_or("--hostname with a host that tells the region, or --region, is needed")?;
    let resource_id = require(flags, "resource-id")?;
    let arn = DbUserArn::new(
        region,
        require(flags, "account")?,
        resource_id,
        require(flags, "username")?,
    )
    .map_err(|error| format!("{}: {error}", flag_of(error)))?;
    if let Some(prefix) = endpoint.and_then(|endpoint| id_prefix(endpoint.kind()))
        && resource_id != "*"
        && !resource_id.starts_with(prefix)
    {
        notes.push(format!(
            "warning: the resource id of such a host starts with {prefix}, so this policy is for \
             another database"
        ));
    }
    Ok(connect_policy(&[arn]))
}

/// How the resource id starts of what an endpoint of a kind belongs to, where that is sure.
fn id_prefix(kind: HostKind) -> Option<&'static str> {
    match kind {
        HostKind::ClusterReader | HostKind::ClusterWriter => Some("cluster-"),
        HostKind::Proxy | HostKind::ProxyEndpoint => Some("prx-"),
        _ => None,
    }
}

/// Names the flag of a part of the policy.
fn flag_of(error: Error) -> &'static str {
    match error {
        Error::Account { .. } => "--account",
        Error::ResourceId { .. } => "--resource-id",
        _ => "--username",
    }
}

fn sql(flags: &Flags) -> Result<String, String> {
    let engine = match require(flags, "engine")? {
        "mariadb" => Engine::MariaDb,
        "mysql" => Engine::MySql,
        "postgres" => Engine::PostgreSql,
        _ => return Err("--engine is none of postgres, mysql and mariadb".to_owned()),
    };
    grant::create_user(engine, require(flags, "username")?)
        .map_err(|error| format!("--username: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: &[&str] = &[
        "--hostname=mydb.c1a2b3c4d5e6.us-east-2.rds.amazonaws.com",
        "--account=111122223333",
        "--resource-id=db-ABCDEFGHIJKL01234",
        "--username=a\"b",
    ];

    fn run(arguments: &[&str]) -> Result<Output, String> {
        super::run(arguments.iter().map(OsString::from))
    }

    #[test]
    fn one_half_needs_only_its_own_flags() -> Result<(), String> {
        let sql = run(&["--only=sql", "--engine=postgres", "--username=a\"b"])?.stdout;
        assert_eq!(
            sql,
            "CREATE USER \"a\"\"b\";\nGRANT rds_iam TO \"a\"\"b\";\n"
        );
        let policy = [&["--only", "policy", "--username", "app"], &POLICY[..3]].concat();
        let policy = run(&policy)?.stdout;
        assert!(policy.starts_with("{\n"), "{policy}");
        assert!(policy.contains(":us-east-2:111122223333:dbuser:db-ABCDEFGHIJKL01234/app\""));
        Ok(())
    }

    #[test]
    fn both_halves_have_a_line_above_them() -> Result<(), String> {
        let both = [&["--username=app", "--engine=mysql"], &POLICY[..3]].concat();
        let output = run(&both)?;
        let places: Vec<_> = ["IAM policy, ", "{\n", "SQL, ", "CREATE USER `app`"]
            .iter()
            .map(|part| output.stdout.find(part))
            .collect();
        assert!(
            places.is_sorted() && places.iter().all(Option::is_some),
            "{}",
            output.stdout
        );
        assert_eq!(output.notes, [""; 0]);
        Ok(())
    }

    #[test]
    fn what_does_not_fit_is_said() -> Result<(), String> {
        for (arguments, note) in [
            (
                [
                    "--hostname=db.cluster-c1a2.us-east-2.rds.amazonaws.com",
                    "--account=*",
                ],
                "cluster-",
            ),
            (
                [
                    "--hostname=db.proxy-c1a2.us-east-2.rds.amazonaws.com",
                    "--account=*",
                ],
                "prx-",
            ),
            (
                [
                    "--hostname=db.c1a2.us-east-2.rds.amazonaws.com",
                    "--region=us-east-1",
                ],
                "us-east-1",
            ),
        ] {
            let mut arguments = arguments.to_vec();
            if !arguments.contains(&"--account=*") {
                arguments.push("--account=*");
            }
            arguments.extend(["--resource-id=db-A", "--username=app", "--only=policy"]);
            let notes = run(&arguments)?.notes;
            assert!(
                notes.len() == 1 && notes.concat().contains(note),
                "{notes:?}"
            );
        }
        Ok(())
    }

    #[test]
    fn a_mistake_is_one_line_that_names_the_input() {
        let cases: &[(&[&str], &str)] = &[
            (&[], "--help shows"),
            (&["--only=all"], "--only is neither"),
            (&["--only=sql", "--username=app"], "--engine is needed"),
            (&["--only=sql", "--engine=oracle"], "--engine is none of"),
            (
                &["--only=sql", "--engine=mysql", "--username=app "],
                "--username: user has white space, at byte 3",
            ),
            (
                &["--only=policy", "--region=us-east-2"],
                "--resource-id is needed",
            ),
            (
                &["--only=policy", "--hostname=localhost"],
                "--hostname with a host that tells",
            ),
            (
                &[&["--only=policy"], POLICY].concat(),
                "--username: user has a character",
            ),
            (
                &[
                    "--only=policy",
                    "--region=us-east-2",
                    "--account=1",
                    "--resource-id=db-A",
                    "--username=u",
                ],
                "--account: account is too short",
            ),
            (
                &[
                    "--only=policy",
                    "--region=us-east-2",
                    "--account=*",
                    "--resource-id=mydb",
                    "--username=u",
                ],
                "--resource-id: resource id does not start as it must",
            ),
        ];
        for (arguments, start) in cases {
            let error = run(arguments).err().unwrap_or_default();
            assert!(
                error.starts_with(start.split(": ").next().unwrap_or_default()),
                "{arguments:?}: {error}"
            );
            assert!(!error.contains('\n'), "{error}");
        }
    }
}
