//! Values that start with a hyphen.

use std::{collections::BTreeSet, ffi::OsString};

use clap::{Arg, Command};

/// Joins a flag and the next argument with an equals sign if that starts with one hyphen: clap reads it as
/// flags of one letter, but a user may be called `-app`. Two hyphens are more likely the next flag.
pub(crate) fn join_values(
    command: &Command,
    arguments: impl IntoIterator<Item = OsString>,
) -> Vec<OsString> {
    let flags: BTreeSet<_> = command
        .get_subcommands()
        .flat_map(Command::get_arguments)
        .filter(|argument| argument.get_action().takes_values())
        .filter_map(Arg::get_long)
        .collect();
    let takes_value = |argument: &OsString| {
        let name = argument.to_str().and_then(|text| text.strip_prefix("--"));
        name.is_some_and(|name| flags.contains(name))
    };
    let mut joined: Vec<OsString> = Vec::new();
    let mut is_flag = false;
    let mut arguments = arguments.into_iter();
    for argument in arguments.by_ref() {
        let bytes = argument.as_encoded_bytes();
        if bytes == b"--" {
            joined.push(argument);
            break;
        }
        let is_value = is_flag && bytes.starts_with(b"-") && !bytes.starts_with(b"--");
        is_flag = !is_value && takes_value(&argument);
        match joined.last_mut() {
            Some(flag) if is_value => {
                flag.push("=");
                flag.push(argument);
            }
            _ => joined.push(argument),
        }
    }
    joined.extend(arguments);
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_with_one_hyphen_is_joined_to_its_flag() {
        let command = Command::new("program").subcommand(
            Command::new("token")
                .arg(Arg::new("user").long("user"))
                .arg(
                    Arg::new("json")
                        .long("json")
                        .num_args(0)
                        .action(clap::ArgAction::SetTrue),
                ),
        );
        for (arguments, joined) in [
            ("program token --user -app", "program token --user=-app"),
            ("program token --user - x", "program token --user=- x"),
            ("program token --user --app", "program token --user --app"),
            ("program token --user -a -b", "program token --user=-a -b"),
            ("program token --user app -b", "program token --user app -b"),
            ("program token --user=x -b", "program token --user=x -b"),
            ("program token --json -h", "program token --json -h"),
            ("program token --other -h", "program token --other -h"),
            ("program token -- --user -h", "program token -- --user -h"),
            ("program token --user -- -h", "program token --user -- -h"),
            ("program token --user", "program token --user"),
            ("", ""),
        ] {
            let arguments = arguments.split_whitespace().map(OsString::from);
            let found = join_values(&command, arguments).join(" ".as_ref());
            assert_eq!(found, joined);
        }
    }
}
