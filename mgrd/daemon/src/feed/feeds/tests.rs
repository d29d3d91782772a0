use std::collections::BTreeMap;

use parking_lot::Mutex;
use serde_json::{Value, json};

use super::*;
use crate::authority::Identity;
use crate::cluster::{Counter, DaemonChange, DaemonId};
use crate::feed::registry::Owner;
use crate::health::{Check, Checks, Severity};

impl Feeds {
    /// Panics if the registry disagrees with itself, with the limits, or with the cluster.
    pub(crate) fn assert_consistent(&self) {
        let (registry, limits) = (self.0.registry.lock(), &self.0.limits);
        assert!(registry.feeds.len() <= limits.feeds);
        for (name, feed) in &registry.feeds {
            let owns = |owner: &&Owner| owner.feed == *name;
            let own: Vec<_> = registry.daemons.values().filter(owns).collect();
            assert_eq!(feed.daemons, own.len(), "daemons of {name}");
            let bytes = own.iter().map(|owner| owner.weight.bytes()).sum::<usize>();
            assert_eq!(feed.daemon_bytes, bytes, "bytes of the daemons of {name}");
            assert!(own.len() <= limits.daemons && bytes <= limits.daemon_bytes);
            assert!(feed.documents.len() <= limits.documents);
            let kept = |name: &String| self.0.cluster.documents.feed_document(name).is_some();
            assert!(feed.documents.keys().all(kept), "a document of {name} is gone");
        }
        assert_eq!(registry.daemons.len(), self.0.cluster.daemons.len());
    }
}

type Notifications = Arc<Mutex<Vec<(String, Value)>>>;

fn feeds_with(limits: Limits) -> (Feeds, Cluster, Notifications) {
    let (cluster, notifications) = (Cluster::default(), Notifications::default());
    let health = Health::new(cluster.clone());
    let sink = notifications.clone();
    let notifier: Notifier = Arc::new(move |kind, id| sink.lock().push((kind.to_owned(), id)));
    (Feeds::new(cluster.clone(), health, notifier, limits), cluster, notifications)
}

fn feeds() -> (Feeds, Cluster, Notifications) {
    feeds_with(Limits::default())
}

fn hello(name: &str) -> Hello {
    Hello { name: name.to_owned(), ..Hello::default() }
}

fn osd(id: &str) -> DaemonId {
    DaemonId::new("osd", id)
}

#[tokio::test]
async fn the_data_of_a_disconnected_feed_stays_and_is_stale() {
    let (feeds, cluster, _) = feeds();
    assert!(!feeds.is_fresh());
    let feed = feeds.connect(hello("ceph")).unwrap().feed;
    feed.put_document("osd_map", "{}".into()).unwrap();
    assert!(feeds.is_fresh());
    drop(feed);
    assert!(!feeds.is_fresh());
    assert!(cluster.get("osd_map").is_some());
    let messages = cluster.events.last(9, |_| true);
    assert!(messages[1].message.contains("disconnected"));
}

#[tokio::test(start_paused = true)]
async fn a_silent_feed_is_stale_until_it_sends_again() {
    let (feeds, ..) = feeds();
    let stale_after = Some(Duration::from_secs(5));
    let feed = feeds.connect(Hello { stale_after, ..hello("ceph") }).unwrap().feed;
    tokio::time::advance(Duration::from_secs(6)).await;
    assert!(!feeds.is_fresh());
    feed.heartbeat().unwrap();
    assert!(feeds.is_fresh());
    let _host = feeds.connect(hello("host")).unwrap();
    tokio::time::advance(Duration::from_secs(6)).await;
    assert!(!feeds.is_fresh());
}

#[tokio::test]
async fn only_the_newest_connection_of_a_name_can_send() {
    let (feeds, cluster, _) = feeds();
    let first = feeds.connect(Hello { commands: true, ..hello("ceph") }).unwrap();
    first.feed.put_document("osd_map", "1".into()).unwrap();
    let second = feeds.connect(hello("ceph")).unwrap().feed;
    let refused = first.feed.put_document("osd_map", "2".into()).unwrap_err();
    assert!(matches!(refused, FeedError::TakenOver(_)));
    let mut commands = first.commands;
    assert!(commands.recv().await.is_none());
    drop(first.feed);
    assert!(feeds.is_fresh());
    second.put_document("osd_map", "3".into()).unwrap();
    second.remove_document("osd_map").unwrap();
    assert!(cluster.get("osd_map").is_none());
}

