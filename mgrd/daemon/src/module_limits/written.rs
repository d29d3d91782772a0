//! Limits in TOML files: a number, or a text such as `"512M"`.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Visitor};

/// A number or a text in a TOML file, as text.
struct Written;

impl Visitor<'_> for Written {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, or a text such as \"512M\"")
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<String, E> {
        Ok(value.to_string())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<String, E> {
        Ok(value.to_string())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<String, E> {
        Ok(value.to_string())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<String, E> {
        Ok(value.to_owned())
    }
}

/// The text of a value.
pub(super) struct Text(pub(super) String);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Written).map(Self)
    }
}

/// For `limits!`: how the value of a limit is written in `mgrd.toml`.
macro_rules! keys {
    ($($key:ident: $limit:ident,)+) => {
        $(
            pub(crate) mod $key {
                use serde::de::{Deserialize, Deserializer, Error};

                use super::Text;
                use crate::module_limits::Limit;

                pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
                    from: D,
                ) -> Result<Option<u64>, D::Error> {
                    let Text(text) = Text::deserialize(from)?;
                    Limit::$limit.read(&text).map_err(Error::custom)
                }

                #[cfg(test)]
                #[expect(clippy::ref_option, reason = "serde's signature")]
                pub(crate) fn serialize<S: serde::Serializer>(
                    value: &Option<u64>,
                    to: S,
                ) -> Result<S::Ok, S::Error> {
                    match value {
                        Some(value) => to.serialize_u64(*value),
                        None => to.serialize_str(&Limit::$limit.show(None)),
                    }
                }
            }
        )+
    };
}

keys! {
    memory: Memory,
    memory_warning: MemoryWarning,
    cpu: Cpu,
    cpu_weight: CpuWeight,
    processes: Processes,
    open_files: OpenFiles,
    command_deadline: CommandDeadline,
}
