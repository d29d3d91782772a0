use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use mgrd_snapshots::assert_errors;
use parking_lot::Mutex;
use serde_json::json;

use super::*;
use crate::cluster::Cluster;
use crate::feed::Limits;
use crate::feed::shared::Notifier;
use crate::health::Health;

struct Player {
    feeds: Feeds,
    cluster: Cluster,
    notifications: Arc<Mutex<Vec<String>>>,
}

/// Feeds whose notifications record the value of the document at that time.
fn player() -> Player {
    let cluster = Cluster::default();
    let notifications = Arc::<Mutex<Vec<String>>>::default();
    let (sink, state) = (notifications.clone(), cluster.clone());
    let notifier: Notifier =
        Arc::new(move |kind, _| sink.lock().push(format!("{kind} {}", state.value(kind))));
    let feeds =
        Feeds::new(cluster.clone(), Health::new(cluster.clone()), notifier, Limits::default());
    Player { feeds, cluster, notifications }
}

fn replay(text: &str) -> Replay {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("r.jsonl"), text).unwrap();
    Replay::load(&folder.path().join("r.jsonl")).unwrap()
}

fn real() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../recordings/ceph-16.2")
}

const SHORT: &str = r#"{"t":0,"doc":"x","value":1}
{"t":2,"notify":"x","id":""}
{"t":2.01,"doc":"x","value":2}
{"t":4,"doc":"late","value":1}
"#;

#[tokio::test(start_paused = true)]
async fn events_come_at_their_time_and_the_last_state_stays() {
    let (player, replay) = (player(), replay(SHORT));
    let feed = replay.start(&player.feeds).unwrap();
    assert_eq!(player.cluster.value("x"), 1);
    let play = replay.play(feed, Pace::new(2.0, false).unwrap());
    let watch = async {
        tokio::time::sleep(Duration::from_millis(1001)).await;
        assert_eq!(player.cluster.value("x"), 1);
        tokio::time::sleep(Duration::from_millis(10)).await;
        assert_eq!(
            (player.cluster.value("x"), player.notifications.lock().clone()),
            (2.into(), vec!["x 2".to_owned()])
        );
        tokio::time::sleep(Duration::from_secs(1000)).await;
        assert_eq!(player.cluster.value("late"), 1);
        assert!(player.feeds.is_fresh());
    };
    tokio::select! { _ = play => panic!("the replay ended"), () = watch => {} }
    assert!(!player.feeds.is_fresh());
}

#[tokio::test(start_paused = true)]
async fn a_loop_starts_again_from_the_first_state() {
    let (player, replay) = (player(), replay(SHORT));
    let feed = replay.start(&player.feeds).unwrap();
    let play = replay.play(feed, Pace::new(1.0, true).unwrap());
    let watch = async {
        tokio::time::sleep(Duration::from_millis(5000)).await;
        assert_eq!((player.cluster.value("x"), player.cluster.get("late")), (1.into(), None));
        tokio::time::sleep(Duration::from_millis(2000)).await;
        assert_eq!(*player.notifications.lock(), ["x 2", "x 1", "x 2"]);
    };
    tokio::select! { _ = play => panic!("the replay ended"), () = watch => {} }
}

