//! What a module offers, as it said in its hello.

use serde::{Deserialize, Serialize};

/// What a module offers. The texts are as the module gave them; nothing is validated here.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Declaration {
    /// Its options.
    pub options: Vec<DeclaredOption>,
    /// Its commands.
    pub commands: Vec<DeclaredCommand>,
    /// The notification types that it wants; `*` means all.
    pub notify_types: Vec<String>,
    /// Whether it can run here.
    pub can_run: bool,
    /// Why not.
    pub can_run_error: String,
    /// Whether its code could not be loaded. Then `can_run_error` is the error.
    #[serde(default)]
    pub load_failed: bool,
    /// Whether it has a half that runs in standby.
    pub standby: bool,
    /// The methods that other modules may call; empty means any.
    pub methods: Vec<String>,
}

/// One option.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DeclaredOption {
    /// The name inside its module.
    pub name: String,
    /// `str`, `int`, …; empty means `str`.
    pub kind: String,
    /// `basic`, `advanced` or `dev`.
    pub level: String,
    /// The default, as text.
    pub default_value: Option<String>,
    /// The smallest allowed value, as text.
    pub min: Option<String>,
    /// The largest allowed value, as text.
    pub max: Option<String>,
    /// The allowed values; empty means any.
    pub enum_allowed: Vec<String>,
    /// One line for people.
    pub desc: String,
    /// As long as it needs to be.
    pub long_desc: String,
    /// Free words to find it by.
    pub tags: Vec<String>,
    /// Related options.
    pub see_also: Vec<String>,
    /// Whether a change takes effect without a restart.
    pub runtime: bool,
}

/// One command.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeclaredCommand {
    /// The descriptor.
    pub cmd: String,
    /// The bytes of a descriptor that is too long. Then `cmd` is only its beginning.
    #[serde(default)]
    pub too_long: Option<usize>,
    /// What it does.
    pub desc: String,
    /// `r`, `w`, `rw` or `rwx`; empty means `rw`.
    pub perm: String,
    /// Clients call it again and again.
    pub poll: bool,
    /// Where it is declared, such as `module.py:12`; empty if the module does not say.
    pub declared_at: String,
}

impl Declaration {
    /// Whether the module wants notifications of `kind`.
    #[must_use]
    pub fn wants(&self, kind: &str) -> bool {
        self.notify_types.iter().any(|wanted| wanted == "*" || wanted == kind)
    }
}
