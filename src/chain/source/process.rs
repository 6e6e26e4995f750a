//! `credential_process`: a program that prints credentials. It runs again at each refresh.

use alloc::{format, string::String};

use zeroize::Zeroizing;

use crate::chain::{
    answer::Answer,
    document,
    error::{ErrorKind, Failure},
    format::command,
    keys::Keys,
    need::Ask,
    run::{Outcome, Run},
    shown::shown,
};

/// Runs the command of a profile.
pub(crate) fn keys(run: &mut Run<'_>, line: &str, account_id: Option<&str>) -> Outcome<Keys> {
    let argv = command::split(line, run.settings.platform).ok_or_else(|| {
        Failure::new(
            ErrorKind::InvalidConfig,
            "the command has a quote that is not closed",
        )
        .remedy("close the quote in credential_process")
    })?;
    let Some(program) = argv.first().filter(|program| !program.is_empty()).cloned() else {
        return Err(
            Failure::new(ErrorKind::InvalidConfig, "the command is empty")
                .remedy("write the path of a program, or remove credential_process")
                .into(),
        );
    };
    let program = shown(&program);
    let answer = run.ask(|| Ask::Process {
        argv,
        line: Zeroizing::new(line.into()),
    })?;
    let mut keys = match answer {
        Answer::Exited {
            status: Some(0),
            stdout,
            ..
        } => document::process(stdout)
            .map_err(|failure| failure.within(&format!("output of {program}")))?,
        Answer::Exited { status, stderr, .. } => {
            return Err(exited(&program, *status, stderr).into());
        }
        Answer::NotStarted(reason) => {
            let reason = format!("{program} could not be started: {}", shown(reason));
            return Err(failed(reason)
                .remedy("write the whole path: there is no shell, so ~, $ and | mean nothing")
                .into());
        }
        Answer::Unsupported(reason) => {
            return Err(failed(format!("{program} was not run: {}", shown(reason))).into());
        }
        _ => return Err(failed(format!("{program} was not run")).into()),
    };
    if keys.account_id.is_none() {
        keys.account_id = account_id.map(String::from);
    }
    Ok(keys)
}

fn exited(program: &str, status: Option<i32>, stderr: &[u8]) -> Failure {
    let end = match status {
        Some(status) => format!("exited with status {status}"),
        None => "was ended by a signal".into(),
    };
    let text = stderr
        .utf8_chunks()
        .next()
        .map_or("", |chunk| chunk.valid());
    let said = shown(text);
    let said = if said.is_empty() {
        "it printed no error".into()
    } else {
        said
    };
    failed(format!("{program} {end}: {said}")).remedy(format!(
        "run {program} as credential_process has it, and correct what it prints"
    ))
}

fn failed(reason: impl Into<String>) -> Failure {
    Failure::new(ErrorKind::ProcessFailed, reason)
}
