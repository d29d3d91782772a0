//! Keeps the options of each module, and all options together, within their limits.

use std::collections::BTreeMap;

use mgrd_storage::Storage;

use super::error::OptionError;
use super::handle::{Assignment, PREFIX};
use super::limits::Limits;
use super::section::Section;
use crate::authority::{Room, Writer};

/// The weight of an option in addition to its key and value, so that many short ones are bounded, too.
const ENTRY_BYTES: usize = 64;
/// The names of the two limits.
const ALL: &str = "limits.options.bytes";
const MODULE: &str = "limits.options.module_bytes";

/// A change of one key, as the limits see it.
pub(super) struct Change<'a> {
    key: String,
    /// None if the key is not that of an option.
    section: Option<Section>,
    name: &'a str,
    value_bytes: Option<usize>,
}

impl<'a> Change<'a> {
    /// Of this key, which begins with [`PREFIX`] and may not be that of an option.
    pub(super) fn of_key(key: &'a str, value_bytes: usize) -> Self {
        let rest = key.strip_prefix(PREFIX).unwrap_or(key);
        let option = Section::split_key(rest);
        let (section, name) = option.map_or((None, rest), |(section, name)| (Some(section), name));
        Self { key: key.to_owned(), section, name, value_bytes: Some(value_bytes) }
    }

    /// The section and the name, as they are limited.
    pub(super) fn parts(&self) -> (String, &'a str) {
        (self.section.as_ref().map(Section::to_string).unwrap_or_default(), self.name)
    }

    fn module(&self) -> Option<&'a str> {
        self.section.as_ref().and_then(|_| module_of(self.name))
    }
}

impl<'a> From<&'a Assignment> for Change<'a> {
    fn from(Assignment { section, name, value }: &'a Assignment) -> Self {
        let key = format!("{PREFIX}{section}/{name}");
        let value_bytes = value.as_ref().map(String::len);
        Self { key, section: Some(section.clone()), name, value_bytes }
    }
}

/// Checks that there is room for all these changes of different keys together. What does not grow is never refused,
/// so that options that exceed their limits can be made shorter.
///
/// # Errors
/// If a limit would be exceeded.
pub(super) fn check(
    storage: &dyn Storage,
    limits: &Limits,
    writer: &Writer,
    changes: &[Change<'_>],
) -> Result<(), OptionError> {
    let mut folders: BTreeMap<String, Growth<'_>> = BTreeMap::new();
    for change in changes {
        let (section, _) = change.parts();
        let folder = change.module().map(|module| format!("{PREFIX}{section}/mgr/{module}/"));
        for folder in folder.into_iter().chain([PREFIX.to_owned()]) {
            folders.entry(folder).or_default().add(storage, change);
        }
    }
    for (folder, growth) in folders {
        let Some(change) = growth.to_check() else { continue };
        let (used, limit, setting) = match folder.as_str() {
            PREFIX => (weight_of_all(storage), limits.bytes, ALL),
            folder => (weight_of_folder(storage, folder), limits.module_bytes, MODULE),
        };
        let bytes = (used + growth.added).saturating_sub(growth.removed);
        let limit = writer.room(limit);
        if bytes > limit.usable {
            writer.reached(setting);
            return Err(full(change, bytes, limit, setting));
        }
    }
    Ok(())
}

/// What some changes add to one folder and remove from it.
#[derive(Default)]
struct Growth<'a> {
    /// The last one that sets a value.
    last: Option<&'a Change<'a>>,
    added: usize,
    removed: usize,
}

impl<'a> Growth<'a> {
    fn add(&mut self, storage: &dyn Storage, change: &'a Change<'a>) {
        let Change { key, value_bytes, .. } = change;
        if let Some(bytes) = value_bytes {
            self.added += weight(key, *bytes);
            self.last = Some(change);
        }
        self.removed += storage.get(key).map_or(0, |entry| weight(key, entry.value.len()));
    }

    fn to_check(&self) -> Option<&'a Change<'a>> {
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

fn full(change: &Change<'_>, bytes: usize, limit: Room, setting: &'static str) -> OptionError {
    let (module, (section, name)) = (change.module(), change.parts());
    let whose = match module {
        Some(module) if setting == MODULE => {
            format!("the options of module '{module}' in section '{section}'")
        }
        _ => "all options".to_owned(),
    };
    OptionError::Full { name: name.to_owned(), whose, bytes, limit, setting }
}

/// The module that an option belongs to, if there is one.
fn module_of(name: &str) -> Option<&str> {
    Some(name.strip_prefix("mgr/")?.split_once('/')?.0)
}
