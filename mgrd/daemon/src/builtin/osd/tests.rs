use mgrd_snapshots::assert_text;
use serde_json::json;

use super::*;
use crate::builtin::tests::answers::plain;
use crate::builtin::tests::harness::{Terminal, empty, recorded};

const ALL: [&str; 5] = ["osd stat", "osd ls", "osd tree", "osd pool ls", "osd dump"];

#[tokio::test]
async fn texts() {
    let (state, _feed) = recorded();
    let mut terminal = Terminal::new(&state, COMMANDS);
    for command in ALL {
        terminal.types(command).await;
    }
    assert_text!("osd", terminal.screen());
}

#[tokio::test]
async fn texts_of_a_cluster_in_trouble() {
    let (state, feed) = recorded();
    let mut map = state.cluster.value("osd_map");
    for (key, value) in [("up", 0), ("in", 0), ("down_at", 27)] {
        map["osds"][1][key] = value.into();
    }
    map["osds"][1]["weight"] = 0.0.into();
    map["osds"][1]["state"] = json!(["autoout", "exists"]);
    map["flags"] = "noout,sortbitwise".into();
    let mut tree = state.cluster.value("osd_map_tree");
    for node in tree["nodes"].as_array_mut().unwrap() {
        if node["id"] == 1 {
            node["status"] = "down".into();
            node["reweight"] = 0.into();
        }
    }
    tree["stray"] = json!([{"id": 12, "name": "osd.12", "type": "osd", "crush_weight": 0.0,
        "device_class": "nvme", "status": "down", "reweight": 0.0, "primary_affinity": 1.0}]);
    let mut pgs = state.cluster.value("pg_status");
    pgs["pgs_by_state"] = json!([{"state_name": "active+clean", "count": 60},
        {"state_name": "active+remapped+backfilling", "count": 13}]);
    for (name, document) in [("osd_map", map), ("osd_map_tree", tree), ("pg_status", pgs)] {
        feed.put_document(name, document.to_string().into()).unwrap();
    }
    let mut terminal = Terminal::new(&state, COMMANDS);
    for command in ["osd stat", "osd tree", "osd dump"] {
        terminal.types(command).await;
    }
    assert_text!("osd_trouble", terminal.screen());
}

#[tokio::test]
async fn texts_without_osds() {
    let state = empty();
    let mut terminal = Terminal::new(&state, COMMANDS);
    terminal.types("osd tree").await;
    let map = json!({"epoch": 1, "fsid": "38f5bf59-6619-4409-a848-edac8d90825a",
        "created": "2026-11-22T19:27:00.000000+0000", "modified": "2026-11-22T19:27:00.000000+0000",
        "flags": "", "require_osd_release": "pacific", "pools": [], "osds": []});
    let tree = json!({"nodes": [], "stray": []});
    for (name, document) in [("osd_map", map), ("osd_map_tree", tree)] {
        state.cluster.documents.put(name, document.to_string().into());
    }
    for command in ALL {
        terminal.types(command).await;
    }
    assert_text!("osd_none", terminal.screen());
}

#[tokio::test]
async fn a_tree_with_a_cycle_is_shown() {
    let state = empty();
    let tree = json!({"nodes": [{"id": -1, "name": "r", "type": "root", "children": [-2]},
        {"id": -2, "name": "a", "type": "host", "children": [-2]}]});
    state.cluster.documents.put("osd_map_tree", tree.to_string().into());
    assert!(plain(&state, "osd tree").await.contains("host a"));
}
