//! `status`: the whole cluster at a glance.

mod blocks;

use mgrd_command::Outcome;
use serde_json::{Map, Value, json};

use blocks::Glance;

use super::osd;
use super::state::{State, list, number};
use super::{Builtin, Request, now};

/// The commands.
pub const COMMANDS: &[Builtin<State>] = &[Builtin {
    cmd: "status",
    help: "show the cluster at a glance",
    perm: "r",
    run: |state, request| now(status(state, request)),
}];

fn status(state: &State, request: &Request) -> Outcome {
    request.format.render(&for_programs(state), || Glance::of(state, request.now).text())
}

/// The status with Ceph's keys. What no feed sends is empty.
fn for_programs(state: &State) -> Value {
    let value = |name: &str| state.cluster.value(name);
    let osd_map = state.cluster.osd_summary().unwrap_or_default();
    let (mon_map, fs_map) = (value("mon_map"), value("fs_map"));
    let mgr_map =
        state.cluster.members("mgr_map", &["available", "standbys", "modules", "services"]);
    let mons = state.mon_status();
    let names = list(&mons["quorum"]).iter().filter_map(|rank| {
        list(&mon_map["mons"]).iter().find(|mon| mon["rank"] == *rank).map(|mon| &mon["name"])
    });
    let or_empty = |value: Value| if value.is_object() { value } else { json!({}) };
    let mut progress = Map::new();
    for event in state.cluster.progress.open() {
        let (message, done, shown) = (event.message, event.progress, event.add_to_ceph_s);
        // Two modules may use the same id. Neither may hide the work of the other.
        let id = match progress.contains_key(&event.id) {
            true => format!("{}/{}", event.module, event.id),
            false => event.id,
        };
        progress.insert(id, json!({"message": message, "progress": done, "add_to_ceph_s": shown}));
    }
    json!({
        "fsid": state.fsid(),
        "health": state.health.report().to_json(false),
        "election_epoch": number(&mons["election_epoch"]),
        "quorum": list(&mons["quorum"]),
        "quorum_names": names.collect::<Vec<_>>(),
        "quorum_age": number(&mons["quorum_age"]),
        "monmap": {
            "epoch": number(&mon_map["epoch"]),
            "min_mon_release_name": mon_map["min_mon_release_name"],
            "num_mons": list(&mon_map["mons"]).len(),
        },
        "osdmap": if osd_map.is_object() { osd::counts(state, &osd_map) } else { json!({}) },
        "pgmap": or_empty(value("pg_status")),
        "fsmap": blocks::fs_counts(&fs_map),
        "mgrmap": {
            "available": mgr_map["available"] == true,
            "num_standbys": list(&mgr_map["standbys"]).len(),
            "modules": list(&mgr_map["modules"]),
            "services": or_empty(mgr_map["services"].clone()),
        },
        "servicemap": or_empty(value("service_map")),
        "progress_events": progress,
        "have_mon_connection": state.feeds.is_fresh(),
    })
}
