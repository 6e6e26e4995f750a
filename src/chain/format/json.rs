//! JSON objects whose strings are unescaped into [`Secret`]s.
//!
//! `serde_json` checks the whole document and finds the fields, but unescapes into a buffer of its
//! own that nobody wipes; so values are borrowed raw, and unescaped here. Of two fields with one
//! name the last wins, as in every reader of AWS.

use alloc::{borrow::Cow, string::String, vec::Vec};
use core::fmt;

use serde_core::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, MapAccess, Visitor},
};
use serde_json::value::RawValue;

use crate::secret::Secret;

/// The fields of an object, each value as it is written.
pub(crate) struct Object<'a>(Vec<(Cow<'a, str>, &'a str)>);

/// A fault of a field.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Wrong {
    Missing,
    NotText,
    NotNumber,
    NotObject,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing => "is missing",
            Self::NotText => "is not a string",
            Self::NotNumber => "is not a whole number",
            Self::NotObject => "is not an object",
        })
    }
}

impl<'a> Object<'a> {
    /// Parses a document; the error completes the sentence "the document …".
    pub(crate) fn parse(bytes: &'a [u8]) -> Result<Self, &'static str> {
        let text = core::str::from_utf8(bytes).map_err(|_| "is not UTF-8")?;
        let start = text.trim_start_matches([' ', '\t', '\r', '\n']);
        match start.as_bytes() {
            [] => return Err("is empty"),
            [b'{', ..] => {}
            [b'<', ..] => return Err("is HTML or XML instead of JSON"),
            [0xef, 0xbb, 0xbf, ..] => return Err("starts with a byte order mark"),
            _ => return Err("is not a JSON object"),
        }
        serde_json::from_str(text).map_err(|_| "is not well-formed JSON")
    }

    /// Returns a field as it is written, or `None` if it is missing or `null`.
    pub(crate) fn raw(&self, name: &str) -> Option<&'a str> {
        let fields = self.0.iter().rev();
        let mut values = fields.filter_map(|(key, value)| (key == name).then_some(*value));
        values.next().filter(|value| *value != "null")
    }

    pub(crate) fn text(&self, name: &str) -> Result<Option<Secret>, Wrong> {
        self.raw(name)
            .map(|raw| unescape(raw).ok_or(Wrong::NotText))
            .transpose()
    }

    pub(crate) fn required_text(&self, name: &str) -> Result<Secret, Wrong> {
        self.text(name)?.ok_or(Wrong::Missing)
    }

    pub(crate) fn number(&self, name: &str) -> Result<i64, Wrong> {
        let raw = self.raw(name).ok_or(Wrong::Missing)?;
        raw.parse().map_err(|_| Wrong::NotNumber)
    }

    pub(crate) fn object(&self, name: &str) -> Result<Self, Wrong> {
        let raw = self.raw(name).ok_or(Wrong::Missing)?;
        Self::parse(raw.as_bytes()).map_err(|_| Wrong::NotObject)
    }

    /// Writes the object with some fields replaced or added, each value as JSON.
    pub(crate) fn with(&self, replaced: &[(&str, &str)]) -> Secret {
        let mut pieces = Vec::new();
        let is_replaced = |name: &str| replaced.iter().any(|(other, _)| *other == name);
        let kept = self.0.iter().filter(|(name, _)| !is_replaced(name));
        let kept = kept
            .filter(|(name, _)| !name.contains(['"', '\\']) && !name.contains(char::is_control));
        let fields = kept.map(|(name, value)| (name.as_ref(), *value));
        for (name, value) in fields.chain(replaced.iter().copied()) {
            pieces.extend([
                if pieces.is_empty() { "{\"" } else { ",\"" },
                name,
                "\":",
                value,
            ]);
        }
        pieces.push(if pieces.is_empty() { "{}" } else { "}" });
        Secret::concat(&pieces)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Object<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;

        impl<'de> Visitor<'de> for Fields {
            type Value = Object<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut fields = Vec::new();
                while let Some(name) = map.next_key_seed(Name)? {
                    let value: &'de RawValue = map.next_value()?;
                    fields.push((name, value.get()));
                }
                Ok(Object(fields))
            }
        }

        deserializer.deserialize_map(Fields)
    }
}

/// The name of a field, borrowed unless it is escaped.
struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Name {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(name))
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(String::from(name)))
    }
}