#[test]
fn a_speed_out_of_range_is_refused() {
    for speed in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e9] {
        assert!(Pace::new(speed, false).is_err(), "{speed}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_real_cluster_loses_an_osd() {
    let player = player();
    let replay = Replay::load(&real().join("recording.jsonl.gz")).unwrap();
    let feed = replay.start(&player.feeds).unwrap();
    let checks = || {
        let health = player.cluster.value("health");
        serde_json::from_str::<Value>(health["json"].as_str().unwrap()).unwrap()["checks"].clone()
    };
    assert_eq!(checks().as_object().unwrap().len(), 1);
    assert!(
        player.cluster.get("mgr_map").is_none()
            && player.cluster.documents.feed_document("mgr_map").is_some()
    );
    let play = replay.play(feed, Pace::new(1.0, false).unwrap());
    let watch = async {
        tokio::time::sleep(Duration::from_secs(17)).await;
        assert_eq!(checks()["OSD_DOWN"]["summary"], json!({"message": "1 osds down", "count": 1}));
        assert_eq!(player.cluster.value("osd_map")["osds"][1]["up"], 0);
        let last = player.cluster.log.last(1, |entry| entry.channel == "cluster");
        assert_eq!(last[0].message, "Health check failed: 1 osds down (OSD_DOWN)");
    };
    tokio::select! { _ = play => panic!("the replay ended"), () = watch => {} }
}

/// Compares the accessors of `ceph-mgr` with ours on its recording.
#[tokio::test]
async fn accessors_answer_as_the_real_manager_did() {
    let player = player();
    let replay = Replay::load(&real().join("recording.jsonl.gz")).unwrap();
    let _feed = replay.start(&player.feeds).unwrap();
    let recorded = |name: &str| -> Value {
        let text = std::fs::read(real().join("state").join(name).with_extension("json"));
        serde_json::from_slice(&text.unwrap()).unwrap()
    };
    let daemons = &player.cluster.daemons;
    let by_daemon = |get: &dyn Fn(&str, &str) -> Value| -> Value {
        let known = recorded("get_metadata");
        let names = known.as_object().unwrap().keys();
        let split = names.map(|name| (name, name.split_once('.').unwrap()));
        split.map(|(name, (kind, id))| (name.clone(), get(kind, id))).collect()
    };
    let all_perf_counters = |priority: u32, kinds: &[&str]| -> Value {
        let mut all = json!({});
        for (id, schema, _, row) in daemons.latest_rows(|id| kinds.contains(&id.kind.as_str())) {
            all[id.to_string()] = json!({});
            for counter in schema.counters().iter().filter(|c| c.priority >= priority) {
                let column = schema.find(&counter.path, &counter.labels).unwrap();
                let mut valued = json!(counter);
                valued["value"] = column.value(&row).into();
                if let Some(count) = column.count(&row) {
                    valued["count"] = count.into();
                }
                all[id.to_string()][&counter.path] = valued;
            }
        }
        all
    };
    let kinds = ["mds", "mon", "osd", "rbd-mirror", "rgw", "tcmu-runner"];
    let (op, latency) = ("osd.op", "osd.op_latency");
    let latest_counter = |path| daemons.counter("osd", "0", path, &BTreeMap::new()).pop();
    let answers = [
        ("list_servers", json!(daemons.list_servers())),
        ("get_server", json!({"node1": daemons.get_server("node1")})),
        ("get_metadata", by_daemon(&|kind, id| json!(daemons.metadata(kind, id)))),
        ("get_daemon_status", by_daemon(&|kind, id| json!(daemons.status(kind, id)))),
        ("get_perf_schema", json!(daemons.perf_schema("", ""))),
        ("get_all_perf_counters", all_perf_counters(5, &kinds)),
        ("get_counter", json!({op: daemons.counter("osd", "0", op, &BTreeMap::new())})),
        (
            "get_counter_avg",
            json!({latency: daemons.counter("osd", "0", latency, &BTreeMap::new())}),
        ),
        ("get_latest_counter", json!({op: latest_counter(op)})),
        ("get_latest_counter_avg", json!({latency: latest_counter(latency)})),
        ("get_daemon_health_metrics", json!(daemons.health_metrics())),
    ];
    for (name, answer) in answers {
        assert!(answer == recorded(name), "{name} differs");
    }
    let (version, release) = player.feeds.cluster_version().unwrap();
    assert_eq!((json!(version), json!(release)), (recorded("version"), recorded("release_name")));
    let nowhere = json!({"hostname": "nowhere", "services": [], "ceph_version": ""});
    assert_eq!(json!(daemons.get_server("nowhere")), nowhere);
    assert_eq!(daemons.metadata("osd", "9"), None);
    assert_eq!(json!(daemons.perf_schema("osd", "9")), json!({}));
    assert_eq!(json!({"x": daemons.counter("osd", "0", "x", &BTreeMap::new())}), json!({"x": []}));
}

#[test]
fn a_broken_state_folder_names_the_file_and_line() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("r.jsonl"), SHORT).unwrap();
    std::fs::create_dir(folder.path().join(STATE)).unwrap();
    std::fs::write(folder.path().join(STATE).join("get_metadata.json"), "{\n\"osd.0\": 5}")
        .unwrap();
    let error = Replay::load(&folder.path().join("r.jsonl")).unwrap_err().to_string();
    assert!(error.contains("get_metadata.json, line 2"), "{error}");
}

#[test]
fn texts() {
    assert_errors!(InvalidPace of [InvalidPace(0.0)]);
}
