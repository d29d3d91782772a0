//! The types of command arguments: from a word, or from a JSON value, to a checked JSON value.

mod address;
mod bad_value;
mod choices;
mod entity;
mod number;
mod text;

use serde_json::Value;

use super::char_class::CharClass;
pub(crate) use bad_value::BadValue;
pub(crate) use choices::Choices;
pub(crate) use number::Bounds;

/// The type of an argument, with the attributes that belong to it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ArgType {
    Int(Option<Bounds<i64>>),
    Float(Option<Bounds<f64>>),
    String(Option<CharClass>),
    Choices(Choices),
    Bool,
    Pgid,
    Name,
    OsdName,
    PoolName,
    ObjectName,
    IpAddr,
    EntityAddr,
    Uuid,
    FilePath,
    SocketPath,
    Fragment,
}

/// The names of all types, as descriptors write them.
pub(super) const TYPE_NAMES: [&str; 16] = [
    "CephInt",
    "CephFloat",
    "CephString",
    "CephChoices",
    "CephBool",
    "CephPgid",
    "CephName",
    "CephOsdName",
    "CephPoolname",
    "CephObjectname",
    "CephIPAddr",
    "CephEntityAddr",
    "CephUUID",
    "CephFilepath",
    "CephSocketpath",
    "CephFragment",
];

impl ArgType {
    /// The name in a descriptor, such as `CephInt`.
    #[must_use]
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Int(_) => "CephInt",
            Self::Float(_) => "CephFloat",
            Self::String(_) => "CephString",
            Self::Choices(_) => "CephChoices",
            Self::Bool => "CephBool",
            Self::Pgid => "CephPgid",
            Self::Name => "CephName",
            Self::OsdName => "CephOsdName",
            Self::PoolName => "CephPoolname",
            Self::ObjectName => "CephObjectname",
            Self::IpAddr => "CephIPAddr",
            Self::EntityAddr => "CephEntityAddr",
            Self::Uuid => "CephUUID",
            Self::FilePath => "CephFilepath",
            Self::SocketPath => "CephSocketpath",
            Self::Fragment => "CephFragment",
        }
    }

    /// The value of a word.
    ///
    /// # Errors
    ///
    /// [`BadValue`] if the word is not of this type.
    pub(crate) fn parse(&self, word: &str) -> Result<Value, BadValue> {
        match self {
            Self::Int(bounds) => number::int(word, bounds.as_ref()),
            Self::Float(bounds) => number::float(word, bounds.as_ref()),
            Self::String(goodchars) => text::string(word, goodchars.as_ref()),
            Self::Choices(choices) => text::choice(word, choices),
            Self::Bool => text::boolean(word),
            Self::Pgid => entity::pgid(word),
            Self::Name => entity::name(word),
            Self::OsdName => entity::osd_name(word),
            Self::PoolName | Self::ObjectName => Ok(Value::from(word)),
            Self::IpAddr => address::ip(word),
            Self::EntityAddr => address::entity(word),
            Self::Uuid => entity::uuid(word),
            Self::FilePath | Self::SocketPath => text::path(word),
            Self::Fragment => entity::fragment(word),
        }
    }

    /// The value of a JSON value. Text is read as a word. Numbers and booleans are accepted where
    /// they are clear.
    ///
    /// # Errors
    ///
    /// [`BadValue`] if the value is not of this type.
    pub(crate) fn check(&self, value: &Value) -> Result<Value, BadValue> {
        match (self, value) {
            (_, Value::String(word)) => self.parse(word),
            (Self::Bool, Value::Bool(_)) => Ok(value.clone()),
            (Self::Float(bounds), Value::Number(n)) => {
                number::float(&n.to_string(), bounds.as_ref())
            }
            // A port or an identifier may arrive as a number. A boolean is never text.
            (_, Value::Number(n)) => self.parse(&n.to_string()),
            _ => Err(BadValue::new(format!("{value} is not a {}", self.describe()))),
        }
    }

    /// How error messages describe the type, such as `<int[1-5]>`.
    #[must_use]
    pub(crate) fn describe(&self) -> String {
        let fixed = match self {
            Self::Int(Some(bounds)) => return format!("<int[{}]>", bounds.span()),
            Self::Float(Some(bounds)) => return format!("<float[{}]>", bounds.span()),
            Self::String(Some(goodchars)) => return format!("<string(goodchars {goodchars})>"),
            Self::Choices(choices) => return choices.to_string(),
            Self::Int(None) => "<int>",
            Self::Float(None) => "<float>",
            Self::String(None) => "<string>",
            Self::Bool => "<bool>",
            Self::Pgid => "<pgid>",
            Self::Name => "<name (type.id)>",
            Self::OsdName => "<osdname (id|osd.id)>",
            Self::PoolName => "<poolname>",
            Self::ObjectName => "<objectname>",
            Self::IpAddr => "<IPaddr[:port]>",
            Self::EntityAddr => "<EntityAddr>",
            Self::Uuid => "<uuid>",
            Self::FilePath => "<filename>",
            Self::SocketPath => "<socket path>",
            Self::Fragment => "<fragment (0xvvv/bits)>",
        };
        fixed.to_owned()
    }
}

#[cfg(test)]
mod tests;
