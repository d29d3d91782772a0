//! `module.toml`: how to run a module, and within which limits.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::file::{self, FileError, Links};
use super::{FolderError, is_folder};
use crate::module_limits::Settings;
use crate::text::line;

/// So many bytes of a text from the file are shown in an error.
const SHOWN: usize = 500;

/// How to run a module.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Manifest {
    /// The program and its arguments, placeholders expanded; a program given by a relative path
    /// with a slash is found from the module's folder.
    pub exec: Vec<String>,
    /// Where the program runs.
    pub cwd: PathBuf,
    /// Additional environment.
    pub env: BTreeMap<String, String>,
    /// The limits that its author sets.
    pub limits: Settings,
}

/// Why a folder cannot be run as a module.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// Nothing is known of the folder.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// A file cannot be used.
    #[error(transparent)]
    File(#[from] FileError),
    /// The file is not a manifest.
    #[error("{path}, line {line}: {}", one_line(.source))]
    Parse {
        /// The file.
        path: PathBuf,
        /// The line.
        line: usize,
        /// The line, the key and what is allowed.
        source: Box<toml::de::Error>,
    },
    /// The folder was removed.
    #[error("the folder {0} is gone: put it back, or disable the module")]
    FolderGone(PathBuf),
    /// The folder has nothing to run.
    #[error("{0} names nothing to run: add exec = [\"./program\"] to [module], or a module.py")]
    NothingToRun(PathBuf),
    /// A placeholder is unknown.
    #[error(
        "{path}: unknown placeholder in '{}'; known are ${{MGRD_BIN_DIR}} and ${{MGRD_PYTHON}}",
        line(text, SHOWN)
    )]
    Placeholder {
        /// The file.
        path: PathBuf,
        /// The text.
        text: String,
    },
}

/// The error without its excerpt of the file.
fn one_line(error: &toml::de::Error) -> String {
    line(error.message(), SHOWN)
}

impl ManifestError {
    /// The text of the file `path` is not a manifest.
    fn parse(path: &Path, text: &str, source: toml::de::Error) -> Self {
        let before = source.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        Self::Parse { path: path.to_owned(), line, source: Box::new(source) }
    }

    /// Whether another try may succeed although nothing was changed.
    pub(in crate::module) fn is_passing(&self) -> bool {
        match self {
            Self::Folder(error) => matches!(error, FolderError::Busy { .. }),
            Self::File(error) => error.is_passing(),
            _ => false,
        }
    }
}

/// The Python SDK's module that runs modules.
const RUNNER: &str = "mgrd.runner";

/// What placeholders stand for.
#[derive(Clone, Debug, Default)]
pub struct Runtimes {
    /// The Python interpreter that runs `module.py`.
    pub python: String,
    /// The folder of the running `mgrd`.
    pub bin_dir: PathBuf,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    module: ModuleTable,
    limits: Settings,
    env: BTreeMap<String, String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ModuleTable {
    exec: Vec<String>,
    /// For people. The declaration of the module is what counts.
    roles: Vec<DeclaredRole>,
    limits: Option<Settings>,
    env: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum DeclaredRole {
    Active,
    Standby,
}

impl Manifest {
    /// Reads how to run the module in `folder`; its `module.toml` has at most `limit` bytes.
    pub(super) fn read(
        folder: &Path,
        runtimes: &Runtimes,
        limit: u64,
    ) -> Result<Self, ManifestError> {
        let unread = |source| FileError::Read { path: folder.to_owned(), source };
        if !is_folder(folder).map_err(unread)? {
            return Err(ManifestError::FolderGone(folder.to_owned()));
        }
        let path = folder.join("module.toml");
        let file = match file::text(&path, Links::Follow, limit, "limits.module.manifest_bytes")? {
            Some(text) => {
                toml::from_str(&text).map_err(|error| ManifestError::parse(&path, &text, error))?
            }
            None => File::default(),
        };
        let (mut exec, mut cwd) = (Vec::new(), folder.to_owned());
        for word in &file.module.exec {
            exec.push(runtimes.expand(word, &path)?);
        }
        if exec.is_empty() {
            if !file::is_there(&folder.join("module.py"))? {
                return Err(ManifestError::NothingToRun(path));
            }
            exec = runtimes.python_runner(folder);
            // Python imports what lies in the current folder, and a module's `secrets.py` is not
            // the library's.
            cwd = PathBuf::from("/");
        } else if exec[0].contains('/') && !exec[0].starts_with('/') {
            exec[0] = folder.join(&exec[0]).to_string_lossy().into_owned();
        }
        let mut env = BTreeMap::new();
        for (name, value) in file.env.into_iter().chain(file.module.env) {
            env.insert(name, runtimes.expand(&value, &path)?);
        }
        let limits = file.module.limits.unwrap_or(file.limits);
        Ok(Self { exec, cwd, env, limits })
    }
}

impl Manifest {
    /// Whether the Python SDK's runner runs it.
    pub(in crate::module) fn is_python_runner(&self) -> bool {
        self.exec.get(2).is_some_and(|word| word == RUNNER)
    }
}

impl Runtimes {
    fn python_runner(&self, folder: &Path) -> Vec<String> {
        let folder = folder.to_string_lossy().into_owned();
        vec![self.python.clone(), "-m".into(), RUNNER.into(), folder]
    }

    fn expand(&self, text: &str, path: &Path) -> Result<String, ManifestError> {
        let expanded = text
            .replace("${MGRD_BIN_DIR}", &self.bin_dir.to_string_lossy())
            .replace("${MGRD_PYTHON}", &self.python);
        if expanded.contains("${MGRD_") {
            return Err(ManifestError::Placeholder { path: path.into(), text: text.into() });
        }
        Ok(expanded)
    }
}

#[cfg(test)]
mod tests;
