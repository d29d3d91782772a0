//! The life of real processes.

use std::collections::BTreeSet;
use std::time::Duration;

use super::harness::{ATTACHES, GRACE, Place, eventually, kill, state};
use crate::module::{CommandCall, ModuleError, ModuleState};

#[tokio::test]
async fn a_module_starts_is_killed_and_answers_again() {
    let place = Place::new();
    place.module("m", ATTACHES);
    let modules = place.start(&["m"]).await;
    let first = place.attach(&modules, "m").await;
    let pid = modules.get("m").unwrap().pid;
    kill(pid);
    state(&modules, "m", ModuleState::Starting).await;
    drop(first);
    let _second = place.attach(&modules, "m").await;
    let status = modules.get("m").unwrap();
    assert_ne!(status.pid, pid);
    assert_eq!((status.restarts, &*status.last_end_text()), (1, "killed by SIGKILL"));
    assert_eq!(status.problem().unwrap().kind.code(), "MGR_MODULE_UNSTABLE");
    modules.shutdown(GRACE).await;
    assert_eq!(modules.get("m").unwrap().state, ModuleState::Stopped);
}

#[tokio::test]
async fn a_module_that_exits_before_its_hello_fails_with_its_last_words() {
    let mut place = Place::new();
    place.limits.life.failure_limit = 3;
    place.module("m", "echo first >&2; printf 'last \\377' >&2; exit 0");
    let modules = place.start(&["m"]).await;
    state(&modules, "m", ModuleState::Failed).await;
    let status = modules.get("m").unwrap();
    assert_eq!(status.reason_text(), "exited with status 0");
    assert_eq!(status.last_words, ["first", "last \u{fffd}"]);
    let problem = status.problem().unwrap();
    assert!(problem.kind.is_error() && problem.detail.contains(&"stderr: first".to_owned()));
    let command = CommandCall { prefix: "m go".into(), ..CommandCall::default() };
    let refused = modules.execute("m", command).await.unwrap_err().to_string();
    assert!(refused.contains("exited with status 0"), "{refused}");
    modules.shutdown(GRACE).await;
}

#[tokio::test]
async fn the_last_words_are_those_of_one_process_and_in_their_order() {
    let mut place = Place::new();
    place.limits.life.failure_limit = 1;
    place.limits.process.last_words = 3;
    place.module("m", "");
    // The process that describes speaks once the one that runs has spoken.
    let script = "cat $MGRD_SECRET_FILE > /dev/null
        if [ $MGRD_PURPOSE = describe ]; then
            touch first; until test -e second; do sleep 0.01; done
            echo stray >&2; touch third; exit 3
        fi
        printf '0\\n1\\n2\\n3\\n' >&2
        touch second; until test -e third; do sleep 0.01; done
        exit 1";
    std::fs::write(place.folder("m").join("run.sh"), script).unwrap();
    let modules = place.start(&[]).await;
    let first = place.folder("m").join("first");
    eventually("the start of the describing run", || first.exists().then_some(())).await;
    modules.enable("m", true).await.unwrap();
    state(&modules, "m", ModuleState::Failed).await;
    assert_eq!(modules.get("m").unwrap().last_words, ["1", "2", "3"]);
    modules.shutdown(GRACE).await;
}

#[tokio::test]
async fn a_module_that_never_says_hello_is_ended() {
    let mut place = Place::new();
    place.limits.life.start_timeout = Duration::from_millis(50);
    place.limits.life.failure_limit = 1;
    place.module("m", "trap '' TERM; while :; do sleep 1000; done");
    let modules = place.start(&["m"]).await;
    state(&modules, "m", ModuleState::Failed).await;
    let status = modules.get("m").unwrap();
    assert!(status.reason_text().starts_with("not ready"), "{status:?}");
    assert_eq!((status.pid, &*status.last_end_text()), (0, "killed by SIGKILL"));
    modules.shutdown(GRACE).await;
}

#[tokio::test]
async fn reserved_exit_statuses_are_not_retried() {
    let place = Place::new();
    place.module("no", "exit 77");
    place.module("old", "exit 78");
    let modules = place.start(&["no", "old"]).await;
    state(&modules, "no", ModuleState::CannotRun).await;
    state(&modules, "old", ModuleState::CannotRun).await;
    assert_eq!(modules.get("no").unwrap().restarts, 0);
    assert_eq!(modules.get("no").unwrap().problem().unwrap().kind.code(), "MGR_MODULE_DEPENDENCY");
    modules.shutdown(GRACE).await;
}

#[tokio::test]
async fn enabling_is_stored_and_says_what_the_real_one_says() {
    let place = Place::new();
    place.module("m", ATTACHES);
    place.module("broken", "");
    std::fs::write(place.folder("broken").join("module.toml"), "[module]\nexec = 3").unwrap();
    let modules = place.start(&[]).await;
    let unknown = modules.enable("x", false).await.unwrap_err();
    assert!(matches!(unknown, ModuleError::Unknown(_)));
    let broken = modules.enable("broken", false).await.unwrap_err().to_string();
    assert!(broken.starts_with("module 'broken' cannot be loaded: "), "{broken}");
    let enabling = modules.clone();
    let enabling = tokio::spawn(async move { enabling.enable("m", true).await });
    state(&modules, "m", ModuleState::Starting).await;
    let _session = place.attach(&modules, "m").await;
    assert_eq!(enabling.await.unwrap().unwrap(), "");
    assert_eq!(*place.saved.0.lock(), Some(BTreeSet::from(["m".to_owned()])));
    assert_eq!(modules.enable("m", false).await.unwrap(), "module 'm' is already enabled");
    modules.disable("m").await.unwrap();
    assert_eq!(modules.disable("m").await.unwrap(), "module 'm' is already disabled");
    state(&modules, "m", ModuleState::Disabled).await;
    assert_eq!(modules.get("m").unwrap().pid, 0);
    modules.shutdown(GRACE).await;
}

