//! The messages of clap, without the values of the command line.

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::output::Output;

/// Returns a usage error, the help or the version as output.
///
/// clap repeats what it did not expect. A token or a key may be that, so what does not have the form of a
/// flag is replaced.
pub(crate) fn output(mut error: clap::Error) -> Output {
    for (kind, is_given) in [
        (ContextKind::InvalidValue, true),
        (
            ContextKind::InvalidArg,
            error.kind() == ErrorKind::UnknownArgument,
        ),
        (
            ContextKind::InvalidSubcommand,
            error.kind() == ErrorKind::InvalidSubcommand,
        ),
    ] {
        if let Some(ContextValue::String(text)) = error.get(kind)
            && is_given
            && !text.is_empty()
            && !is_flag(text)
        {
            error.insert(kind, ContextValue::String("…".to_owned()));
        }
    }
    // A tip that repeats an argument.
    error.remove(ContextKind::Suggested);
    let text = error.render().to_string();
    let status = u8::try_from(error.exit_code()).unwrap_or(2);
    if error.use_stderr() {
        Output {
            notes: vec![text.trim_end().to_owned()],
            status,
            ..Output::default()
        }
    } else {
        Output {
            stdout: text,
            ..Output::default()
        }
    }
}

/// Returns `true` if a text can be the name of a flag and is too short for a secret.
fn is_flag(text: &str) -> bool {
    if let &[b'-', letter] = text.as_bytes() {
        return letter.is_ascii_alphabetic();
    }
    text.len() < 16
        && text.starts_with("--")
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::is_flag;

    #[test]
    fn only_what_looks_like_a_flag_is_repeated() {
        for (text, is_repeated) in [
            ("--hostnam", true),
            ("--resource-id", true),
            ("--a-longer-flag-", false),
            ("--AKIDEXAMPLE", false),
            ("--0123456789abcdef", false),
            ("hunter", false),
            ("-p", true),
            ("-pa", false),
        ] {
            assert_eq!(is_flag(text), is_repeated, "{text}");
        }
    }
}
