//! The command grammar, which the manager and its client share: descriptors, matching, validation,
//! help, completion, and the outcome of a command.
//!
//! A [`CommandSpec`] is read from a descriptor, and a [`CommandTable`] holds all of them. The table
//! [binds](CommandTable::bind) words to a command and its arguments,
//! [validates](CommandTable::validate) JSON from clients, and makes [help](CommandTable::help) and
//! [completions](CommandTable::complete) from the same descriptors. An [`Outcome`] is the result of
//! a command, an [`Errno`] its error number.
//!
//! ```text
//! spec ──▶ signature ──▶ argument ──▶ arg_type, char_class     what a command looks like
//!   ▲
//! table ──▶ overload                                           all commands, by prefix
//!   ▲
//! matching ──▶ bind, closest    validate    help    complete   what clients do with them
//! ```
//!
//! This crate does not know who answers a command: no modules, no storage, no connections, no async.

mod arg_type;
mod argument;
mod bind;
mod char_class;
mod closest;
mod complete;
#[cfg(test)]
mod fuzz;
mod help;
mod hidden;
mod matching;
mod outcome;
mod overload;
mod short;
mod signature;
mod spec;
mod table;
mod usage;
mod validate;

pub use bind::Rejected;
pub use complete::{Candidate, Completions, FreeText};
pub use help::{section, two_columns};
pub use hidden::{is_hidden, visible};
pub use matching::{MatchError, Matched};
pub use outcome::{CommandError, Errno, Outcome};
pub use signature::DescriptorError;
pub use spec::{BUILTIN_MODULE, CommandSpec, Flags, Perm, Size};
pub use table::{CommandTable, Conflict};
pub use validate::ValidateError;
