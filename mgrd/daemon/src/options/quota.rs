//! Keeps the options of each module, and all options together, within their limits.

use std::collections::BTreeMap;

use mgrd_storage::Storage;

use super::error::OptionError;
use super::handle::{Assignment, PREFIX};
use super::limits::Limits;
use crate::limits_reached::reached;

/// The weight of an option in addition to its key and value, so that many short ones are bounded, too.
const ENTRY_BYTES: usize = 64;
/// The names of the two limits.
const ALL: &str = "limits.options.bytes";
const MODULE: &str = "limits.options.module_bytes";

/// Checks that there is room for all these assignments together. What does not grow is never refused,
/// so that options that exceed their limits can be made shorter.
///
/// # Errors
/// If a limit would be exceeded.
pub(super) fn check(
    storage: &dyn Storage,
    limits: &Limits,
    assignments: &[Assignment],
) -> Result<(), OptionError> {
    let mut folders: BTreeMap<String, Growth<'_>> = BTreeMap::new();
    for assignment in assignments {
        let Assignment { section, name, .. } = assignment;
        let folder = module_of(name).map(|module| format!("{PREFIX}{section}/mgr/{module}/"));
        for folder in folder.into_iter().chain([PREFIX.to_owned()]) {
            folders.entry(folder).or_default().add(storage, assignment);
        }
    }
    for (folder, growth) in folders {
        let Some(assignment) = growth.to_check() else { continue };
        let (used, limit, setting) = match folder.as_str() {
            PREFIX => (weight_of_all(storage), limits.bytes, ALL),
            folder => (weight_of_folder(storage, folder), limits.module_bytes, MODULE),
        };
        let bytes = (used + growth.added).saturating_sub(growth.removed);
        if bytes > limit {
            return Err(full(assignment, bytes, limit, setting));
        }
    }
    Ok(())
}

/// What some assignments add to one folder and remove from it.
#[derive(Default)]
struct Growth<'a> {
    /// The last one that sets a value.
    last: Option<&'a Assignment>,
    added: usize,
    removed: usize,
}

impl<'a> Growth<'a> {
    fn add(&mut self, storage: &dyn Storage, assignment: &'a Assignment) {
        let Assignment { section, name, value } = assignment;
        let key = format!("{PREFIX}{section}/{name}");
        if let Some(value) = value {
            self.added += weight(&key, value.len());
            self.last = Some(assignment);
        }
        self.removed += storage.get(&key).map_or(0, |entry| weight(&key, entry.value.len()));
    }

    fn to_check(&self) -> Option<&'a Assignment> {
        self.last.filter(|_| self.added > self.removed)
    }
}

fn weight(key: &str, value_bytes: usize) -> usize {
    key.len() + value_bytes + ENTRY_BYTES
}

fn weight_of_all(storage: &dyn Storage) -> usize {
    let usage = storage.usage(PREFIX);
    usage.bytes + usage.keys * ENTRY_BYTES
}

fn weight_of_folder(storage: &dyn Storage, folder: &str) -> usize {
    let found = storage.range(folder);
    found.iter().map(|(key, entry)| weight(key, entry.value.len())).sum()
}

fn full(
    Assignment { section, name, .. }: &Assignment,
    bytes: usize,
    limit: usize,
    setting: &'static str,
) -> OptionError {
    let module = module_of(name);
    if let Some(module) = module {
        reached(&format_args!("module '{module}'"), setting);
    }
    let whose = match module {
        Some(module) if setting == MODULE => {
            format!("the options of module '{module}' in section '{section}'")
        }
        _ => "all options".to_owned(),
    };
    OptionError::Full { name: name.clone(), whose, bytes, limit, setting }
}

/// The module that an option belongs to, if there is one.
fn module_of(name: &str) -> Option<&str> {
    Some(name.strip_prefix("mgr/")?.split_once('/')?.0)
}
