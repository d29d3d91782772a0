//! Storage: what is damaged is named, and left as it is.

use std::path::PathBuf;
use std::process::Command;

use integration_tests::{Setup, TestDaemon, places};

fn file_of(daemon: &TestDaemon) -> PathBuf {
    daemon.folder().join("data/mgrd.redb")
}

#[test]
fn a_damaged_file_is_named_and_left_as_it_is() {
    let mut daemon = Setup::new().start();
    daemon.ok("config-key set a b");
    daemon.kill();
    let file = file_of(&daemon);
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[..4096].fill(0x5a);
    std::fs::write(&file, &bytes).unwrap();
    let output = Command::new(places::binary("mgrd"))
        .arg("--data-dir")
        .arg(daemon.folder().join("data"))
        .arg("--socket")
        .arg(daemon.folder().join("s2"))
        .output()
        .unwrap();
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains(file.to_str().unwrap()), "{said}");
    assert!(!said.contains("panicked"), "{said}");
    assert_eq!(std::fs::read(&file).unwrap(), bytes, "the file was touched");
}

#[test]
fn what_is_exported_can_be_imported() {
    let mut daemon = Setup::new().start();
    daemon.ok("config-key set a/b with-a-value");
    daemon.kill();
    let tool = |data: &str, words: &[&str]| {
        let mut command = Command::new(places::binary("mgrd"));
        command.args(["storage", "--data-dir"]).arg(daemon.folder().join(data)).args(words);
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{words:?}: {said}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let exported = daemon.folder().join("exported").to_str().unwrap().to_owned();
    let _checked = tool("data", &["check"]);
    let _exported = tool("data", &["export", &exported]);
    let _imported = tool("fresh", &["import", &exported]);
    let again = tool("fresh", &["export"]);
    assert!(again.contains("a/b"), "{again}");
}
