//! The greeting of a server and the answer of a client, in which both say what they can do.

use super::{mysql_auth, mysql_packet::Fields};

/// The first packet of a server, cut where the proxy's own values go.
pub(crate) struct Greeting {
    /// What the server can do. Bits 32 to 63 are MariaDB's.
    pub(crate) capabilities: u64,
    /// The protocol, the version and the id of the connection.
    head: Vec<u8>,
    character_set: u8,
    status: [u8; 2],
    reserved: [u8; 10],
}

impl Greeting {
    /// Parses version 10 of the greeting.
    pub(crate) fn parse(payload: &[u8]) -> Option<Self> {
        let mut fields = Fields(payload);
        let (_, rest) = (payload.first() == Some(&10)).then(|| fields.until_nul())??;
        let id_end = payload.len() - rest.len() + 4;
        let mut fields = Fields(rest);
        fields.bytes(4 + 8 + 1)?;
        let low = u16::from_le_bytes(fields.array()?);
        let [character_set] = fields.array()?;
        let status = fields.array()?;
        let high = u16::from_le_bytes(fields.array()?);
        fields.bytes(1)?;
        let reserved: [u8; 10] = fields.array()?;
        let mut capabilities = u64::from(low) | u64::from(high) << 16;
        if capabilities & LONG_PASSWORD == 0 {
            let [.., a, b, c, d] = reserved;
            capabilities |= u64::from(u32::from_le_bytes([a, b, c, d])) << 32;
        }
        Some(Self {
            capabilities,
            head: payload.get(..id_end)?.to_vec(),
            character_set,
            status,
            reserved,
        })
    }

    /// Returns the greeting for a client: the server's own, except for the scramble, the plugin and `capabilities`.
    pub(crate) fn payload(&self, capabilities: u64, scramble: &[u8; 20]) -> Vec<u8> {
        let [a, b, c, d, ..] = capabilities.to_le_bytes();
        let (first, second) = scramble.split_at(8);
        let length = 21;
        [
            &self.head,
            first,
            &[0, a, b, self.character_set],
            &self.status,
            &[c, d, length],
            &self.reserved,
            second,
            &[0],
            mysql_auth::NATIVE.as_bytes(),
            &[0],
        ]
        .concat()
    }
}

/// The answer of a client to a greeting.
pub(crate) struct Response<'a> {
    /// What the client can do. Bits 32 to 63 are MariaDB's.
    pub(crate) capabilities: u64,
    /// The capabilities, the longest packet, the character set and 23 reserved bytes.
    fixed: [u8; FIXED],
    pub(crate) user: &'a [u8],
    /// What proves the password, in the form of `plugin`.
    pub(crate) proof: &'a [u8],
    database: &'a [u8],
    pub(crate) plugin: Option<&'a [u8]>,
    /// With the length in front, as they came.
    attributes: &'a [u8],
}

impl<'a> Response<'a> {
    /// Parses an answer. Fields that are missing at its end are empty, as for the servers.
    pub(crate) fn parse(payload: &'a [u8]) -> Option<Self> {
        let mut fields = Fields(payload);
        let fixed: [u8; FIXED] = fields.array()?;
        let capabilities = capabilities(&fixed);
        let has = |flag| capabilities & flag != 0;
        let user = fields.text();
        let proof = if fields.0.is_empty() {
            &[]
        } else if has(LENENC_PROOF) {
            let length = fields.length()?;
            fields.bytes(length)?
        } else if has(SECURE_CONNECTION) {
            let [length] = fields.array()?;
            fields.bytes(length.into())?
        } else {
            fields.text()
        };
        let database = if has(CONNECT_WITH_DB) {
            fields.text()
        } else {
            &[]
        };
        let plugin = (has(PLUGIN_AUTH) && !fields.0.is_empty()).then(|| fields.text());
        Some(Self {
            capabilities,
            fixed,
            user,
            proof,
            database,
            plugin,
            attributes: if has(CONNECT_ATTRIBUTES) {
                fields.prefixed()
            } else {
                &[]
            },
        })
    }

    /// Returns the request for TLS that a server gets before this answer.
    pub(crate) fn request(&self, capabilities: u64) -> [u8; FIXED] {
        let mut fixed = self.fixed;
        let bytes = capabilities.to_le_bytes();
        let (low, high) = bytes.split_at(4);
        fixed[..4].copy_from_slice(low);
        // For a client that is not MariaDB's, these bytes have no meaning.
        if capabilities & LONG_PASSWORD == 0 {
            fixed[FIXED - 4..].copy_from_slice(high);
        }
        fixed
    }

    /// Returns the answer that a server gets: without a proof, so that it asks for what it wants.
    pub(crate) fn payload(&self, capabilities: u64) -> Vec<u8> {
        let mut payload = [&self.request(capabilities)[..], self.user, &[0, 0]].concat();
        if capabilities & CONNECT_WITH_DB != 0 {
            payload.extend_from_slice(self.database);
            payload.push(0);
        }
        payload.extend_from_slice(mysql_auth::NATIVE.as_bytes());
        payload.push(0);
        if capabilities & CONNECT_ATTRIBUTES != 0 {
            let none = if self.attributes.is_empty() {
                &[0][..]
            } else {
                &[]
            };
            payload.extend_from_slice(none);
            payload.extend_from_slice(self.attributes);
        }
        payload
    }
}

/// Returns `true` if the answer of a client to a greeting is one of protocol 4.1.
pub(crate) fn speaks_41(payload: &[u8]) -> bool {
    let low = payload.first_chunk().map(|low| u16::from_le_bytes(*low));
    low.is_some_and(|low| u64::from(low) & PROTOCOL_41 != 0)
}

/// Returns what a client can do, from the start of its answer.
fn capabilities(fixed: &[u8; FIXED]) -> u64 {
    let number =
        |bytes: Option<&[u8; 4]>| bytes.map_or(0, |bytes| u32::from_le_bytes(*bytes).into());
    let low: u64 = number(fixed.first_chunk());
    if low & LONG_PASSWORD == 0 {
        low | number(fixed.last_chunk()) << 32
    } else {
        low
    }
}

pub(crate) const LONG_PASSWORD: u64 = 1;
pub(crate) const CONNECT_WITH_DB: u64 = 1 << 3;
pub(crate) const COMPRESS: u64 = 1 << 5;
pub(crate) const PROTOCOL_41: u64 = 1 << 9;
pub(crate) const SSL: u64 = 1 << 11;
pub(crate) const SECURE_CONNECTION: u64 = 1 << 15;
pub(crate) const PLUGIN_AUTH: u64 = 1 << 19;
pub(crate) const CONNECT_ATTRIBUTES: u64 = 1 << 20;
pub(crate) const LENENC_PROOF: u64 = 1 << 21;
pub(crate) const ZSTD: u64 = 1 << 26;
pub(crate) const MULTI_FACTOR: u64 = 1 << 28;

/// The length of a request for TLS, and of the start of an answer.
pub(crate) const FIXED: usize = 32;
