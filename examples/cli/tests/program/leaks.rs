//! No report shows a piece of a secret, whatever happened to the token.

use std::thread;

use crate::run::run;

const SIGNATURE: &str = "1f5779ddf64f71de19871ab0cd6c15cb79e8f05537aac4860d78bf6e2f9ff037";

/// As long as a short one of AWS, and as random.
const SESSION_TOKEN: &str = "IQoJb3JpZ2luX2VjEJr0aCXVzLWVhc3QtMSJHMEUCIQDq7V0b9nGJc2vU4mP1xYzT\
    w8RkLh5sNfAeQoZi3KdBtwIgXcVb6NmQwErTyUiOpAsDfGhJkLzXcVbNm1QaZwSxEdCrFv";

/// A field, and the text behind it: the secret is put between the two.
const FIELDS: &[(&str, &str)] = &[
    ("host", ":5432/"),
    ("user", "&X-Amz-Algorithm"),
    ("region", "%2Frds-db"),
    ("service", "%2Faws4_request"),
    ("action", "&DBUser"),
    ("date", "&X-Amz-Expires"),
    ("signed headers", "&X-Amz-Signature"),
];

/// What stands between two parameters.
const SEPARATORS: &[&str] = &["&", "%26", "&amp;", "", "%2526", "\\u0026", ";", " ", "?"];

/// The rests of the name of a secret parameter, before its equals sign.
const NAMES: &[&str] = &[
    "X-Amz-Signature",
    "X-Amz-Security-Token",
    "x-amz-signature",
    "Amz-Signature",
    "X-Am",
    "X-Amz-S",
    "X-Amz-SIG",
    "Signature",
    "X%2DAmz%2DSignature",
    "X–Amz–Security–Token",
    "XAmzSignature",
    "",
];

const EQUALS: &[&str] = &["=", "%3D", "%253D", ""];

/// Before and after the text.
const WRAPPINGS: &[(&str, &str)] = &[
    ("", ""),
    ("'", "'"),
    ("export PGPASSWORD=", "\n"),
    ("{\"password\": \"", "\"}"),
    ("postgres://app:", "@db.example.com:5432/orders"),
];

fn token() -> String {
    format!(
        "mydb.c1a2b3c4d5e6.us-east-1.rds.amazonaws.com:5432/?Action=connect&DBUser=app\
         &X-Amz-Algorithm=AWS4-HMAC-SHA256\
         &X-Amz-Credential=ASIAIOSFODNN7EXAMPLE%2F20150830%2Fus-east-1%2Frds-db%2Faws4_request\
         &X-Amz-Date=20150830T123600Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host\
         &X-Amz-Security-Token={SESSION_TOKEN}&X-Amz-Signature={SIGNATURE}"
    )
}

/// Returns every combination: a secret behind each field, spelled in each way.
fn damaged_tokens() -> Vec<String> {
    let token = token();
    let mut texts = Vec::new();
    for secret in [SIGNATURE, SESSION_TOKEN] {
        for (_, end) in FIELDS {
            for separator in SEPARATORS {
                for name in NAMES {
                    for equals in EQUALS {
                        for (before, after) in WRAPPINGS {
                            let part = format!("{separator}{name}{equals}{secret}{end}");
                            let damaged = token.replacen(end, &part, 1);
                            texts.push(format!("{before}{damaged}{after}"));
                        }
                    }
                }
            }
        }
    }
    texts
}

/// Returns the first 20 consecutive characters of a secret in a text.
fn leak(text: &str) -> Option<String> {
    [SIGNATURE, SESSION_TOKEN].iter().find_map(|secret| {
        let mut pieces = secret.as_bytes().windows(20);
        pieces.find_map(|piece| {
            let piece = String::from_utf8_lossy(piece).into_owned();
            text.contains(&piece).then_some(piece)
        })
    })
}

/// Fails if the report on one of these texts shows a piece of a secret.
fn check(texts: &[String]) {
    let inspect = |texts: &[String]| {
        for text in texts {
            let run = run(
                ["inspect", "--at=2015-08-30T12:37:00Z"],
                &[],
                text.as_bytes(),
            );
            assert!(matches!(run.status, Some(0 | 1)), "{text}");
            assert_eq!(leak(&(run.stdout + &run.stderr)), None, "{text}");
        }
    };
    let (first, second) = texts.split_at(texts.len() / 2);
    thread::scope(|scope| {
        scope.spawn(|| inspect(first));
        inspect(second);
    });
}

/// Every 71st, a number that divides none of the lists: each of their rows is tried often.
#[test]
fn a_damaged_token_shows_no_piece_of_its_secrets() {
    let texts: Vec<_> = damaged_tokens().into_iter().step_by(71).collect();
    assert!(texts.len() > 300, "{}", texts.len());
    check(&texts);
}

/// What an edit puts into a token.
const INSERTED: &[&str] = &[
    "", "&", "=", "%", "?", "/", ":", ";", "%26", "%3D", " ", "\n", "\"", "\\", "@", "#", "X-Amz-",
];

/// Returns a token after two edits: each removes up to 30 characters and puts something in their place, or
/// moves them to a different place.
fn edited(random: &mut Random) -> String {
    let mut text = token();
    for _ in 0..2 {
        let start = random.below(text.len());
        let end = text.len().min(start + random.below(30));
        let removed = text[start..end].to_owned();
        text.replace_range(start..end, "");
        let inserted = INSERTED[random.below(INSERTED.len())];
        if random.below(4) == 0 {
            let place = random.below(text.len());
            text.insert_str(place, &removed);
        }
        text.insert_str(start.min(text.len()), inserted);
    }
    text
}

/// Xorshift, the same numbers in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or(0) % end
    }
}

#[test]
fn a_token_after_two_edits_shows_no_piece_of_its_secrets() {
    let mut random = Random(0x2015_0830_1236);
    let texts: Vec<_> = (0..400).map(|_| edited(&mut random)).collect();
    check(&texts);
}

/// At every third byte, on standard input and as an argument in the wrong place.
#[test]
fn a_token_that_is_cut_shows_no_piece_of_its_secrets() {
    let token = token();
    for end in (0..=token.len()).step_by(3) {
        let run = run(["inspect"], &[], &token.as_bytes()[..end]);
        assert_eq!(leak(&(run.stdout + &run.stderr)), None, "{end}");
        let run = run_argument(&token[..end]);
        assert_eq!(leak(&run), None, "{end}");
    }
}

/// Returns what is printed about a token that was given as an argument.
fn run_argument(token: &str) -> String {
    let run = run(["inspect", token], &[], b"");
    run.stdout + &run.stderr
}
