//! Reading a token's text, as far as it can be read.

use alloc::{string::String, vec::Vec};

use percent_encoding::percent_decode_str;
use zeroize::Zeroize;

use super::{error::ParseTokenError, parameter};
use crate::{
    ascii, host,
    secret::{Secret, SecretText},
    sigv4::{AmzDate, TERMINATION},
    timestamp::Timestamp,
};

/// What could be read of a text that may be a token.
///
/// Values are percent-decoded once. Any of them may be a secret: a value swallows the one after it
/// where the ampersand between them is encoded.
#[derive(Default)]
pub(crate) struct Draft<'a> {
    pub(crate) host: Option<&'a str>,
    pub(crate) port: Option<u16>,
    pub(crate) action: Option<SecretText<'a>>,
    pub(crate) user: Option<SecretText<'a>>,
    pub(crate) algorithm: Option<SecretText<'a>>,
    pub(crate) credential: Option<Credential<'a>>,
    pub(crate) signed_at: Option<Timestamp>,
    /// In seconds.
    pub(crate) lifetime: Option<u64>,
    pub(crate) signed_headers: Option<SecretText<'a>>,
    pub(crate) session_token: Option<SecretText<'a>>,
    pub(crate) signature: Option<SecretText<'a>>,
}

/// An access key id and the scope it signed for.
pub(crate) struct Credential<'a> {
    pub(crate) access_key_id: SecretText<'a>,
    pub(crate) date: SecretText<'a>,
    pub(crate) region: SecretText<'a>,
    pub(crate) service: SecretText<'a>,
}

impl<'a> Draft<'a> {
    /// Reads a text from start to end and reports each fault on the way; parameters that are
    /// missing are no fault here.
    pub(crate) fn read(text: &'a str, report: &mut impl FnMut(ParseTokenError)) -> Self {
        let mut draft = Self::default();
        if text.len() > MAX_LEN {
            report(ParseTokenError::TooLong { length: text.len() });
            return draft;
        }
        let Some((authority, query)) = text.split_once('?') else {
            report(ParseTokenError::NoQuery { offset: text.len() });
            return draft;
        };
        draft.read_authority(authority, report);
        let mut seen = [false; parameter::ALL.len()];
        let mut offset = authority.len() + 1;
        for pair in query.split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let known = parameter::ALL
                .iter()
                .zip(&mut seen)
                .find(|(known, _)| **known == name);
            let fault = match known {
                None => Err(ParseTokenError::Unknown { offset }),
                Some((&name, true)) => Err(ParseTokenError::Duplicate { name, offset }),
                Some((&name, seen)) => {
                    *seen = true;
                    draft.read_parameter(name, value, offset + name.len() + 1)
                }
            };
            fault.unwrap_or_else(&mut *report);
            offset += pair.len() + 1;
        }
        draft
    }

    fn read_authority(&mut self, authority: &'a str, report: &mut impl FnMut(ParseTokenError)) {
        let authority = authority.strip_suffix('/').unwrap_or_else(|| {
            report(ParseTokenError::MissingSlash {
                offset: authority.len(),
            });
            authority
        });
        let (name, port) = authority.rsplit_once(':').unwrap_or((authority, ""));
        match host::check(name) {
            Ok(_) => self.host = Some(name),
            Err(flaw) => report(ParseTokenError::Host {
                offset: flaw.offset,
            }),
        }
        self.port = ascii::decimal(port).filter(|port| *port != 0);
        if self.port.is_none() {
            report(ParseTokenError::Port {
                offset: authority.len() - port.len(),
            });
        }
    }

    /// Reads the value of a parameter that is known, which starts at `offset`.
    fn read_parameter(
        &mut self,
        name: &'static str,
        value: &'a str,
        offset: usize,
    ) -> Result<(), ParseTokenError> {
        check_encoding(value).map_err(|at| ParseTokenError::Encoding {
            offset: offset + at,
        })?;
        self.set(name, value)
            .ok_or(ParseTokenError::Value { name, offset })
    }

    /// Keeps a value, if it has the form that it must have.
    fn set(&mut self, name: &'static str, value: &'a str) -> Option<()> {
        match name {
            parameter::ACTION => self.action = Some(decode_constant(value)?),
            parameter::USER => self.user = Some(decode(value)?),
            parameter::ALGORITHM => self.algorithm = Some(decode_constant(value)?),
            parameter::CREDENTIAL => self.credential = Some(Credential::read(value)?),
            parameter::DATE => {
                self.signed_at = Some(AmzDate::read(decode(value)?.expose_secret())?);
            }
            parameter::EXPIRES => {
                self.lifetime = Some(ascii::decimal(decode(value)?.expose_secret())?);
            }
            parameter::SECURITY_TOKEN => self.session_token = Some(decode(value)?),
            parameter::SIGNATURE => {
                let is_digit = |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
                let fits = value.len() == 64 && value.bytes().all(is_digit);
                self.signature = Some(fits.then_some(SecretText::Borrowed(value))?);
            }
            _ => self.signed_headers = Some(decode_constant(value)?),
        }
        Some(())
    }
}