#[tokio::test]
async fn two_feeds_do_not_overwrite_each_other() {
    let (feeds, cluster, _) = feeds();
    let a = feeds.connect(hello("a")).unwrap().feed;
    let b = feeds.connect(hello("b")).unwrap().feed;
    a.put_document("x", "1".into()).unwrap();
    a.put_daemon(&osd("0"), DaemonChange::default()).unwrap();
    let refusals = [
        b.put_document("x", "2".into()),
        b.put_daemon(&osd("0"), DaemonChange::default()),
        b.put_counters(&osd("0"), 1.0, &[], &[]),
    ];
    for refusal in refusals {
        assert!(refusal.unwrap_err().to_string().contains("feed 'a'"));
    }
    b.remove_document("x").unwrap();
    b.remove_daemon(&osd("0")).unwrap();
    assert_eq!(cluster.get("x").unwrap().json, "1");
    assert_eq!(cluster.daemons.len(), 1);
    // Both may describe a manager of their own.
    a.put_document("mgr_map", "1".into()).unwrap();
    b.put_document("mgr_map", "2".into()).unwrap();
    a.remove_document("x").unwrap();
    b.put_document("x", "3".into()).unwrap();
}

#[tokio::test]
async fn a_disconnected_feed_can_be_forgotten_with_all_its_data() {
    let (feeds, cluster, _) = feeds();
    let feed = feeds.connect(hello("ceph")).unwrap().feed;
    feed.put_document("x", "1".into()).unwrap();
    feed.put_daemon(&osd("0"), DaemonChange::default()).unwrap();
    let check = Check { severity: Severity::Error, ..Check::default() };
    feed.put_health_checks(Checks::from([("X".to_owned(), check)])).unwrap();
    assert!(!feeds.forget("ceph"));
    drop(feed);
    assert!(feeds.forget("ceph") && !feeds.forget("ceph"));
    assert!(cluster.get("x").is_none() && cluster.daemons.len() == 0);
    assert_eq!(feeds.0.health.report().status(), Severity::Ok);
    let other = feeds.connect(hello("other")).unwrap().feed;
    other.put_daemon(&osd("0"), DaemonChange::default()).unwrap();
}

#[tokio::test]
async fn a_health_document_becomes_the_feeds_checks() {
    let (feeds, cluster, _) = feeds();
    let feed = feeds.connect(hello("ceph")).unwrap().feed;
    let checks = json!({"checks": {"OSD_DOWN": {"severity": "HEALTH_WARN"}}}).to_string();
    feed.put_document("health", json!({ "json": checks }).to_string().into()).unwrap();
    assert!(cluster.value("health")["json"].as_str().unwrap().contains("OSD_DOWN"));
    let refused = feed.put_document("health", "{\"json\": 5}".into()).unwrap_err();
    assert!(refused.to_string().contains("'health'"));
    feed.remove_document("health").unwrap();
    assert_eq!(feeds.0.health.report().status(), Severity::Ok);
}

#[tokio::test]
async fn bounds_hold() {
    let small = Limits {
        feeds: 1,
        documents: 2,
        document_bytes: 10,
        daemons: 1,
        counters: 1,
        fact_bytes: 16,
        ..Limits::default()
    };
    let (feeds, ..) = feeds_with(small);
    let feed = feeds.connect(hello("ceph")).unwrap().feed;
    assert!(feeds.connect(hello("more")).is_err());
    feed.put_document("a", "12345".into()).unwrap();
    feed.put_document("b", "12345".into()).unwrap();
    feed.put_document("a", "54321".into()).unwrap();
    assert!(feed.put_document("a", "123456".into()).is_err());
    assert!(feed.put_document("c", "1".into()).is_err());
    assert!(feed.put_document("a", "{".into()).unwrap_err().to_string().contains("not JSON"));
    feed.put_daemon(&osd("0"), DaemonChange::default()).unwrap();
    assert!(feed.put_daemon(&osd("1"), DaemonChange::default()).is_err());
    let hostname = Some("a-very-long-host-name".to_owned());
    assert!(
        feed.put_daemon(&osd("0"), DaemonChange { hostname, ..DaemonChange::default() }).is_err()
    );
    let counter = |path: &str| Counter {
        path: path.to_owned(),
        labels: BTreeMap::new(),
        description: String::new(),
        nick: None,
        kind: 0x2,
        priority: 5,
        units: 1,
    };
    let schema = Some(vec![counter("a"), counter("b")]);
    assert!(
        feed.put_daemon(&osd("0"), DaemonChange { schema, ..DaemonChange::default() }).is_err()
    );
}

