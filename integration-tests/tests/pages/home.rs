//! The reader's home folder at the start of a page.

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use integration_tests::{places, process};

/// A folder with a checkout in which everything is built. Dropping it ends every process that was
/// started from it.
pub(crate) struct Home(tempfile::TempDir);

impl Home {
    pub(crate) fn new() -> Self {
        // TMPDIR is not used, because the path of a socket must be short.
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

    /// The folder in which every terminal starts.
    pub(crate) fn checkout(&self) -> PathBuf {
        self.path().join("mgrd")
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        process::end_all(self.path());
    }
}
