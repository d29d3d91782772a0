//! What `module.toml` says.

use mgrd_snapshots::assert_errors;

use super::*;
use crate::module_limits::Limit;

fn read(toml: &str, python: bool) -> Result<Manifest, String> {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("module.toml"), toml).unwrap();
    if python {
        std::fs::write(dir.path().join("module.py"), "").unwrap();
    }
    let runtimes = Runtimes { python: "py".into(), bin_dir: "/bin/dir".into() };
    let manifest =
        Manifest::read(dir.path(), &runtimes, 1 << 10).map_err(|error| error.to_string())?;
    let folder = dir.path().to_string_lossy().into_owned();
    let exec = manifest.exec.iter().map(|word| word.replace(&folder, "FOLDER")).collect();
    let cwd = manifest.cwd.to_string_lossy().replace(&folder, "FOLDER").into();
    Ok(Manifest { exec, cwd, ..manifest })
}

#[test]
fn programs_are_found_from_the_folder_and_placeholders_are_expanded() {
    let exec = |toml, python| read(toml, python).unwrap().exec;
    assert_eq!(exec("[module]\nexec = ['./a', './b']", false), ["FOLDER/./a", "./b"]);
    assert_eq!(exec("[module]\nexec = ['node', 'b']", true), ["node", "b"]);
    assert_eq!(exec("[module]\nexec = ['${MGRD_BIN_DIR}/x']", false), ["/bin/dir/x"]);
    assert_eq!(exec("[limits]\nmemory_mb = 5", true), ["py", "-m", "mgrd.runner", "FOLDER"]);
}

#[test]
fn python_does_not_run_where_the_files_of_the_module_would_hide_libraries() {
    assert_eq!(read("[module]\nexec = ['x']", true).unwrap().cwd, Path::new("FOLDER"));
    assert_eq!(read("", true).unwrap().cwd, Path::new("/"));
}

#[test]
fn limits_and_environment_are_read() {
    let toml = "[module]\nexec = ['x']\nroles = ['active', 'standby']\n[limits]\nmemory_mb = 64\n\
                open_files = 9\n[env]\nPY = '${MGRD_PYTHON}'";
    let manifest = read(toml, false).unwrap();
    let limits =
        Settings::default().with(Limit::Memory, Some(64 << 20)).with(Limit::OpenFiles, Some(9));
    assert_eq!((manifest.limits, &*manifest.env["PY"]), (limits, "py"));
}

#[test]
fn what_is_wrong_is_named() {
    let cases = [
        ("[module]", "names nothing to run"),
        ("[module]\nexec = 3", "line 2"),
        ("[module]\nexce = []", "exce"),
        ("[module]\nexec = ['${MGRD_X}']", "${MGRD_X}"),
        ("[module]\nexec = ['x']\nroles = ['boss']", "boss"),
        ("[module]\nexec = ['x']\n[limits]\nmemory_mb = 0", "memory_mb = 0 is not allowed"),
        ("[module]\nexec = ['x']\n[limits]\nmemory_mb = 17592186044416", "use 1 to 16777216"),
        (
            "[module]\nexec = ['x']\n[module.limits]\nopen_files = 0",
            "open_files = 0 is not allowed",
        ),
        ("[module]\nexec = ['x']\n[limits]\nopen_files = 1073741825", "use 8 to 1073741824"),
        ("[module]\nexec = ['x']\n[limits]\nmemory = -5", "memory = '-5' is not allowed"),
        ("[module]\nexec = ['x']\n[limits]\nmemory = true", "line 4"),
        ("[limits]\nprocesses = 5\nmemory = '1X'\nopen_files = 9", "line 3"),
        ("[limits]\nprocesses = 5\n\nmemori = '1G'", "line 4"),
        ("[module]\nexec = ['x']\n[limits]\nmemory = inf", "memory = 'inf'"),
        ("[module]\nexec = ['x']\n[limits]\nmemory_mb = 9\nmemory = '9M'", "more than once"),
        ("[module]\nexec = ['x']\n[limits]\nmemori = 9", "there is no limit 'memori'"),
        (&" ".repeat(1025), "larger than 1024 bytes"),
    ];
    for (toml, part) in cases {
        let error = read(toml, false).unwrap_err();
        assert!(error.contains(part) && error.contains("module.toml"), "{error}");
    }
}
#[test]
fn a_program_in_python_must_be_a_regular_file() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("module.py")).unwrap();
    let error = Manifest::read(dir.path(), &Runtimes::default(), 9).unwrap_err().to_string();
    assert!(error.contains("module.py is a folder: put a regular file in its place"), "{error}");
}

#[test]
fn texts() {
    let folder = || PathBuf::from("/srv/modules/hello");
    let path = || folder().join("module.toml");
    let wrong = "[module]\nexec = ['x']\n\nmemory_mb = 5\n";
    let parse =
        || ManifestError::parse(&path(), wrong, toml::from_str::<File>(wrong).err().unwrap());
    assert_errors!(ManifestError {
        Folder: ManifestError::Folder(FolderError::Busy { folder: folder(), limit: 8 });
        File: ManifestError::File(FileError::NotText { path: path() });
        Parse: parse();
        FolderGone: ManifestError::FolderGone(folder());
        NothingToRun: ManifestError::NothingToRun(path());
        Placeholder: ManifestError::Placeholder { path: path(), text: "${HOME}/hello".into() };
    });
}

#[test]
fn fuzz_module_toml() {
    mgrd_fuzz::fuzz("module_toml", |input| {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("module.toml"), input).unwrap();
        match Manifest::read(dir.path(), &Runtimes::default(), 1 << 20) {
            Ok(manifest) => assert!(!manifest.exec.is_empty()),
            Err(why) => {
                let text = why.to_string();
                assert!(!text.is_empty() && !text.contains(char::is_control), "{text:?}");
            }
        }
    });
}
