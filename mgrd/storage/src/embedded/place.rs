//! The place of the storage file: whether the file at its path is the one that was opened.

use std::fs::File;
use std::io;
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use parking_lot::Mutex;
use redb::StorageBackend;
use redb::backends::FileBackend;

use super::error::FileError;
use super::file;
use super::mark::{Id, id};
use crate::error::StorageFault;

/// The path of the storage file, and which file was opened there.
#[derive(Debug)]
pub(super) struct Place {
    path: PathBuf,
    state: Mutex<State>,
    /// What the last check found.
    away: AtomicBool,
}

#[derive(Debug, Default)]
struct State {
    /// Whether there was a file. Then a new, empty one would hide that its content is gone.
    known: bool,
    opened: Option<Id>,
    /// Why the file must be opened by a new term, if so.
    refuted: Option<StorageFault>,
}

impl Place {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, state: Mutex::default(), away: AtomicBool::new(false) }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Begins with another term, and remembers whether there is a file now.
    pub(super) fn look(&self) {
        let exists = self.path.exists();
        let mut state = self.state.lock();
        state.known |= exists;
        state.refuted = None;
    }

    /// Creates an empty storage if there has never been a file.
    pub(super) fn prepare(&self) -> Result<(), FileError> {
        let mut state = self.state.lock();
        if !state.known {
            file::create_if_missing(&self.path)?;
            state.known = true;
        }
        Ok(())
    }

    /// Whether no process has the database in the file open.
    pub(super) fn is_free(&self) -> bool {
        let tried = || -> Option<bool> {
            let device = FileBackend::new(file::open(&self.path).ok()?).ok()?;
            let free = device.try_lock_range(Bound::Included(0), Bound::Unbounded).ok();
            let _ = device.close();
            free
        };
        tried().unwrap_or(false)
    }

    /// Opens the file, which is from now on the only right one.
    pub(super) fn open(&self) -> Result<File, FileError> {
        let file = file::open(&self.path)?;
        let id = file.metadata().map(|file| id(&file));
        self.state.lock().opened = Some(id.map_err(|why| FileError::of_io(&self.path, why))?);
        Ok(file)
    }

    /// Takes the file with this id for the only right one, because it is the one that the last leader
    /// opened.
    pub(super) fn expect(&self, file: Id) {
        self.state.lock().opened = Some(file);
    }

    /// The file that was opened.
    pub(super) fn opened(&self) -> Option<Id> {
        self.state.lock().opened
    }

    /// Ends this term: the file is not what it was taken for.
    pub(super) fn refute(&self, why: StorageFault) {
        self.state.lock().refuted = Some(why);
    }

    /// Why this term must end, if so.
    pub(super) fn refuted(&self) -> Option<StorageFault> {
        self.state.lock().refuted.clone()
    }

    /// Checks whether the file is where it was opened, and logs it if it no longer is.
    pub(super) fn check(&self) -> Result<(), StorageFault> {
        let away = self.find_away();
        let was_away = self.away.swap(away, Relaxed);
        let found = self.fault();
        match &found {
            Some(fault) if !was_away => tracing::error!("{fault}"),
            None if was_away => tracing::info!("storage '{}' is back", self.path.display()),
            _ => {}
        }
        found.map_or(Ok(()), Err)
    }

    /// What the last check found.
    pub(super) fn fault(&self) -> Option<StorageFault> {
        let name = || self.path.display().to_string();
        self.away.load(Relaxed).then(|| StorageFault::Displaced { name: name() })
    }

    /// If it cannot be found out now, the file counts as there.
    fn find_away(&self) -> bool {
        let Some(opened) = self.state.lock().opened else { return false };
        match std::fs::metadata(&self.path) {
            Ok(there) => id(&there) != opened,
            Err(why) => {
                matches!(why.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
            }
        }
    }
}
