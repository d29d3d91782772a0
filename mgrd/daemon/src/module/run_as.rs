//! Which user each module runs as. Only the settings of `mgrd` say that.

use std::collections::BTreeMap;
use std::fmt;

/// A user, and a group if it is not the user's own, each by its name or number: `user` or `user:group`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunAs {
    /// The user.
    pub user: String,
    /// The group.
    pub group: Option<String>,
}

/// A text does not name a user.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "'{0}' is not a user; write user or user:group, with names or numbers, such as nobody:nogroup"
)]
pub struct BadRunAs(String);

impl RunAs {
    /// Reads `user` or `user:group`.
    ///
    /// # Errors
    ///
    /// If the text is something else.
    pub fn read(text: &str) -> Result<Self, BadRunAs> {
        let (user, group) = match text.split_once(':') {
            Some((user, group)) => (user, Some(group)),
            None => (text, None),
        };
        let is_name = |name: &str| {
            let fits = |c: char| !c.is_whitespace() && !c.is_control() && !":/".contains(c);
            !name.is_empty() && name.len() <= 256 && name.chars().all(fits)
        };
        if !is_name(user) || !group.is_none_or(is_name) {
            return Err(BadRunAs(crate::text::line(text, 100)));
        }
        Ok(Self { user: user.to_owned(), group: group.map(str::to_owned) })
    }
}

impl fmt::Display for RunAs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.user)?;
        self.group.iter().try_for_each(|group| write!(f, ":{group}"))
    }
}

/// The users of all modules.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Users {
    /// That of modules without one of their own; none means the user of `mgrd`.
    pub all: Option<RunAs>,
    /// Those of single modules.
    pub own: BTreeMap<String, RunAs>,
}

impl Users {
    /// Which user is set for a module, if one is.
    #[must_use]
    pub fn of(&self, module: &str) -> Option<&RunAs> {
        self.own.get(module).or(self.all.as_ref())
    }

    /// Whether any module may run as another user.
    #[must_use]
    pub fn is_used(&self) -> bool {
        self.all.is_some() || !self.own.is_empty()
    }
}

#[cfg(test)]
mod tests;