#[tokio::test]
async fn a_complete_snapshot_removes_what_the_new_connection_did_not_send() {
    let (feeds, cluster, _) = feeds();
    let checks = || Checks::from([("X".to_owned(), Check::default())]);
    let first = feeds.connect(hello("ceph")).unwrap().feed;
    let other = feeds.connect(hello("other")).unwrap().feed;
    other.put_document("z", "1".into()).unwrap();
    other.put_daemon(&osd("9"), DaemonChange::default()).unwrap();
    for document in ["x", "y"] {
        first.put_document(document, "1".into()).unwrap();
    }
    for daemon in ["0", "1"] {
        first.put_daemon(&osd(daemon), DaemonChange::default()).unwrap();
    }
    first.put_health_checks(checks()).unwrap();
    drop(first);
    let second = feeds.connect(hello("ceph")).unwrap().feed;
    second.put_document("x", "1".into()).unwrap();
    second.put_daemon(&osd("0"), DaemonChange::default()).unwrap();
    assert!(cluster.get("y").is_some(), "nothing goes before the snapshot is complete");
    for _ in 0..2 {
        second.complete_snapshot().unwrap();
        let there = ["x", "y", "z"].map(|name| cluster.get(name).is_some());
        assert_eq!(there, [true, false, true]);
        assert_eq!(cluster.daemons.len(), 2);
        assert!(feeds.0.health.report().checks.is_empty());
    }
    let ours = feeds.list().into_iter().find(|feed| feed.hello.name == "ceph").unwrap();
    assert_eq!((ours.documents, ours.daemons), (1, 1));
    second.put_health_checks(checks()).unwrap();
    second.complete_snapshot().unwrap();
    assert_eq!(feeds.0.health.report().checks.len(), 1);
}

fn client(pid: i32) -> Caller {
    Caller::from(&Identity::LocalUser { uid: 0, pid })
}

fn command() -> ClusterCommand {
    let (target_kind, target_id) = ("mon".to_owned(), String::new());
    let command = "{\"prefix\": \"osd down\"}".into();
    ClusterCommand { target_kind, target_id, command, input: bytes::Bytes::new() }
}

#[tokio::test]
async fn commands_go_to_the_feed_that_runs_them() {
    let (feeds, ..) = feeds();
    let minute = Duration::from_secs(60);
    let _a = feeds.connect(hello("a")).unwrap();
    assert_eq!(feeds.run(client(1), command(), minute).await, Err(ClusterCommandError::NoExecutor));
    let mut b = feeds.connect(Hello { commands: true, ..hello("b") }).unwrap();
    let answer = async {
        let pending = b.commands.recv().await.unwrap();
        assert_eq!(pending.command, command());
        pending.answer(Outcome::status("done"));
    };
    let (outcome, ()) = tokio::join!(feeds.run(client(1), command(), minute), answer);
    assert_eq!(outcome, Ok(Outcome::status("done")));
    let leave = async {
        let _asked = b.commands.recv().await.unwrap();
        drop(b.feed);
    };
    let (outcome, ()) = tokio::join!(feeds.run(client(1), command(), minute), leave);
    assert_eq!(outcome, Err(ClusterCommandError::Gone("b".to_owned())));
}

