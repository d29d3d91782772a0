//! What a disabled module offers.

use std::path::Path;
use std::time::Duration;

use mgrd_command::{CommandError, Errno};

use super::harness::{ATTACHES, Place, eventually, hello, state};
use crate::authority::Purpose;
use crate::module::ModuleState;
use crate::module::Modules;
use crate::module::PeerProcess;

/// Waits until it is known what the module `m` offers, or that it cannot be known.
async fn described(modules: &Modules) {
    let mut version = modules.declarations_version();
    let known = |_: &u64| {
        let m = modules.declarations().into_iter().find(|declared| declared.module == "m");
        m.is_some_and(|m| m.error.is_some() || m.declaration.is_some())
    };
    tokio::time::timeout(Duration::from_secs(20), version.wait_for(known)).await.unwrap().unwrap();
}

/// Why the module `m` cannot be loaded.
fn error(modules: &Modules) -> String {
    modules.declarations()[0].error.as_ref().unwrap().to_string()
}

#[tokio::test]
async fn a_module_is_asked_once_and_again_only_when_it_changed() {
    let place = Place::new();
    place.module("m", "");
    let script = "echo started >> .starts\ncat $MGRD_SECRET_FILE > .secret.new\n\
                  mv .secret.new .secret\necho $$ > .pid.new\nmv .pid.new .pid\nexec sleep 1000\n";
    std::fs::write(place.folder("m").join("run.sh"), script).unwrap();
    let modules = place.start(&[]).await;
    let file = |name: &str| place.folder("m").join(name);
    let read =
        async |name: &str| eventually(name, || std::fs::read_to_string(file(name)).ok()).await;
    let pid = read(".pid").await.trim().parse().unwrap();
    let uid = nix::unistd::getuid().as_raw();
    let run = modules.authenticate(&read(".secret").await, &PeerProcess::of(pid), uid).unwrap();
    assert_eq!(run.purpose, Purpose::Describe);
    let session = modules.attach(run, hello()).await.unwrap();
    assert_eq!(session.next().await, None);
    described(&modules).await;
    assert!(modules.get("m").unwrap().cannot_run.is_none());
    modules.shutdown(Duration::from_secs(20)).await;

    let modules = place.start(&[]).await;
    described(&modules).await;
    assert_eq!(read(".starts").await, "started\n");
    modules.shutdown(Duration::from_secs(20)).await;

    std::fs::write(place.folder("m").join("run.sh"), "echo why >&2; exit 1").unwrap();
    let modules = place.start(&[]).await;
    described(&modules).await;
    assert_eq!(error(&modules), "exited with status 1 before it sent a hello: why");
    let refused = modules.enable("m", false).await.unwrap_err().to_string();
    assert!(refused.contains("why; when that is repaired"), "{refused}");
    modules.shutdown(Duration::from_secs(20)).await;
}

#[tokio::test]
async fn a_module_is_asked_if_its_cached_description_is_not_a_small_regular_file() {
    let put: [fn(&Path); 4] = [
        |path| nix::unistd::mkfifo(path, nix::sys::stat::Mode::S_IRWXU).unwrap(),
        |path| std::os::unix::fs::symlink("/dev/zero", path).unwrap(),
        |path| std::fs::File::create(path).unwrap().set_len(1 << 40).unwrap(),
        |path| std::fs::write(path, "{}").unwrap(),
    ];
    for put in put {
        let place = Place::new();
        noting(&place, "cat $MGRD_SECRET_FILE > /dev/null; exit 3");
        let cache = place.dir.path().join("data").join("described");
        std::fs::create_dir_all(&cache).unwrap();
        put(&cache.join("m.json"));
        let modules = place.start(&[]).await;
        described(&modules).await;
        assert_eq!(error(&modules), "exited with status 3 before it sent a hello");
        modules.shutdown(Duration::from_secs(20)).await;
    }
}

/// A module that notes each of its starts, and then does `rest`.
fn noting(place: &Place, rest: &str) {
    place.module("m", "");
    let script = format!("echo $MGRD_PURPOSE >> .starts\n{rest}\n");
    std::fs::write(place.folder("m").join("run.sh"), script).unwrap();
}

/// Waits until the script of the module has begun.
async fn begun(place: &Place, name: &str) {
    let file = place.folder(name).join(".begun");
    eventually("the start of the script", || file.exists().then_some(())).await;
}

