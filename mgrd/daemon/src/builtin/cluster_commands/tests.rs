use serde_json::{Value, json};

use super::*;
use crate::builtin::Format;
use crate::builtin::state::{list, number};
use crate::builtin::tests::answers::{json_of, plain, run};
use crate::builtin::tests::harness::{empty, prefix, recorded};

#[tokio::test]
async fn senseless_numbers_break_no_command() {
    let (state, feed) = recorded();
    let osd = json!({"osd": 0, "kb": u64::MAX, "kb_used": u64::MAX});
    let documents = [
        ("osd_stats", json!({"osd_stats": [osd, osd]})),
        (
            "pg_status",
            json!({"pgs_by_state": [
            {"state_name": "remapped", "count": u64::MAX},
            {"state_name": "remapped", "count": u64::MAX}]}),
        ),
    ];
    for (name, document) in documents {
        feed.put_document(name, document.to_string().into()).unwrap();
    }
    for command in ["osd df", "osd stat", "pg stat", "status"] {
        plain(&state, command).await;
    }
}

#[tokio::test]
async fn tables_look_as_in_ceph() {
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
async fn the_error_names_an_absent_document() {
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
async fn every_command_answers_in_json_with_or_without_a_cluster() {
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
