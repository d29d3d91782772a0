use jiff::ToSpan;
use mgrd_storage::embedded::EmbeddedStorage;

use super::*;
use crate::cluster::Cluster;
use crate::crash::recent::NEXT_STEP;
use crate::module::tests::samples::crashed_run;
use crate::options;

const LIMITS: Limits = Limits {
    reports: 100,
    bytes: 1 << 20,
    module_reports: 5,
    module_bytes: 1 << 20,
    report_bytes: 64 << 10,
    same: 3,
};

fn storage() -> Arc<dyn Storage> {
    Arc::new(EmbeddedStorage::in_memory().unwrap())
}

/// The reports in `storage`, and the health that they change.
fn crashes(storage: &Arc<dyn Storage>) -> Crashes {
    let options = Options::new(Arc::clone(storage), "x", options::Limits::default());
    let health = Health::new(Cluster::default());
    Crashes::new(Arc::clone(storage), options, health, Facts::default(), LIMITS)
}

/// A crash of a module so many days ago.
fn run(module: &str, id: &str, days: i64) -> CrashedRun {
    let at = Timestamp::now() - (24 * days).hours();
    CrashedRun { id: id.into(), module: module.into(), at, ..crashed_run() }
}

fn new(id: &str, days: i64) -> String {
    let stamp = crate::crash::time::stamp(Timestamp::now() - (24 * days).hours());
    format!("{{\"crash_id\": \"{id}\", \"timestamp\": \"{stamp}\", \"entity_name\": \"osd.1\"}}")
}

async fn post(crashes: &Crashes, id: &str, days: i64) -> Result<(), CrashError> {
    crashes.post(new(id, days).as_bytes(), &Identity::default()).await
}

async fn ids(crashes: &Crashes) -> Vec<String> {
    crashes.list().await.into_keys().collect()
}

/// The summary of the health check; empty if it is not raised.
fn health(crashes: &Crashes) -> String {
    let checks = crashes.0.health.report().checks.clone();
    checks.get("RECENT_CRASH").map(|check| check.summary.clone()).unwrap_or_default()
}

#[tokio::test]
async fn reports_are_found_again_by_the_next_manager() {
    let storage = storage();
    let first = crashes(&storage);
    first.record(&run("hello", "a", 0)).await;
    post(&first, "b", 0).await.unwrap();
    first.archive("b").await.unwrap();
    let next = crashes(&storage);
    assert_eq!(next.list().await, first.list().await);
    assert!(next.list().await["b"].archived);
    assert_eq!(next.get("a").await.unwrap(), first.get("a").await.unwrap());
}

/// Waits until the reports in `crashes` have these ids.
async fn await_ids(crashes: &Crashes, wanted: &[&str]) {
    let there = async {
        while ids(crashes).await != wanted {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), there).await.expect("the reports");
}

#[tokio::test]
async fn crashes_of_a_term_that_cannot_store_them_are_stored_in_the_next_one() {
    let waiting = Arc::new(WaitingCrashes::default());
    // A standby only adds them.
    waiting.add(run("hello", "a", 0));
    let closed = storage();
    closed.close().await;
    let term = crashes(&closed).keep(Arc::clone(&waiting));
    tokio::time::timeout(Duration::from_secs(20), term).await.expect("the end of the term");
    let leading = crashes(&storage());
    let keeping = tokio::spawn(leading.clone().keep(Arc::clone(&waiting)));
    await_ids(&leading, &["a"]).await;
    waiting.add(run("hello", "b", 0));
    await_ids(&leading, &["a", "b"]).await;
    keeping.abort();
}

#[tokio::test]
async fn a_crash_that_was_stored_is_not_stored_again() {
    let crashes = crashes(&storage());
    assert!(crashes.record(&run("hello", "a", 0)).await);
    crashes.archive("a").await.unwrap();
    assert!(crashes.record(&run("hello", "a", 0)).await);
    assert!(crashes.list().await["a"].archived);
}