impl<'a> Credential<'a> {
    /// Reads five parts between slashes, which are encoded or not.
    fn read(value: &'a str) -> Option<Self> {
        let mut rest = Some(value);
        let mut next = || {
            let value = rest?;
            let slash = value.match_indices(['/', '%']).find_map(|(at, found)| {
                let rest = value.get(at..)?;
                let is_slash = found == "/" || rest.starts_with("%2F") || rest.starts_with("%2f");
                is_slash.then_some((at, if found == "/" { 1 } else { 3 }))
            });
            let (part, after) = match slash {
                Some((at, len)) => (value.get(..at)?, value.get(at + len..)),
                None => (value, None),
            };
            rest = after;
            decode(part)
        };
        let credential = Self {
            access_key_id: next()?,
            date: next()?,
            region: next()?,
            service: next()?,
        };
        (next()?.expose_secret() == TERMINATION && rest.is_none()).then_some(credential)
    }
}

/// Decodes text that is not empty and rightly encoded. What is decoded may be a secret, so nothing
/// is left behind.
fn decode(value: &str) -> Option<SecretText<'_>> {
    if value.is_empty() {
        return None;
    }
    if !value.contains('%') {
        return Some(SecretText::Borrowed(value));
    }
    let mut bytes = Vec::with_capacity(value.len());
    bytes.extend(percent_decode_str(value));
    match String::from_utf8(bytes) {
        Ok(text) => Some(SecretText::Owned(Secret::new(text))),
        Err(error) => {
            error.into_bytes().zeroize();
            None
        }
    }
}

/// Decodes a text that is the same in every token, unless it has swallowed another parameter.
fn decode_constant(value: &str) -> Option<SecretText<'_>> {
    decode(value).filter(|text| !text.expose_secret().contains(['%', '&', '=']))
}

/// Finds the first byte that no signer prints in a value, or that starts an escape and does not
/// finish it.
fn check_encoding(value: &str) -> Result<(), usize> {
    let mut rest = value.as_bytes();
    loop {
        let run = rest.iter().position(|&byte| !is_printed(byte));
        rest = match rest.split_at(run.unwrap_or(rest.len())).1 {
            [] => return Ok(()),
            [b'%', high, low, rest @ ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                rest
            }
            rest => return Err(value.len() - rest.len()),
        }
    }
}

/// Tells whether some signer prints a byte in a value as it is. The rest of printable ASCII is what
/// every signer encodes, where it would end the value or hide another parameter in it.
fn is_printed(byte: u8) -> bool {
    matches!(
        byte,
        b'!' | b'$' | b'&' | b'('..=b';' | b'?'..=b'Z' | b'_' | b'a'..=b'z' | b'~'
    )
}

/// In bytes. AWS names no longest token; the longest seen are under 5 KiB, and PostgreSQL reads no
/// longer password.
pub(crate) const MAX_LEN: usize = 64 * 1024;
