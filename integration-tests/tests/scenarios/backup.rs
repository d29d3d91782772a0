//! Backup: a file of the whole storage as of one moment, made while the manager runs, or no file.

use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};

use integration_tests::{Setup, TestManager, eventually, grpc, places};
use mgrd_proto::v1::BackUpStorageRequest;
use mgrd_proto::v1::back_up_storage_response::Message;
use nix::sys::signal::Signal;

/// Runs `mgrd storage` on the data directory `data`; returns its output.
fn tool(data: &Path, words: &[&str]) -> String {
    let mut command = Command::new(places::binary("mgrd"));
    let output = command.args(["storage", "--data-dir"]).arg(data).args(words).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{words:?}: {said}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn path(daemon: &TestManager, name: &str) -> String {
    daemon.folder().join(name).to_str().unwrap().to_owned()
}

#[test]
fn a_backup_of_a_running_manager_has_all_that_was_acknowledged_and_can_be_restored() {
    let mut daemon = Setup::new().start();
    let ended = AtomicBool::new(false);
    let mut before = Vec::new();
    daemon.ok("config-key set seq/0 0");
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let mut written = 1;
            while !ended.load(Ordering::SeqCst) {
                daemon.ok(&format!("config-key set seq/{written} {written}"));
                written += 1;
            }
            written
        });
        for n in 0..5 {
            let dump = daemon.run("config-key dump seq/ --format json").text();
            let backup = daemon.run(&format!("storage backup {}", path(&daemon, &format!("{n}"))));
            before.push((dump, backup));
        }
        ended.store(true, Ordering::SeqCst);
        assert!(writer.join().unwrap() > 1);
    });
    for (n, (dump, backup)) in before.into_iter().enumerate() {
        backup.ok();
        let file = path(&daemon, &format!("{n}"));
        assert!(tool(daemon.folder(), &["check", &file]).starts_with("sound: "));
        let text = std::fs::read_to_string(&file).unwrap();
        let (before, keys) = (dump.matches("seq/").count(), text.matches("seq/").count());
        assert!(before > 0 && keys >= before, "{before} of {keys}");
        // One was written after the other, so none is missing before the last.
        assert!(text.contains(&format!("seq/{}\"", keys - 1)), "{text}");
    }
    daemon.kill();
    let (file, data) = (path(&daemon, "4"), daemon.folder().join("data"));
    std::fs::remove_dir_all(&data).unwrap();
    let _imported = tool(&data, &["import", &file]);
    daemon.restart();
    assert_eq!(daemon.ok("config-key get seq/0"), "0");
}

#[test]
fn a_backup_that_is_killed_leaves_no_file() {
    let daemon = Setup::new().start();
    let folder = daemon.folder().join("backups");
    std::fs::create_dir(&folder).unwrap();
    daemon.signal(Signal::SIGSTOP);
    let backup = daemon.ctl("storage backup").word(folder.join("new")).spawn();
    let open = || std::fs::read_dir(format!("/proc/{}/fd", backup.pid())).unwrap();
    eventually("a draft", || {
        let mut links = open().filter_map(|fd| std::fs::read_link(fd.unwrap().path()).ok());
        if links.any(|link| link.starts_with(&folder)) { Ok(()) } else { Err("no draft") }
    });
    backup.signal(Signal::SIGKILL);
    assert_eq!(backup.end().status, None);
    daemon.signal(Signal::SIGCONT);
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
    daemon.ok(&format!("storage backup {}", folder.join("new").display()));
    let left = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name());
    assert_eq!(left.collect::<Vec<_>>(), ["new"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_does_not_read_its_backup_holds_up_nothing_and_loses_its_turn() {
    let settings = "[limits.client]\nbackups = 1\nbackup_pause = 10\n";
    let daemon = Setup::new().settings(settings).start();
    for n in 0..100 {
        let set = daemon.ctl(&format!("config-key set large/{n} -i -"));
        set.input(vec![b'x'; 60_000]).run().ok();
    }
    let mut client = grpc::admin(grpc::connect(&daemon.socket()).await.unwrap());
    let mut unread = client.back_up_storage(BackUpStorageRequest {}).await.unwrap().into_inner();
    let refused = daemon.run(&format!("storage backup {}", path(&daemon, "second"))).fails(11);
    assert!(refused.contains("limits.client.backups"), "{refused}");
    daemon.ok("config-key set a b");
    eventually("a turn", || {
        let third = daemon.run(&format!("storage backup {}", path(&daemon, "third")));
        if third.status == Some(0) { Ok(()) } else { Err(third.stderr) }
    });
    assert!(!Path::new(&path(&daemon, "second")).exists());
    // What it reads now has no end, so that it does not count as complete.
    while let Ok(Some(response)) = unread.message().await {
        assert!(matches!(response.message, Some(Message::Part(_))), "{response:?}");
    }
    daemon.await_log("a backup ended before it was complete");
}

#[test]
fn programs_learn_what_a_backup_has() {
    let daemon = Setup::new().start();
    daemon.ok("config-key set a 1");
    let file = path(&daemon, "backup.jsonl");
    let answer = daemon.run(&format!("storage backup {file} -f json")).ok();
    let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
    assert_eq!(answer["file"], file);
    assert!(answer["keys"].as_u64() > Some(0) && answer["revision"].is_u64(), "{answer}");
}