/// Unescapes a string of JSON; `None` for a different value, and for half a surrogate pair.
fn unescape(raw: &str) -> Option<Secret> {
    let inner = raw.strip_prefix('"')?.strip_suffix('"')?;
    // No escape is shorter than what it stands for.
    let mut text = String::with_capacity(inner.len());
    let mut letters = inner.chars();
    while let Some(letter) = letters.next() {
        let letter = match letter {
            '\\' => match letters.next()? {
                'b' => '\u{8}',
                'f' => '\u{c}',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'u' => code_point(&mut letters)?,
                literal => literal,
            },
            literal => literal,
        };
        text.push(letter);
    }
    Some(Secret::new(text))
}

/// Parses what follows `\u`: four digits, or a surrogate pair.
fn code_point(letters: &mut core::str::Chars<'_>) -> Option<char> {
    let high = four_digits(letters)?;
    if !(0xd800..0xdc00).contains(&high) {
        return char::from_u32(high);
    }
    if (letters.next()?, letters.next()?) != ('\\', 'u') {
        return None;
    }
    let low = four_digits(letters)?
        .checked_sub(0xdc00)
        .filter(|low| *low < 0x400)?;
    char::from_u32(0x1_0000 + ((high - 0xd800) << 10) + low)
}

fn four_digits(letters: &mut core::str::Chars<'_>) -> Option<u32> {
    let mut value = 0;
    for _ in 0..4 {
        value = value * 16 + letters.next()?.to_digit(16)?;
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A value, and its text.
    const TEXTS: &[(&str, Option<&str>)] = &[
        (r#""plain/+=""#, Some("plain/+=")),
        (r#""\"\\\/\b\f\n\r\t""#, Some("\"\\/\u{8}\u{c}\n\r\t")),
        (r#""\u003d\u00e9\uD83D\ude00""#, Some("=é😀")),
        (r#""""#, Some("")),
        // Half a surrogate pair.
        (r#""\ud83d""#, None),
        (r#""\ud83dx""#, None),
        (r#""\ud83d\u0041""#, None),
        (r#""\ud83d\ue000""#, None),
        (r#""\ude00""#, None),
        // Not a string.
        ("1", None),
        ("[\"a\"]", None),
    ];

    #[test]
    fn a_string_is_unescaped() {
        for (value, expected) in TEXTS {
            let document = alloc::format!("{{\"a\": 1, \"x\": {value}}}");
            let object = Object::parse(document.as_bytes());
            let text = object.and_then(|object| object.required_text("x").map_err(|_| "no text"));
            assert_eq!(
                text.ok().as_ref().map(Secret::expose_secret),
                *expected,
                "{value}"
            );
        }
    }

    #[test]
    fn the_last_of_two_fields_counts_and_null_is_none() -> Result<(), &'static str> {
        let object = Object::parse(br#"{"a": "1", "a": "2", "b": "3", "b": null, "\u0063": 4}"#)?;
        assert_eq!(object.raw("a"), Some("\"2\""));
        assert_eq!(object.raw("b"), None);
        assert_eq!(object.number("c"), Ok(4));
        let written = object.with(&[("a", "5"), ("d", "\"6\"")]);
        assert_eq!(
            written.expose_secret(),
            r#"{"b":"3","b":null,"c":4,"a":5,"d":"6"}"#
        );
        Ok(())
    }

    #[test]
    fn a_name_that_would_need_an_escape_is_not_written() -> Result<(), &'static str> {
        let object = Object::parse(br#"{"\u0022": 1, "\\": 2, "\u000a": 3, "a": 4}"#)?;
        assert_eq!(object.with(&[]).expose_secret(), r#"{"a":4}"#);
        let object = Object::parse(b"{}")?;
        assert_eq!(object.with(&[]).expose_secret(), "{}");
        Ok(())
    }

    #[test]
    fn what_is_no_object_is_named() {
        for (document, problem) in [
            ("", "is empty"),
            ("<html>", "is HTML or XML instead of JSON"),
            ("\u{feff}{}", "starts with a byte order mark"),
            ("[]", "is not a JSON object"),
            ("{} {}", "is not well-formed JSON"),
            ("{\"a\": \"\n\"}", "is not well-formed JSON"),
        ] {
            assert_eq!(
                Object::parse(document.as_bytes()).err(),
                Some(problem),
                "{document:?}"
            );
        }
    }
}
