//! No mutation of a token is accepted, unless it is another text of the same token.
//!
//! The judge is a second reader, which only splits and decodes.

use std::collections::BTreeMap;

use proptest::prelude::*;
use rds_iam_token::{Credentials, Endpoint, Region, Timestamp, TokenRequest, Verifier};

const HOST: &str = "mydb.c1a2b3c4d5e6.us-east-1.rds.amazonaws.com";

/// 2015-08-30T12:36:00Z.
const NOW: i64 = 1_440_938_160;

/// The contents of a text: its authority in lowercase, and its parameters, decoded.
type Contents = (String, BTreeMap<String, Vec<u8>>);

/// Splits and decodes.
fn read(text: &str) -> Option<Contents> {
    let (authority, query) = text.split_once("/?")?;
    let mut parameters = BTreeMap::new();
    for pair in query.split('&') {
        let (name, value) = pair.split_once('=')?;
        if parameters.insert(name.to_owned(), decode(value)?).is_some() {
            return None;
        }
    }
    Some((authority.to_ascii_lowercase(), parameters))
}

fn decode(value: &str) -> Option<Vec<u8>> {
    let mut bytes = value.bytes();
    let mut decoded = Vec::new();
    while let Some(byte) = bytes.next() {
        let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
        decoded.push(match byte {
            b'%' => u8::try_from(digit(bytes.next())? * 16 + digit(bytes.next())?).ok()?,
            // A raw form of these is one that no signer prints.
            b'"' | b'#' | b'\'' | b'<'..=b'>' | b'['..=b'^' | b'`' | b'{'..=b'}' => return None,
            b'!'..=b'~' => byte,
            _ => return None,
        });
    }
    Some(decoded)
}

/// An edit of a text, at a place in thousandths of its length.
#[derive(Clone, Debug)]
enum Edit {
    Remove(usize, usize),
    Insert(usize, &'static str),
    Replace(usize, char),
    Copy(usize, usize, usize),
    Encode(usize, bool),
    Decode(usize),
    ChangeCase(usize),
    SwapParameters(usize, usize),
}

/// Pieces with a meaning in a token.
const PIECES: &[&str] = &[
    "&",
    "=",
    "%",
    "%26",
    "%3D",
    "%2F",
    "%25",
    "/",
    "?",
    ":",
    "+",
    " ",
    "\n",
    "\0",
    "é",
    "0",
    "a",
    "&DBUser=admin",
    "&X-Amz-Expires=900",
    "DBUser",
    "X-Amz-Security-Token=s",
    "admin",
    "%00",
    ".",
    "host",
    "%41",
    "%zz",
    "/?",
];

fn edit() -> impl Strategy<Value = Edit> {
    let place = || 0..1_000_usize;
    prop_oneof![
        (place(), 1..20_usize).prop_map(|(at, len)| Edit::Remove(at, len)),
        (place(), prop::sample::select(PIECES)).prop_map(|(at, piece)| Edit::Insert(at, piece)),
        (place(), prop::char::range(' ', '~')).prop_map(|(at, with)| Edit::Replace(at, with)),
        (place(), place(), 1..60_usize).prop_map(|(from, to, len)| Edit::Copy(from, to, len)),
        (place(), any::<bool>()).prop_map(|(at, upper)| Edit::Encode(at, upper)),
        place().prop_map(Edit::Decode),
        place().prop_map(Edit::ChangeCase),
        (0..9_usize, 0..9_usize).prop_map(|(one, other)| Edit::SwapParameters(one, other)),
    ]
}

fn apply(text: &str, edit: &Edit) -> String {
    let chars: Vec<char> = text.chars().collect();
    let place = |thousandths: usize| chars.len() * thousandths / 1_000;
    let string = |chars: &[char]| chars.iter().collect::<String>();
    let replaced = |at: usize, len: usize, with: &str| {
        let end = (at + len).min(chars.len());
        [&string(&chars[..at]), with, &string(&chars[end..])].concat()
    };
    match *edit {
        Edit::Remove(at, len) => replaced(place(at), len, ""),
        Edit::Insert(at, piece) => replaced(place(at), 0, piece),
        Edit::Replace(at, with) => replaced(place(at), 1, &with.to_string()),
        Edit::Copy(from, to, len) => {
            let from = place(from);
            let copied = string(&chars[from..(from + len).min(chars.len())]);
            replaced(place(to), 0, &copied)
        }
        Edit::Encode(at, upper) => match chars.get(place(at)).map(|&found| u32::from(found)) {
            Some(byte) if upper => replaced(place(at), 1, &format!("%{byte:02X}")),
            Some(byte) => replaced(place(at), 1, &format!("%{byte:02x}")),
            None => text.to_owned(),
        },
        // The next escape after a place.
        Edit::Decode(at) => {
            let found = chars[place(at)..].iter().position(|&found| found == '%');
            let at = found.map(|found| place(at) + found);
            let byte =
                at.and_then(|at| u8::from_str_radix(&string(chars.get(at + 1..at + 3)?), 16).ok());
            match (at, byte) {
                (Some(at), Some(byte)) => replaced(at, 3, &char::from(byte).to_string()),
                _ => text.to_owned(),
            }
        }
        Edit::ChangeCase(at) => match chars.get(place(at)) {
            Some(found) if found.is_ascii_uppercase() => {
                replaced(place(at), 1, &found.to_ascii_lowercase().to_string())
            }
            Some(found) => replaced(place(at), 1, &found.to_ascii_uppercase().to_string()),
            None => text.to_owned(),
        },
        Edit::SwapParameters(one, other) => match text.split_once('?') {
            Some((authority, query)) => {
                let mut pairs: Vec<_> = query.split('&').collect();
                let count = pairs.len();
                pairs.swap(one % count, other % count);
                format!("{authority}?{}", pairs.join("&"))
            }
            None => text.to_owned(),
        },
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8_000))]

    #[test]
    fn a_mutated_token_is_accepted_only_as_another_text_of_the_same(
        is_temporary in any::<bool>(),
        user in prop::sample::select(vec!["app", "Jane Doe", "a/b+c@é%41"]),
        edits in prop::collection::vec(edit(), 1..4),
    ) {
        let endpoint = Endpoint::new(HOST, 5432).unwrap();
        let region = Region::new("us-east-1").unwrap();
        let mut credentials = Credentials::new("AKIDEXAMPLE", "not-a-real-secret").unwrap();
        if is_temporary {
            credentials = credentials.with_session_token("not+a/real=session-token").unwrap();
        }
        let now = Timestamp::from_unix_seconds(NOW).unwrap();
        let request = TokenRequest::new(endpoint.clone(), region.clone(), user).unwrap();
        let good = request.sign(&credentials, now).into_exposed_string();
        let mutated = edits.iter().fold(good.clone(), |text, edit| apply(&text, edit));
        let login = Verifier::new(endpoint, region)
            .verify(&mutated, now, |_| Some(&credentials))
            .map(|login| (login.user().to_owned(), login.access_key_id().to_owned()));
        let is_same = read(&mutated) == read(&good);
        // A signature is accepted in its one form alone.
        let (_, signature) = good.split_at(good.len() - 65);
        let has_own_form = mutated.contains(signature);
        prop_assert_eq!(login.is_ok(), is_same && has_own_form, "{} {:?}", mutated, login);
        if let Ok(who) = login {
            prop_assert_eq!(who, (user.to_owned(), "AKIDEXAMPLE".to_owned()));
        }
    }
}
