//! Standard input, of which a token is a small part.

use std::io::{self, IsTerminal as _, Read as _, Write as _};

/// In bytes, of what is kept. No token is longer.
pub(crate) const MAX_LEN: u64 = 64 * 1024;

/// In bytes, of what is counted.
const MAX_COUNTED: u64 = 1 << 30;

/// Standard input.
pub(crate) enum Input {
    /// All of it.
    Bytes(Vec<u8>),
    /// More than a token can have, and how much, with a word in front.
    TooLong(String),
}

/// Reads standard input. Only [`MAX_LEN`] bytes and a line break are held.
pub(crate) fn read() -> io::Result<Input> {
    let mut stdin = io::stdin().lock();
    if stdin.is_terminal() {
        let _ = writeln!(
            io::stderr(),
            "Paste the token, then press Enter and Ctrl-D."
        );
    }
    let mut bytes = Vec::new();
    stdin.by_ref().take(MAX_LEN + 1).read_to_end(&mut bytes)?;
    let rest = io::copy(&mut stdin.take(MAX_COUNTED), &mut io::sink())?;
    let length = bytes.len() as u64 + rest;
    if rest == MAX_COUNTED {
        return Ok(Input::TooLong(format!("over {MAX_COUNTED}")));
    }
    let is_token_and_line_break = rest == 0 && bytes.ends_with(b"\n");
    if length > MAX_LEN && !is_token_and_line_break {
        return Ok(Input::TooLong(length.to_string()));
    }
    Ok(Input::Bytes(bytes))
}