#[tokio::test]
async fn health_names_new_crashes_until_they_are_archived_or_old() {
    let crashes = crashes(&storage());
    assert_eq!(health(&crashes), "");
    crashes.record(&run("hello", "a", 0)).await;
    post(&crashes, "b", 1).await.unwrap();
    post(&crashes, "old", 15).await.unwrap();
    assert_eq!(health(&crashes), "2 daemons have recently crashed");
    let check = crashes.0.health.report().checks.clone().remove("RECENT_CRASH").unwrap();
    let of_module = |line: &String| line.starts_with("module hello crashed on host ");
    assert!(check.detail.iter().any(of_module), "{check:?}");
    crashes.archive("a").await.unwrap();
    assert_eq!(health(&crashes), "1 daemons have recently crashed");
    crashes.archive_all().await.unwrap();
    assert_eq!(health(&crashes), "");
    assert!(crashes.list().await.values().all(|report| report.archived));
    crashes.0.options.set("mgr", "mgr/crash/warn_recent_interval", "0", false).await.unwrap();
    crashes.record(&run("hello", "c", 0)).await;
    assert_eq!(health(&crashes), "");
}

#[tokio::test]
async fn health_names_a_limited_number_of_crashes() {
    let crashes = crashes(&storage());
    for n in 0..35 {
        post(&crashes, &format!("{n:02}"), 0).await.unwrap();
    }
    let check = crashes.0.health.report().checks.clone().remove("RECENT_CRASH").unwrap();
    assert_eq!((check.count, check.detail.len()), (35, 32));
    assert!(check.detail[0].starts_with("osd.1 crashed on host (unknown) at 2"), "{check:?}");
    assert_eq!(check.detail[30..], ["and 5 more", NEXT_STEP]);
}

#[tokio::test]
async fn unknown_ids_are_an_error_only_where_they_are_looked_up() {
    let crashes = crashes(&storage());
    for id in ["", "none", "../enabled_modules", "a\nb", &"x".repeat(9000)] {
        assert!(matches!(crashes.get(id).await, Err(CrashError::NotFound(_))));
        assert!(matches!(crashes.archive(id).await, Err(CrashError::NotFound(_))));
        crashes.remove(id).await.unwrap();
    }
    crashes.archive_all().await.unwrap();
    crashes.prune(Duration::ZERO).await.unwrap();
    crashes.prune(Duration::MAX).await.unwrap();
}

#[tokio::test]
async fn a_report_is_posted_once() {
    let crashes = crashes(&storage());
    post(&crashes, "a", 1).await.unwrap();
    crashes.archive("a").await.unwrap();
    post(&crashes, "a", 1).await.unwrap();
    assert!(crashes.list().await["a"].archived);
}

#[tokio::test]
async fn reports_are_removed_by_id_and_by_age() {
    let crashes = crashes(&storage());
    for (id, days) in [("a", 0), ("b", 2), ("c", 8), ("d", 400)] {
        post(&crashes, id, days).await.unwrap();
    }
    crashes.remove("a").await.unwrap();
    crashes.prune(Duration::from_secs(5 * 86400)).await.unwrap();
    assert_eq!(ids(&crashes).await, ["b"]);
    crashes.prune(Duration::ZERO).await.unwrap();
    assert!(ids(&crashes).await.is_empty());
    assert!(crashes.0.storage.range("mgrd/crash/").is_empty());
}

#[tokio::test]
async fn the_same_crash_again_and_again_is_counted() {
    let crashes = crashes(&storage());
    for n in 0..1000 {
        crashes.record(&run("hello", &format!("{n:04}"), 0)).await;
    }
    assert_eq!(ids(&crashes).await, ["0000", "0001", "0999"]);
    let report: serde_json::Value =
        serde_json::from_slice(&crashes.get("0999").await.unwrap()).unwrap();
    assert_eq!(report["count"], 998);
    assert!(report["first_timestamp"].as_str().unwrap() < report["timestamp"].as_str().unwrap());
    // After an operator has seen them, the next one is new.
    crashes.archive_all().await.unwrap();
    crashes.record(&run("hello", "1000", 0)).await;
    assert_eq!(ids(&crashes).await.len(), 4);
    assert_eq!(health(&crashes), "1 daemons have recently crashed");
}

