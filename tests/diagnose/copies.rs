//! Damage that is done to a token when it is copied.

use rds_iam_token::{
    diagnose::{Cause, Expected, diagnose},
    sigv4::uri_encode,
};

use Cause::{
    Decoded, EncodedTwice, EscapedAmpersand, Lifetime, MalformedEncoding, Scheme, SurroundingText,
    WrongHost,
};

use crate::tokens::{
    DB_HOST, Damage, JAVA, all_expected, app_token, causes, check_each, decoded, encoded,
    expected_host, good, in_lines, in_order, in_small_digits, message, reordered,
};

/// Text around a token, or in its place.
pub(crate) const DAMAGES: &[Damage] = &[
    (
        "a line break",
        |good| good.to_owned() + "\n",
        &[SurroundingText],
    ),
    (
        "a Windows line break",
        |good| good.to_owned() + "\r\n",
        &[SurroundingText],
    ),
    (
        "a space in front",
        |good| " ".to_owned() + good,
        &[SurroundingText],
    ),
    ("quotes", |good| format!("\"{good}\""), &[SurroundingText]),
    (
        "curly quotes",
        |good| format!("\u{201c}{good}\u{201d}"),
        &[SurroundingText],
    ),
    (
        "a byte order mark",
        |good| format!("\u{feff}{good}"),
        &[SurroundingText],
    ),
    (
        "an assignment",
        |good| format!("export PGPASSWORD='{good}'"),
        &[SurroundingText],
    ),
    (
        "a label",
        |good| format!("Password: {good}\n"),
        &[SurroundingText],
    ),
    (
        "a label without a space",
        |good| format!("password:{good}"),
        &[SurroundingText],
    ),
    ("a list", |good| format!("[{good}],"), &[SurroundingText]),
    (
        "the mark of zsh",
        |good| good.to_owned() + "%",
        &[SurroundingText],
    ),
    (
        "words",
        |good| format!("the token is {good}"),
        &[SurroundingText],
    ),
    ("wrapped lines", wrapped, &[SurroundingText]),
    (
        "shell quoting",
        |good| good.replace('&', "\\&"),
        &[SurroundingText],
    ),
    (
        "HTML",
        |good| good.replace('&', "&amp;"),
        &[EscapedAmpersand],
    ),
    (
        "JSON",
        |good| good.replace('&', "\\u0026"),
        &[EscapedAmpersand],
    ),
    (
        "HTML in capitals",
        |good| good.replace('&', "&AMP;"),
        &[EscapedAmpersand],
    ),
    (
        "hexadecimal numbers of HTML",
        |good| good.replace('&', "&#x26;"),
        &[EscapedAmpersand],
    ),
    (
        "JavaScript",
        |good| good.replace('&', "\\x26"),
        &[EscapedAmpersand],
    ),
    ("a scheme", |good| "https://".to_owned() + good, &[Scheme]),
    (
        "a URL",
        |good| "jdbc:postgresql://".to_owned() + good,
        &[Scheme],
    ),
    (
        "a URL with a user",
        |good| "postgres://app@".to_owned() + good,
        &[Scheme],
    ),
    (
        "a quoted URL",
        |good| format!("'https://{good}'"),
        &[SurroundingText, Scheme],
    ),
];

#[test]
fn each_damage_is_found_and_nothing_else() {
    check_each(DAMAGES);
}

