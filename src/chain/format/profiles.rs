//! The profiles of both files together.

use alloc::{
    collections::{BTreeMap, BTreeSet},
    format,
    string::String,
    vec::Vec,
};

use crate::chain::{
    error::{ErrorKind, Failure},
    format::ini::{File, Ini, Kind, Section},
};

/// The contents of the config file and of the credentials file.
///
/// A property in the credentials file wins over the one in the config file; only the keys of one
/// key pair are never mixed across the files.
#[derive(Debug, Default)]
pub struct Profiles<'a> {
    config: Ini<'a>,
    credentials: Ini<'a>,
}

/// The sections of one kind, as text: name, then key, then value (lines joined by line feeds).
pub type Sections = BTreeMap<String, BTreeMap<String, String>>;

impl<'a> Profiles<'a> {
    pub(crate) fn parse_files(
        config: (&str, &'a [u8]),
        credentials: (&str, &'a [u8]),
    ) -> Result<Self, Failure> {
        Ok(Self {
            config: parse_file(config, File::Config)?,
            credentials: parse_file(credentials, File::Credentials)?,
        })
    }

    pub(crate) fn profile<'p>(&'p self, name: &'p str) -> Option<Profile<'p, 'a>> {
        let profile = Profile {
            name,
            config: self.config.section(Kind::Profile, name),
            credentials: self.credentials.section(Kind::Profile, name),
        };
        (profile.config.is_some() || profile.credentials.is_some()).then_some(profile)
    }

    pub(crate) fn sso_session(&self, name: &str) -> Option<&Section<'a>> {
        self.config.section(Kind::SsoSession, name)
    }

    pub(crate) fn services(&self, name: &str) -> Option<&Section<'a>> {
        self.config.section(Kind::Services, name)
    }

    /// Returns the names of sections of the config file that lack the word `profile`.
    pub(crate) fn unprefixed(&self) -> &[&'a str] {
        &self.config.unprefixed
    }

    /// Returns `true` if the config file has a section of this name without the word `profile`.
    pub(crate) fn lacks_prefix(&self, name: &str) -> bool {
        self.config.unprefixed.contains(&name)
    }

    /// Returns the names of all profiles, sorted.
    pub(crate) fn names(&self) -> Vec<&str> {
        let files = [&self.config, &self.credentials];
        let sections = files
            .iter()
            .filter_map(|file| file.sections.get(&Kind::Profile));
        let names: BTreeSet<&str> = sections
            .flat_map(BTreeMap::keys)
            .map(AsRef::as_ref)
            .collect();
        names.into_iter().collect()
    }

    /// Returns a copy of the profiles of both files, with all their properties, secrets included.
    #[must_use]
    pub fn to_exposed_profiles(&self) -> Sections {
        let mut merged = copy(&self.config, Kind::Profile);
        for (name, properties) in copy(&self.credentials, Kind::Profile) {
            merged.entry(name).or_default().extend(properties);
        }
        merged
    }

    /// Returns a copy of the sections of SSO sessions.
    #[must_use]
    pub fn to_sso_sessions(&self) -> Sections {
        copy(&self.config, Kind::SsoSession)
    }
}

/// One profile, with its properties in both files.
#[derive(Clone, Copy)]
pub(crate) struct Profile<'p, 'a> {
    pub(crate) name: &'p str,
    pub(crate) config: Option<&'p Section<'a>>,
    pub(crate) credentials: Option<&'p Section<'a>>,
}

impl<'a> Profile<'_, 'a> {
    /// Returns a property, which may be empty.
    pub(crate) fn raw(&self, key: &str) -> Option<&'a str> {
        let of_credentials = self.credentials.and_then(|section| section.get(key));
        of_credentials.or_else(|| self.config.and_then(|section| section.get(key)))
    }

    /// Returns a property that is not empty.
    pub(crate) fn get(&self, key: &str) -> Option<&'a str> {
        self.raw(key).filter(|value| !value.is_empty())
    }
}

fn parse_file<'a>((path, bytes): (&str, &'a [u8]), file: File) -> Result<Ini<'a>, Failure> {
    let text = core::str::from_utf8(bytes)
        .map_err(|_| Failure::new(ErrorKind::Parse, format!("{path} is not UTF-8")))?;
    Ini::parse(text, file).map_err(|error| {
        let reason = format!("{path}, line {}: the line {}", error.line, error.problem);
        Failure::new(ErrorKind::Parse, reason)
            .remedy(format!("correct line {} of {path}", error.line))
    })
}

fn copy(ini: &Ini<'_>, kind: Kind) -> Sections {
    let sections = ini.sections.get(&kind).into_iter().flatten();
    sections
        .map(|(name, section)| {
            let properties = section.iter();
            let properties = properties.map(|(key, lines)| (key.into(), lines.join("\n")));
            (name.as_ref().into(), properties.collect())
        })
        .collect()
}
