//! A file system with little space.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use nix::mount::{MntFlags, MsFlags, mount, umount2};
use nix::sched::{CloneFlags, unshare};

/// A small file system in memory. Only the thread that mounts it and the processes that this thread
/// starts can see it.
#[derive(Debug)]
pub struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    /// A file system of this size in MiB, or none if this user may not mount one.
    #[must_use]
    pub fn mount(mib: usize) -> Option<Self> {
        let folder = tempfile::Builder::new().prefix("mgrd-disk-").tempdir_in("/tmp").ok()?;
        let disk = || -> nix::Result<()> {
            unshare(CloneFlags::CLONE_NEWNS)?;
            let (none, private) = (None::<&str>, MsFlags::MS_REC | MsFlags::MS_PRIVATE);
            mount(none, "/", none, private, none)?;
            let options = format!("size={mib}m");
            mount(Some("none"), folder.path(), Some("tmpfs"), MsFlags::empty(), Some(&*options))
        };
        match disk() {
            Ok(()) => Some(Self(folder)),
            Err(why) => {
                // Unlike `eprintln!`, this is shown although the test passes.
                let left_out = "NOT TESTED: a small file system cannot be mounted here";
                let _ = writeln!(std::io::stderr(), "{left_out} ({why})");
                None
            }
        }
    }

    /// Where it is mounted.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Fills the remaining space with a file.
    ///
    /// # Panics
    ///
    /// If the file cannot be opened.
    pub fn fill(&self) {
        let file = File::options().create(true).append(true).open(self.filler());
        let mut file = file.expect("a file");
        let block = [b'x'; 4096];
        while file.write_all(&block).is_ok() {}
    }

    /// Removes the file that [`fill`](Self::fill) wrote.
    ///
    /// # Panics
    ///
    /// If there is no such file.
    pub fn empty(&self) {
        std::fs::remove_file(self.filler()).expect("it was filled");
    }

    fn filler(&self) -> PathBuf {
        self.path().join("filler")
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // A mounted folder cannot be removed.
        let _ = umount2(self.path(), MntFlags::MNT_DETACH);
    }
}
