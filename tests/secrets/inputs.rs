//! The inputs of signing, and every secret that follows from them.

use std::sync::OnceLock;

use rds_iam_token::{Credentials, Error, Region, TokenRequest, sigv4::uri_encode};
use sha2::block_api::compress256;

pub(crate) use crate::common::at;
use crate::common::{self, base64};

/// As long as AWS's are.
pub(crate) const SECRET: &str = "not-a-real-secret/0123456789+abcdefghijk";

pub(crate) const SESSION_TOKEN: &str =
    "not+a/real=session-token/IQoJb3JpZ2luX2VjEJr//////////wEaCXVzLWVhc3QtMSJHMEUCIQDkjhgf==";

/// 2015-08-30T12:36:00Z.
pub(crate) const NOW: i64 = 1_440_938_160;

pub(crate) const DAY: i64 = 86_400;

pub(crate) fn region() -> Region {
    common::region("eu-west-1")
}

pub(crate) fn request(user: &str) -> TokenRequest {
    common::request(
        "db.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com",
        "eu-west-1",
        user,
    )
}

pub(crate) fn credentials() -> Result<Credentials, Error> {
    Credentials::new("ASIDEXAMPLE", SECRET)?.with_session_token(SESSION_TOKEN)
}

/// A token that is never freed.
pub(crate) fn token() -> &'static str {
    static TOKEN: OnceLock<&str> = OnceLock::new();
    TOKEN.get_or_init(|| {
        let token = request("app").sign(&credentials().unwrap(), at(NOW));
        token.into_exposed_string().leak()
    })
}

/// Ways in which a token is right, wrong or damaged, without a copy that is freed.
pub(crate) fn damaged() -> Vec<&'static str> {
    let token = token();
    let (start, secrets) = token.split_at(token.find("&X-Amz-Security-Token").unwrap());
    let (authority, query) = start.split_once('?').unwrap();
    let (_, signature) = token.split_at(token.len() - 64);
    let secrets_first = format!("{authority}?{}&{query}", &secrets[1..]);
    [
        token.to_owned(),
        token[..token.len() - 1].to_owned(),
        token[..token.len() - 100].to_owned(),
        token[..300].to_owned(),
        format!("{token}0"),
        format!("\"{token}\"\n"),
        format!("PGPASSWORD='{token}' psql"),
        format!("https://{token}"),
        uri_encode(token),
        uri_encode(uri_encode(token)),
        format!("postgres://app:{}@localhost/app", uri_encode(token)),
        token.replace('&', "&amp;"),
        token.replace('&', "\\u0026"),
        token
            .replace("%2F", "/")
            .replace("%2B", "+")
            .replace("%3D", "="),
        token.replace('%', "%25"),
        token.replace("%3D", "%FF"),
        token.replace("%3D", "%3"),
        token.replace("X-Amz-Signature", "X-Amz-Security-Token"),
        token.replace("Security-Token", "Security-token"),
        token.replace("/?", "?"),
        token.replace('?', ""),
        format!(
            "{}\n  {}\\\n> {}",
            &token[..80],
            &token[80..400],
            &token[400..]
        ),
        format!("{}{}", &token[..400], token[400..].to_uppercase()),
        token.replace("app", "another"),
        token.replace("X-Amz-Date", "X-Amz-Signature"),
        SECRET.to_owned(),
        SESSION_TOKEN.to_owned(),
        format!("{SESSION_TOKEN}?{SECRET}"),
        // With a secret in what is dropped around the token.
        format!("{SECRET} {token} {SECRET}"),
        format!("{SECRET} {} {SECRET}", uri_encode(token)),
        format!("{signature}{token}"),
        // With the secrets so early that a text which is put together in a buffer that grows leaves
        // them in each block but the first.
        secrets_first.replace('&', "\\&"),
        secrets_first.replace('&', "&amp;"),
        // In the encodings of files and URLs.
        base64(token),
        format!("password: {}\n", base64(token)),
        token.replace('%', "%%"),
        token.replace('%', ""),
        token.to_lowercase(),
        format!(
            "postgres://app:{}@db/app",
            uri_encode(token).replacen("%2F", "/", 1)
        ),
        format!("jdbc:mysql://db/app?password={token}&user=app"),
        format!(
            "jdbc:mysql://db/app?password={}&user=app",
            uri_encode(token)
        ),
        // With a fault within a secret.
        token.replace("%3D", "é"),
        format!("{}é", &token[..token.len() - 1]),
    ]
    .map(|text| &*text.leak())
    .to_vec()
}

