//! The commands that `mgrd` answers itself, one file per noun.
//!
//! Each file offers `COMMANDS: &[Builtin<C>]`, where `C` is the part of the host it works on.

pub mod config;
pub mod config_key;
pub mod feed;
pub mod health;
pub mod log;
pub mod maps;
pub mod mgr;
pub mod module;
pub mod osd;
pub mod pg;
pub mod progress;
pub mod state;
pub mod status;
pub mod usage;
pub mod version;

mod units;

use std::pin::Pin;

use bytes::Bytes;
use serde_json::{Map, Value};

use super::format::Format;
use crate::outcome::Outcome;

/// The arguments of one command, already matched and validated against its descriptor.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Argument values by name; absent optional arguments are absent.
    pub args: Map<String, Value>,
    /// The output format the client asked for.
    pub format: Format,
    /// Input data (`-i FILE`), empty if none.
    pub input: Bytes,
    /// Who asks, for the audit log: such as `client.admin`.
    pub caller: String,
}

impl Request {
    /// A text argument, if given.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.args.get(name).and_then(Value::as_str)
    }

    /// Whether a flag was given and is true.
    #[must_use]
    pub fn flag(&self, name: &str) -> bool {
        self.args.get(name).and_then(Value::as_bool).unwrap_or(false)
    }

    /// A whole number, if given.
    #[must_use]
    pub fn int(&self, name: &str) -> Option<i64> {
        self.args.get(name).and_then(Value::as_i64)
    }

    /// The elements of a list argument (`n=N`), empty if absent.
    #[must_use]
    pub fn list(&self, name: &str) -> Vec<&str> {
        let list = self.args.get(name).and_then(Value::as_array);
        list.into_iter().flatten().filter_map(Value::as_str).collect()
    }
}

/// A future that a built-in's handler returns.
pub type Answer<'a> = Pin<Box<dyn Future<Output = Outcome> + Send + 'a>>;

/// One built-in command over the part `C` of the host.
pub struct Builtin<C: 'static> {
    /// The descriptor, such as `config get name=who,type=CephString name=key,type=CephString,req=false`.
    pub cmd: &'static str,
    /// One sentence for the help.
    pub help: &'static str,
    /// `r`, `w`, `rw` or `rwx`.
    pub perm: &'static str,
    /// Answers the command: `|state, request| Box::pin(get(state, request))`.
    pub run: for<'a> fn(&'a C, &'a Request) -> Answer<'a>,
}
