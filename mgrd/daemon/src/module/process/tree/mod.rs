//! A module process and all that it started, however that was started: its tree.
//!
//! Processes are children of the whole of `mgrd`, so what is known of them belongs to the whole of it,
//! too.
//!
//! * `stat` is one process, as the kernel shows it.
//! * `table` is all processes at one moment.
//! * `forest` knows all trees, and which process belongs to which.
//! * `lineage` finds out where a process comes from that connects.
//! * `end` signals a tree, and ends it.
//! * `record` is the file by which a later `mgrd` finds what outlived this one.
//! * `survivors` finds and ends what outlived an earlier one.

mod end;
mod forest;
mod lineage;
mod record;
mod stat;
mod survivors;
mod table;

pub(super) use end::{end_all, kill, send, signal};
pub use forest::adopt_orphans;
pub(super) use forest::{Sample, Tree, forget, fork, sample};
pub(super) use lineage::Origin;
pub use lineage::PeerProcess;
pub use record::keep_record;
pub(super) use record::{is_record_due, record_members, record_start};
pub(super) use stat::{ProcessId, Stat};
pub(super) use survivors::end_survivors;
#[cfg(test)]
pub(in crate::module) use survivors::outlives;
pub(in crate::module) use survivors::survivor_of;
