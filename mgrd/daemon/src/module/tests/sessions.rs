//! Sessions, and the commands and calls on them.

use std::time::Duration;

use super::harness::{ATTACHES, GRACE, Place, hello, kill, next, state};
use crate::authority::SecretError;
use crate::module::{
    AttachError, CallError, CommandCall, CommandEvent, FromModule, ModuleState, PeerProcess,
    RemoteCall, ToModule,
};

#[tokio::test]
async fn what_is_under_way_when_a_module_dies_ends_with_the_reason() {
    let place = Place::new();
    place.module("m", ATTACHES);
    let modules = place.start(&["m"]).await;
    let session = place.attach(&modules, "m").await;
    let command = CommandCall { prefix: "m go".into(), ..CommandCall::default() };
    let run = modules.execute("m", command).await.unwrap();
    assert!(matches!(next(&session).await, Some(ToModule::Command { id: 1, .. })));
    let caller = modules.clone();
    let call = RemoteCall { caller: "x".into(), method: "f".into(), ..RemoteCall::default() };
    let call = tokio::spawn(async move { caller.call("m", call).await });
    assert!(matches!(next(&session).await, Some(ToModule::RemoteCall { .. })));
    kill(modules.get("m").unwrap().pid);
    let outcome = run.outcome().await;
    assert_eq!(outcome.retval, -5);
    assert!(outcome.stderr.contains("'m'") && outcome.stderr.contains("SIGKILL"), "{outcome:?}");
    assert!(matches!(call.await.unwrap(), Err(CallError::Died { .. })));
    modules.shutdown(GRACE).await;
}

/// What becomes of a command under way when an operator asks for this, and the session ends before the
/// process, or after it.
async fn asked(what: &str, session_ends_first: bool) -> mgrd_command::Outcome {
    let mut place = Place::new();
    place.limits.life.exit_wait = match session_ends_first {
        true => Duration::ZERO,
        false => Duration::from_secs(3600),
    };
    place.module("m", ATTACHES);
    let modules = place.start(&["m"]).await;
    let session = place.attach(&modules, "m").await;
    let command = CommandCall { prefix: "m go".into(), ..CommandCall::default() };
    let run = modules.execute("m", command).await.unwrap();
    assert!(matches!(next(&session).await, Some(ToModule::Command { .. })));
    let asker = modules.clone();
    let what = what.to_owned();
    let asks = tokio::spawn(async move {
        match what.as_str() {
            "restart" => drop(asker.restart("m").await),
            "disable" => drop(asker.disable("m").await),
            _ => drop(asker.debug("m").await),
        }
    });
    // The module ends its session when it is asked to end.
    assert!(matches!(next(&session).await, Some(ToModule::Shutdown { .. })));
    drop(session);
    let outcome = run.outcome().await;
    asks.abort();
    modules.shutdown(GRACE).await;
    outcome
}

#[tokio::test]
async fn what_is_under_way_when_an_operator_ends_a_module_says_so() {
    for (what, why) in [
        ("restart", "an operator restarted it"),
        ("disable", "an operator disabled it"),
        ("debug", "an operator began to debug it"),
    ] {
        for session_ends_first in [true, false] {
            let outcome = asked(what, session_ends_first).await;
            assert_eq!(outcome.retval, -4, "{what} {session_ends_first}: {outcome:?}");
            assert!(outcome.stderr.contains(why), "{what} {session_ends_first}: {outcome:?}");
        }
    }
}

#[tokio::test]
async fn a_command_to_a_starting_module_waits_for_it() {
    let place = Place::new();
    place.module("m", ATTACHES);
    let modules = place.start(&["m"]).await;
    let asker = modules.clone();
    let command = CommandCall { prefix: "m go".into(), ..CommandCall::default() };
    let run = tokio::spawn(async move { asker.execute("m", command).await });
    let session = place.attach(&modules, "m").await;
    let run = run.await.unwrap().unwrap();
    assert!(matches!(next(&session).await, Some(ToModule::Command { .. })));
    let done =
        FromModule::Command { id: 1, event: CommandEvent::Done(mgrd_command::Outcome::ok("yes")) };
    session.deliver(done).await;
    assert_eq!(run.outcome().await.stdout, "yes");
    modules.shutdown(GRACE).await;
}

#[tokio::test]
async fn only_the_process_itself_may_use_its_secret_and_only_once_at_a_time() {
    let place = Place::new();
    place.module("m", ATTACHES);
    let modules = place.start(&["m"]).await;
    let session = place.attach(&modules, "m").await;
    let pid = modules.get("m").unwrap().pid;
    let secret = std::fs::read_to_string(place.folder("m").join(format!(".secret.{pid}"))).unwrap();
    let uid = nix::unistd::getuid().as_raw();
    let me = std::process::id().cast_signed();
    let theirs = modules.authenticate(&secret, &PeerProcess::of(me), uid);
    assert_eq!(theirs, Err(SecretError::WrongProcess { pid: me }));
    assert_eq!(modules.authenticate("x", &PeerProcess::of(me), uid), Err(SecretError::Unknown));
    assert_eq!(PeerProcess::of(pid.cast_signed()).module(), Some("m"));
    assert!(PeerProcess::of(me).is_outside());
    let run = place.run(&modules, "m").await;
    let second = modules.attach(run.clone(), hello()).await.err();
    assert_eq!(second, Some(AttachError::AlreadyAttached("m".into())));
    modules.shutdown(GRACE).await;
    assert_eq!(modules.attach(run, hello()).await.err(), Some(SecretError::Unknown.into()));
    drop(session);
}

