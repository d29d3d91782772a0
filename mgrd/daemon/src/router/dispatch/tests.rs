//! Built-in commands and those who wait for them, or do not.

use std::collections::BTreeSet;

use tokio::sync::Notify;

use super::*;
use crate::authority::Unproven;
use crate::builtin::Builtin;
use crate::module::tests::harness::{Limited, Place};
use crate::module::{BoxFuture, Config, EnabledSet, EnabledSetError};

/// A built-in that begins, waits to be let on, and says when it is done.
#[derive(Default)]
struct Slow {
    begun: Notify,
    go_on: Notify,
    done: Notify,
}

const SLOW: Builtin<Slow> = Builtin {
    cmd: "slow",
    help: "waits",
    perm: "rw",
    run: |slow, _| {
        Box::pin(async {
            slow.begun.notify_one();
            slow.go_on.notified().await;
            slow.done.notify_one();
            Outcome::ok("done")
        })
    },
};

struct NoModules;

impl EnabledSet for NoModules {
    fn load(&self) -> BoxFuture<'_, Result<Option<BTreeSet<String>>, EnabledSetError>> {
        Box::pin(async { Ok(None) })
    }
    fn save(&self, _: BTreeSet<String>) -> BoxFuture<'_, Result<(), EnabledSetError>> {
        Box::pin(async { Ok(()) })
    }
}

async fn router() -> (Router, Arc<Slow>) {
    let modules = Modules::start(
        Config::default(),
        Box::new(NoModules),
        Box::<Limited>::default(),
        BTreeSet::new(),
    )
    .await;
    let slow = Arc::new(Slow::default());
    let builtins = Builtins::default().add(&slow, [&SLOW]).unwrap();
    (Router::new(builtins, modules.unwrap()), slow)
}

async fn run(router: &Router, timeout: Duration) -> Outcome {
    router
        .command(
            "{\"prefix\": \"slow\"}".into(),
            None,
            &Identity::default(),
            timeout,
            String::new(),
        )
        .await
}

/// That the built-in came to its end. The clock is paused, so a failure costs no time either.
async fn done(slow: &Slow) {
    let done = slow.done.notified();
    tokio::time::timeout(Duration::from_secs(99), done).await.expect("the built-in goes on");
}

#[tokio::test(start_paused = true)]
async fn a_builtin_runs_to_its_end_though_its_client_leaves() {
    let (router, slow) = router().await;
    tokio::select! {
        outcome = run(&router, Duration::from_secs(99)) => panic!("{outcome:?}"),
        () = slow.begun.notified() => {}
    }
    slow.go_on.notify_one();
    done(&slow).await;
}

#[tokio::test(start_paused = true)]
async fn a_builtin_that_takes_longer_than_its_client_waits_is_answered_for_and_goes_on() {
    let (router, slow) = router().await;
    let outcome = run(&router, Duration::from_secs(3)).await;
    assert_eq!(outcome.retval, -110);
    assert!(outcome.stderr.contains("within 3.0 s"), "{}", outcome.stderr);
    slow.go_on.notify_one();
    done(&slow).await;
}

#[tokio::test(start_paused = true)]
async fn a_command_that_its_caller_may_not_run_does_not_begin() {
    let (router, _slow) = router().await;
    let stranger = Identity::Unknown { uid: 1, pid: 1, why: Unproven::NoSecret };
    let command = "{\"prefix\": \"slow\"}".into();
    let outcome =
        router.command(command, None, &stranger, Duration::from_secs(3), String::new()).await;
    assert_eq!(outcome.retval, -13, "{}", outcome.stderr);
}

#[tokio::test]
async fn an_unknown_command_names_the_modules_that_may_have_it_and_cannot_run() {
    let place = Place::new();
    place.module("broken", "exit 77");
    std::fs::write(place.folder("broken").join("module.toml"), "[module]\nexec = 1\n").unwrap();
    let modules = place.start(&["broken", "gone"]).await;
    let router = Router::new(Builtins::default(), modules.clone());
    let refusal = |line: &str| {
        let words = line.split(' ').map(str::to_owned).collect();
        router.permit(&Identity::default(), &Wanted::Words(words)).unwrap_err().stderr
    };
    let text = refusal("broken greet");
    assert!(
        text.contains("the commands of module 'broken' are not known, because it cannot run"),
        "{text}"
    );
    assert!(!text.contains("'gone'"), "{text}");
    assert!(text.ends_with("\ninvalid command"), "{text}");
    let text = refusal("greet");
    assert!(text.contains("'broken'") && text.contains("module 'gone' are not known"), "{text}");
    modules.shutdown(place.limits.life.shutdown_grace).await;
}
