//! How a returned value becomes output.

use std::str::FromStr;

use bytes::Bytes;
use serde::Serialize;
use serde_json::Value;

use crate::{Error, Outcome, Result};

/// The output format a client asked for.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Plain,
    Json,
    JsonPretty,
    Yaml,
}

impl FromStr for Format {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        match name {
            "" | "plain" => Ok(Self::Plain),
            "json" => Ok(Self::Json),
            "json-pretty" => Ok(Self::JsonPretty),
            "yaml" => Ok(Self::Yaml),
            other => Err(Error::invalid(format!(
                "unknown format '{other}'; use plain, json, json-pretty or yaml"
            ))),
        }
    }
}

/// What a command may return: anything that serialises, [`Raw`], or a whole [`Outcome`].
///
/// In plain format a text is printed as it is, nothing for `()` or `None`, and any other value as
/// indented JSON.
pub trait Reply {
    /// The answer in this format.
    ///
    /// # Errors
    /// The value cannot be written in it.
    #[doc(hidden)]
    fn outcome(self, format: Format) -> Result<Outcome>;
}

/// Output as it is, whatever the format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raw(pub Bytes);

impl Reply for Raw {
    fn outcome(self, _format: Format) -> Result<Outcome> {
        Ok(Outcome::output(self.0))
    }
}

impl Reply for Outcome {
    fn outcome(self, _format: Format) -> Result<Outcome> {
        Ok(self)
    }
}

impl<T: Serialize> Reply for T {
    fn outcome(self, format: Format) -> Result<Outcome> {
        let text = match format {
            Format::Plain => plain(&self)?,
            Format::Json => serde_json::to_string(&self)?,
            Format::JsonPretty => serde_json::to_string_pretty(&self)?,
            Format::Yaml => serde_yaml_ng::to_string(&self)?,
        };
        Ok(Outcome::output(text))
    }
}

fn plain<T: Serialize>(value: &T) -> Result<String> {
    Ok(match serde_json::to_value(value)? {
        Value::String(text) => text,
        Value::Null => String::new(),
        value => serde_json::to_string_pretty(&value)?,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_value_has_every_format() {
        let text = |value: Value, format: &str| {
            let outcome = value.outcome(format.parse().unwrap()).unwrap();
            String::from_utf8(outcome.stdout.to_vec()).unwrap()
        };
        assert_eq!(text(json!("a\nb"), "plain"), "a\nb");
        assert_eq!(text(json!("a\nb"), "json"), "\"a\\nb\"");
        assert_eq!(text(json!(null), ""), "");
        assert_eq!(text(json!(null), "json"), "null");
        assert_eq!(text(json!({"a": [1]}), "json"), "{\"a\":[1]}");
        assert_eq!(text(json!({"a": 1}), "plain"), "{\n  \"a\": 1\n}");
        assert_eq!(text(json!({"a": [1]}), "yaml"), "a:\n- 1\n");
        assert_eq!("xml".parse::<Format>().unwrap_err().errno(), crate::Errno::EINVAL);
    }

    #[test]
    fn raw_output_stays_as_it_is() {
        let outcome = Raw(Bytes::from_static(b"\xff")).outcome(Format::Yaml).unwrap();
        assert_eq!(&outcome.stdout[..], b"\xff");
    }
}
