//! The groups of managers that were killed.

use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use super::folder::{children, end_members, is_populated, remove};
use super::hierarchy::hierarchy;
use crate::module::process::tree::{ProcessId, Stat};
use crate::text::visible;

/// The manager that a folder belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Owner {
    /// The namespace in which its number is valid.
    namespace: u64,
    id: ProcessId,
}

impl Owner {
    fn this() -> io::Result<Self> {
        let link = std::fs::read_link("/proc/self/ns/pid")?;
        let digits = link.to_str().and_then(|link| link.strip_prefix("pid:[")?.strip_suffix(']'));
        let namespace = digits.and_then(|digits| digits.parse().ok());
        let stat = Stat::read(std::process::id().cast_signed());
        let missing = || io::Error::other("/proc is not mounted");
        Ok(Self { namespace: namespace.ok_or_else(missing)?, id: stat.ok_or_else(missing)?.id })
    }

    fn name(self) -> String {
        let ProcessId { pid, start } = self.id;
        format!("mgrd-{}-{pid}-{start}", self.namespace)
    }

    fn read(name: &str) -> Option<Self> {
        let mut parts = name.strip_prefix("mgrd-")?.split('-');
        let (namespace, pid) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        let owner = Self { namespace, id: ProcessId { pid, start: parts.next()?.parse().ok()? } };
        // Other ways to write the same numbers are not from mgrd.
        (owner.name() == name).then_some(owner)
    }

    fn lives(self) -> bool {
        Stat::read(self.id.pid).is_some_and(|stat| stat.id == self.id && !stat.is_zombie)
    }
}

/// The name of the folder of this `mgrd`.
pub(super) fn folder_name() -> io::Result<String> {
    Owner::this().map(Owner::name)
}

/// Ends what managers that were killed left in their groups, and removes these. Blocks until nothing is
/// left, but no longer than `limit`.
pub(in crate::module::process) fn end_abandoned(limit: Duration) {
    let (Ok(hierarchy), Ok(this)) = (hierarchy(), Owner::this()) else { return };
    if let Some(base) = hierarchy.folder.parent() {
        end_in(base, this.namespace, Instant::now() + limit);
    }
}

fn end_in(base: &Path, namespace: u64, until: Instant) {
    for entry in children(base) {
        let owner = entry.file_name().to_str().and_then(Owner::read);
        // The numbers of another namespace mean nothing here.
        if owner.is_some_and(|owner| owner.namespace == namespace && !owner.lives()) {
            end(&entry.path(), until);
        }
    }
}

/// Ends all that is in the folder of a manager, and removes it.
fn end(folder: &Path, until: Instant) {
    for group in children(folder) {
        if is_populated(&group.path()) {
            let name = group.file_name();
            let name = name.to_string_lossy();
            let module = visible(name.split_once('-').map_or(&*name, |(_, module)| module));
            tracing::warn!(
                module,
                "processes of the module were still in the control group of an mgrd that was killed; they \
                 are killed, too"
            );
        }
    }
    let ended = end_members(folder, until.saturating_duration_since(Instant::now()));
    if let Err(why) = remove(folder) {
        let folder = folder.display();
        let left = if ended { "" } else { "; a process in it does not end although it was killed" };
        tracing::warn!(
            "cannot remove the control group {folder} of an mgrd that was killed: {why}{left}"
        );
    }
}

#[cfg(test)]
mod tests;
