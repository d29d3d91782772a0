//! The paths of the binaries, examples and recordings under test.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// The root of the repository.
#[must_use]
pub fn repository() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// The folder of `mgrd`, `mgrctl` and the modules in Rust: `MGRD_BIN_DIR`, or the folder of
/// this executable.
#[must_use]
pub fn bin_dir() -> PathBuf {
    if let Some(dir) = std::env::var_os("MGRD_BIN_DIR") {
        return dir.into();
    }
    let this = std::env::current_exe().unwrap_or_default();
    let folder = this.parent().unwrap_or(Path::new("."));
    // Test executables are one folder deeper.
    if folder.ends_with("deps") { folder.join("..") } else { folder.to_owned() }
}

/// One of the binaries.
///
/// # Panics
///
/// If it was not built.
#[must_use]
pub fn binary(name: &str) -> PathBuf {
    let path = bin_dir().join(name);
    let path = path.canonicalize();
    path.unwrap_or_else(|_| panic!("there is no {name}: run `cargo build --workspace --bins`"))
}

/// The Python that has the SDK: `MGRD_PYTHON`, or the one that `make` prepares.
///
/// # Panics
///
/// If it does not exist.
#[must_use]
pub fn python() -> PathBuf {
    let prepared = || repository().join("target/python/bin/python");
    let path = std::env::var_os("MGRD_PYTHON").map_or_else(prepared, PathBuf::from);
    assert!(path.exists(), "there is no {}: run `make test` once", path.display());
    path
}

/// A Python that all users can run, and where it finds the SDK if it does not itself: that of
/// [`python()`], or one of the system if another user cannot reach that.
///
/// # Panics
///
/// If there is none.
#[must_use]
pub fn python_for_all() -> (PathBuf, Option<PathBuf>) {
    let python = python();
    let real = python.canonicalize().unwrap_or_else(|_| python.clone());
    if passes_others(&real) {
        return (python, None);
    }
    let version = real.file_name().unwrap_or_default();
    let system = Path::new("/usr/bin").join(version);
    let libraries = python
        .parent()
        .and_then(Path::parent)
        .map(|environment| environment.join("lib").join(version).join("site-packages"));
    assert!(
        system.exists(),
        "other users cannot reach {}, and there is no {}: run `make test PYTHON=…` with a Python that all \
         users can run",
        real.display(),
        system.display(),
    );
    (system, libraries)
}

/// Whether all users can pass through the folders above a file.
fn passes_others(file: &Path) -> bool {
    let passes = |folder: &Path| {
        let mode = std::fs::metadata(folder).map(|found| found.permissions().mode());
        mode.is_ok_and(|mode| mode & 1 != 0)
    };
    file.ancestors().skip(1).all(passes)
}

/// The folder of an example module.
#[must_use]
pub fn example(name: &str) -> PathBuf {
    repository().join("examples").join(name)
}

/// The recording of a cluster.
#[must_use]
pub fn recording() -> PathBuf {
    repository().join("recordings/ceph-16.2/recording.jsonl.gz")
}

/// A recorded answer of the real manager, by the name of its file in `recordings/…/state`.
///
/// # Panics
///
/// If there is no such file.
#[must_use]
pub fn recorded(name: &str) -> serde_json::Value {
    let path = repository().join(format!("recordings/ceph-16.2/state/{name}.json"));
    let text = std::fs::read(&path).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
    serde_json::from_slice(&text).unwrap_or_else(|why| panic!("{}: {why}", path.display()))
}

/// The folder of Ceph's own modules, which `make ceph-modules` installs.
#[must_use]
pub fn ceph_modules() -> PathBuf {
    PathBuf::from("/usr/share/ceph/mgr")
}

/// The distribution's Python with the SDK, which `make ceph-modules` prepares.
#[must_use]
pub fn ceph_python() -> PathBuf {
    repository().join("target/ceph-python/bin/python")
}