/// A damage of a token whose last parameter is its signature, or is not.
const COPIES: &[Damage] = &[
    (
        "a variable and a command",
        |good| format!("PGPASSWORD='{good}' psql -h db"),
        &[SurroundingText],
    ),
    (
        "a key-value string",
        |good| format!("password={good} dbname=x sslmode=require"),
        &[SurroundingText],
    ),
    (
        "a sentence",
        |good| format!("The password {good} expires in 15 min"),
        &[SurroundingText],
    ),
    (
        "a line in front",
        |good| format!("password\n{good}"),
        &[SurroundingText],
    ),
    (
        "a comment in front",
        |good| format!("# token\n{good}\n"),
        &[SurroundingText],
    ),
    (
        "an option",
        |good| format!("-p'{good}'"),
        &[SurroundingText],
    ),
    (
        "an option without quotes",
        |good| format!("-p{good}"),
        &[SurroundingText],
    ),
    (
        "a Python literal",
        |good| format!("b'{good}'"),
        &[SurroundingText],
    ),
    (
        "colours",
        |good| format!("\x1b[32m{good}\x1b[0m"),
        &[SurroundingText],
    ),
    (
        "JSON",
        |good| format!("{{\"token\":\"{good}\",\"expires\":900}}"),
        &[SurroundingText],
    ),
    (
        "a comment behind",
        |good| format!("{good} # c"),
        &[SurroundingText],
    ),
    (
        "a connection string",
        |good| format!("Password={good};SSL Mode=Require"),
        &[SurroundingText],
    ),
    (
        "an escaped line break",
        |good| good.to_owned() + "\\n",
        &[SurroundingText],
    ),
    (
        "an ampersand behind",
        |good| good.to_owned() + "&",
        &[SurroundingText],
    ),
    (
        "lines of 40 with indentation",
        |good| in_lines(good, 40, "\n    "),
        &[SurroundingText],
    ),
    (
        "lines of 64 with tabs",
        |good| in_lines(good, 64, "\r\n\t"),
        &[SurroundingText],
    ),
    (
        "lines of 80 that go on",
        |good| in_lines(good, 80, " \\\n    "),
        &[SurroundingText],
    ),
    (
        "lines of cmd.exe",
        |good| in_lines(good, 76, "^\r\n"),
        &[SurroundingText],
    ),
    (
        "lines of cmd.exe that break the host and the signature",
        |good| in_lines(good, 40, "^\r\n"),
        &[SurroundingText],
    ),
    (
        "quoted lines",
        |good| "> ".to_owned() + &in_lines(good, 70, "\n> "),
        &[SurroundingText],
    ),
    (
        "lines of what is decoded",
        |good| in_lines(&decoded(good), 60, "\n"),
        &[SurroundingText, Decoded],
    ),
    (
        "encoding of the whole, with small digits",
        |good| in_small_digits(&encoded(good)),
        &[EncodedTwice],
    ),
    (
        "encoding of the whole, twice",
        |good| encoded(&encoded(good)),
        &[EncodedTwice],
    ),
    (
        "encoding of the whole, twice, with small digits",
        |good| in_small_digits(&encoded(&encoded(good))),
        &[EncodedTwice],
    ),
    (
        "a connection URL",
        |good| format!("postgres://app:{}@db:5432/x?sslmode=require", encoded(good)),
        &[],
    ),
    (
        "a connection URL with the token as it is",
        |good| format!("postgres://app:{good}@db:5432/x?sslmode=require"),
        &[Decoded],
    ),
    (
        "encoding of percent signs, twice",
        |good| good.replace('%', "%2525"),
        &[EncodedTwice],
    ),
    (
        "numbers of HTML",
        |good| good.replace('&', "&#38;"),
        &[EscapedAmpersand],
    ),
    (
        "HTML of HTML",
        |good| good.replace('&', "&amp;amp;"),
        &[EscapedAmpersand],
    ),
    (
        "a final dot",
        |good| good.replace(":5432", ".:5432"),
        &[WrongHost],
    ),
    (
        "an endless life",
        |good| good.replace("=900", "=99999999999"),
        &[Lifetime],
    ),
    (
        "an apostrophe",
        |good| good.replace("%20", "'"),
        &[MalformedEncoding],
    ),
    (
        "a space",
        |good| good.replace("%20", " "),
        &[MalformedEncoding],
    ),
];

fn wrapped(good: &str) -> String {
    let lines: Vec<_> = good
        .as_bytes()
        .chunks(76)
        .map(String::from_utf8_lossy)
        .collect();
    lines.join("\n")
}

