//! A file that is being written.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use nix::errno::Errno;
use nix::fcntl::{AT_FDCWD, Flock, RenameFlags, renameat2};

use super::error::DraftError;
use super::{leftovers, unnamed};

/// A file that is being written. Only its owner can read it. It is gone if it is dropped before
/// [`Draft::publish`].
#[derive(Debug)]
pub struct Draft {
    file: Flock<File>,
    /// Its name until it is published; none where a file can do without.
    name: Option<PathBuf>,
    folder: PathBuf,
    path: PathBuf,
    replace: bool,
}

impl Draft {
    /// Begins the file `path`. Only with `replace` may it exist already.
    ///
    /// # Errors
    /// If there is a file and `replace` is not given, if there is something else, or if the system
    /// refuses.
    pub fn new(path: &Path, replace: bool) -> Result<Self, DraftError> {
        let path = path.to_owned();
        match path.symlink_metadata() {
            Ok(there) if replace && there.is_file() => {}
            Ok(there) if there.is_file() => return Err(DraftError::Exists(path)),
            Ok(_) => return Err(DraftError::NotAFile(path)),
            Err(why) if why.kind() == io::ErrorKind::NotFound => {}
            Err(source) => return Err(DraftError::Io { path, source }),
        }
        let folder = match (path.parent(), path.file_name()) {
            (Some(folder), Some(_)) if folder != Path::new("") => folder.to_owned(),
            (Some(_), Some(_)) => PathBuf::from("."),
            _ => return Err(DraftError::NotAFile(path)),
        };
        leftovers::remove(&folder);
        let create = || match unnamed::create(&folder)? {
            Some(file) => Ok((None, leftovers::lock(file)?)),
            None => leftovers::create(&folder).map(|(name, file)| (Some(name), file)),
        };
        match create() {
            Ok((name, file)) => Ok(Self { file, name, folder, path, replace }),
            Err(source) => Err(DraftError::Io { path, source }),
        }
    }

    /// The file, to write to.
    #[must_use]
    pub fn file(&self) -> &File {
        &self.file
    }

    /// Makes the file durable, and then gives it its name.
    ///
    /// # Errors
    /// If it cannot be written, or if its name is no longer free. After [`DraftError::Unsynced`] the file
    /// is there.
    pub fn publish(mut self) -> Result<(), DraftError> {
        let published = self.file.sync_all().and_then(|()| self.give_name());
        published.map_err(|source| self.failed(source))?;
        let synced = File::open(&self.folder).and_then(|folder| folder.sync_all());
        synced.map_err(|source| DraftError::Unsynced { path: self.path.clone(), source })
    }

    /// The error that an error of the system stands for.
    #[must_use]
    pub fn failed(&self, source: io::Error) -> DraftError {
        match source.kind() {
            io::ErrorKind::AlreadyExists => DraftError::Exists(self.path.clone()),
            _ => DraftError::Io { path: self.path.clone(), source },
        }
    }

    fn give_name(&mut self) -> io::Result<()> {
        if self.name.is_none() {
            match unnamed::link(&self.file, &self.path) {
                Err(why) if self.replace && why.kind() == io::ErrorKind::AlreadyExists => {}
                linked => return linked,
            }
            // Only a file with a name can take the place of another one.
            let name = leftovers::name(&self.folder);
            unnamed::link(&self.file, &name)?;
            self.name = Some(name);
        }
        let Some(name) = &self.name else { return Ok(()) };
        match self.replace {
            true => fs::rename(name, &self.path)?,
            false => rename_to_free(name, &self.path)?,
        }
        self.name = None;
        Ok(())
    }
}

/// Renames a file to a name that must be free.
fn rename_to_free(from: &Path, to: &Path) -> io::Result<()> {
    match renameat2(AT_FDCWD, from, AT_FDCWD, to, RenameFlags::RENAME_NOREPLACE) {
        // The file system does not know this kind of renaming.
        Err(Errno::EINVAL | Errno::ENOSYS) => {
            fs::hard_link(from, to)?;
            fs::remove_file(from)
        }
        renamed => Ok(renamed?),
    }
}

impl Write for Draft {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        (&*self.file).write(data)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if let Some(name) = &self.name {
            let _ = fs::remove_file(name);
        }
    }
}

#[cfg(test)]
mod tests;