/// The secrets in pieces, none of which may be left behind or shown.
pub(crate) struct Needle {
    pub(crate) name: &'static str,
    pieces: Vec<&'static [u8]>,
}

impl Needle {
    fn new(name: &'static str, secret: impl Into<Vec<u8>>, piece_len: usize) -> Self {
        let secret: &'static [u8] = secret.into().leak();
        Self {
            name,
            pieces: secret.chunks_exact(piece_len).collect(),
        }
    }

    pub(crate) fn pieces(&self) -> &[&'static [u8]] {
        &self.pieces
    }

    pub(crate) fn is_in(&self, text: &[u8]) -> bool {
        let is_in = |piece: &&[u8]| text.windows(piece.len()).any(|window| window == *piece);
        self.pieces.iter().any(is_in)
    }
}

/// Everything secret of a token for `app` that is signed now, and of the tokens of this day.
pub(crate) fn needles() -> &'static [Needle] {
    static NEEDLES: OnceLock<Vec<Needle>> = OnceLock::new();
    NEEDLES.get_or_init(|| {
        let (_, signature) = token().split_at(token().len() - 64);
        let mut needles = vec![
            Needle::new("secret access key", SECRET, 12),
            Needle::new("session token", SESSION_TOKEN, 12),
            Needle::new("encoded session token", uri_encode(SESSION_TOKEN), 16),
            Needle::new("signature", signature, 12),
            Needle::new("bytes of the signature", hex::decode(signature).unwrap(), 8),
        ];
        let mut key = ["AWS4", SECRET].concat().into_bytes();
        for (part, names) in ["20150830", "eu-west-1", "rds-db", "aws4_request"]
            .iter()
            .zip(NAMES)
        {
            needles.extend(keyed_states(&key, names[0]));
            key = hmac(&key, part.as_bytes());
            needles.push(Needle::new(names[1], key.clone(), 8));
        }
        needles.extend(keyed_states(&key, "hash state of the signing key"));
        needles
    })
}

/// Of a key's hash states, and of the key that is derived with it.
const NAMES: [[&str; 2]; 4] = [
    ["hash state of the secret", "key of the day"],
    ["hash state of the day", "key of the region"],
    ["hash state of the region", "key of the service"],
    ["hash state of the service", "signing key"],
];

/// Gives the two hash states that sign as the key does, as they are in memory.
fn keyed_states(key: &[u8], name: &'static str) -> [Needle; 2] {
    [0x36, 0x5c].map(|pad| {
        let mut block = [pad; 64];
        for (padded, byte) in block.iter_mut().zip(key) {
            *padded ^= byte;
        }
        let mut state = INITIAL_STATE;
        compress256(&mut state, &[block]);
        let bytes: Vec<u8> = state.iter().flat_map(|word| word.to_ne_bytes()).collect();
        Needle::new(name, bytes, 8)
    })
}

fn hmac(key: &[u8], message: &[u8]) -> Vec<u8> {
    use hmac::{Hmac, KeyInit, Mac};

    let mac = Hmac::<sha2::Sha256>::new_from_slice(key).unwrap();
    mac.chain_update(message).finalize().into_bytes().to_vec()
}

/// FIPS 180-4, section 5.3.3.
const INITIAL_STATE: [u32; 8] = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];
