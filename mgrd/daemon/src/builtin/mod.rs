//! The built-in commands, with one file for each noun.
//!
//! Each file has `COMMANDS: &[Builtin<C>]`, where `C` is the part of the host that the commands use.

mod answer;
mod cluster_commands;
pub mod config;
pub mod config_key;
pub mod crash;
pub mod feed;
mod format;
pub mod health;
pub mod log;
pub mod maps;
pub mod mgr;
pub mod module;
mod module_limit;
pub mod osd;
pub mod pg;
pub mod progress;
mod rendered;
mod request;
pub mod state;
pub mod status;
mod text_table;
pub mod usage;
pub mod version;

mod units;

pub use answer::Answer;
use answer::{later, now};
pub use cluster_commands::cluster_commands;
pub use format::Format;
pub use request::Request;
pub use text_table::TextTable;

/// One built-in command, which uses the part `C` of the host.
pub struct Builtin<C: 'static> {
    /// The descriptor, such as `config get name=who,type=CephString name=key,type=CephString,req=false`.
    pub cmd: &'static str,
    /// One sentence for the help.
    pub help: &'static str,
    /// `r`, `w`, `rw` or `rwx`.
    pub perm: &'static str,
    /// Answers the command: `|state, request| now(get(state, request))`, or `later` if it waits.
    pub run: for<'a> fn(&'a C, &'a Request) -> Answer<'a>,
}

#[cfg(test)]
pub(crate) mod tests;