#[tokio::test(start_paused = true)]
async fn commands_have_a_deadline_and_a_bounded_queue() {
    let (feeds, ..) = feeds();
    let mut b = feeds.connect(Hello { commands: true, ..hello("b") }).unwrap();
    let after = Duration::from_secs(60);
    let outcome = feeds.run(client(1), command(), after).await;
    assert_eq!(outcome, Err(ClusterCommandError::Timeout { feed: "b".to_owned(), after }));
    assert!(b.commands.recv().await.unwrap().is_abandoned());
    let limit = feeds.limits().commands;
    let callers = [client(1), client(2)];
    let one = |n: usize| feeds.run(callers[n % 2].clone(), command(), after);
    let waiting: Vec<_> = (0..limit).map(one).collect();
    let more = async {
        tokio::task::yield_now().await;
        (feeds.run(client(1), command(), after).await, feeds.run(client(3), command(), after).await)
    };
    let (_, (greedy, other)) = tokio::join!(futures_util::future::join_all(waiting), more);
    let (feed, share) = ("b".to_owned(), feeds.limits().caller_commands);
    assert_eq!(greedy, Err(ClusterCommandError::Share { feed, caller: client(1), limit: share }));
    assert_eq!(other, Err(ClusterCommandError::Busy { feed: "b".to_owned(), limit }));
    // All places are free again, once the feed has taken what was given up.
    while b.commands.try_recv().is_ok() {}
    let outcome = feeds.run(client(1), command(), after).await;
    assert_eq!(outcome, Err(ClusterCommandError::Timeout { feed: "b".to_owned(), after }));
}

#[tokio::test]
async fn control_characters_are_refused_in_names_and_removed_from_descriptions() {
    let (feeds, cluster, _) = feeds();
    let feed = feeds.connect(hello("ceph")).unwrap().feed;
    let odd = "a\u{1b}[2Jb\nc";
    let is_odd = |result: Result<(), FeedError>| matches!(result, Err(FeedError::OddName { .. }));
    assert!(is_odd(feed.put_document(odd, "{}".into())));
    assert!(is_odd(feed.put_daemon(&osd(odd), DaemonChange::default())));
    let counter = Counter {
        path: odd.into(),
        labels: BTreeMap::default(),
        description: String::new(),
        nick: None,
        kind: 0,
        priority: 0,
        units: 0,
    };
    let schema = DaemonChange { schema: Some(vec![counter]), ..DaemonChange::default() };
    assert!(is_odd(feed.put_daemon(&osd("0"), schema)));
    let change = DaemonChange {
        hostname: Some(odd.into()),
        metadata: Some(BTreeMap::from([(odd.into(), odd.into())])),
        ..DaemonChange::default()
    };
    feed.put_daemon(&osd("0"), change).unwrap();
    let shown = serde_json::to_string(&cluster.daemons.list_servers()).unwrap();
    assert!(shown.contains("\"ab c\"") && !shown.contains("[2J"), "{shown}");
    let metadata = cluster.daemons.metadata("osd", "0").unwrap();
    assert_eq!(metadata.get("ab c").map(String::as_str), Some("ab c"));
}

#[tokio::test]
async fn the_daemons_of_a_feed_are_weighed_together() {
    let (feeds, cluster, _) = feeds_with(Limits { daemon_bytes: 3000, ..Limits::default() });
    let feed = feeds.connect(hello("ceph")).unwrap().feed;
    let change = |bytes: usize| {
        let status = BTreeMap::from([("k".to_owned(), "v".repeat(bytes))]);
        DaemonChange { status: Some(status), ..DaemonChange::default() }
    };
    feed.put_daemon(&osd("0"), change(1000)).unwrap();
    feed.put_daemon(&osd("1"), change(1000)).unwrap();
    for id in ["0", "2"] {
        let refused = feed.put_daemon(&osd(id), change(2000)).unwrap_err();
        assert!(matches!(refused, FeedError::TooLarge { limit: 3000, .. }), "{refused}");
    }
    assert_eq!(cluster.daemons.status("osd", "0").unwrap()["k"].len(), 1000);
    // What is smaller than before is never refused, and makes room.
    feed.put_daemon(&osd("0"), change(10)).unwrap();
    feed.put_daemon(&osd("2"), change(1000)).unwrap();
    assert!(feed.remove_daemon(&osd("1")).is_ok() && feed.remove_daemon(&osd("2")).is_ok());
    feed.put_daemon(&osd("3"), change(2000)).unwrap();
}