#[test]
fn a_copy_is_repaired_whatever_the_order_of_the_parameters() {
    let good = good();
    let orders = [
        good.clone(),
        reordered(&good, "X-Amz-SignedHeaders"),
        reordered(&good, "X-Amz-Security-Token"),
        in_order(&good, JAVA),
    ];
    for good in &orders {
        assert_eq!(causes(good, &all_expected()), [], "{good}");
        for (name, damage, expected) in COPIES {
            let damaged = damage(good);
            assert_eq!(
                causes(&damaged, &all_expected()),
                *expected,
                "{name}: {damaged}"
            );
        }
    }
}

#[test]
fn a_prompt_behind_is_not_part_of_what_has_its_length() {
    for good in [good(), reordered(&good(), "X-Amz-SignedHeaders")] {
        let copied = format!("{good}\nubuntu@ip:~$ ");
        assert_eq!(
            causes(&copied, &all_expected()),
            [SurroundingText],
            "{copied}"
        );
    }
}

#[test]
fn a_token_is_found_whatever_is_around_it() {
    let (token, other) = (app_token(DB_HOST), app_token("db.example.com"));
    let (start, signature) = token.split_at(token.find("&X-Amz-Security-Token").unwrap());
    let (session_token, signature) = signature.split_at(signature.find("&X-Amz-Sig").unwrap());
    // As the Rust SDK prints it.
    let rust = [start, signature, session_token].concat();
    let (rust_start, rust_end) = rust.split_at(rust.len() - 10);
    let encoded = uri_encode(&token);
    // A session token may hold characters that are encoded nowhere.
    let unreserved = rust.replace("session-token", "session_token~");
    for (text, repaired) in [
        (format!("password:{token}"), &token),
        (format!("password\n{other}"), &other),
        (format!("\"{encoded}\""), &token),
        (format!("Token „{encoded}“"), &token),
        (format!("{rust_start}\n  {rust_end} is it"), &rust),
        (format!("{rust_start}\n{rust_end} is it"), &rust),
        // A host that RDS gives is put together over lines.
        (format!("{}\n{}", &token[..20], &token[20..]), &token),
        (format!("{}\n{}", &token[..30], &token[30..]), &token),
        (format!("'{unreserved}'"), &unreserved),
    ] {
        let diagnosis = diagnose(&text, &Expected::new());
        assert_eq!(diagnosis.expose_repaired(), repaired, "{text}");
    }
    // A host that is known is put together over lines.
    let (start, end) = other.split_at(6);
    let text = format!("{start}\n{end}");
    let diagnosis = diagnose(&text, &expected_host("db.example.com"));
    assert_eq!(diagnosis.expose_repaired(), other);
    // Foreign text stands before a user that is not encoded, and not behind it.
    let text = token
        .replace("connect", "con\"nect")
        .replace("DBUser=app", "DBUser=a pp");
    let diagnosis = diagnose(&text, &Expected::new());
    assert!(
        diagnosis
            .expose_repaired()
            .contains("Action=connect&DBUser=a pp&")
    );
}

#[test]
fn what_is_around_a_token_is_named() {
    let token = app_token(DB_HOST);
    for (text, said) in [
        (format!("{token}\n"), "line breaks"),
        (format!("{token}\t"), "white space"),
        (format!("\u{feff}{token}"), "a byte order mark"),
        (format!("\u{200b}{token}"), "white space"),
        (format!("{token}\0"), "control characters"),
        (format!("'{token}'"), "quotes"),
        (format!("\u{201e}\u{201f}{token}\u{2018}"), "quotes"),
        (token.replace("&DB", "\\&DB"), "backslashes"),
        (token.replace("&DB", "^&DB"), "carets"),
        (
            format!("\"{token}\"\n"),
            "quotes and line breaks and quotes",
        ),
    ] {
        let said = format!("{said} around the token or in it; expected the token alone");
        assert_eq!(message(&text, SurroundingText), said, "{text:?}");
    }
}
