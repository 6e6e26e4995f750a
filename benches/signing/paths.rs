//! The measured paths: each thing that a user does, on each kind of credentials, and its floor.

use std::{hint::black_box, num::NonZero, sync::Arc};

use rds_iam_token::{
    Credentials, Endpoint, Error, Region, Signer, Timestamp, TokenParts, TokenRequest, TokenStore,
    Verifier,
    sigv4::{CredentialScope, SigningKey, uri_encode},
};

use crate::floor::Floor;

/// Something to be measured.
pub(crate) struct Path {
    /// What the user does.
    pub(crate) group: &'static str,
    /// Who does it, on what.
    pub(crate) case: String,
    /// How many bytes are hashed, or read where nothing is.
    pub(crate) bytes: usize,
    /// Does it once.
    pub(crate) run: Box<dyn FnMut()>,
}

/// Lengths of session tokens; 0 is for long-lived keys.
pub(crate) const SESSION_TOKENS: [usize; 4] = [0, 300, 1_000, 2_000];

/// 2015-08-30T12:36:00Z.
pub(crate) const NOW: i64 = 1_440_938_160;

const DAY: i64 = 86_400;

/// Lists all of it.
pub(crate) fn all() -> Result<Vec<Path>, Error> {
    let mut paths = Paths(Vec::new());
    for length in SESSION_TOKENS {
        paths.sign(length)?;
        paths.read(length)?;
    }
    paths.derive_a_key()?;
    paths.encode();
    for requests in [16, 10_000] {
        paths.store(requests)?;
    }
    Ok(paths.0)
}

struct Paths(Vec<Path>);

impl Paths {
    fn add(&mut self, group: &'static str, case: &str, bytes: usize, run: impl FnMut() + 'static) {
        self.0.push(Path {
            group,
            case: case.to_owned(),
            bytes,
            run: Box::new(run),
        });
    }

    fn sign(&mut self, session_token_length: usize) -> Result<(), Error> {
        let case = &case(session_token_length);
        let floor_case = &format!("{case}, floor");
        let (request, credentials) = inputs(session_token_length)?;
        let now = Timestamp::from_unix_seconds(NOW)?;
        let tomorrow = Timestamp::from_unix_seconds(NOW + DAY)?;
        let signer = Signer::new(request.clone(), credentials.clone());
        let floor = Floor::of(&request, &credentials, now);
        let bytes = floor.bytes();

        let (mut once, mut same_day) = (floor.clone(), floor.clone());
        let (mut day_change, mut into_buffer) = (floor.clone(), floor);
        self.add(SIGN_ONCE, floor_case, bytes, move || {
            once.encode_derive_and_hash();
        });
        self.add(SAME_DAY, floor_case, bytes, move || {
            same_day.hash();
        });
        self.add(DAY_CHANGE, floor_case, bytes, move || {
            day_change.derive_and_hash();
        });
        self.add(INTO_BUFFER, floor_case, bytes, move || {
            into_buffer.hash();
        });

        self.add(SIGN_ONCE, case, bytes, move || {
            black_box(black_box(&request).sign(&credentials, black_box(now)));
        });
        let mut same_day = signer.clone();
        self.add(SAME_DAY, case, bytes, move || {
            black_box(same_day.sign(black_box(now)));
        });
        let (mut day_change, mut next, mut after) = (signer.clone(), now, tomorrow);
        self.add(DAY_CHANGE, case, bytes, move || {
            black_box(day_change.sign(black_box(next)));
            (next, after) = (after, next);
        });
        let (mut into_buffer, mut buffer) = (signer, String::new());
        self.add(INTO_BUFFER, case, bytes, move || {
            black_box(into_buffer.sign_into(black_box(now), &mut buffer));
        });
        Ok(())
    }

    fn read(&mut self, session_token_length: usize) -> Result<(), Error> {
        let case = &case(session_token_length);
        let floor_case = &format!("{case}, floor");
        let (request, credentials) = inputs(session_token_length)?;
        let now = Timestamp::from_unix_seconds(NOW)?;
        let token = request.sign(&credentials, now).into_exposed_string();
        let forged = if token.ends_with('0') { "1" } else { "0" };
        let forged = [&token[..token.len() - 1], forged].concat();
        let oversize = format!("{token}&{}", "x".repeat(64 * 1024));
        let verifier = Verifier::new(request.endpoint().clone(), request.region().clone());
        let floor = Floor::of(&request, &credentials, now);

        let parsed = token.clone();
        self.add(PARSE, case, token.len(), move || {
            black_box(TokenParts::parse(black_box(&parsed)).is_ok());
        });
        for (group, text, good) in [
            (GENUINE, token, true),
            (FORGED, forged, false),
            (OVERSIZE, oversize, false),
        ] {
            let (verifier, credentials) = (verifier.clone(), credentials.clone());
            self.add(group, case, floor.bytes(), move || {
                let login = verifier.verify(black_box(&text), now, |_| Some(&credentials));
                assert_eq!(login.is_ok(), good);
            });
            let mut floor = floor.clone();
            if group != OVERSIZE {
                self.add(group, floor_case, floor.bytes(), move || {
                    floor.derive_and_hash();
                });
            }
        }
        Ok(())
    }

