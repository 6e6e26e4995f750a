//! A value of JSON.

use alloc::{collections::BTreeMap, string::String, vec::Vec};
use core::fmt;

use serde_core::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::policy::check::Condition;

/// A value of JSON, as far as policies need it.
pub(super) enum Json {
    List(Vec<Json>),
    Object(BTreeMap<String, Json>),
    /// A number, a Boolean or null.
    Other,
    Text(String),
}

impl Json {
    pub(super) fn text(self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns a string as a list of one, and a list of strings, unless it is empty.
    pub(super) fn texts(self) -> Option<Vec<String>> {
        match self {
            Self::Text(text) => Some([text].into()),
            Self::List(list) if !list.is_empty() => list.into_iter().map(Self::text).collect(),
            _ => None,
        }
    }

    fn members(self) -> Option<BTreeMap<String, Json>> {
        match self {
            Self::Object(members) => Some(members),
            _ => None,
        }
    }

    /// Returns each operator with each of its keys.
    pub(super) fn conditions(self) -> Option<Vec<Condition>> {
        let mut conditions = Vec::new();
        for (operator, keys) in self.members()? {
            for (key, values) in keys.members()? {
                if matches!(values, Self::Object(_)) {
                    return None;
                }
                conditions.push(Condition {
                    operator: operator.clone(),
                    key,
                });
            }
        }
        Some(conditions)
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JsonVisitor)
    }
}

struct JsonVisitor;

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Json, E> {
        Ok(Json::Other)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Json, E> {
        Ok(Json::Other)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Json, E> {
        Ok(Json::Other)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Json, E> {
        Ok(Json::Other)
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Other)
    }

    fn visit_str<E>(self, text: &str) -> Result<Json, E> {
        Ok(Json::Text(text.into()))
    }

    fn visit_string<E>(self, text: String) -> Result<Json, E> {
        Ok(Json::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Json, A::Error> {
        let mut list = Vec::new();
        while let Some(value) = sequence.next_element()? {
            list.push(value);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json, A::Error> {
        let mut members: BTreeMap<String, Json> = BTreeMap::new();
        while let Some((name, value)) = map.next_entry()? {
            if members.insert(name, value).is_some() {
                return Err(de::Error::custom("a name is used twice"));
            }
        }
        // How serde_json passes a number on, if a user of it turns `arbitrary_precision` on.
        if members
            .keys()
            .any(|name| name.starts_with("$serde_json::private"))
        {
            return Ok(Json::Other);
        }
        Ok(Json::Object(members))
    }
}
