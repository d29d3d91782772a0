//! The daemons that a value applies to.

use std::fmt;
use std::str::FromStr;

/// The types of daemons that options can be set for.
const TYPES: [&str; 7] = ["mon", "mgr", "osd", "mds", "client", "rgw", "auth"];

/// `global`, a type of daemon, or one daemon. Each can have a mask such as `host:a`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Section {
    name: String,
    mask: String,
}

impl Section {
    /// The section of one daemon.
    #[must_use]
    pub fn daemon(kind: &str, id: &str) -> Self {
        Self { name: format!("{kind}.{id}"), mask: String::new() }
    }

    /// The section without its mask.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The mask, such as `class:ssd`. Empty if there is none.
    #[must_use]
    pub fn mask(&self) -> &str {
        &self.mask
    }

    /// 0 for `global`, 1 for a type, 2 for one daemon.
    #[must_use]
    pub fn depth(&self) -> usize {
        match self.name.as_str() {
            "global" => 0,
            name => 1 + usize::from(name.contains('.')),
        }
    }

    /// The sections that a daemon reads, least specific first. A section with a mask is stored and
    /// shown, but it applies to no manager: hosts and device classes are not known here.
    #[must_use]
    pub fn layers(&self) -> Vec<Self> {
        let kind = self.name.split('.').next().unwrap_or_default();
        let mut names = vec!["global", kind, &self.name];
        names.dedup();
        let section = |name: &str| Self { name: name.to_owned(), mask: String::new() };
        names.into_iter().map(section).collect()
    }

    /// The section and option name of a storage key `<section>[/<mask>]/<name>`.
    #[must_use]
    pub fn split_key(key: &str) -> Option<(Self, &str)> {
        let (name, mut rest) = key.split_once('/')?;
        let mut masks = Vec::new();
        while let Some((mask, after)) = rest.split_once('/')
            && is_mask(mask)
        {
            masks.push(mask);
            rest = after;
        }
        let section: Self = name.parse().ok()?;
        Some((Self { mask: masks.join("/"), ..section }, rest))
    }
}

fn is_mask(text: &str) -> bool {
    let value = text.strip_prefix("host:").or_else(|| text.strip_prefix("class:"));
    value.is_some_and(|value| !value.is_empty())
}

impl FromStr for Section {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (name, mask) = text.split_once('/').unwrap_or((text, ""));
        let known = match name.split_once('.') {
            Some((kind, id)) => TYPES.contains(&kind) && !id.is_empty(),
            None => name == "global" || TYPES.contains(&name),
        };
        let masked = mask.is_empty() && !text.ends_with('/') || mask.split('/').all(is_mask);
        match known && masked {
            true => Ok(Self { name: name.to_owned(), mask: mask.to_owned() }),
            false => Err(()),
        }
    }
}

impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.mask.as_str() {
            "" => f.write_str(&self.name),
            mask => write!(f, "{}/{mask}", self.name),
        }
    }
}

#[cfg(test)]
mod tests;
