use mgrd_command::Outcome;
use serde_json::{Map, Value, json};

use super::*;
use crate::builtin::state::{list, number, text};
use crate::builtin::tests::harness::{empty, prefix, recorded};
use crate::builtin::{Format, Request};
use crate::cluster::Priority;

async fn run(state: &State, words: &str, args: Value, format: Format) -> Outcome {
    let all = cluster_commands();
    let command = all.iter().find(|command| prefix(command.cmd) == words).unwrap();
    let args = args.as_object().cloned().unwrap_or_else(Map::new);
    let caller = "client.admin".to_owned();
    let request =
        Request { args, format, caller, now: jiff::Timestamp::now(), ..Request::default() };
    (command.run)(state, &request).await
}

/// What people read, without the ages, which depend on when it is read.
async fn plain(state: &State, prefix: &str) -> String {
    let outcome = run(state, prefix, Value::Null, Format::Plain).await;
    assert_eq!((outcome.retval, outcome.stderr.as_str()), (0, ""), "{prefix}");
    let mut text = String::from_utf8(outcome.stdout.to_vec()).unwrap();
    for word in [" (since ", " (age "] {
        while let Some(at) = text.find(word) {
            let end = at + text[at..].find(')').unwrap();
            text.replace_range(at..=end, "");
        }
    }
    text
}

async fn json_of(state: &State, prefix: &str, args: Value) -> Value {
    let outcome = run(state, prefix, args, Format::Json).await;
    serde_json::from_slice(&outcome.stdout).unwrap()
}

#[tokio::test]
async fn people_see_the_recorded_cluster_at_a_glance() {
    let (state, _feed) = recorded();
    let expected = "  cluster:
    id:     38f5bf59-6619-4409-a848-edac8d90825a
    health: HEALTH_WARN
            mon is allowing insecure global_id reclaim

  services:
    mon: 1 daemons, quorum a
    mgr: me(active)
    mds: 1/1 daemons up
    osd: 3 osds: 3 up, 3 in

  data:
    volumes: 1/1 healthy
    pools:   5 pools, 73 pgs
    objects: 6.58k objects, 410 MiB
    usage:   1.2 GiB used, 1.8 GiB / 3 GiB avail
    pgs:     73 active+clean
";
    assert_eq!(plain(&state, "status").await, expected);
}

#[tokio::test]
async fn people_see_trouble_work_and_rates() {
    let (state, feed) = recorded();
    let pgs = json!({
        "num_pgs": 73, "num_pools": 5, "inactive_pgs_ratio": 0.0274, "degraded_objects": 26034,
        "degraded_total": 78102, "read_bytes_sec": 2048, "write_op_per_sec": 7,
        "recovering_objects_per_sec": 12, "pgs_by_state": [
            {"state_name": "active+undersized", "count": 71}, {"state_name": "peering", "count": 2}],
    });
    feed.put_document("pg_status", pgs.to_string().into()).unwrap();
    let flags =
        json!({"flags": "noout,sortbitwise", "osds": [{"up": 1, "in": 1}, {"up": 0, "in": 1}]});
    feed.put_document("osd_map", flags.to_string().into()).unwrap();
    state.health.mute("AUTH_INSECURE_GLOBAL_ID_RECLAIM_ALLOWED", None, true).unwrap();
    state.cluster.progress.update("m", "1", "Moving", 0.5, true).unwrap();
    state.cluster.progress.update("m", "2", "Hidden", 0.5, false).unwrap();
    drop(feed);
    let status = plain(&state, "status").await;
    for part in [
        "    health: HEALTH_OK\n            (muted: AUTH_INSECURE_GLOBAL_ID_RECLAIM_ALLOWED)\n",
        "    feed:   replay is disconnected (last heard ",
        "    osd: 2 osds: 1 up, 2 in\n         flags noout\n",
        "    pgs:     2.740% pgs not active\n             26034/78102 objects degraded (33.333%)\n",
        "\n             71 active+undersized\n              2 peering\n",
        "  io:\n    client:   2 KiB/s rd, 7 op/s wr\n    recovery: 12 objects/s\n",
        "  progress:\n    Moving (",
    ] {
        assert!(status.contains(part), "{part}\nis not in\n{status}");
    }
    assert!(status.contains("      [==============..............]") && !status.contains("Hidden"));
    let pg_stat = plain(&state, "pg stat").await;
    assert!(pg_stat.ends_with("avail; 26034/78102 objects degraded (33.333%)\n"), "{pg_stat}");
}

#[tokio::test]
async fn numbers_that_make_no_sense_break_no_command() {
    let (state, feed) = recorded();
    let osd = json!({"osd": 0, "kb": u64::MAX, "kb_used": u64::MAX});
    let told = [
        ("osd_stats", json!({"osd_stats": [osd, osd]})),
        (
            "pg_status",
            json!({"pgs_by_state": [
            {"state_name": "remapped", "count": u64::MAX},
            {"state_name": "remapped", "count": u64::MAX}]}),
        ),
    ];
    for (name, document) in told {
        feed.put_document(name, document.to_string().into()).unwrap();
    }
    for command in ["osd df", "osd stat", "pg stat", "status"] {
        plain(&state, command).await;
    }
}

