//! Control groups (version 2): the kernel keeps the limits of a module, and counts what it uses.
//!
//! ```text
//!  the group that mgrd is given, such as that of its service
//!  ├── mgrd-managers              mgrd, and what else was in the group: a group with processes cannot
//!  │                              give controllers to the groups in it
//!  └── mgrd-NAMESPACE-PID-START   all modules of this mgrd
//!      ├── 1-hello                one run of a module, with all that it starts
//!      └── 2-balancer
//! ```
//!
//! * `place` finds the group that `mgrd` is in.
//! * `claim` prepares it. `hierarchy` is what came of it, for the whole process.
//! * `group` is the group of one run: limits, members, figures.
//! * `values` reads and writes the texts of the kernel's files, and `folder` the files.
//! * `abandoned` ends what a killed `mgrd` left in its groups.

mod abandoned;
mod claim;
mod error;
mod folder;
mod group;
mod hierarchy;
mod place;
mod values;

pub(super) use abandoned::end_abandoned;
pub use group::Controllers;
pub(super) use group::{Counted, Group};
pub(in crate::module) use hierarchy::usable;
pub use hierarchy::use_control_groups;
pub(super) use hierarchy::{kill_all, new_group, remove_all};
