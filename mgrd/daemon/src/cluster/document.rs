//! A document: one named, versioned piece of cluster state.

use std::fmt;

use bytes::Bytes;
use serde::Deserializer;
use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde_json::{Map, Value};

/// One version of a document. A clone shares the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Grows with each change of any document, so a later state always has a larger number.
    pub version: u64,
    /// The value as JSON text: an object, a string or `null`.
    pub json: Bytes,
}

impl Document {
    /// The decoded value. `Null` if the text is not JSON.
    #[must_use]
    pub fn value(&self) -> Value {
        serde_json::from_slice(&self.json).unwrap_or_default()
    }

    /// The object with only these of its members. The others are skipped, because modules decide how
    /// large some of them are. `Null` if it is not an object.
    #[must_use]
    pub fn members(&self, names: &[&str]) -> Value {
        let mut json = serde_json::Deserializer::from_slice(&self.json);
        json.deserialize_map(Members(names)).unwrap_or_default()
    }
}

/// The answer to a conditional read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Newer {
    /// The reader's version is still the current one.
    Unchanged,
    /// This is the current version.
    Changed(Document),
    /// The document does not exist.
    Absent,
}

/// Keeps the members with these names.
struct Members<'a>(&'a [&'a str]);

impl<'de> Visitor<'de> for Members<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut kept = Map::new();
        while let Some(name) = map.next_key::<String>()? {
            if self.0.contains(&name.as_str()) {
                kept.insert(name, map.next_value()?);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(Value::Object(kept))
    }
}

#[cfg(test)]
mod tests;