#[tokio::test]
async fn a_cluster_that_is_not_ceph_or_not_there_has_a_status_too() {
    let state = empty();
    let nothing = "  cluster:\n    health: HEALTH_OK\n    \
        feed:   none has connected yet; nothing is known of the cluster\n\n  \
        services:\n    mgr: no daemons active\n";
    assert_eq!(plain(&state, "status").await, nothing);
    let hello = crate::feed::Hello { name: "host".to_owned(), ..crate::feed::Hello::default() };
    let host = state.feeds.connect(hello).unwrap().feed;
    let disk = crate::cluster::DaemonId::new("disk", "sda");
    host.put_daemon(&disk, crate::cluster::DaemonChange::default()).unwrap();
    let status = plain(&state, "status").await;
    assert!(status.ends_with("  services:\n    mgr:  no daemons active\n    disk: 1 daemons\n"));
    assert_eq!(json_of(&state, "status", Value::Null).await["osdmap"], json!({}));
}

#[tokio::test]
async fn tables_are_aligned_as_people_know_them() {
    let (state, _feed) = recorded();
    let tree = "\
ID  CLASS   WEIGHT  TYPE NAME       STATUS  REWEIGHT  PRI-AFF
-1         0.00298  root default
-3         0.00298      host node1
 0    hdd  0.00099          osd.0       up   1.00000  1.00000
 1    hdd  0.00099          osd.1       up   1.00000  1.00000
 2    hdd  0.00099          osd.2       up   1.00000  1.00000
";
    assert_eq!(plain(&state, "osd tree").await, tree);
    let df = "\
--- RAW STORAGE ---
CLASS   SIZE    AVAIL     USED  RAW USED  %RAW USED
hdd    3 GiB  1.8 GiB  1.2 GiB   1.2 GiB      40.03
TOTAL  3 GiB  1.8 GiB  1.2 GiB   1.2 GiB      40.03

--- POOLS ---
POOL                   ID  PGS   STORED  OBJECTS     USED  %USED  MAX AVAIL
device_health_metrics   1    1      0 B        0      0 B      0    563 MiB
cephfs.data             2   16      0 B        0      0 B      0    563 MiB
cephfs.meta             3    8  4.0 KiB       22  4.0 KiB   0.00    563 MiB
rbd                     4   32  410 MiB    6.56k  410 MiB  19.53    563 MiB
ecpool                  5   16      0 B        0      0 B      0    1.1 GiB
";
    assert_eq!(plain(&state, "df").await, df);
    let osd_df = plain(&state, "osd df").await;
    assert!(osd_df.ends_with("40.03\nMIN/MAX VAR: 1.00/1.00  STDDEV: 0.01\n"), "{osd_df}");
    let nodes = json_of(&state, "osd df", Value::Null).await["nodes"].take();
    let ids: Vec<_> = list(&nodes).iter().map(|node| number(&node["id"])).collect();
    assert_eq!(ids, [0, 1, 2]);
    assert_eq!(plain(&state, "osd stat").await, "3 osds: 3 up, 3 in; epoch: e28\n");
    let ranks =
        json!([{"filesystem_id": 1, "gid": 4155, "name": "a", "rank": 0, "status": "up:active"}]);
    assert_eq!(json_of(&state, "status", Value::Null).await["fsmap"]["by_rank"], ranks);
    let mons = "e1: 1 mons at {a=[v2:127.0.0.1:40300/0,v1:127.0.0.1:40301/0]}, \
                election epoch 3, leader 0 a, quorum 0 a\n";
    assert_eq!(plain(&state, "mon stat").await, mons);
    assert_eq!(plain(&state, "mds stat").await, "cephfs:1 {0=a=up:active}\n");
    let volumes = "name: cephfs, metadata pool: cephfs.meta, data pools: [cephfs.data]\n";
    assert_eq!(plain(&state, "fs ls").await, volumes);
}

#[tokio::test]
async fn a_tree_that_bites_its_tail_is_shown_all_the_same() {
    let state = empty();
    let tree = json!({"nodes": [{"id": -1, "name": "r", "type": "root", "children": [-2]},
        {"id": -2, "name": "a", "type": "host", "children": [-2]}]});
    state.cluster.documents.put("osd_map_tree", tree.to_string().into());
    assert!(plain(&state, "osd tree").await.contains("host a"));
}

#[tokio::test]
async fn an_absent_document_is_named() {
    let state = empty();
    let absent = [
        ("osd tree", "osd_map_tree"),
        ("osd df", "osd_map_tree"),
        ("osd dump", "osd_map"),
        ("df", "df"),
        ("pg stat", "pg_status"),
        ("mon stat", "mon_map"),
        ("fs ls", "fs_map"),
        ("fsid", "osd_map"),
        ("mgr stat", "mgr_map"),
        ("device ls", "devices"),
    ];
    for (prefix, document) in absent {
        let outcome = run(&state, prefix, Value::Null, Format::Plain).await;
        assert_eq!(outcome.retval, -2, "{prefix}");
        assert!(outcome.stderr.contains(&format!("'{document}'")), "{}", outcome.stderr);
    }
}

