//! The packets of MySQL and MariaDB: their frames and fields, and the small ones of a login.

use zeroize::Zeroizing;

use super::step::{Bytes, Side};

/// One side of a login: the bytes that have arrived, and the number of the next packet. Packets of both
/// directions are counted together.
pub(crate) struct Leg {
    input: Zeroizing<Vec<u8>>,
    sequence: u8,
    /// Whether an error may have any number: MariaDB's has 0 if it shuts down.
    is_server: bool,
}

impl Leg {
    pub(crate) fn new(side: Side) -> Self {
        Self {
            input: Zeroizing::default(),
            sequence: 0,
            is_server: side == Side::Server,
        }
    }

    /// Adds bytes that have arrived.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.input.extend_from_slice(bytes);
    }

    /// Returns the payload of the next packet if all of it has arrived.
    pub(crate) fn packet(&mut self) -> Result<Option<Zeroizing<Vec<u8>>>, Flaw> {
        let Some(&[low, middle, high, sequence]) = self.input.first_chunk() else {
            return Ok(None);
        };
        let length = usize::from(low) | usize::from(middle) << 8 | usize::from(high) << 16;
        if length > MAX_PAYLOAD {
            self.sequence = sequence.wrapping_add(1);
            return Err(Flaw::TooLong);
        }
        let end = HEADER + length;
        let Some(payload) = self.input.get(HEADER..end) else {
            return Ok(None);
        };
        let payload = Zeroizing::new(payload.to_vec());
        self.input = Zeroizing::new(self.input.split_off(end));
        let expected = self.sequence;
        self.sequence = sequence.wrapping_add(1);
        let is_error = self.is_server && payload.first() == Some(&ERROR);
        if sequence == expected || is_error {
            Ok(Some(payload))
        } else {
            Err(Flaw::OutOfOrder { sequence, expected })
        }
    }

    /// Returns a payload of up to 16 MB as the next packet.
    pub(crate) fn frame(&mut self, payload: &[u8]) -> Bytes {
        let [low, middle, high, ..] = payload.len().to_le_bytes();
        let mut packet = Zeroizing::new(Vec::with_capacity(HEADER + payload.len()));
        packet.extend_from_slice(&[low, middle, high, self.sequence]);
        packet.extend_from_slice(payload);
        self.sequence = self.sequence.wrapping_add(1);
        Bytes::new(packet)
    }

    /// Returns what has arrived after the last packet, and removes it.
    pub(crate) fn rest(&mut self) -> Bytes {
        Bytes::new(std::mem::take(&mut self.input))
    }

    /// Returns `true` if nothing has arrived after the last packet.
    pub(crate) fn is_empty(&self) -> bool {
        self.input.is_empty()
    }
}

/// Why bytes are not the next packet.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Flaw {
    OutOfOrder { sequence: u8, expected: u8 },
    TooLong,
}

/// An error as a server sends it.
pub(crate) struct ServerError {
    pub(crate) code: u16,
    pub(crate) message: String,
}

impl ServerError {
    /// Parses an error, with an SQLSTATE or without.
    pub(crate) fn parse(payload: &[u8]) -> Option<Self> {
        let mut fields = Fields(payload);
        (fields.array()? == [ERROR]).then_some(())?;
        let code = u16::from_le_bytes(fields.array()?);
        let message = match fields.0 {
            [b'#', _, _, _, _, _, message @ ..] | message => message,
        };
        Some(Self {
            code,
            message: String::from_utf8_lossy(message).into_owned(),
        })
    }
}

/// Returns an error for a client; without an SQLSTATE if it has not said that it knows them.
pub(crate) fn error(code: u16, state: Option<&str>, message: &str) -> Vec<u8> {
    let mut payload = vec![ERROR];
    payload.extend_from_slice(&code.to_le_bytes());
    if let Some(state) = state {
        payload.push(b'#');
        payload.extend_from_slice(state.as_bytes());
    }
    let shown = message
        .char_indices()
        .take_while(|(start, shown)| start + shown.len_utf8() <= MAX_MESSAGE)
        .map(|(_, shown)| if shown.is_control() { ' ' } else { shown });
    payload.extend_from_slice(shown.collect::<String>().as_bytes());
    payload
}

/// Returns the request to prove the password in the form of another plugin.
pub(crate) fn auth_switch(plugin: &str, scramble: &[u8; 20]) -> Vec<u8> {
    [&[SWITCH], plugin.as_bytes(), &[0], scramble, &[0]].concat()
}

/// Returns the plugin that a server asks for; `None` if the packet names none.
pub(crate) fn switched_to(payload: &[u8]) -> Option<&[u8]> {
    match payload {
        [SWITCH, rest @ ..] if !rest.is_empty() => Some(Fields(rest).text()),
        _ => None,
    }
}

/// Fields that have not been read yet.
pub(crate) struct Fields<'a>(pub(crate) &'a [u8]);

impl<'a> Fields<'a> {
    pub(crate) fn bytes(&mut self, count: usize) -> Option<&'a [u8]> {
        let (bytes, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(bytes)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.bytes(N)?.try_into().ok()
    }

    /// Returns the bytes before the next NUL, and those after it.
    pub(crate) fn until_nul(&mut self) -> Option<(&'a [u8], &'a [u8])> {
        let end = self.0.iter().position(|byte| *byte == 0)?;
        let text = self.bytes(end)?;
        self.bytes(1)?;
        Some((text, self.0))
    }

    /// Returns the bytes before the next NUL, or all if there is none.
    pub(crate) fn text(&mut self) -> &'a [u8] {
        match self.until_nul() {
            Some((text, _)) => text,
            None => std::mem::take(&mut self.0),
        }
    }

    /// Parses a length in one byte, or in two, three or eight after a first one.
    pub(crate) fn length(&mut self) -> Option<usize> {
        let [first] = self.array()?;
        let count = match first {
            0..=250 => return Some(first.into()),
            252 => 2,
            253 => 3,
            254 => 8,
            251 | 255 => return None,
        };
        let mut wide = [0; 8];
        wide[..count].copy_from_slice(self.bytes(count)?);
        usize::try_from(u64::from_le_bytes(wide)).ok()
    }

    /// Returns bytes with their length in front of them, or all if it is wrong.
    pub(crate) fn prefixed(&mut self) -> &'a [u8] {
        let all = self.0;
        let end = self
            .length()
            .and_then(|length| length.checked_add(all.len() - self.0.len()));
        end.and_then(|end| all.get(..end)).unwrap_or(all)
    }
}

/// The first bytes of packets that a server sends in a login.
pub(crate) const OK: u8 = 0;
pub(crate) const SWITCH: u8 = 0xfe;
pub(crate) const ERROR: u8 = 0xff;

const HEADER: usize = 4;

/// No packet of a login is near it.
pub(crate) const MAX_PAYLOAD: usize = 64 * 1024;

/// Clients cut messages at 512 bytes.
const MAX_MESSAGE: usize = 500;
