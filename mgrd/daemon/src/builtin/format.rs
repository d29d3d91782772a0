//! Output formats: JSON and YAML for programs, plain text for people.

use std::str::FromStr;

use mgrd_command::{Errno, Outcome};
use serde::Serialize;

/// The output format that a client wants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// Text for people. This is the default.
    #[default]
    Plain,
    /// JSON on one line.
    Json,
    /// JSON, indented.
    JsonPretty,
    /// YAML.
    Yaml,
}

/// The format is unknown.
#[derive(Debug, thiserror::Error)]
#[error("unknown format '{0}'; use plain, json, json-pretty or yaml")]
pub struct UnknownFormat(String);

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name {
            "" | "plain" => Ok(Self::Plain),
            "json" => Ok(Self::Json),
            "json-pretty" => Ok(Self::JsonPretty),
            "yaml" => Ok(Self::Yaml),
            other => Err(UnknownFormat(other.to_owned())),
        }
    }
}

impl Format {
    /// Renders `value`. `plain` makes the text for people, if the format is plain.
    pub fn render<T: Serialize>(self, value: &T, plain: impl FnOnce() -> String) -> Outcome {
        match self {
            Self::Plain => Outcome::ok(plain()),
            _ => self.structured(value),
        }
    }

    /// Renders `value` for programs. `Plain` gives indented JSON, as Ceph does for commands without
    /// a text for people.
    pub fn structured<T: Serialize>(self, value: &T) -> Outcome {
        let text = match self {
            Self::Json => serde_json::to_string(value).map_err(|e| e.to_string()),
            Self::Yaml => serde_yaml_ng::to_string(value).map_err(|e| e.to_string()),
            Self::Plain | Self::JsonPretty => {
                serde_json::to_string_pretty(value).map_err(|e| e.to_string())
            }
        };
        match text {
            Ok(text) if text.ends_with('\n') => Outcome::ok(text),
            Ok(text) => Outcome::ok(text + "\n"),
            Err(why) => Outcome::error(Errno::EIO, format!("cannot format the result: {why}")),
        }
    }
}

#[cfg(test)]
mod tests;
