//! Connection URLs, which may have a token in them.

use crate::token::parameter::ACTION;

/// Finds the password of a URL such as `postgres://user:password@host/database`, if it may be a token.
pub(super) fn password(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("://")?;
    let (user, rest) = rest.split_once(':')?;
    let (password, _) = rest.split_once('@')?;
    // Where the token stands as it is, its user may have an at sign too; else what is behind may.
    let password = if password.contains('?') {
        rest.rsplit_once('@')?.0
    } else {
        password
    };
    // A token with a scheme in front has this colon before its port, and no other before its parameters.
    let (host_and_port, _) = password.split_once('?').unwrap_or((password, ""));
    let is_token = password.contains(ACTION) && host_and_port.contains([':', '%']);
    (is_token && !user.contains(['/', '?', '@'])).then_some(password)
}
