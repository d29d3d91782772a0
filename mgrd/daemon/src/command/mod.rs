//! Commands: the descriptor grammar, matching, help and completion; results and their formats.
//!
//! A [`Signature`] is parsed from a descriptor, a [`CommandSpec`] adds help and permissions, and a
//! [`CommandTable`] holds them all. The table [binds](CommandTable::bind) words to a command and its
//! arguments, [validates](CommandTable::validate) what clients send as JSON, and makes
//! [help](CommandTable::help) and [completions](CommandTable::complete) from the same signatures.

mod argtype;
mod argument;
mod bind;
pub mod builtin;
mod charclass;
mod closest;
mod complete;
mod declared;
pub mod format;
mod help;
mod matching;
mod signature;
mod spec;
mod table;
mod usage;
mod validate;

pub use argtype::{ArgType, BadValue, Bounds};
pub use argument::{Argument, BadArgument, Count};
pub use charclass::CharClass;
pub use complete::{Candidate, Completions, FreeText};
pub use declared::specs;
pub use format::{Format, Table};
pub use help::{section, two_columns};
pub use matching::{MatchError, Matched};
pub use signature::{DescriptorError, Problem, Signature, Slot};
pub use spec::{CommandSpec, Flags, Perm};
pub use table::{CommandTable, DuplicateCommand};
pub use validate::{EXTRA_KEYS, ValidateError};
