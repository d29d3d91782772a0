//! Storage: a damaged file is named and not changed, a full disk loses no data, and no write is lost
//! with a file that was moved away.

use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::process::Command;

use integration_tests::{Setup, SmallDisk, TestManager, eventually, places};
use nix::sys::signal::Signal;

fn file_of(daemon: &TestManager) -> PathBuf {
    daemon.folder().join("data/mgrd.redb")
}

#[test]
fn a_damaged_file_is_named_and_not_changed() {
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
fn an_export_can_be_imported() {
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

/// Keeps as much as it is asked to.
const HOARDER: &str = r#"
from mgr_module import CLIWriteCommand, MgrModule


class Module(MgrModule):
    @CLIWriteCommand("hoarder keep")
    def keep(self, kib: int):
        try:
            self.set_store("hoard", "x" * (kib << 10))
        except Exception as why:
            return -28, "", str(why)
        return 0, "kept", ""
"#;

/// A setup whose data directory is on the small disk.
fn setup_on(disk: &SmallDisk) -> Setup {
    let setup = Setup::new();
    symlink(disk.path(), setup.folder().join("data")).unwrap();
    setup
}

fn await_storage_health(daemon: &TestManager, text: &str) {
    eventually("health of the storage", || {
        let health = daemon.ok("health detail");
        if health.contains(text) { Ok(()) } else { Err(health) }
    });
}

#[test]
fn a_write_that_does_not_fit_on_the_disk_leaves_room_for_others() {
    let Some(disk) = SmallDisk::mount(8) else { return };
    let mut daemon = setup_on(&disk).python("hoarder", HOARDER).start();
    daemon.await_running("hoarder");
    daemon.ok("config-key set a before");
    for _ in 0..2 {
        let refused = daemon.run("hoarder keep 6000");
        assert_eq!(refused.status, Some(28), "{refused:?}");
        assert!(refused.stderr.contains("no room"), "{}", refused.stderr);
        eventually("the size of the write in health", || {
            let health = daemon.ok("health detail");
            let named = "there was no room for a write of 6";
            if health.contains(named) { Ok(()) } else { Err(health) }
        });
        daemon.ok("config-key set b 1");
        daemon.ok("config-key rm b");
    }
    assert_eq!(daemon.ok("hoarder keep 1000"), "kept\n");
    assert_eq!(daemon.log().matches(" WARN there is no room for a write of 6").count(), 1);
    daemon.kill();
    daemon.restart();
    daemon.ok("config-key set c after");
    assert_eq!(daemon.ok("config-key get a"), "before");
    assert!(!daemon.ok("health detail").contains("MGR_STORAGE"));
}

/// Writes until a write is refused: the file may have some space that it did not use.
fn await_refusal(daemon: &TestManager) {
    let write = || daemon.ctl("config-key set large -i -").input(vec![b'x'; 60_000]).run();
    let mut answers = std::iter::repeat_with(write).take(50);
    let refused = answers.find(|answer| answer.status != Some(0)).unwrap();
    assert_eq!(refused.status, Some(28), "{refused:?}");
}

#[test]
fn a_manager_starts_on_a_full_disk_and_writes_when_there_is_space() {
    let Some(disk) = SmallDisk::mount(8) else { return };
    let mut daemon = setup_on(&disk).start();
    daemon.ok("config-key set a b");
    daemon.signal(Signal::SIGTERM);
    let _ended = daemon.await_end();
    disk.fill();
    daemon.restart();
    assert_eq!(daemon.ok("config-key get a"), "b");
    await_refusal(&daemon);
    disk.fill();
    daemon.kill();
    daemon.restart();
    assert_eq!(daemon.ok("config-key get a"), "b");
    // The opening has released what the file did not use.
    disk.fill();
    await_refusal(&daemon);
    assert_eq!(daemon.ok("config-key get a"), "b");
    disk.empty();
    daemon.ok("config-key rm a");
    await_storage_health(&daemon, "HEALTH_OK");
}

#[test]
fn health_names_a_full_disk_until_there_is_space_and_a_write_fits() {
    let Some(disk) = SmallDisk::mount(8) else { return };
    let daemon = setup_on(&disk).python("hoarder", HOARDER).start();
    let before = daemon.await_running("hoarder");
    daemon.ok("config-key set a b");
    assert!(!daemon.ok("health detail").contains("MGR_STORAGE"));
    // A write that fails releases space that the file did not use. The disk is full when others have that, too.
    let health = eventually("health that names the full disk", || {
        disk.fill();
        let _refused = daemon.ctl("config-key set large -i -").input(vec![b'x'; 60_000]).run();
        let health = daemon.ok("health detail");
        if health.contains("no space left") { Ok(health) } else { Err(health) }
    });
    for part in ["HEALTH_ERR", "no space left for storage", "mgrd.redb", "free some space"] {
        assert!(health.contains(part), "{health}");
    }
    for command in ["hoarder keep 1", "config-key set a full", "config-key rm a"] {
        let refused = daemon.run(command).fails(28);
        assert!(refused.contains("no space left for storage"), "{command}: {refused}");
    }
    // Reads go on, and the module that cannot write runs.
    assert_eq!(daemon.ok("config-key get a"), "b");
    assert_eq!(daemon.await_running("hoarder"), before);
    disk.empty();
    daemon.ok("config-key set a c");
    // While it was not quite full, health may have begun to warn about this write.
    daemon.ctl("config-key set large -i -").input(vec![b'x'; 60_000]).run().ok();
    await_storage_health(&daemon, "HEALTH_OK");
    assert_eq!(daemon.ok("hoarder keep 100"), "kept\n");
    assert_eq!(daemon.ok("config-key get a"), "c");
}

#[test]
fn no_write_is_acknowledged_while_the_storage_file_is_moved_away() {
    let mut daemon = Setup::new().start();
    daemon.ok("config-key set a b");
    let (file, away) = (file_of(&daemon), daemon.folder().join("away.redb"));
    std::fs::rename(&file, &away).unwrap();
    // It is noticed without a write.
    await_storage_health(&daemon, "was moved, removed or replaced");
    let refused = daemon.run("config-key set c d");
    assert_eq!(refused.status, Some(5), "{refused:?}");
    assert!(refused.stderr.contains("move the original file back"), "{refused:?}");
    assert_eq!(daemon.ok("config-key get a"), "b");
    std::fs::rename(&away, &file).unwrap();
    await_storage_health(&daemon, "HEALTH_OK");
    daemon.ok("config-key set c e");
    daemon.kill();
    daemon.restart();
    assert_eq!(daemon.ok("config-key get c"), "e");
}

#[test]
fn a_manager_whose_data_are_removed_ends_instead_of_beginning_with_none() {
    let mut daemon = Setup::new().start();
    daemon.ok("config-key set a b");
    std::fs::remove_file(file_of(&daemon)).unwrap();
    std::fs::remove_file(daemon.folder().join("data/lock")).unwrap();
    assert_eq!(daemon.await_end().code(), Some(1));
    assert!(daemon.log().contains("there is no storage file"), "{}", daemon.log());
    assert!(!file_of(&daemon).exists());
}
