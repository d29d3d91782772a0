//! Writing the options of the cluster and its modules.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;
use mgrd_storage::{Key, Storage, Transaction};

use super::error::OptionError;
use super::history::{self, Revised, Revision};
use super::limits::Limits;
use super::quota::{self, Change};
use super::schemas::Schemas;
use super::section::Section;
use crate::authority::Writer;
use crate::text::line;
use crate::write::write;

/// The prefix of the values in the storage.
pub(super) const PREFIX: &str = "config/";

/// One option of a section, to be set or removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// The daemons that it applies to.
    pub section: Section,
    /// The option's full name.
    pub name: String,
    /// The value in its stored form. `None` removes the option.
    pub value: Option<String>,
}

/// All options. A clone shares them.
///
/// A write returns when it is durable and every reader sees it.
#[derive(Clone)]
pub struct Options {
    pub(super) storage: Arc<dyn Storage>,
    /// The known options.
    pub schemas: Schemas,
    /// The id of this manager.
    pub(super) mgr_id: Arc<str>,
    limits: Limits,
    writer: Writer,
    /// A write holds this lock, so that versions have consecutive numbers and two writers do not
    /// use the same room.
    writing: Arc<tokio::sync::Mutex<()>>,
}

impl Options {
    /// The options in `storage`, as the manager `mgr_id` reads them.
    #[must_use]
    pub fn new(storage: Arc<dyn Storage>, mgr_id: &str, limits: Limits) -> Self {
        Self {
            storage,
            schemas: Schemas::default(),
            mgr_id: mgr_id.into(),
            limits,
            writer: Writer::default(),
            writing: Arc::default(),
        }
    }

    /// The same options, as `writer` writes them.
    #[must_use]
    pub fn by(&self, writer: Writer) -> Self {
        Self { writer, ..self.clone() }
    }

    /// The id of this manager.
    #[must_use]
    pub fn mgr_id(&self) -> &str {
        &self.mgr_id
    }

    /// Sets an option to the normalized value and returns the revision. `force` accepts an unknown
    /// option and an invalid value.
    ///
    /// # Errors
    /// If the section or the option is unknown, the value is invalid, or the storage refuses.
    pub async fn set(
        &self,
        who: &str,
        name: &str,
        value: &str,
        force: bool,
    ) -> Result<u64, OptionError> {
        self.fits(who, name, value.len())?;
        let section = target(who)?;
        let value = match self.schemas.find(name) {
            Some((_, schema)) => match schema.normalise(value) {
                Ok(normal) => normal,
                Err(_) if force => value.to_owned(),
                Err(why) => return Err(OptionError::refused_value(name, &schema, value, why)),
            },
            None if force => value.to_owned(),
            None => return Err(OptionError::UnknownOption(name.to_owned())),
        };
        let value = Some(value);
        self.assign(vec![Assignment { section, name: name.to_owned(), value }], "").await
    }

    /// Removes an option, if it is set, and returns the revision.
    ///
    /// # Errors
    /// If the section is unknown or the storage refuses.
    pub async fn remove(&self, who: &str, name: &str) -> Result<u64, OptionError> {
        let section = target(who)?;
        self.assign(vec![Assignment { section, name: name.to_owned(), value: None }], "").await
    }

    /// Sets or removes a module's own option for all managers, or only for this one if `localized`.
    /// Returns the revision.
    ///
    /// # Errors
    /// If the option is not declared, the value is invalid, or the storage refuses.
    pub async fn set_module_option(
        &self,
        module: &str,
        option: &str,
        value: Option<&str>,
        localized: bool,
    ) -> Result<u64, OptionError> {
        let name = match localized {
            true => format!("mgr/{module}/{}/{option}", self.mgr_id),
            false => format!("mgr/{module}/{option}"),
        };
        match value {
            Some(value) => self.set("mgr", &name, value, false).await,
            None if self.schemas.find(&name).is_some() => self.remove("mgr", &name).await,
            None => Err(OptionError::UnknownOption(name)),
        }
    }

    /// Reverts all changes after a version and returns the revision.
    ///
    /// # Errors
    /// If the version is unknown or no longer kept, or the storage refuses.
    pub async fn reset(&self, version: i64) -> Result<u64, OptionError> {
        let _writing = self.writing.lock().await;
        let last = history::last(&*self.storage);
        let revisions = history::all(&*self.storage);
        let oldest = revisions.first().map_or(0, |revision| revision.version.saturating_sub(1));
        let wanted = u64::try_from(version).ok().filter(|v| (oldest..=last).contains(v));
        let Some(wanted) = wanted else {
            return Err(OptionError::UnknownVersion { version, last });
        };
        let later = revisions.into_iter().rev().filter(|revision| revision.version > wanted);
        let undo = later.flat_map(|revision| revision.changes).filter_map(|change| {
            let (section, name) = Section::split_key(&change.name)?;
            Some(Assignment { section, name: name.to_owned(), value: change.previous_value })
        });
        // An old value can be set again, even if it exceeds the current limits.
        self.write(last_of_each(undo), &format!("reset to {version}")).await
    }