#[tokio::test]
async fn a_module_with_many_crashes_keeps_the_reports_of_others() {
    let crashes = crashes(&storage());
    crashes.record(&run("other", "other", 9)).await;
    post(&crashes, "posted", 9).await.unwrap();
    for n in 0..50_u8 {
        let mut run = run("hello", &format!("{n:02}"), 0);
        // Each fails in another way.
        run.log[6].text = format!("ValueError: {}", char::from(b'A' + n));
        crashes.record(&run).await;
    }
    assert_eq!(ids(&crashes).await, ["45", "46", "47", "48", "49", "other", "posted"]);
}

#[tokio::test]
async fn a_report_that_cannot_be_stored_changes_nothing() {
    let storage = storage();
    let crashes = crashes(&storage);
    crashes.record(&run("hello", "a", 0)).await;
    let before = (crashes.list().await, health(&crashes));
    storage.close().await;
    crashes.record(&run("hello", "b", 0)).await;
    assert!(matches!(post(&crashes, "c", 0).await, Err(CrashError::Commit(_))));
    assert!(matches!(crashes.archive("a").await, Err(CrashError::Commit(_))));
    assert!(matches!(crashes.archive_all().await, Err(CrashError::Commit(_))));
    assert!(matches!(crashes.remove("a").await, Err(CrashError::Commit(_))));
    assert!(matches!(crashes.prune(Duration::ZERO).await, Err(CrashError::Commit(_))));
    assert_eq!((crashes.list().await, health(&crashes)), before);
}

#[tokio::test]
async fn damaged_reports_are_left_out() {
    let storage = storage();
    for (id, text) in [("a", "nonsense"), ("b", "[]"), ("c", "{}"), ("d", "{\"timestamp\": \"x\"}")]
    {
        let damaged = Transaction::new().put(&key(id), text);
        storage.commit(damaged).await.unwrap();
    }
    let crashes = crashes(&storage);
    post(&crashes, "e", 0).await.unwrap();
    assert_eq!(ids(&crashes).await, ["e"]);
}

#[tokio::test]
async fn concurrent_commands_leave_a_state_that_is_stored() {
    let storage = storage();
    let crashes = crashes(&storage);
    for n in 0..40 {
        post(&crashes, &format!("{n:02}"), n).await.unwrap();
    }
    let (one, two) = ("05".to_owned(), "06".to_owned());
    let (a, b, c, d, e) = tokio::join!(
        crashes.archive_all(),
        crashes.remove(&one),
        crashes.prune(Duration::from_secs(20 * 86400)),
        crashes.archive(&two),
        post(&crashes, "new", 0),
    );
    for result in [a, b, c, d, e] {
        result.unwrap();
    }
    assert_eq!(ids(&crashes).await.len(), 20);
    assert_eq!(super::read(&*storage), crashes.list().await);
}

#[tokio::test]
async fn ten_thousand_reports_are_listed_archived_and_removed() {
    let storage = storage();
    let mut all = Transaction::new();
    for n in 0..10_000 {
        all = all.put(&key(&format!("{n:05}")), new("x", n % 9));
    }
    storage.commit(all).await.unwrap();
    let crashes = crashes(&storage);
    assert_eq!(ids(&crashes).await.len(), 10_000);
    crashes.archive_all().await.unwrap();
    assert_eq!(health(&crashes), "");
    crashes.prune(Duration::from_secs(86400)).await.unwrap();
    assert_eq!(ids(&crashes).await.len(), 1112);
}