#[tokio::test]
async fn a_stop_during_start_and_backoff_is_never_lost() {
    let mut place = Place::new();
    place.limits.life.backoff_first = Duration::from_secs(1000);
    place.module("starting", "sleep 1000");
    place.module("waiting", "exit 1");
    let modules = place.start(&["starting", "waiting"]).await;
    state(&modules, "waiting", ModuleState::Backoff).await;
    modules.disable("starting").await.unwrap();
    modules.disable("waiting").await.unwrap();
    state(&modules, "starting", ModuleState::Disabled).await;
    state(&modules, "waiting", ModuleState::Disabled).await;
    modules.shutdown(GRACE).await;
}

#[tokio::test]
async fn restarts_leak_no_descriptors() {
    let mut place = Place::new();
    place.limits.life.failure_limit = 1000;
    place.limits.life.backoff_first = Duration::from_millis(1);
    place.limits.life.backoff_max = Duration::from_millis(1);
    // Tests beside this one open descriptors, too; a pipe of one's own module has a unique name.
    place.module("m", "exit 1");
    let modules = place.start(&["m"]).await;
    let mut events = modules.subscribe();
    let mut exits = 0;
    let enough = async {
        while exits < 60 {
            exits += usize::from(events.recv().await.unwrap().state == ModuleState::Backoff);
        }
    };
    tokio::time::timeout(GRACE, enough).await.expect("60 restarts");
    let pidfds = std::fs::read_dir("/proc/self/fd").unwrap().flatten().filter(|entry| {
        let target = std::fs::read_link(entry.path()).unwrap_or_default();
        target.to_string_lossy().contains("pidfd")
    });
    assert!(pidfds.count() < 40);
    modules.shutdown(GRACE).await;
}

#[tokio::test]
async fn a_program_that_is_being_written_is_waited_for() {
    let place = Place::new();
    place.module("m", ATTACHES);
    let folder = place.folder("m");
    std::fs::write(folder.join("module.toml"), "[module]\nexec = ['./run.sh']").unwrap();
    let writer = std::fs::File::options().write(true).open(folder.join("run.sh")).unwrap();
    let modules = place.start(&["m"]).await;
    state(&modules, "m", ModuleState::Backoff).await;
    let waiting = modules.get("m").unwrap();
    assert!(waiting.reason_text().contains("cannot be started for the moment"), "{waiting:?}");
    drop(writer);
    let _session = place.attach(&modules, "m").await;
    let running = modules.get("m").unwrap();
    assert!(!running.unstable && running.last_end.is_none(), "{running:?}");
    modules.shutdown(GRACE).await;
}

#[tokio::test]
async fn a_module_whose_manifest_cannot_be_read_any_more_cannot_run_until_it_can() {
    let place = Place::new();
    place.module("m", ATTACHES);
    let modules = place.start(&["m"]).await;
    let session = place.attach(&modules, "m").await;
    let (manifest, kept) = (place.folder("m").join("module.toml"), place.dir.path().join("kept"));
    std::fs::rename(&manifest, &kept).unwrap();
    nix::unistd::mkfifo(&manifest, nix::sys::stat::Mode::S_IRWXU).unwrap();
    drop(session);
    let said = modules.restart("m").await.unwrap();
    assert!(said.contains("module.toml is a FIFO: put a regular file in its place"), "{said}");
    assert_eq!(modules.get("m").unwrap().state, ModuleState::CannotRun);
    std::fs::rename(&kept, &manifest).unwrap();
    let restarting = modules.clone();
    let restarting = tokio::spawn(async move { restarting.restart("m").await });
    let _session = place.attach(&modules, "m").await;
    assert_eq!(restarting.await.unwrap().unwrap(), "");
    modules.shutdown(GRACE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_module_whose_last_process_does_not_end_waits_and_others_start() {
    let mut last = std::process::Command::new("sleep").arg("1000").spawn().unwrap();
    crate::module::process::outlives("survived", last.id().cast_signed());
    let place = Place::new();
    place.module("survived", ATTACHES);
    place.module("other", ATTACHES);
    let modules = place.start(&["survived", "other"]).await;
    place.run(&modules, "other").await;
    state(&modules, "survived", ModuleState::Backoff).await;
    let reason = modules.get("survived").unwrap().reason_text();
    assert!(reason.contains("outlived"), "{reason}");
    last.kill().unwrap();
    last.wait().unwrap();
    place.run(&modules, "survived").await;
    modules.shutdown(GRACE).await;
}

#[tokio::test]
async fn the_names_that_can_be_enabled_without_a_folder_are_limited() {
    let place = Place::new();
    let modules = place.start(&[]).await;
    let refused = modules.enable(&"x".repeat(256), true).await.unwrap_err();
    assert!(matches!(refused, ModuleError::NameTooLong { bytes: 256, .. }), "{refused}");
    let mut enabled = 0;
    let refused = loop {
        match modules.enable(&format!("absent{enabled}"), true).await {
            Ok(_) => enabled += 1,
            Err(refused) => break refused,
        }
    };
    assert!(
        matches!(refused, ModuleError::TooManyAbsent { limit } if limit == enabled),
        "{refused}"
    );
    // One that is enabled already is no further one.
    modules.enable("absent0", true).await.unwrap();
    modules.disable("absent1").await.unwrap();
    modules.enable("another", true).await.unwrap();
    modules.shutdown(Duration::from_secs(20)).await;
}