#[tokio::test]
async fn every_command_answers_programs_with_or_without_a_cluster() {
    for (state, _feed) in [(empty(), None), {
        let (state, feed) = recorded();
        (state, Some(feed))
    }] {
        // What 'mgr fail' waits for.
        state.managers.end();
        for command in cluster_commands() {
            let words = prefix(command.cmd);
            let outcome = run(&state, &words, Value::Null, Format::Json).await;
            let json = outcome.stdout.is_empty()
                || serde_json::from_slice::<Value>(&outcome.stdout).is_ok();
            assert!(json && (outcome.retval == 0 || !outcome.stderr.is_empty()), "{words:?}");
        }
    }
}

#[tokio::test]
async fn checks_are_muted_by_command() {
    let (state, _feed) = recorded();
    let code = "AUTH_INSECURE_GLOBAL_ID_RECLAIM_ALLOWED";
    let bad = json!({"code": code, "ttl": "5x"});
    let refused = run(&state, "health mute", bad, Format::Plain).await;
    assert!(refused.retval == -22 && refused.stderr.starts_with("invalid duration: 5x ("));
    let unknown = run(&state, "health mute", json!({"code": "X"}), Format::Plain).await;
    assert_eq!((unknown.retval, &*unknown.stderr), (-2, "health alert X is not currently raised"));
    run(&state, "health mute", json!({"code": code, "ttl": "1w", "sticky": true}), Format::Plain)
        .await;
    let health = json_of(&state, "health", Value::Null).await;
    assert_eq!(
        (&health["status"], &health["mutes"][0]["sticky"]),
        (&json!("HEALTH_OK"), &json!(true))
    );
    assert!(health["checks"][code].get("detail").is_none());
    let detail = json_of(&state, "health", json!({"detail": "detail"})).await;
    assert!(detail["checks"][code]["detail"][0]["message"].is_string());
    run(&state, "health unmute", json!({"code": code}), Format::Plain).await;
    assert_eq!(
        plain(&state, "health").await,
        "HEALTH_WARN mon is allowing insecure global_id reclaim\n"
    );
}

#[tokio::test]
async fn the_log_is_written_and_read_by_channel_level_and_number() {
    let state = empty();
    for (channel, priority, text) in [
        ("cluster", Priority::Debug, "d"),
        ("cluster", Priority::Warning, "w"),
        ("audit", Priority::Info, "a"),
    ] {
        state.feeds.write_log("mon.a", channel, priority, text);
    }
    run(&state, "log", json!({"logtext": ["hello", "world"]}), Format::Plain).await;
    let messages = async |args: Value| -> Vec<String> {
        let entries = json_of(&state, "log last", args).await;
        entries.as_array().unwrap().iter().map(|e| text(&e["message"]).to_owned()).collect()
    };
    assert_eq!(messages(json!({})).await, ["w", "hello world"]);
    assert_eq!(messages(json!({"num": 1})).await, ["hello world"]);
    assert_eq!(messages(json!({"level": "warn"})).await, ["w"]);
    assert_eq!(
        messages(json!({"level": "debug", "channel": "*"})).await,
        ["d", "w", "a", "hello world"]
    );
    let lines = plain(&state, "log last").await;
    assert!(
        lines.ends_with("client.admin (client.admin) 4 : cluster [INF] hello world\n"),
        "{lines}"
    );
}

#[tokio::test]
async fn managers_are_listed_with_this_one() {
    let (state, _feed) = recorded();
    let all = json_of(&state, "mgr metadata", Value::Null).await;
    let names: Vec<_> = all.as_array().unwrap().iter().map(|m| text(&m["name"])).collect();
    assert_eq!(names, ["me", "x"]);
    let counts = json_of(&state, "mgr count-metadata", json!({"property": "os"})).await;
    assert_eq!(counts, json!({"Linux": 1, "unknown": 1}));
    let unknown = run(&state, "mgr metadata", json!({"who": "y"}), Format::Plain).await;
    assert_eq!(unknown.retval, -2);
}

#[tokio::test]
async fn feeds_are_listed_and_forgotten() {
    let (state, feed) = recorded();
    let list = json_of(&state, "feed ls", Value::Null).await;
    assert_eq!((&list[0]["name"], &list[0]["state"]), (&json!("replay"), &json!("connected")));
    assert!(plain(&state, "feed ls").await.contains("\nreplay  connected  "));
    let forget =
        async || run(&state, "feed forget", json!({"name": "replay"}), Format::Plain).await;
    assert_eq!(forget().await.retval, -2);
    drop(feed);
    assert_eq!(json_of(&state, "feed ls", Value::Null).await[0]["state"], "disconnected");
    assert_eq!(forget().await.retval, 0);
    assert_eq!(json_of(&state, "feed ls", Value::Null).await, json!([]));
    assert_eq!(state.cluster.get("osd_map"), None);
}
