//! The reader of a token's text, whole or damaged.

use super::{
    error::ParseTokenError,
    parameter,
    session_token::SessionToken,
    value::{decode, decode_constant, scan, split_at_slash},
};
use crate::{
    ascii, host,
    secret::SecretText,
    sigv4::{AmzDate, TERMINATION},
};

/// The values that could be read of a text that may be a token.
///
/// Values are percent-decoded once. Any of them may be a secret: if an ampersand is encoded, the
/// value before it swallows the one after it.
#[derive(Default)]
pub(crate) struct Draft<'a> {
    pub(crate) host: Option<&'a str>,
    pub(crate) port: Option<u16>,
    pub(crate) action: Option<SecretText<'a>>,
    pub(crate) user: Option<SecretText<'a>>,
    pub(crate) algorithm: Option<SecretText<'a>>,
    pub(crate) credential: Option<Credential<'a>>,
    pub(crate) date: Option<AmzDate>,
    /// In seconds.
    pub(crate) lifetime: Option<u64>,
    pub(crate) signed_headers: Option<SecretText<'a>>,
    pub(crate) session_token: Option<SessionToken<'a>>,
    pub(crate) signature: Option<SecretText<'a>>,
    /// The user as in the text, if that is how it is signed.
    pub(crate) canonical_user: Option<&'a str>,
}

/// An access key ID and the scope it signed for.
pub(crate) struct Credential<'a> {
    pub(crate) access_key_id: SecretText<'a>,
    pub(crate) date: SecretText<'a>,
    pub(crate) region: SecretText<'a>,
    pub(crate) service: SecretText<'a>,
}

impl<'a> Draft<'a> {
    /// Parses a text from start to end and reports each fault on the way; parameters that are
    /// missing are no fault here.
    pub(crate) fn read(text: &'a str, report: &mut impl FnMut(ParseTokenError)) -> Self {
        let mut draft = Self::default();
        if text.len() > MAX_LEN {
            report(ParseTokenError::TooLong { length: text.len() });
            return draft;
        }
        let Some((authority, query)) = ascii::split_once(text, b'?') else {
            report(ParseTokenError::NoQuery { offset: text.len() });
            return draft;
        };
        draft.read_authority(authority, report);
        let mut seen = [false; parameter::ALL.len()];
        let mut offset = authority.len() + 1;
        let mut rest = Some(query);
        while let Some(query) = rest {
            let (pair, after) = match ascii::split_once(query, b'&') {
                Some((pair, after)) => (pair, Some(after)),
                None => (query, None),
            };
            rest = after;
            let (name, value) = ascii::split_once(pair, b'=').unwrap_or((pair, ""));
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

    /// Keeps the value of a known parameter, which starts at `offset`.
    fn read_parameter(
        &mut self,
        name: &'static str,
        value: &'a str,
        offset: usize,
    ) -> Result<(), ParseTokenError> {
        self.set(name, value)
            .ok_or_else(|| match scan(value, |_| {}) {
                Ok(_) => ParseTokenError::Value { name, offset },
                Err(at) => ParseTokenError::Encoding {
                    offset: offset + at,
                },
            })
    }

    /// Keeps a value if it has the form that it must have.
    fn set(&mut self, name: &'static str, value: &'a str) -> Option<()> {
        match name {
            parameter::ACTION => self.action = Some(decode_constant(value)?),
            parameter::USER => {
                let (user, is_canonical) = decode(value)?;
                self.user = Some(user);
                self.canonical_user = is_canonical.then_some(value);
            }
            parameter::ALGORITHM => self.algorithm = Some(decode_constant(value)?),
            parameter::CREDENTIAL => self.credential = Some(Credential::read(value)?),
            parameter::DATE => {
                let (date, _) = decode(value)?;
                self.date = Some(AmzDate::read(date.expose_secret())?);
            }
            parameter::EXPIRES => {
                let (lifetime, _) = decode(value)?;
                self.lifetime = Some(ascii::decimal(lifetime.expose_secret())?);
            }
            parameter::SECURITY_TOKEN => {
                self.session_token = Some(SessionToken::read(value)?);
            }
            parameter::SIGNATURE => {
                let digits: &[u8; 64] = value.as_bytes().try_into().ok()?;
                let fits = digits.iter().fold(true, |fits, byte| {
                    fits & (byte.is_ascii_digit() | matches!(byte, b'a'..=b'f'))
                });
                self.signature = Some(fits.then_some(SecretText::Borrowed(value))?);
            }
            _ => self.signed_headers = Some(decode_constant(value)?),
        }
        Some(())
    }
}

impl<'a> Credential<'a> {
    /// Parses five parts between slashes, which are encoded or not.
    fn read(value: &'a str) -> Option<Self> {
        let mut rest = Some(value);
        let mut next = || {
            let (part, after) = split_at_slash(rest?);
            rest = after;
            decode(part).map(|(part, _)| part)
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

/// In bytes. AWS names no longest token; the longest seen are under 5 KiB, and PostgreSQL reads no
/// longer password.
pub(crate) const MAX_LEN: usize = 64 * 1024;
