//! The end of all modules.

use std::time::Duration;

use super::harness::{ATTACHES, GRACE, Place, gone, kill, next};
use crate::module::ToModule;

#[tokio::test]
async fn shutdown_leaves_no_process_not_even_of_one_that_ignores_it_and_has_children() {
    let mut place = Place::new();
    place.limits.life.shutdown_grace = Duration::from_secs(1000);
    place.limits.process.term_grace = Duration::from_secs(1000);
    place.module(
        "m",
        "trap '' TERM; sleep 1000 & echo $! > .child; cat $MGRD_SECRET_FILE > \
                       .new; mv .new .secret.$$; while :; do sleep 1000; done",
    );
    let modules = place.start(&["m"]).await;
    let session = place.attach(&modules, "m").await;
    let pid = modules.get("m").unwrap().pid.cast_signed();
    let child = std::fs::read_to_string(place.folder("m").join(".child")).unwrap();
    modules.shutdown(Duration::from_millis(50)).await;
    gone(pid).await;
    gone(child.trim().parse().unwrap()).await;
    drop(session);
}

#[tokio::test]
async fn shutdown_is_asked_for_on_the_session_first() {
    let mut place = Place::new();
    place.limits.life.shutdown_grace = Duration::from_secs(1000);
    place.module("m", ATTACHES);
    let modules = place.start(&["m"]).await;
    let session = place.attach(&modules, "m").await;
    let pid = modules.get("m").unwrap().pid;
    let ending = tokio::spawn(async move { modules.shutdown(GRACE).await });
    assert!(matches!(next(&session).await, Some(ToModule::Shutdown { .. })));
    kill(pid);
    ending.await.unwrap();
}