fn starts(place: &Place) -> String {
    std::fs::read_to_string(place.folder("m").join(".starts")).unwrap()
}

#[tokio::test]
async fn an_enabled_module_says_what_it_offers_at_its_start_and_is_started_only_for_that() {
    let place = Place::new();
    noting(&place, ATTACHES);
    let modules = place.start(&["m"]).await;
    let _session = place.attach(&modules, "m").await;
    described(&modules).await;
    assert!(modules.declarations()[0].declaration.is_some());
    modules.shutdown(Duration::from_secs(20)).await;
    assert_eq!(starts(&place), "run\n");
}

#[tokio::test]
async fn an_enabled_module_that_ends_before_its_hello_is_described_by_how_it_ended() {
    let mut place = Place::new();
    place.limits.life.failure_limit = 1;
    noting(&place, "cat $MGRD_SECRET_FILE > /dev/null; echo why >&2; exit 1");
    let modules = place.start(&["m"]).await;
    state(&modules, "m", ModuleState::Failed).await;
    assert_eq!(error(&modules), "exited with status 1 before it sent a hello: why");
    assert_eq!(starts(&place), "run\n");
    modules.shutdown(Duration::from_secs(20)).await;
}

#[tokio::test]
async fn a_module_that_is_disabled_before_its_hello_is_asked_once_its_process_ended() {
    let place = Place::new();
    let rest = "test $MGRD_PURPOSE = describe && exit 3; exec sleep 1000";
    noting(&place, &format!("cat $MGRD_SECRET_FILE > /dev/null; touch .begun; {rest}"));
    let modules = place.start(&["m"]).await;
    begun(&place, "m").await;
    modules.disable("m").await.unwrap();
    described(&modules).await;
    assert_eq!(error(&modules), "exited with status 3 before it sent a hello");
    assert_eq!(starts(&place), "run\ndescribe\n");
    modules.shutdown(Duration::from_secs(20)).await;
}

#[tokio::test]
async fn a_module_is_asked_once_although_it_was_disabled_while_its_description_was_pending() {
    let mut place = Place::new();
    place.limits.life.describe_concurrency = 1;
    // The only describer waits for this module, so that both descriptions of `m` are pending.
    place.module("busy", "");
    let busy = "touch .begun; until test -e end; do sleep 0.01; done; exit 3";
    std::fs::write(place.folder("busy").join("run.sh"), busy).unwrap();
    let rest = "test $MGRD_PURPOSE = describe && exit 3; exec sleep 1000";
    noting(&place, &format!("cat $MGRD_SECRET_FILE > /dev/null; touch .begun; {rest}"));
    let modules = place.start(&["m"]).await;
    for name in ["busy", "m"] {
        begun(&place, name).await;
    }
    modules.disable("m").await.unwrap();
    state(&modules, "m", ModuleState::Disabled).await;
    std::fs::write(place.folder("busy").join("end"), "").unwrap();
    described(&modules).await;
    drop(modules.shared.describers.acquire().await.unwrap());
    assert_eq!(starts(&place), "run\ndescribe\n");
    modules.shutdown(Duration::from_secs(20)).await;
}

#[tokio::test]
async fn a_thread_that_spins_gives_way() {
    let place = Place::new();
    place.module("m", "cat $MGRD_SECRET_FILE > /dev/null; while :; do :; done");
    let modules = place.start(&["m"]).await;
    state(&modules, "m", ModuleState::Starting).await;
    let niceness = || {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", modules.get("m")?.pid)).ok()?;
        stat.rsplit_once(") ")?.1.split(' ').nth(19 - 3)?.parse::<i32>().ok()
    };
    eventually("the highest niceness", || niceness().filter(|nice| *nice == 19)).await;
    modules.shutdown(Duration::from_secs(20)).await;
}

#[tokio::test]
async fn nothing_is_started_to_describe_itself_after_a_shutdown_has_begun() {
    let mut place = Place::new();
    place.limits.life.describe_concurrency = 1;
    for name in ["a", "b", "c"] {
        place.module(name, "");
        let script = "touch .begun; exec sleep 1000";
        std::fs::write(place.folder(name).join("run.sh"), script).unwrap();
    }
    let begun = |name: &str| place.folder(name).join(".begun").exists();
    let modules = place.start(&[]).await;
    let first = || ["a", "b", "c"].into_iter().find(|name| begun(name));
    eventually("the start of the first module", first).await;
    modules.shutdown(Duration::from_secs(20)).await;
    assert_eq!(modules.shared.live_runs.next_id(), 2);
}

