//! Turns a returned value into output.

use std::fmt::Display;
use std::str::FromStr;

use bytes::Bytes;
use serde::Serialize;
use serde_json::Value;

use crate::{Error, Outcome, Result, xml};

/// The output format that a client wants.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Plain,
    Json,
    JsonPretty,
    Xml,
    XmlPretty,
    Yaml,
}

impl FromStr for Format {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        match name {
            "" | "plain" => Ok(Self::Plain),
            "json" => Ok(Self::Json),
            "json-pretty" => Ok(Self::JsonPretty),
            "xml" => Ok(Self::Xml),
            "xml-pretty" => Ok(Self::XmlPretty),
            "yaml" => Ok(Self::Yaml),
            other => Err(Error::invalid(format!(
                "unknown format '{other}'; use plain, json, json-pretty, xml, xml-pretty or yaml"
            ))),
        }
    }
}

/// What a command may return: any value that serialises, [`Readable`] for a text of its own for
/// people, [`Raw`], or a whole [`Outcome`].
///
/// Clients choose the format: `plain`, which is the default, `json`, `json-pretty`, `xml`,
/// `xml-pretty` or `yaml`. In `plain`, a text is printed as it is, `None` prints nothing, and any
/// other value is printed as indented JSON. `()` prints nothing in any format.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be printed as the answer of a command",
    note = "derive `serde::Serialize` for it, or return `Raw` or `Outcome`"
)]
pub trait Reply {
    /// The answer in this format.
    ///
    /// # Errors
    /// The value cannot be written in this format.
    #[doc(hidden)]
    fn outcome(self, format: Format) -> Result<Outcome>;
}

/// A value that is shown to people with its [`Display`], and to programs as it serialises.
///
/// ```
/// # use std::fmt;
/// use mgrd_sdk::Readable;
/// use mgrd_sdk::prelude::*;
/// # use serde::Serialize;
///
/// #[derive(Serialize)]
/// struct Usage {
///     used: u64,
///     total: u64,
/// }
///
/// impl fmt::Display for Usage {
///     fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
///         write!(f, "{} of {} bytes are used", self.used, self.total)
///     }
/// }
///
/// # struct Disk;
/// #[commands]
/// impl Disk {
///     /// Shows how full the disk is.
///     #[command("disk usage", perm = "r")]
///     async fn usage(&self) -> Result<Readable<Usage>> {
///         Ok(Readable(Usage { used: 1, total: 10 }))
///     }
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Readable<T>(pub T);

/// Output that is the same in every format.
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

impl<T: Serialize + Display> Reply for Readable<T> {
    fn outcome(self, format: Format) -> Result<Outcome> {
        match format {
            Format::Plain => Ok(Outcome::output(self.0.to_string())),
            _ => self.0.outcome(format),
        }
    }
}

impl<T: Serialize> Reply for T {
    fn outcome(self, format: Format) -> Result<Outcome> {
        let text = match format {
            // It is `()`, or a struct like it, and has nothing to print.
            _ if size_of::<T>() == 0 && serde_json::to_value(&self)?.is_null() => String::new(),
            Format::Plain => plain(serde_json::to_value(&self)?)?,
            Format::Json => serde_json::to_string(&self)?,
            Format::JsonPretty => serde_json::to_string_pretty(&self)?,
            Format::Xml => xml::document(&serde_json::to_value(&self)?, false),
            Format::XmlPretty => xml::document(&serde_json::to_value(&self)?, true),
            Format::Yaml => serde_yaml_ng::to_string(&self)?,
        };
        Ok(Outcome::output(text))
    }
}

fn plain(value: Value) -> Result<String> {
    Ok(match value {
        Value::String(text) => text,
        Value::Null => String::new(),
        value => serde_json::to_string_pretty(&value)?,
    })
}

#[cfg(test)]
mod tests;
