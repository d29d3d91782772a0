//! One argument of a command: its name, its type, its count, and how it is given.

use std::fmt;
use std::num::NonZeroUsize;

use indexmap::IndexMap;

use super::arg_type::{ArgType, Bounds, Choices, TYPE_NAMES};
use super::char_class::{CharClass, CharClassError};

/// One argument of a command.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Argument {
    /// The key of its value, and its keyword.
    pub(super) name: String,
    /// The type of its values.
    pub(super) kind: ArgType,
    /// Whether the command fails without it.
    pub(super) required: bool,
    /// How many values it takes.
    pub(super) count: Count,
    /// Whether it can be given by position; otherwise only as `--name value`.
    pub(super) positional: bool,
}

/// How many values an argument takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Count {
    /// One value.
    One,
    /// A list of exactly this many values, two or more.
    Exactly(usize),
    /// A list of one or more values.
    Many,
}

/// Why the text of an argument cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum BadArgument {
    #[error("'{0}' is not key=value")]
    NotAPair(String),
    #[error("it has '{0}' twice")]
    Twice(String),
    #[error("it has no {0}")]
    Missing(&'static str),
    #[error(
        "bad name '{0}'; use letters, digits, _ and -, beginning with a letter or _, not 'prefix'"
    )]
    Name(String),
    #[error("unknown type '{0}'; known are {known}", known = TYPE_NAMES.join(", "))]
    Type(String),
    #[error("bad n '{0}'; use N (one or more) or a number from 1")]
    Count(String),
    #[error("bad positional '{0}'; use true or false")]
    Positional(String),
    #[error("bad range '{0}'; use min or min|max, with min not above max")]
    Range(String),
    #[error("bad goodchars '{class}': {source}")]
    Goodchars { class: String, source: CharClassError },
    #[error("CephChoices needs strings=a|b|c, each choice once and not empty")]
    Choices,
    #[error("{kind} has no attribute '{key}'; allowed are name, type, n, req, positional{more}")]
    Attribute { kind: &'static str, key: String, more: &'static str },
}

impl Argument {
    /// Reads `key=value` items joined by commas.
    pub(super) fn parse(text: &str) -> Result<Self, BadArgument> {
        let mut items = Items::split(text)?;
        let name = items.take("name").ok_or(BadArgument::Missing("name"))?;
        if !is_name(name) {
            return Err(BadArgument::Name(name.to_owned()));
        }
        let required = items.take("req").is_none_or(|req| matches!(req, "true" | "True"));
        let count = count(items.take("n").unwrap_or("1"))?;
        let positional = match items.take("positional") {
            None | Some("true" | "True") => true,
            Some("false" | "False") => false,
            Some(other) => return Err(BadArgument::Positional(other.to_owned())),
        };
        let type_name = items.take("type").ok_or(BadArgument::Missing("type"))?;
        let kind = kind(type_name, &mut items)?;
        match items.0.first() {
            None => Ok(Self { name: name.to_owned(), kind, required, count, positional }),
            Some((key, _)) => Err(BadArgument::Attribute {
                kind: kind.name(),
                key: (*key).to_owned(),
                more: own_attribute(&kind),
            }),
        }
    }

    /// Whether a keyword means this argument; `-` equals `_`.
    #[must_use]
    pub(super) fn is_named(&self, key: &str) -> bool {
        plain(&self.name).eq(plain(key))
    }

    /// Its name, as keywords are compared: `-` equals `_`.
    #[must_use]
    pub(super) fn plain_name(&self) -> String {
        plain(&self.name).collect()
    }

    /// Whether its value is a list.
    #[must_use]
    pub(super) fn is_list(&self) -> bool {
        self.count != Count::One
    }

    /// Its attributes as in a descriptor, in canonical order.
    #[must_use]
    pub(super) fn attributes(&self) -> Vec<(&'static str, String)> {
        let mut items = vec![("name", self.name.clone()), ("type", self.kind.name().to_owned())];
        match &self.kind {
            ArgType::Int(Some(bounds)) => items.push(("range", bounds.attribute())),
            ArgType::Float(Some(bounds)) => items.push(("range", bounds.attribute())),
            ArgType::String(Some(class)) => items.push(("goodchars", class.to_string())),
            ArgType::Choices(choices) => items.push(("strings", choices.to_string())),
            _ => {}
        }
        match self.count {
            Count::One => {}
            Count::Exactly(n) => items.push(("n", n.to_string())),
            Count::Many => items.push(("n", "N".to_owned())),
        }
        if !self.required {
            items.push(("req", "false".to_owned()));
        }
        if !self.positional {
            items.push(("positional", "false".to_owned()));
        }
        items
    }