#[tokio::test]
async fn a_module_that_an_operator_enables_does_not_wait_for_the_descriptions_of_others() {
    let mut place = Place::new();
    place.limits.life.describe_concurrency = 1;
    place.limits.life.describe_timeout = Duration::from_secs(1000);
    place.module("busy", "");
    let script = "touch .begun; exec sleep 1000";
    std::fs::write(place.folder("busy").join("run.sh"), script).unwrap();
    noting(&place, "exit 3");
    let modules = place.start(&[]).await;
    begun(&place, "busy").await;
    let refused = tokio::time::timeout(Duration::from_secs(20), modules.enable("m", false)).await;
    let refused = refused.unwrap().unwrap_err().to_string();
    assert!(refused.contains("exited with status 3"), "{refused}");
    modules.shutdown(Duration::from_secs(20)).await;
}

/// Enables the module `m`, which cannot be loaded for the moment. Returns the error.
async fn not_yet(modules: &Modules) -> String {
    let enabling = tokio::time::timeout(Duration::from_secs(20), modules.enable("m", false)).await;
    let error = enabling.expect("an answer before the next try").unwrap_err();
    assert_eq!(error.errno(), Errno::EAGAIN, "{error}");
    error.to_string()
}

#[tokio::test]
async fn a_manifest_that_cannot_be_read_for_the_moment_is_the_answer_at_once_unless_enabling_is_forced()
 {
    let mut place = Place::new();
    place.limits.life.describe_timeout = Duration::from_secs(1000);
    place.limits.life.backoff_first = Duration::from_secs(1000);
    place.module("m", ATTACHES);
    let (manifest, kept) = (place.folder("m").join("module.toml"), place.dir.path().join("kept"));
    std::fs::rename(&manifest, &kept).unwrap();
    // Reading it fails with EIO.
    std::os::unix::fs::symlink("/proc/self/mem", &manifest).unwrap();
    let modules = place.start(&[]).await;
    for refused in [not_yet(&modules).await, not_yet(&modules).await] {
        assert!(refused.contains("cannot be loaded for the moment: cannot read"), "{refused}");
        assert!(refused.contains("Input/output error"), "{refused}");
    }
    assert_eq!(modules.get("m").unwrap().state, ModuleState::Disabled);
    let (one, two) = tokio::join!(not_yet(&modules), not_yet(&modules));
    assert_eq!(one, two);

    let said = modules.enable("m", true).await.unwrap();
    assert!(said.contains("cannot be started for the moment: cannot read"), "{said}");
    std::fs::rename(&kept, &manifest).unwrap();
    let restarting = modules.clone();
    let restarting = tokio::spawn(async move { restarting.restart("m").await });
    let _session = place.attach(&modules, "m").await;
    assert_eq!(restarting.await.unwrap().unwrap(), "");
    modules.shutdown(Duration::from_secs(20)).await;
}

#[tokio::test]
async fn a_program_that_cannot_be_run_for_the_moment_is_the_answer_at_once_and_is_asked_again() {
    let mut place = Place::new();
    place.limits.life.describe_timeout = Duration::from_secs(1000);
    place.limits.life.backoff_first = Duration::from_secs(1000);
    place.module("m", "");
    let folder = place.folder("m");
    std::fs::write(folder.join("module.toml"), "[module]\nexec = ['./run.sh']").unwrap();
    // While it is being written, it cannot be run.
    let writer = std::fs::File::options().write(true).open(folder.join("run.sh")).unwrap();
    let modules = place.start(&[]).await;
    let refused = not_yet(&modules).await;
    assert!(refused.contains("Text file busy"), "{refused}");
    drop(writer);
    let refused = tokio::time::timeout(Duration::from_secs(20), modules.enable("m", false)).await;
    let refused = refused.expect("an answer before the next try").unwrap_err().to_string();
    assert!(refused.contains("exited with status 3"), "{refused}");
    modules.shutdown(Duration::from_secs(20)).await;
}
