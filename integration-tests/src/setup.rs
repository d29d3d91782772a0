//! What a test starts from.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::daemon::TestDaemon;
use crate::places;

/// Modules, a recording and settings for a daemon.
#[derive(Debug)]
pub struct Setup {
    folder: tempfile::TempDir,
    pub(crate) python: Option<PathBuf>,
    pub(crate) enabled: Vec<String>,
    pub(crate) arguments: Vec<OsString>,
    pub(crate) environment: Vec<(OsString, OsString)>,
}

impl Default for Setup {
    fn default() -> Self {
        Self::new()
    }
}

impl Setup {
    /// No modules, no cluster.
    ///
    /// # Panics
    ///
    /// If there is no folder for temporary files.
    #[must_use]
    pub fn new() -> Self {
        // Paths of sockets must be short, so TMPDIR is not asked.
        let folder = tempfile::Builder::new().prefix("mgrd-").tempdir_in("/tmp");
        let folder = folder.expect("a temporary folder");
        std::fs::create_dir(folder.path().join("modules")).expect("an empty folder");
        Self { folder, python: None, enabled: vec![], arguments: vec![], environment: vec![] }
    }

    /// The folder that everything lives in.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// An enabled example.
    #[must_use]
    pub fn example(self, name: &str) -> Self {
        self.installed_example(name).enable(name)
    }

    /// An example that is there but not enabled.
    #[must_use]
    pub fn installed_example(self, name: &str) -> Self {
        self.installed(&places::example(name))
    }

    /// A module that lives elsewhere, under the name of its folder; not enabled.
    ///
    /// # Panics
    ///
    /// If there is one of that name.
    #[must_use]
    pub fn installed(self, folder: &Path) -> Self {
        let link = self.modules().join(folder.file_name().unwrap_or_default());
        std::os::unix::fs::symlink(folder, link).expect("a new name");
        self
    }

    /// The Python that runs modules.
    #[must_use]
    pub fn run_by(mut self, python: PathBuf) -> Self {
        self.python = Some(python);
        self
    }

    /// An enabled module in Python with this text as its `module.py`.
    #[must_use]
    pub fn python(self, name: &str, text: &str) -> Self {
        self.installed_python(name, text).enable(name)
    }

    /// A module in Python that is there but not enabled.
    #[must_use]
    pub fn installed_python(self, name: &str, text: &str) -> Self {
        self.file(name, "module.py", text)
    }

    /// An enabled module that misbehaves as told; see `src/bin/rogue.rs`.
    #[must_use]
    pub fn rogue(self, name: &str, switches: &[&str]) -> Self {
        self.installed_rogue(name, switches).enable(name)
    }

    /// A module that misbehaves, there but not enabled.
    #[must_use]
    pub fn installed_rogue(self, name: &str, switches: &[&str]) -> Self {
        self.installed_binary(name, "rogue", switches)
    }

    /// A module in Rust that is one of this workspace's binaries with these arguments, there but
    /// not enabled.
    #[must_use]
    pub fn installed_binary(self, name: &str, binary: &str, switches: &[&str]) -> Self {
        let _built = places::binary(binary);
        let mut manifest = format!("[module]\nexec = [\"${{MGRD_BIN_DIR}}/{binary}\"");
        for switch in switches {
            let _ = write!(manifest, ", {switch:?}");
        }
        self.file(name, "module.toml", &(manifest + "]\n"))
    }

    /// Enables a module that is there, or is meant to be missing.
    #[must_use]
    pub fn enable(mut self, name: &str) -> Self {
        self.enabled.push(name.to_owned());
        self
    }

    /// Plays the recorded cluster this many times as fast as it happened, once.
    #[must_use]
    pub fn replay(self, speed: f64) -> Self {
        let file = places::recording();
        self.argument("--replay")
            .argument(file)
            .argument("--replay-speed")
            .argument(speed.to_string())
    }

    /// Settings that only a file can hold, as text of `mgrd.toml`.
    ///
    /// # Panics
    ///
    /// If the file cannot be written.
    #[must_use]
    pub fn settings(self, text: &str) -> Self {
        let file = self.folder().join("mgrd.toml");
        std::fs::write(&file, text).expect("a file of settings");
        self.argument("--config").argument(file)
    }

    /// One more word on the daemon's command line.
    #[must_use]
    pub fn argument(mut self, word: impl Into<OsString>) -> Self {
        self.arguments.push(word.into());
        self
    }

    /// One more variable in the daemon's environment.
    #[must_use]
    pub fn variable(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.environment.push((name.into(), value.into()));
        self
    }

    /// Starts the daemon and waits until it answers.
    #[must_use]
    pub fn start(self) -> TestDaemon {
        TestDaemon::start(self)
    }

    /// Where modules are.
    #[must_use]
    pub fn modules(&self) -> PathBuf {
        self.folder().join("modules")
    }

    /// Writes a file into the folder of a module.
    ///
    /// # Panics
    ///
    /// If the file cannot be written.
    #[must_use]
    pub fn file(self, name: &str, file: &str, text: &str) -> Self {
        let folder = self.modules().join(name);
        std::fs::create_dir_all(&folder).expect("a folder for a module");
        std::fs::write(folder.join(file), text).expect("a file of a module");
        self
    }
}
