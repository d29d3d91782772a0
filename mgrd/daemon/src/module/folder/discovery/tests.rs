//! What counts as a module.

use nix::sys::stat::Mode;

use super::*;
use crate::module::Runtimes;
use crate::module::folder::FolderLimits;

const LONG: Duration = Duration::from_secs(60);

async fn found(path: &[PathBuf], limits: FolderLimits) -> BTreeMap<String, Found> {
    let folders = Folders::new(path.to_vec(), Runtimes::default(), limits);
    folders.discover(LONG).await
}

fn write(dir: &Path, path: &str) {
    let file = dir.join(path);
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(file, "").unwrap();
}

#[tokio::test]
async fn the_first_of_two_wins_and_what_is_no_module_is_passed_over() {
    let dir = tempfile::tempdir().unwrap();
    for path in [
        "one/a/module.py",
        "one/no/readme",
        "one/file",
        "two/a/module.py",
        "two/b/module.toml",
        "two/9.x/module.py",
    ] {
        write(dir.path(), path);
    }
    let path = ["one", "missing", "two"].map(|name| dir.path().join(name));
    let found = found(&path, FolderLimits::default()).await;
    assert_eq!(found.keys().collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(found["a"].folder, path[0].join("a"));
    assert!(found["a"].manifest.is_ok() && found["b"].manifest.is_err());
}

#[tokio::test]
async fn a_module_whose_files_are_of_the_wrong_kind_is_found_and_says_so() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["fifo", "folder"] {
        std::fs::create_dir(dir.path().join(name)).unwrap();
    }
    nix::unistd::mkfifo(&dir.path().join("fifo/module.toml"), Mode::S_IRWXU).unwrap();
    std::fs::create_dir(dir.path().join("folder/module.py")).unwrap();
    let found = found(&[dir.path().to_owned()], FolderLimits::default()).await;
    for name in ["fifo", "folder"] {
        let error = found[name].manifest.as_ref().unwrap_err().to_string();
        assert!(error.contains(&format!("is a {name}").replace("fifo", "FIFO")), "{error}");
    }
}

#[tokio::test]
async fn no_more_entries_are_looked_at_than_the_limit_says() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["a", "b", "c"] {
        write(dir.path(), &format!("{name}/module.py"));
    }
    let limits = FolderLimits { folder_entries: 2, ..FolderLimits::default() };
    assert_eq!(found(&[dir.path().to_owned()], limits).await.len(), 2);
}
