//! The control groups of this `mgrd`.
//!
//! They are a matter of the whole process, as its module processes are.

use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use super::abandoned::folder_name;
use super::claim::claim;
use super::error::NoControlGroups;
use super::folder::{kill_members, remove};
use super::group::{Controllers, Group};
use super::place::Place;
use crate::module::process::limits::ProcessLimits;

/// Where the groups of modules are.
#[derive(Debug)]
pub(super) struct Hierarchy {
    pub(super) folder: PathBuf,
    pub(super) controllers: Controllers,
    /// How many groups were made.
    made: AtomicU64,
}

static HIERARCHY: OnceLock<Result<Hierarchy, NoControlGroups>> = OnceLock::new();

/// Prepares control groups for modules, and says in the log whether they are used. Call it once, before
/// the first module starts.
pub fn use_control_groups() {
    match HIERARCHY.get_or_init(prepare) {
        Ok(Hierarchy { folder, controllers, .. }) => {
            let folder = folder.display();
            tracing::info!(
                "control groups keep the limits of modules ({controllers}), in {folder}"
            );
        }
        Err(why) => tracing::info!(
            "control groups are not used: {why}; mgrd itself measures modules, and kills those that exceed a \
             limit. To use control groups, run mgrd as a service with Delegate=yes, or in a group of its own"
        ),
    }
}

/// The controllers that groups of modules have, or why there are no groups.
pub(in crate::module) fn usable() -> Result<Controllers, &'static NoControlGroups> {
    hierarchy().map(|hierarchy| hierarchy.controllers)
}

/// The group for a run of a module; none if control groups are not used.
pub(in crate::module::process) fn new_group(module: &str, limits: &ProcessLimits) -> Option<Group> {
    let hierarchy = hierarchy().ok()?;
    let number = hierarchy.made.fetch_add(1, Relaxed) + 1;
    let group = Group::make(&hierarchy.folder, number, module, hierarchy.controllers, limits);
    match group {
        Ok(group) => Some(group),
        Err(why) => {
            tracing::warn!(
                module,
                "cannot make a control group for the module: {why}; mgrd itself keeps its limits until it \
                 starts again"
            );
            None
        }
    }
}

/// Kills all that is in the groups of this `mgrd`, and does not wait for it.
pub(in crate::module::process) fn kill_all() {
    if let Ok(hierarchy) = hierarchy() {
        kill_members(&hierarchy.folder);
    }
}

/// Removes the groups of this `mgrd`. What is left, a later one removes.
pub(in crate::module::process) fn remove_all() {
    if let Ok(hierarchy) = hierarchy() {
        let _ = remove(&hierarchy.folder);
    }
}

pub(super) fn hierarchy() -> Result<&'static Hierarchy, &'static NoControlGroups> {
    HIERARCHY.get().unwrap_or(&Err(NoControlGroups::NotUsed)).as_ref()
}

fn prepare() -> Result<Hierarchy, NoControlGroups> {
    let text = |path| std::fs::read_to_string(path).map_err(NoControlGroups::Unknown);
    let place = Place::find(&text("/proc/self/mountinfo")?, &text("/proc/self/cgroup")?)?;
    let name = folder_name().map_err(NoControlGroups::Unknown)?;
    let own_pid = std::process::id().cast_signed();
    let (folder, controllers) = claim(&place, &name, own_pid)?;
    Ok(Hierarchy { folder, controllers, made: AtomicU64::new(0) })
}
