use mgrd_snapshots::{assert_errors, assert_text};
use mgrd_storage::embedded::{EmbeddedBackend, EmbeddedPolicy, FileError};

use super::*;

#[test]
fn texts() {
    let path = || PathBuf::from("/srv/backup.jsonl");
    let refused = || std::io::Error::from_raw_os_error(13);
    assert_errors!(ToolError {
        Backend: ToolError::Backend(BackendError::new(FileError::Missing { path: path() }));
        Archive: ToolError::Archive(ArchiveError::NotEmpty { keys: 12 });
        Export: ToolError::Export {
            path: path(),
            source: ArchiveError::Read(refused()),
        };
        File: ToolError::File { path: path(), source: refused() };
        Draft: ToolError::Draft(DraftError::Exists(path()));
        Write: ToolError::Write(refused());
    });
}

#[test]
fn an_export_leaves_a_complete_file_or_none() {
    let dir = tempfile::tempdir().unwrap();
    let (data, file) = (dir.path().join("data"), dir.path().join("new.jsonl"));
    std::fs::create_dir(&data).unwrap();
    let backend = EmbeddedBackend::new(&data, EmbeddedPolicy::default());
    let run = || {
        let export = StorageAction::Export { file: Some(file.clone()), force: false };
        storage(&data, &backend, &export, &mut Vec::new()).map_err(|why| why.to_string())
    };
    let left = || std::fs::read_dir(dir.path()).unwrap().count();
    assert!(run().unwrap_err().contains("there is no storage file"));
    assert_eq!(left(), 1, "a refused export leaves nothing beside the data directory");
    backend.initialise().unwrap();
    run().unwrap();
    assert_eq!(left(), 2, "a finished export leaves its file");
    std::fs::write(&file, "mine").unwrap();
    assert!(run().unwrap_err().contains("exists; name another file"));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "mine");
    assert_eq!(left(), 2, "an export that overwrites nothing leaves nothing");
}

#[test]
fn texts_of_the_storage_tools() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name);
    let backup = "{\"format\":\"mgrd-storage\",\"version\":1,\"revision\":7,\"keys\":2}\n\
                  {\"key\":\"a\",\"value\":\"1\"}\n{\"key\":\"b\",\"base64\":\"AP8=\"}\n";
    std::fs::write(path("backup.jsonl"), backup).unwrap();
    let backend = EmbeddedBackend::new(&path("data"), EmbeddedPolicy::default());
    let mut screen = String::new();
    let mut run = |line: &str, action: StorageAction| {
        let mut out = Vec::new();
        let refused = storage(&path("data"), &backend, &action, &mut out).err();
        screen += &format!("$ mgrd storage {line}\n{}", String::from_utf8(out).unwrap());
        screen += &refused.map(|why| format!("mgrd: {why}\n")).unwrap_or_default();
        screen.push('\n');
    };
    let import = |force| StorageAction::Import { file: path("backup.jsonl"), force };
    run("check", StorageAction::Check { file: None });
    run("import DIR/backup.jsonl", import(false));
    run("import DIR/backup.jsonl", import(false));
    run("import DIR/backup.jsonl --force", import(true));
    run("check", StorageAction::Check { file: None });
    run("export", StorageAction::Export { file: None, force: false });
    let standard = StorageAction::Export { file: Some("-".into()), force: false };
    run("export -", standard);
    let export = |force| StorageAction::Export { file: Some(path("new.jsonl")), force };
    run("export DIR/new.jsonl", export(false));
    run("export DIR/new.jsonl", export(false));
    run("export DIR/new.jsonl --force", export(true));
    let check = || StorageAction::Check { file: Some(path("new.jsonl")) };
    run("check DIR/new.jsonl", check());
    let exported = std::fs::read_to_string(path("new.jsonl")).unwrap();
    std::fs::write(path("new.jsonl"), exported.replace("\"1\"", "\"2\"")).unwrap();
    run("check DIR/new.jsonl", check());
    run(
        "import DIR/new.jsonl --force",
        StorageAction::Import { file: path("new.jsonl"), force: true },
    );
    std::fs::write(path("new.jsonl"), exported.replace("{\"sha", "{\"sh")).unwrap();
    run("check DIR/new.jsonl", check());
    std::fs::write(path("new.jsonl"), exported + "\n").unwrap();
    run("check DIR/new.jsonl", check());
    assert_text!("storage", screen.replace(dir.path().to_str().unwrap(), "DIR"));
}
