//! The command grammar, which the daemon and its client share: descriptors, matching, validation,
//! help, completion, and what every command ends with.
//!
//! A [`Signature`] is parsed from a descriptor, a [`CommandSpec`] adds help and permissions, and a
//! [`CommandTable`] holds them all. The table [binds](CommandTable::bind) words to a command and its
//! arguments, [validates](CommandTable::validate) what clients send as JSON, and makes
//! [help](CommandTable::help) and [completions](CommandTable::complete) from the same signatures.
//! An [`Outcome`] is the end of a command, an [`Errno`] its number.
//!
//! Nothing here knows who answers a command: no modules, no storage, no connections, nothing async.

mod argtype;
mod argument;
mod bind;
mod charclass;
mod closest;
mod complete;
mod help;
mod matching;
mod outcome;
mod overload;
mod signature;
mod spec;
mod table;
mod usage;
mod validate;

pub use argument::Argument;
pub use complete::{Candidate, Completions, FreeText};
pub use help::{section, two_columns};
pub use matching::{MatchError, Matched};
pub use outcome::{CommandError, Errno, Outcome};
pub use signature::{DescriptorError, Signature, Slot};
pub use spec::{CommandSpec, Flags, Perm};
pub use table::{CommandTable, Conflict};
pub use validate::ValidateError;
