use std::time::Duration;

use mgrd_command::Outcome;
use mgrd_snapshots::assert_text;

use super::*;
use crate::builtin::tests::answers::{json_of, plain};
use crate::builtin::tests::harness::{empty, now, recorded, shown};
use crate::cluster::{DaemonChange, DaemonId};
use crate::feed::Hello;
use crate::health::{Check, Checks, Severity, Source};

fn text(glance: &Glance<'_>) -> String {
    shown("status", &Outcome::ok(glance.text()))
}

#[tokio::test]
async fn texts() {
    let (state, _feed) = recorded();
    let map = json!({"active_name": "me", "active_change": "2026-11-22T19:57:00.000000+0000",
        "standbys": [{"name": "y"}, {"name": "z"}]});
    state.cluster.put_own("mgr_map", &map).unwrap();
    assert_text!("status", text(&Glance::of(&state, now())));
}

#[tokio::test]
async fn texts_of_a_cluster_in_trouble() {
    let (state, feed) = recorded();
    let mut pgs = state.cluster.value("pg_status");
    for (key, value) in [
        ("inactive_pgs_ratio", json!(0.0274)),
        ("degraded_objects", json!(26034)),
        ("degraded_total", json!(78102)),
        ("read_bytes_sec", json!(2048)),
        ("write_op_per_sec", json!(7)),
        ("recovering_bytes_per_sec", json!(12_582_912)),
        ("recovering_objects_per_sec", json!(12)),
    ] {
        pgs[key] = value;
    }
    pgs["pgs_by_state"] = json!([{"state_name": "active+undersized+degraded", "count": 71},
        {"state_name": "peering", "count": 2}]);
    let mut osds = state.cluster.value("osd_map");
    osds["osds"][1]["up"] = 0.into();
    osds["flags"] = "noout,nobackfill,sortbitwise".into();
    let mut mons = state.cluster.value("mon_map");
    mons["mons"].as_array_mut().unwrap().push(json!({"rank": 1, "name": "b"}));
    for (name, document) in [("pg_status", pgs), ("osd_map", osds), ("mon_map", mons)] {
        feed.put_document(name, document.to_string().into()).unwrap();
    }
    let gateway = DaemonId::new("rgw", "a");
    feed.put_daemon(&gateway, DaemonChange::default()).unwrap();
    let down =
        Check { severity: Severity::Warning, summary: "1 osds down".into(), ..Check::default() };
    let checks = Checks::from([("OSD_DOWN".to_owned(), down)]);
    state.health.set(Source::Module("osdwatch".into()), checks);
    state.health.mute("AUTH_INSECURE_GLOBAL_ID_RECLAIM_ALLOWED", None, true).unwrap();
    let mut glance = Glance::of(&state, now());
    for mute in Arc::make_mut(&mut glance.report).mutes.values_mut() {
        mute.ttl = Some(now() + Duration::from_secs(3_570));
    }
    glance.feeds[0].connected = false;
    glance.feeds[0].silent = Duration::from_secs(95);
    let event = |message: &str, progress, started: &str, shown| ProgressEvent {
        id: message.to_owned(),
        module: "rebalance".into(),
        message: message.to_owned(),
        progress,
        add_to_ceph_s: shown,
        started_at: started.to_owned(),
        finished_at: None,
    };
    glance.progress = vec![
        event("Rebalancing after osd.1 marked out", 0.4, "2026-11-22T19:58:00.000000+0000", true),
        event("Of no interest to people", 0.5, "2026-11-22T19:58:00.000000+0000", false),
    ];
    assert_text!("status_trouble", text(&glance));
}

#[tokio::test]
async fn texts_without_a_ceph_cluster() {
    let state = empty();
    assert_text!("status_no_feed", text(&Glance::of(&state, now())));
    let hello = Hello { name: "hosts".to_owned(), ..Hello::default() };
    let host = state.feeds.connect(hello).unwrap().feed;
    for disk in ["sda", "sdb"] {
        host.put_daemon(&DaemonId::new("disk", disk), DaemonChange::default()).unwrap();
    }
    assert_text!("status_not_ceph", text(&Glance::of(&state, now())));
}

#[tokio::test]
async fn status_shows_the_recorded_cluster() {
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
async fn status_shows_problems_progress_and_rates() {
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
        "    feed:   replay is disconnected (last message ",
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
async fn a_cluster_other_than_ceph_and_no_cluster_have_a_status() {
    let state = empty();
    let nothing = "  cluster:\n    health: HEALTH_OK\n    \
        feed:   no feed has connected yet, so the state of the cluster is unknown\n\n  \
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
