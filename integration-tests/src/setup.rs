//! The modules and settings with which a test starts `mgrd`.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::places;

/// Modules, a recording and settings for a daemon.
#[derive(Debug)]
pub struct Setup {
    folder: tempfile::TempDir,
    pub(crate) python: Option<PathBuf>,
    pub(crate) enabled: Vec<String>,
    pub(crate) arguments: Vec<OsString>,
    pub(crate) environment: Vec<(OsString, OsString)>,
    pub(crate) prelude: Vec<String>,
    pub(crate) user: Option<u32>,
    pub(crate) wrapper: Vec<String>,
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
        // TMPDIR is not used, because the path of a socket must be short.
        let folder = tempfile::Builder::new().prefix("mgrd-").tempdir_in("/tmp");
        let folder = folder.expect("a temporary folder");
        std::fs::create_dir(folder.path().join("modules")).expect("an empty folder");
        let (enabled, arguments, environment) = (vec![], vec![], vec![]);
        let (python, prelude, user) = (None, Vec::new(), None);
        let wrapper = vec![];
        Self { folder, python, enabled, arguments, environment, prelude, user, wrapper }
    }

    /// The folder of all files of the test.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Adds and enables an example.
    #[must_use]
    pub fn example(self, name: &str) -> Self {
        self.installed_example(name).enable(name)
    }

    /// Adds an example, and does not enable it.
    #[must_use]
    pub fn installed_example(self, name: &str) -> Self {
        self.installed(&places::example(name))
    }

    /// Adds a link to the folder of a module, and does not enable it. The module has the name of the
    /// folder.
    ///
    /// # Panics
    ///
    /// If there is a module with that name.
    #[must_use]
    pub fn installed(self, folder: &Path) -> Self {
        let link = self.modules().join(folder.file_name().unwrap_or_default());
        std::os::unix::fs::symlink(folder, link).expect("a new name");
        self
    }

    /// Sets the Python that runs modules.
    #[must_use]
    pub fn run_by(mut self, python: PathBuf) -> Self {
        self.python = Some(python);
        self
    }

    /// Adds and enables a module in Python with this text as its `module.py`.
    #[must_use]
    pub fn python(self, name: &str, text: &str) -> Self {
        self.installed_python(name, text).enable(name)
    }

    /// Adds a module in Python, and does not enable it.
    #[must_use]
    pub fn installed_python(self, name: &str, text: &str) -> Self {
        self.file(name, "module.py", text)
    }

    /// Adds and enables a module that misbehaves as its switches say; see `src/bin/rogue`. Without
    /// switches it behaves.
    #[must_use]
    pub fn rogue(self, name: &str, switches: &[&str]) -> Self {
        self.installed_rogue(name, switches).enable(name)
    }

    /// Adds a module that misbehaves, and does not enable it.
    #[must_use]
    pub fn installed_rogue(self, name: &str, switches: &[&str]) -> Self {
        self.installed_binary(name, "rogue", switches)
    }

    /// Adds a module that runs a binary of this workspace with these arguments, and does not enable
    /// it.
    #[must_use]
    pub fn installed_binary(self, name: &str, binary: &str, switches: &[&str]) -> Self {
        let _built = places::binary(binary);
        let mut manifest = format!("[module]\nexec = [\"${{MGRD_BIN_DIR}}/{binary}\"");
        for switch in switches {
            let _ = write!(manifest, ", {switch:?}");
        }
        self.file(name, "module.toml", &(manifest + "]\n"))
    }

    /// Enables a module, whether it exists or not.
    #[must_use]
    pub fn enable(mut self, name: &str) -> Self {
        self.enabled.push(name.to_owned());
        self
    }

    /// Replays the recorded cluster once, this many times as fast as it was recorded.
    #[must_use]
    pub fn replay(self, speed: f64) -> Self {
        let file = places::recording();
        self.argument("--replay")
            .argument(file)
            .argument("--replay-speed")
            .argument(speed.to_string())
    }

    /// Writes this text to `mgrd.toml`, for settings that only a file can contain.
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

    /// Adds a word to the command line of the daemon.
    #[must_use]
    pub fn argument(mut self, word: impl Into<OsString>) -> Self {
        self.arguments.push(word.into());
        self
    }

    /// Sets the soft and the hard limit of the daemon's open files.
    #[must_use]
    pub fn open_files(self, soft: u32, hard: u32) -> Self {
        self.prelude(&format!("ulimit -Sn {soft}; ulimit -Hn {hard}"))
    }

    /// Adds a command of a shell that becomes the daemon afterwards.
    #[must_use]
    pub fn prelude(mut self, command: &str) -> Self {
        self.prelude.push(command.to_owned());
        self
    }

    /// Runs the daemon as this user, who needs no name. Call it last: the folder then belongs to the user.
    ///
    /// # Panics
    ///
    /// If the folder cannot be given to the user.
    #[must_use]
    pub fn as_user(mut self, uid: u32) -> Self {
        let given = std::os::unix::fs::chown(self.folder(), Some(uid), Some(uid));
        given.expect("a test that runs as root");
        self.user = Some(uid);
        self
    }

    /// Starts the daemon through this program, such as `setpriv`, which must replace itself by the daemon.
    #[must_use]
    pub fn through(mut self, words: &[&str]) -> Self {
        self.wrapper = words.iter().map(|&word| word.to_owned()).collect();
        self
    }

    /// Sets a Python with the SDK that all users can run.
    ///
    /// # Panics
    ///
    /// If there is none.
    #[must_use]
    pub fn run_by_python_for_all(self) -> Self {
        match places::python_for_all() {
            (python, None) => self.run_by(python),
            (python, Some(libraries)) => self.run_by(python).variable("PYTHONPATH", libraries),
        }
    }

    /// Adds a variable to the environment of the daemon.
    #[must_use]
    pub fn variable(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.environment.push((name.into(), value.into()));
        self
    }

    /// The module path.
    #[must_use]
    pub fn modules(&self) -> PathBuf {
        self.folder().join("modules")
    }

    /// The public socket.
    #[must_use]
    pub fn socket(&self) -> PathBuf {
        self.folder().join("s")
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
