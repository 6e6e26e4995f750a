//! The lines of a configuration file, one after the other.

use alloc::{borrow::Cow, collections::BTreeMap, string::String};

use crate::chain::{
    format::{
        command,
        ini::{File, Ini, Kind, Section, Value},
    },
    settings::Platform,
};

/// Which section the lines belong to.
enum Target<'a> {
    /// There was no header yet.
    None,
    Named(Kind, Cow<'a, str>),
    /// `[default]` of the config file, which counts only if there is no `[profile default]`.
    PlainDefault,
    /// A section that is left out.
    Ignored(Section<'a>),
}

pub(super) struct Parser<'a> {
    text: &'a str,
    file: File,
    ini: Ini<'a>,
    plain_default: Option<Section<'a>>,
    target: Target<'a>,
    /// How deep the last property is indented, if a line may continue it.
    indent: Option<usize>,
}

impl<'a> Parser<'a> {
    pub(super) fn new(text: &'a str, file: File) -> Self {
        Self {
            text,
            file,
            ini: Ini::default(),
            plain_default: None,
            target: Target::None,
            indent: None,
        }
    }

    /// Parses the next line; the error completes the sentence "the line …".
    pub(super) fn line(&mut self, line: &'a str) -> Result<(), &'static str> {
        let content = line.trim();
        if content.is_empty() || content.starts_with(['#', ';']) {
            return Ok(());
        }
        let indent = line.len() - line.trim_start().len();
        if self.indent.is_some_and(|property| indent > property) {
            return self.continuation(content);
        }
        if let Some(header) = content.strip_prefix('[') {
            return self.header(header);
        }
        self.property(content, indent)
    }

    /// `[profile NAME] # comment`
    fn header(&mut self, header: &'a str) -> Result<(), &'static str> {
        self.indent = None;
        let (header, _) = header
            .split_once(']')
            .ok_or("is a section header without ]")?;
        let header = header.trim();
        if header.is_empty() {
            return Err("is a section header without a name");
        }
        self.target = self.target_of(header);
        // A section without properties exists as well.
        self.section();
        Ok(())
    }

    fn target_of(&mut self, header: &'a str) -> Target<'a> {
        let word = header.split_whitespace().next().unwrap_or_default();
        let kind = match word {
            "profile" => Some(Kind::Profile),
            "sso-session" => Some(Kind::SsoSession),
            "services" => Some(Kind::Services),
            _ => None,
        };
        let name = header
            .get(word.len()..)
            .map(str::trim)
            .filter(|name| !name.is_empty());
        let named = kind.zip(name);
        match (self.file, named) {
            (File::Config, Some((kind, name))) => match unquoted(name) {
                Some(name) => Target::Named(kind, name),
                None => Target::Ignored(Section::default()),
            },
            (File::Config, None) if header == "default" => Target::PlainDefault,
            (File::Config, None) => {
                self.ini.unprefixed.push(header);
                Target::Ignored(Section::default())
            }
            (File::Credentials, Some(_)) => Target::Ignored(Section::default()),
            (File::Credentials, None) => Target::Named(Kind::Profile, Cow::Borrowed(header)),
        }
    }

    /// `key = value # comment`
    fn property(&mut self, content: &'a str, indent: usize) -> Result<(), &'static str> {
        let (key, value) = content
            .split_once('=')
            .ok_or("is neither a section nor KEY = VALUE")?;
        let key = key.trim();
        if key.is_empty() {
            return Err("has nothing before =");
        }
        let value = without_comment(value).trim();
        let valid = !key.contains(char::is_whitespace);
        let section = self.section().ok_or("stands before the first section")?;
        let name = if valid {
            key.to_ascii_lowercase()
        } else {
            String::new()
        };
        section.0.push((
            name,
            Value {
                lines: [value].into(),
                span: value,
            },
        ));
        self.indent = Some(indent);
        Ok(())
    }

    fn continuation(&mut self, content: &'a str) -> Result<(), &'static str> {
        let text = self.text;
        let Some((_, value)) = self.section().and_then(|section| section.0.last_mut()) else {
            return Err("continues nothing");
        };
        if value.lines.first().is_some_and(|first| first.is_empty()) {
            match content.split_once('=') {
                None => return Err("is in a nested block and is not KEY = VALUE"),
                Some((key, _)) if key.trim().is_empty() => {
                    return Err("is in a nested block and has nothing before =");
                }
                Some(_) => {}
            }
        }
        value.lines.push(content);
        value.span = spanned(text, value.span, content);
        Ok(())
    }

    /// Returns the section that lines are added to.
    fn section(&mut self) -> Option<&mut Section<'a>> {
        match &mut self.target {
            Target::None => None,
            Target::Named(kind, name) => {
                let sections = self.ini.sections.entry(*kind).or_default();
                Some(sections.entry(name.clone()).or_default())
            }
            Target::PlainDefault => Some(self.plain_default.get_or_insert_default()),
            Target::Ignored(section) => Some(section),
        }
    }

    pub(super) fn finish(self) -> Ini<'a> {
        let mut ini = self.ini;
        if let Some(section) = self.plain_default {
            let profiles = ini.sections.entry(Kind::Profile).or_default();
            profiles.entry(Cow::Borrowed("default")).or_insert(section);
        }
        for section in ini.sections.values_mut().flat_map(BTreeMap::values_mut) {
            section.0.retain(|(key, _)| !key.is_empty());
        }
        ini
    }
}

/// Splits at LF, CR LF and CR.
pub(super) fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split('\n')
        .flat_map(|line| line.strip_suffix('\r').unwrap_or(line).split('\r'))
}

/// Cuts a comment, which starts after white space.
pub(super) fn without_comment(value: &str) -> &str {
    let comment = value
        .char_indices()
        .zip(value.chars().skip(1))
        .find(|((_, before), sign)| before.is_whitespace() && matches!(sign, '#' | ';'));
    comment.map_or(value, |((at, _), _)| value.get(..at).unwrap_or(value))
}

/// Returns the one word that a name is, without quotes; `None` if it is several.
fn unquoted(name: &str) -> Option<Cow<'_, str>> {
    if !name.contains(['"', '\'', '\\']) {
        return (!name.contains(char::is_whitespace)).then_some(Cow::Borrowed(name));
    }
    let words = command::split(name, Platform::Unix)?;
    match words.as_slice() {
        [word] => Some(Cow::Owned(word.clone())),
        _ => None,
    }
}

/// Returns the text from the start of one slice of it to the end of a later one.
fn spanned<'a>(text: &'a str, first: &'a str, last: &'a str) -> &'a str {
    let start = first.as_ptr() as usize - text.as_ptr() as usize;
    let end = last.as_ptr() as usize + last.len() - text.as_ptr() as usize;
    text.get(start..end).unwrap_or(last)
}
