//! The text that was used as the password.

use std::env;

use crate::input::{self, Input};

/// The text that was used as the password.
pub(super) struct Password {
    pub(super) text: String,
    /// `true` if a line break at the end of standard input was left out.
    pub(super) is_without_line_break: bool,
}

/// Returns the text of RDS_TOKEN or of standard input; or, as the inner error, why it is no token.
pub(super) fn read() -> Result<Result<Password, String>, String> {
    let variable = env::var_os("RDS_TOKEN").filter(|text| !text.is_empty());
    let (mut bytes, is_piped) = match variable {
        Some(text) => (text.into_encoded_bytes(), false),
        None => match input::read().map_err(|error| format!("standard input: {error}"))? {
            Input::Bytes(bytes) => (bytes, true),
            Input::TooLong(length) => {
                let max = input::MAX_LEN;
                return Ok(Err(format!(
                    "the text has {length} bytes; a token has at most {max}"
                )));
            }
        },
    };
    let is_without_line_break = is_piped && bytes.pop_if(|last| *last == b'\n').is_some();
    Ok(match String::from_utf8(bytes) {
        Ok(text) => Ok(Password {
            text,
            is_without_line_break,
        }),
        Err(_) => {
            Err("the text is not UTF-8; a file that PowerShell wrote may be UTF-16".to_owned())
        }
    })
}
