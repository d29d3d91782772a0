//! The reader's home folder, as a page finds it.

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use integration_tests::{places, process};

/// A folder with a checkout in it in which everything is built: what a page may take for granted.
/// Dropping it ends every process that was started from it.
pub(crate) struct Home(tempfile::TempDir);

impl Home {
    pub(crate) fn new() -> Self {
        // Paths of sockets must be short, so TMPDIR is not asked.
        let folder = tempfile::Builder::new().prefix("mgrd-").tempdir_in("/tmp").unwrap();
        let home = Self(folder);
        let checkout = home.checkout();
        std::fs::create_dir_all(checkout.join("target")).unwrap();
        for entry in std::fs::read_dir(places::repository()).unwrap().flatten() {
            if entry.file_name() != "target" {
                symlink(entry.path(), checkout.join(entry.file_name())).unwrap();
            }
        }
        let built = places::binary("mgrd").parent().unwrap().to_owned();
        let python = places::python().parent().and_then(Path::parent).unwrap().to_owned();
        symlink(built, checkout.join("target/release")).unwrap();
        symlink(python, checkout.join("target/python")).unwrap();
        home
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// The folder in which every terminal begins.
    pub(crate) fn checkout(&self) -> PathBuf {
        self.path().join("mgrd")
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        process::end_all(self.path());
    }
}
