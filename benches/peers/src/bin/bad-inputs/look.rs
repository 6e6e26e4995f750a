//! Facts that a caller gets in a token, read from the token.

use std::error::Error;

use percent_encoding::percent_decode_str;
use rds_iam_token::{Credentials, Endpoint, Region, TokenParts, TokenRequest};

use crate::{ACCESS_KEY_ID, SECRET_ACCESS_KEY, signers::Signed};

pub type Look = fn(&Signed) -> Result<String, Box<dyn Error>>;

/// Returns each user that is named; if it is one, as the signature has it.
pub fn users(signed: &Signed) -> Result<String, Box<dyn Error>> {
    let named = parameters(&signed.token, "DBUser");
    let users = match named[..] {
        // A plus may stand for itself or for a space.
        [user] => [decode(user), decode(&user.replace('+', " "))]
            .into_iter()
            .find(|user| is_signed_for(&signed.token, user).is_ok_and(|good| good))
            .map(|user| vec![user])
            .ok_or("the signature is for nobody")?,
        _ => named.into_iter().map(decode).collect(),
    };
    Ok(format!("signed for `{}`", users.join("` and `")))
}

pub fn signature(signed: &Signed) -> Result<String, Box<dyn Error>> {
    let parts = TokenParts::parse(&signed.token)?;
    let good = is_signed_for(&signed.token, parts.user())?;
    let how = if good {
        ""
    } else {
        "; the signature does not match"
    };
    Ok(format!("signed{how}"))
}

pub fn region(signed: &Signed) -> Result<String, Box<dyn Error>> {
    let parts = TokenParts::parse(&signed.token)?;
    Ok(format!("signed for {}", parts.region()))
}

pub fn lifetime(signed: &Signed) -> Result<String, Box<dyn Error>> {
    let parts = TokenParts::parse(&signed.token)?;
    Ok(format!("signed for {} s", parts.lifetime().as_secs()))
}

pub fn session_token(signed: &Signed) -> Result<String, Box<dyn Error>> {
    let with = match parameters(&signed.token, "X-Amz-Security-Token")[..] {
        [] => "without one",
        [""] => "with an empty one",
        _ => return Err("nobody gave another session token".into()),
    };
    Ok(format!("signed {with}"))
}

/// Returns whether the expiry that the caller learns is in the past.
pub fn end(signed: &Signed) -> Result<String, Box<dyn Error>> {
    let parts = TokenParts::parse(&signed.token)?;
    let end = signed.end.unwrap_or(parts.expires_at());
    let seconds = end.unix_seconds() - parts.signed_at().unix_seconds();
    Ok(match seconds {
        1.. => format!("signed; reports a lifetime of {seconds} s"),
        _ => "signed; reports that it has expired".to_owned(),
    })
}

pub fn debug(signed: &Signed) -> Result<String, Box<dyn Error>> {
    let parts = TokenParts::parse(&signed.token)?;
    let shown = signed.debug.contains(parts.expose_signature());
    let cell = if shown { "shown" } else { "not shown" };
    Ok(cell.to_owned())
}

/// Returns whether a token for the same inputs and this user has the same signature.
fn is_signed_for(token: &str, user: &str) -> Result<bool, Box<dyn Error>> {
    let parts = TokenParts::parse(token)?;
    let endpoint = Endpoint::new(parts.host(), parts.port())?;
    let request = TokenRequest::new(endpoint, Region::new(parts.region())?, user)?;
    let credentials = Credentials::new(ACCESS_KEY_ID, SECRET_ACCESS_KEY)?;
    let again = request.sign(&credentials, parts.signed_at());
    let again = TokenParts::parse(again.expose_secret())?;
    Ok(again.expose_signature() == parts.expose_signature())
}

/// Finds the values of a parameter, encoded as they are.
fn parameters<'a>(token: &'a str, name: &str) -> Vec<&'a str> {
    let (_, query) = token.split_once('?').unwrap_or_default();
    let parameters = query.split('&').filter_map(|pair| pair.split_once('='));
    parameters
        .filter(|&(found, _)| found == name)
        .map(|(_, value)| value)
        .collect()
}

fn decode(value: &str) -> String {
    percent_decode_str(value).decode_utf8_lossy().into_owned()
}
