use std::time::Duration;

use mgrd_command::Outcome;
use mgrd_snapshots::assert_text;

use super::*;
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
    for mute in glance.report.mutes.values_mut() {
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
