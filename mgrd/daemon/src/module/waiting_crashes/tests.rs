use super::*;
use crate::module::tests::samples::crashed_run;

fn add(waiting: &WaitingCrashes, module: &str, id: &str) {
    waiting.add(CrashedRun { id: id.into(), module: module.into(), ..crashed_run() });
}

fn ids(waiting: &WaitingCrashes) -> Vec<String> {
    waiting.runs.lock().iter().map(|run| run.id.clone()).collect()
}

#[tokio::test]
async fn a_crash_waits_until_it_is_removed_and_the_oldest_is_first() {
    let waiting = WaitingCrashes::default();
    add(&waiting, "hello", "a");
    add(&waiting, "hello", "b");
    assert_eq!(waiting.oldest().await.id, "a");
    assert_eq!(waiting.oldest().await.id, "a");
    waiting.remove("a");
    assert_eq!(waiting.oldest().await.id, "b");
    waiting.remove("b");
    let (later, ()) = tokio::join!(waiting.oldest(), async { add(&waiting, "hello", "c") });
    assert_eq!(later.id, "c");
}

#[test]
fn a_module_that_crashes_in_a_loop_loses_its_own_oldest_crashes() {
    let waiting = WaitingCrashes::default();
    add(&waiting, "quiet", "first");
    for n in 0..1000 {
        add(&waiting, "loop", &format!("{n:03}"));
    }
    add(&waiting, "quiet", "last");
    let ids = ids(&waiting);
    assert_eq!(ids.len(), MOST);
    assert_eq!((ids[0].as_str(), ids[1].as_str()), ("first", "938"));
    assert_eq!(ids[MOST - 1], "last");
}
