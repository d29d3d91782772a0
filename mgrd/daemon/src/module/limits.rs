//! The limits of all parts of this folder.

use serde::de::MapAccess;

use super::folder::FolderLimits;
use super::life::LifeLimits;
use super::process::ProcessLimits;
use super::session::SessionLimits;

/// The limits that modules are kept to. Each folder declares its own.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(test, derive(serde::Serialize))]
pub struct Limits {
    /// How long a module may take, and how often it may fail.
    #[cfg_attr(test, serde(flatten))]
    pub life: LifeLimits,
    /// What one process may take and write.
    #[cfg_attr(test, serde(flatten))]
    pub process: ProcessLimits,
    /// How much one module may send, and how much may wait for it.
    #[cfg_attr(test, serde(flatten))]
    pub session: SessionLimits,
    /// How much is read of module folders, and how long that may take.
    #[cfg_attr(test, serde(flatten))]
    pub folder: FolderLimits,
}

impl Limits {
    /// The names of all limits.
    pub(crate) fn names() -> impl Iterator<Item = &'static str> {
        let own = [LifeLimits::NAMES, ProcessLimits::NAMES, SessionLimits::NAMES];
        own.into_iter().chain([FolderLimits::NAMES]).flatten().copied()
    }

    /// Takes the value of the limit with this name from `table`; false if it is not one of these
    /// limits.
    ///
    /// # Errors
    ///
    /// If the value is not allowed.
    pub(crate) fn read<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        table: &mut A,
    ) -> Result<bool, A::Error> {
        Ok(self.life.read(name, table)?
            || self.process.read(name, table)?
            || self.session.read(name, table)?
            || self.folder.read(name, table)?)
    }
}
