//! Some limits with their values.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, Visitor};
use serde::ser::{Serialize, Serializer};

use super::error::LimitError;
use super::limit::Limit;
use super::written::Text;

/// The word that takes a setting back.
const DEFAULT: &str = "default";
/// The older name of `memory` in `module.toml`, in MiB.
const MEMORY_MB: &str = "memory_mb";
/// The largest value of that.
const MOST_MB: u64 = 1 << 24;

/// Limits with their values; no value means no limit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings(BTreeMap<Limit, Option<u64>>);

/// What an operator asks for: limits with their new values, and limits without a setting of the operator.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change(BTreeMap<Limit, Option<Option<u64>>>);

impl Settings {
    /// The value that is set; none if none is.
    #[must_use]
    pub fn get(&self, limit: Limit) -> Option<Option<u64>> {
        self.0.get(&limit).copied()
    }

    /// Adds a limit.
    #[must_use]
    pub fn with(mut self, limit: Limit, value: Option<u64>) -> Self {
        self.0.insert(limit, value);
        self
    }

    /// Whether none is set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// These settings after a change.
    #[must_use]
    pub fn changed(&self, change: &Change) -> Self {
        let mut settings = self.clone();
        for (limit, value) in &change.0 {
            match value {
                Some(value) => settings.0.insert(*limit, *value),
                None => settings.0.remove(limit),
            };
        }
        settings
    }
}

impl Change {
    /// Reads words such as `memory=512M`, or `memory=default`.
    ///
    /// # Errors
    ///
    /// If a word is not a limit with an allowed value, or a limit is given twice.
    pub fn read<'a>(words: impl IntoIterator<Item = &'a str>) -> Result<Self, LimitError> {
        let mut change = BTreeMap::new();
        for word in words {
            let (name, text) = word.split_once('=').ok_or_else(|| LimitError::not_a_pair(word))?;
            let limit = Limit::named(name)?;
            let value = if text == DEFAULT { None } else { Some(limit.read(text)?) };
            if change.insert(limit, value).is_some() {
                return Err(LimitError::Twice(limit));
            }
        }
        Ok(Self(change))
    }

    /// Takes all settings back.
    #[must_use]
    pub fn reset() -> Self {
        Self(Limit::all().map(|limit| (limit, None)).collect())
    }

    /// The limits that it names.
    pub fn limits(&self) -> impl Iterator<Item = Limit> {
        self.0.keys().copied()
    }
}

/// Reads the older name.
fn mebibytes(text: &str) -> Result<Option<u64>, LimitError> {
    let (name, example) = (MEMORY_MB, "512");
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse::<u64>() {
        Ok(value) if (1..=MOST_MB).contains(&value) && digits => Ok(Some(value << 20)),
        _ => Err(LimitError::OutOfRange {
            name,
            value: crate::text::line(text, 64),
            least: "1".to_owned(),
            most: MOST_MB.to_string(),
            example,
        }),
    }
}

impl<'de> Deserialize<'de> for Settings {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(Table)
    }
}

struct Table;

impl<'de> Visitor<'de> for Table {
    type Value = Settings;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table of limits")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut table: A) -> Result<Settings, A::Error> {
        let mut settings = BTreeMap::new();
        while let Some(Text(name)) = table.next_key()? {
            let (limit, value) = table.next_value_seed(Named(&name))?;
            if settings.insert(limit, value).is_some() {
                return Err(Error::custom(LimitError::Twice(limit)));
            }
        }
        Ok(Settings(settings))
    }
}

/// Reads the value of the limit with this name. The reader of a file knows on which line it fails.
struct Named<'a>(&'a str);

impl<'de> DeserializeSeed<'de> for Named<'_> {
    type Value = (Limit, Option<u64>);

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        let Text(text) = Text::deserialize(from)?;
        let (limit, value) = match self.0 {
            MEMORY_MB => (Limit::Memory, mebibytes(&text)),
            name => {
                let limit = Limit::named(name).map_err(Error::custom)?;
                (limit, limit.read(&text))
            }
        };
        Ok((limit, value.map_err(Error::custom)?))
    }
}

impl Serialize for Settings {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.0.iter().map(|(limit, value)| (limit.name(), limit.show(*value))))
    }
}

#[cfg(test)]
mod tests;
