//! The XML of STS, whose values are decoded into [`Secret`]s.
//!
//! `roxmltree` checks the document, and would keep decoded text in memory that nobody wipes. So it
//! is given a copy in which nothing is left to decode (`&` and carriage returns are replaced, which
//! keeps every offset), and values are decoded here, from the original.

use alloc::{boxed::Box, string::String};

use roxmltree::{Document, Node};
use zeroize::Zeroizing;

use crate::secret::Secret;

/// A document, and the copy that was parsed.
pub(crate) struct Xml<'a> {
    original: &'a str,
    masked: Zeroizing<Box<str>>,
}

impl<'a> Xml<'a> {
    /// Parses a document; the error completes the sentence "the document …".
    pub(crate) fn new(bytes: &'a [u8]) -> Result<Self, &'static str> {
        let original = core::str::from_utf8(bytes).map_err(|_| "is not UTF-8")?;
        let mut masked = String::with_capacity(original.len());
        masked.extend(original.chars().map(|letter| match letter {
            '&' => '_',
            '\r' => ' ',
            _ => letter,
        }));
        Ok(Self {
            original,
            masked: Zeroizing::new(masked.into_boxed_str()),
        })
    }

    /// Parses the document. One with a DTD is rejected.
    pub(crate) fn document(&self) -> Result<Document<'_>, &'static str> {
        let text = self.masked.trim();
        match text.as_bytes() {
            [] => Err("is empty"),
            [b'<', ..] => Document::parse(&self.masked).map_err(|_| "is not well-formed XML"),
            _ => Err("is not XML"),
        }
    }

    /// Returns the text of the element at a path of names, without namespaces.
    pub(crate) fn text(&self, document: &Document<'_>, path: &[&str]) -> Option<Secret> {
        let mut node = document.root_element();
        for name in path {
            node = child(node, name)?;
        }
        let mut text = node.children();
        let (first, second) = (text.next(), text.next());
        let Some(first) = first else {
            return Some(Secret::new(""));
        };
        if second.is_some() || !first.is_text() {
            return None;
        }
        decode(self.original.get(first.range())?)
    }
}

/// Returns a child element by its name.
pub(crate) fn child<'d, 'i>(node: Node<'d, 'i>, name: &str) -> Option<Node<'d, 'i>> {
    node.children()
        .find(|child| child.is_element() && child.tag_name().name() == name)
}

/// Decodes the five entities of XML and numeric references; `None` for others, and for CDATA.
fn decode(raw: &str) -> Option<Secret> {
    if raw.contains('<') {
        return None;
    }
    // No reference is shorter than what it stands for.
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((before, after)) = rest.split_once('&') {
        let (reference, after) = after.split_once(';')?;
        text.push_str(before);
        text.push(match reference {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            _ => numeric(reference.strip_prefix('#')?)?,
        });
        rest = after;
    }
    text.push_str(rest);
    Some(Secret::new(text))
}

fn numeric(reference: &str) -> Option<char> {
    let code = match reference.strip_prefix('x') {
        Some(digits) => u32::from_str_radix(digits, 16),
        None => reference.parse(),
    };
    char::from_u32(code.ok()?).filter(|letter| *letter != '\0')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The contents of an element, and its text.
    const TEXTS: &[(&str, Option<&str>)] = &[
        ("a/+=", Some("a/+=")),
        ("&amp;&lt;&gt;&quot;&apos;", Some("&<>\"'")),
        ("&#65;&#x1F600;\r\n", Some("A😀\r\n")),
        ("", Some("")),
        // What STS does not write.
        ("<![CDATA[a]]>", None),
        ("a<!-- b -->c", None),
        ("a<b/>", None),
        ("&nbsp;", None),
        ("&#0;", None),
        ("&#xD800;", None),
        ("&", None),
    ];

    #[test]
    fn the_text_of_an_element_is_decoded() -> Result<(), &'static str> {
        for (contents, expected) in TEXTS {
            let document = alloc::format!("<a xmlns='x'><b>{contents}</b></a>");
            let xml = Xml::new(document.as_bytes())?;
            let parsed = xml.document()?;
            let text = xml.text(&parsed, &["b"]);
            assert_eq!(
                text.as_ref().map(Secret::expose_secret),
                *expected,
                "{contents}"
            );
        }
        Ok(())
    }

    #[test]
    fn a_document_with_a_type_definition_is_rejected() {
        let document = "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>";
        let xml = Xml::new(document.as_bytes());
        assert!(xml.is_ok_and(|xml| xml.document().is_err()));
    }

    #[test]
    fn what_is_no_document_is_named() -> Result<(), &'static str> {
        for (document, problem) in [
            ("", "is empty"),
            (" \n", "is empty"),
            ("a", "is not XML"),
            ("<a>", "is not well-formed XML"),
        ] {
            let xml = Xml::new(document.as_bytes())?;
            assert_eq!(xml.document().err(), Some(problem), "{document}");
        }
        assert_eq!(Xml::new(b"\xff").err(), Some("is not UTF-8"));
        Ok(())
    }
}
