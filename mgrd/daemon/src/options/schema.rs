//! The declaration of an option.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

/// The type of an option's value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum OptionType {
    /// Text.
    #[default]
    Str,
    /// Text that is a log level of Ceph: `N` or `N/M`.
    #[serde(rename = "str")]
    DebugLevel,
    /// A whole number.
    Int,
    /// A whole number that is not negative.
    Uint,
    /// Bytes, with binary prefixes.
    Size,
    /// A number.
    Float,
    /// A duration in seconds, with units.
    Secs,
    /// A duration in milliseconds.
    Millisecs,
    /// True or false.
    Bool,
    /// A network address.
    Addr,
    /// Several network addresses.
    Addrvec,
    /// A UUID.
    Uuid,
    /// The type is not known. Any text is accepted, and programs get the type that it looks like.
    Unknown,
}

impl OptionType {
    pub(super) const NAMED: [(&'static str, Self); 11] = [
        ("str", Self::Str),
        ("int", Self::Int),
        ("uint", Self::Uint),
        ("size", Self::Size),
        ("float", Self::Float),
        ("secs", Self::Secs),
        ("millisecs", Self::Millisecs),
        ("bool", Self::Bool),
        ("addr", Self::Addr),
        ("addrvec", Self::Addrvec),
        ("uuid", Self::Uuid),
    ];
}

impl FromStr for OptionType {
    type Err = std::convert::Infallible;

    /// An unknown name means text, as in Ceph.
    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let found = Self::NAMED.into_iter().find(|(known, _)| *known == name);
        Ok(found.map_or(Self::Str, |(_, value_type)| value_type))
    }
}

impl fmt::Display for OptionType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = if *self == Self::DebugLevel { Self::Str } else { *self };
        let found = Self::NAMED.into_iter().find(|(_, value_type)| *value_type == shown);
        f.write_str(found.map_or("unknown", |(name, _)| name))
    }
}

/// The readers that an option is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Every operator.
    Basic,
    /// Operators who know the module.
    #[default]
    Advanced,
    /// Developers.
    Dev,
    /// Its effect is unknown.
    Unknown,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Basic => "basic",
            Self::Advanced => "advanced",
            Self::Dev => "dev",
            Self::Unknown => "unknown",
        })
    }
}

/// One declared option.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct OptionSchema {
    /// Its name, without the module's prefix.
    pub name: String,
    /// The type of its value.
    #[serde(rename = "type")]
    pub value_type: OptionType,
    /// The readers that it is for.
    pub level: Level,
    /// The default, as text.
    pub default: Option<String>,
    /// The smallest value, as text. Only for numeric types.
    pub min: Option<String>,
    /// The largest value, as text. Only for numeric types.
    pub max: Option<String>,
    /// The allowed texts. Empty means any.
    pub enum_allowed: Vec<String>,
    /// One line for people.
    pub desc: String,
    /// A full description.
    pub long_desc: String,
    /// Words to find it by.
    pub tags: Vec<String>,
    /// Related options.
    pub see_also: Vec<String>,
    /// Whether a change takes effect at once.
    pub runtime: bool,
}

impl OptionSchema {
    /// An option with a default value, which can change at run time.
    #[must_use]
    pub fn new(name: &str, value_type: OptionType, default: &str, desc: &str) -> Self {
        Self {
            name: name.to_owned(),
            value_type,
            default: Some(default.to_owned()),
            desc: desc.to_owned(),
            runtime: true,
            ..Self::default()
        }
    }

    /// The options that every module has without declaring them.
    #[must_use]
    pub fn of_every_module() -> [Self; 4] {
        let levels = ["debug", "info", "warning", "error", "critical", ""].map(str::to_owned);
        let level = |name, default, desc| Self {
            enum_allowed: levels.to_vec(),
            ..Self::new(name, OptionType::Str, default, desc)
        };
        let flag = |name, desc| Self::new(name, OptionType::Bool, "false", desc);
        [
            level("log_level", "", "lowest level logged; empty means the manager's level"),
            flag("log_to_file", "log to a file of this module"),
            flag("log_to_cluster", "log to the cluster log too"),
            level("log_to_cluster_level", "info", "lowest level sent to the cluster log"),
        ]
    }
}