    fn derive_a_key(&mut self) -> Result<(), Error> {
        let (request, credentials) = inputs(0)?;
        let now = Timestamp::from_unix_seconds(NOW)?;
        let mut floor = Floor::of(&request, &credentials, now);
        self.add(DERIVE, "floor", floor.bytes_of_key(), move || {
            floor.derive();
        });
        let bytes = Floor::of(&request, &credentials, now).bytes_of_key();
        self.add(DERIVE, "a scope", bytes, move || {
            let scope = CredentialScope::new(black_box(now), request.region(), "rds-db");
            let secret = credentials.expose_secret_access_key();
            black_box(SigningKey::derive(black_box(secret), &scope));
        });
        Ok(())
    }

    fn encode(&mut self) {
        let base64 = base64(1_000);
        let clean = base64.replace(['+', '/'], "-");
        let reserved = "/+=".repeat(1_000).split_off(2_000);
        for (case, text) in [("clean", clean), ("base64", base64), ("reserved", reserved)] {
            self.add(ENCODE, case, text.len(), move || {
                black_box(uri_encode(black_box(&text)));
            });
        }
    }

    /// Every request is kept already, but for the one that replaces the longest unused.
    fn store(&mut self, requests: u32) -> Result<(), Error> {
        let case = &format!("{requests} requests");
        let (request, credentials) = inputs(0)?;
        let now = Timestamp::from_unix_seconds(NOW)?;
        let limit = usize::try_from(requests).map_or(NonZero::<usize>::MAX, |limit| {
            NonZero::new(limit).unwrap_or(NonZero::<usize>::MIN)
        });
        let store = Arc::new(TokenStore::new(credentials, limit));
        let for_user = move |number: u32| {
            let user = format!("user{number:08}");
            TokenRequest::new(request.endpoint().clone(), request.region().clone(), user)
        };
        for number in 0..requests {
            store.token(&for_user(number)?, now).ok();
        }
        let (kept, used) = (Arc::clone(&store), for_user(requests / 2)?);
        self.add(STORE_KEPT, case, used.user().len(), move || {
            black_box(kept.token(black_box(&used), now).is_ok());
        });
        let mut number = requests;
        self.add(STORE_REPLACED, case, 12, move || {
            number += 1;
            black_box(
                for_user(number)
                    .map(|new| store.token(&new, now).is_ok())
                    .ok(),
            );
        });
        Ok(())
    }
}

pub(crate) fn case(session_token_length: usize) -> String {
    match session_token_length {
        0 => "long-lived keys".to_owned(),
        length => format!("session token of {length}"),
    }
}

pub(crate) fn inputs(session_token_length: usize) -> Result<(TokenRequest, Credentials), Error> {
    let endpoint = Endpoint::new("orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com", 5432)?;
    let request = TokenRequest::new(endpoint, Region::new("eu-west-1")?, "app")?;
    let secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    let credentials = match session_token_length {
        0 => Credentials::new("AKIAIOSFODNN7EXAMPLE", secret)?,
        length => {
            Credentials::new("ASIAIOSFODNN7EXAMPLE", secret)?.with_session_token(base64(length))?
        }
    };
    Ok((request, credentials))
}

/// Writes letters in the mix of base64, which is what AWS's session tokens are.
fn base64(length: usize) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut state = 1_u64;
    let letters = std::iter::repeat_with(|| {
        // Knuth's MMIX generator.
        state = state.wrapping_mul(6_364_136_223_846_793_005);
        state = state.wrapping_add(1_442_695_040_888_963_407);
        char::from(LETTERS[(state >> 58) as usize])
    });
    letters.take(length).collect()
}

pub(crate) const SIGN_ONCE: &str = "sign once";
pub(crate) const SAME_DAY: &str = "signer, same day";
pub(crate) const DAY_CHANGE: &str = "signer, day change";
pub(crate) const INTO_BUFFER: &str = "signer, into a buffer";
pub(crate) const PARSE: &str = "parse";
pub(crate) const GENUINE: &str = "verify, genuine";
pub(crate) const FORGED: &str = "verify, forged";
pub(crate) const OVERSIZE: &str = "verify, oversize";
pub(crate) const DERIVE: &str = "derive a key";
pub(crate) const ENCODE: &str = "encode a session token of 1000";
pub(crate) const STORE_KEPT: &str = "store, kept";
pub(crate) const STORE_REPLACED: &str = "store, replaced";