#[tokio::test]
async fn a_session_that_ends_without_its_process_is_a_failure() {
    let place = Place::new();
    place.module("m", ATTACHES);
    let modules = place.start(&["m"]).await;
    drop(place.attach(&modules, "m").await);
    state(&modules, "m", ModuleState::Stopping).await;
    assert_eq!(modules.get("m").unwrap().reason_text(), "ended its session, but not its process");
    modules.shutdown(GRACE).await;
}

#[tokio::test]
async fn a_module_that_does_not_answer_pings_is_restarted() {
    let mut place = Place::new();
    place.limits.life.ping_restart = Duration::from_millis(50);
    place.module("m", ATTACHES);
    let modules = place.start(&["m"]).await;
    let _session = place.attach(&modules, "m").await;
    state(&modules, "m", ModuleState::Stopping).await;
    assert!(modules.get("m").unwrap().reason_text().starts_with("did not answer a ping"));
    modules.shutdown(GRACE).await;
}

#[tokio::test]
async fn a_module_started_by_hand_takes_the_place_of_the_supervised_one() {
    let place = Place::new();
    place.module("m", ATTACHES);
    let modules = place.start(&["m"]).await;
    let supervised = place.attach(&modules, "m").await;
    let by_hand = modules.debug("m").await.unwrap();
    state(&modules, "m", ModuleState::Debugging).await;
    drop(supervised);
    let file = |(name, path): &(String, String)| {
        (name == "MGRD_SECRET_FILE").then(|| std::fs::read_to_string(path).unwrap())
    };
    let secret = by_hand.environment.iter().find_map(file).unwrap();
    let uid = nix::unistd::getuid().as_raw();
    // Two processes that no module started.
    let first = PeerProcess::of(std::os::unix::process::parent_id().cast_signed());
    let other = PeerProcess::of(1);
    let run = modules.authenticate(&secret, &first, uid).unwrap();
    // Only the first process that shows it may use it.
    assert_eq!(modules.authenticate(&secret, &first, uid).unwrap(), run);
    let refused = Err(SecretError::WrongProcess { pid: other.pid });
    assert_eq!(modules.authenticate(&secret, &other, uid), refused);
    let session = modules.attach(run, hello()).await.unwrap();
    session.deliver(FromModule::Ready).await;
    let command = CommandCall { prefix: "m go".into(), ..CommandCall::default() };
    let _run = modules.execute("m", command).await.unwrap();
    assert!(matches!(next(&session).await, Some(ToModule::Command { .. })));
    modules.end_debug("m").await.unwrap();
    drop(place.attach(&modules, "m").await);
    modules.shutdown(GRACE).await;
}

#[tokio::test]
async fn a_module_in_a_debugger_gets_commands_and_calls_only_when_it_is_ready() {
    let mut place = Place::new();
    place.limits.life.start_timeout = Duration::from_millis(50);
    place.module("m", "exit 77");
    let modules = place.start(&[]).await;
    let by_hand = modules.debug("m").await.unwrap();
    let file = by_hand.environment.iter().find(|(name, _)| name == "MGRD_SECRET_FILE").unwrap();
    let secret = std::fs::read_to_string(&file.1).unwrap();
    let peer = PeerProcess::of(std::os::unix::process::parent_id().cast_signed());
    let run = modules.authenticate(&secret, &peer, nix::unistd::getuid().as_raw()).unwrap();
    let session = modules.attach(run, hello()).await.unwrap();
    let command = || CommandCall { prefix: "m go".into(), ..CommandCall::default() };
    let refused = modules.execute("m", command()).await.err().unwrap().to_string();
    assert!(refused.contains("is not ready yet"), "{refused}");
    let timeout = Duration::from_millis(50);
    let call = RemoteCall { caller: "x".into(), method: "f".into(), timeout, ..Default::default() };
    let refused = modules.call("m", call).await.unwrap_err().to_string();
    assert!(refused.contains("is not ready yet"), "{refused}");
    let waits = CommandCall { timeout: Some(GRACE), prefix: "m waits".into(), ..command() };
    let asker = modules.clone();
    let run = tokio::spawn(async move { asker.execute("m", waits).await });
    session.deliver(FromModule::Ready).await;
    let Some(ToModule::Command { call, .. }) = next(&session).await else { panic!("no command") };
    assert_eq!(call.prefix, "m waits");
    let _run = run.await.unwrap().unwrap();
    modules.shutdown(GRACE).await;
}