    /// Makes all these changes or none, as one version of the history. The values are not checked
    /// against the options.
    ///
    /// # Errors
    /// If there are too many, a name or value is too long, there is no room for it, or the storage refuses.
    pub async fn assign(
        &self,
        assignments: Vec<Assignment>,
        purpose: &str,
    ) -> Result<u64, OptionError> {
        self.fits_at_once(assignments.len())?;
        for Assignment { section, name, value } in &assignments {
            // An option that is too long can still be removed.
            if let Some(value) = value {
                self.fits(&section.to_string(), name, value.len())?;
            }
        }
        let assignments = last_of_each(assignments);
        let _writing = self.writing.lock().await;
        let changes: Vec<_> = assignments.iter().map(Change::from).collect();
        quota::check(&*self.storage, &self.limits, &self.writer, &changes)?;
        self.write(assignments, purpose).await
    }

    /// Whether a key of the storage is that of an option, or beside those.
    #[must_use]
    pub fn has_key(key: &str) -> bool {
        key.starts_with(PREFIX)
    }

    /// Sets a key below `config/` as it is: the limits hold, nothing else is checked, and there is no version
    /// of the history for it. Returns the revision.
    ///
    /// # Errors
    /// If a part of the key or the value is too long, there is no room for it, or the storage refuses.
    pub async fn put(&self, key: &str, value: Bytes) -> Result<u64, OptionError> {
        let change = Change::of_key(key, value.len());
        let (section, name) = change.parts();
        self.fits(&section, name, value.len())?;
        let _writing = self.writing.lock().await;
        quota::check(&*self.storage, &self.limits, &self.writer, &[change])?;
        Ok(write(&*self.storage, "options", Transaction::new().put(key, value)).await?.revision)
    }

    fn fits(&self, section: &str, name: &str, bytes: usize) -> Result<(), OptionError> {
        let Limits { name_bytes, value_bytes, .. } = self.limits;
        let parts = [
            ("section", section.len(), name_bytes, "name_bytes"),
            ("name", name.len(), name_bytes, "name_bytes"),
            ("value", bytes, value_bytes, "value_bytes"),
        ];
        let too_long = parts.into_iter().find(|(_, bytes, limit, _)| bytes > limit);
        too_long.map_or(Ok(()), |(what, bytes, limit, setting)| {
            let name = line(name, name_bytes);
            Err(OptionError::TooLong { what, name, bytes, limit, setting })
        })
    }

    /// Checks that so many options may be set at once.
    ///
    /// # Errors
    /// If they are too many.
    pub fn fits_at_once(&self, count: usize) -> Result<(), OptionError> {
        let limit = self.limits.at_once;
        if count <= limit {
            return Ok(());
        }
        self.writer.reached("limits.options.at_once");
        Err(OptionError::TooMany { count, limit })
    }

    /// Hold the lock `writing`. No option may be assigned twice.
    async fn write(&self, assignments: Vec<Assignment>, purpose: &str) -> Result<u64, OptionError> {
        let mut transaction = Transaction::new();
        let mut changes: Vec<Revised> = Vec::new();
        for Assignment { section, name, value } in assignments {
            let name = format!("{section}/{name}");
            let key = format!("{PREFIX}{name}");
            transaction = match &value {
                Some(value) => transaction.put(&key, value.clone()),
                None => transaction.delete(&key),
            };
            let previous_value = self.storage.get(&key).map(|entry| text(&entry.value));
            changes.push(Revised { name, previous_value, new_value: value });
        }
        changes.retain(|change| change.previous_value != change.new_value);
        if changes.is_empty() {
            return Ok(self.storage.revision());
        }
        let version = history::last(&*self.storage).saturating_add(1);
        let (timestamp, name) = (Timestamp::now(), purpose.to_owned());
        let revision = Revision { version, timestamp, name, changes };
        let transaction =
            history::record(&*self.storage, transaction, &revision, self.limits.history_bytes);
        Ok(write(&*self.storage, "options", transaction).await?.revision)
    }

    /// The last changes, newest first.
    #[must_use]
    pub fn log(&self, count: usize) -> Vec<Revision> {
        let all = history::all(&*self.storage);
        all.into_iter().rev().take(count).collect()
    }

    /// All values below `prefix` (`<section>/<start of the name>`), with their revisions.
    pub(super) fn stored(&self, prefix: &str) -> Vec<(Key, String, u64)> {
        let found = self.storage.range(&format!("{PREFIX}{prefix}")).into_iter();
        found.map(|(key, e)| (key[PREFIX.len()..].into(), text(&e.value), e.revision)).collect()
    }
}

/// The last assignment of each option, in the order in which the options come first.
fn last_of_each(assignments: impl IntoIterator<Item = Assignment>) -> Vec<Assignment> {
    let mut places = HashMap::new();
    let mut last: Vec<Assignment> = Vec::new();
    for assignment in assignments {
        let key = format!("{}/{}", assignment.section, assignment.name);
        let place = *places.entry(key).or_insert(last.len());
        match last.get_mut(place) {
            Some(earlier) => *earlier = assignment,
            None => last.push(assignment),
        }
    }
    last
}

fn target(who: &str) -> Result<Section, OptionError> {
    who.parse().map_err(|()| OptionError::UnknownTarget(who.to_owned()))
}

pub(super) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