    /// Its name in error messages: `name(<string>)`.
    #[must_use]
    pub(super) fn describe(&self) -> String {
        let more = if self.count == Count::Many { "..." } else { "" };
        format!("{}({}){more}", self.name, self.kind.describe())
    }
}

impl fmt::Display for Argument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let items: Vec<String> =
            self.attributes().into_iter().map(|(key, value)| format!("{key}={value}")).collect();
        f.write_str(&items.join(","))
    }
}

/// The `key=value` items of an argument that are not read yet.
struct Items<'a>(IndexMap<&'a str, &'a str>);

impl<'a> Items<'a> {
    fn split(text: &'a str) -> Result<Self, BadArgument> {
        let mut items = IndexMap::new();
        for item in text.split(',') {
            let (key, value) =
                item.split_once('=').ok_or_else(|| BadArgument::NotAPair(item.to_owned()))?;
            if items.insert(key, value).is_some() {
                return Err(BadArgument::Twice(key.to_owned()));
            }
        }
        Ok(Self(items))
    }

    fn take(&mut self, key: &str) -> Option<&'a str> {
        self.0.shift_remove(key)
    }
}

fn plain(name: &str) -> impl Iterator<Item = char> {
    name.chars().map(|c| if c == '-' { '_' } else { c })
}

fn is_name(name: &str) -> bool {
    let good = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let first = |c: char| c.is_ascii_alphabetic() || c == '_';
    name.starts_with(first) && name.chars().all(good) && name != "prefix"
}

fn count(text: &str) -> Result<Count, BadArgument> {
    match text.parse::<NonZeroUsize>() {
        _ if text == "N" => Ok(Count::Many),
        Ok(n) if n.get() == 1 => Ok(Count::One),
        Ok(n) => Ok(Count::Exactly(n.get())),
        Err(_) => Err(BadArgument::Count(text.to_owned())),
    }
}

fn kind(name: &str, items: &mut Items<'_>) -> Result<ArgType, BadArgument> {
    Ok(match name {
        "CephInt" => ArgType::Int(bounds(items)?),
        "CephFloat" => ArgType::Float(bounds(items)?),
        "CephString" => ArgType::String(goodchars(items)?),
        "CephChoices" => ArgType::Choices(choices(items)?),
        "CephBool" => ArgType::Bool,
        "CephPgid" => ArgType::Pgid,
        "CephName" => ArgType::Name,
        "CephOsdName" => ArgType::OsdName,
        "CephPoolname" => ArgType::PoolName,
        "CephObjectname" => ArgType::ObjectName,
        "CephIPAddr" => ArgType::IpAddr,
        "CephEntityAddr" => ArgType::EntityAddr,
        "CephUUID" => ArgType::Uuid,
        "CephFilepath" => ArgType::FilePath,
        "CephSocketpath" => ArgType::SocketPath,
        "CephFragment" => ArgType::Fragment,
        other => return Err(BadArgument::Type(other.to_owned())),
    })
}

fn own_attribute(kind: &ArgType) -> &'static str {
    match kind {
        ArgType::Int(_) | ArgType::Float(_) => ", range",
        ArgType::String(_) => ", goodchars",
        ArgType::Choices(_) => ", strings",
        _ => "",
    }
}

fn bounds<T>(items: &mut Items<'_>) -> Result<Option<Bounds<T>>, BadArgument>
where
    T: Copy + PartialOrd + fmt::Display + std::str::FromStr,
{
    let read = |text: &str| Bounds::parse(text).ok_or_else(|| BadArgument::Range(text.to_owned()));
    items.take("range").map(read).transpose()
}

fn goodchars(items: &mut Items<'_>) -> Result<Option<CharClass>, BadArgument> {
    let read = |class: &str| {
        CharClass::parse(class)
            .map_err(|source| BadArgument::Goodchars { class: class.to_owned(), source })
    };
    items.take("goodchars").map(read).transpose()
}

fn choices(items: &mut Items<'_>) -> Result<Choices, BadArgument> {
    Choices::parse(items.take("strings").unwrap_or("")).ok_or(BadArgument::Choices)
}

#[cfg(test)]
mod tests;
