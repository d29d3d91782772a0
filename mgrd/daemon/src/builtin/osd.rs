//! `osd …`: the OSD map, for people and programs.

use std::collections::BTreeMap;
use std::fmt::Write;

use jiff::Timestamp;
use mgrd_command::Outcome;
use serde_json::{Value, json};

use super::rendered::beside;
use super::state::{Missing, State, float, list, number, text, total};
use super::units::{since_note, time};
use super::{Builtin, Request, TextTable, now};

/// The commands.
pub const COMMANDS: &[Builtin<State>] = &[
    Builtin {
        cmd: "osd tree",
        help: "show the OSDs in their place in the CRUSH tree",
        perm: "r",
        run: |state, request| beside(state, request, tree),
    },
    Builtin {
        cmd: "osd stat",
        help: "show how many OSDs are up and in",
        perm: "r",
        run: |state, request| now(stat(state, request)),
    },
    Builtin {
        cmd: "osd ls",
        help: "list the ids of all OSDs",
        perm: "r",
        run: |state, request| now(ls(state, request)),
    },
    Builtin {
        cmd: "osd dump",
        help: "show the OSD map",
        perm: "r",
        run: |state, request| beside(state, request, dump),
    },
    Builtin {
        cmd: "osd pool ls",
        help: "list the pools",
        perm: "r",
        run: |state, request| now(pool_ls(state, request)),
    },
];

fn tree(state: &State, request: &Request) -> Result<Outcome, Missing> {
    let tree = state.document("osd_map_tree")?;
    Ok(request.format.render(&tree, || {
        let titles = ["ID", "CLASS", "WEIGHT", "TYPE NAME", "STATUS", "REWEIGHT", "PRI-AFF"];
        let mut table = TextTable::new(titles).right(&[0, 1, 2, 4, 5, 6]);
        let nodes = nodes(&tree["nodes"]);
        let is_child = |id: i64| nodes.values().any(|node| children(node).any(|child| child == id));
        let roots = list(&tree["nodes"]).iter().filter_map(|node| node["id"].as_i64());
        for root in roots.filter(|&id| !is_child(id)) {
            branch(&mut table, &nodes, root, 0);
        }
        for stray in list(&tree["stray"]) {
            table.row(node_row(stray, float(&stray["crush_weight"]), 0));
        }
        table.render()
    }))
}

type Nodes<'a> = BTreeMap<i64, &'a Value>;

/// The maximum depth of a tree that is shown. It ends a tree that contains a cycle.
const DEPTH: usize = 64;

fn nodes(list_of_nodes: &Value) -> Nodes<'_> {
    list(list_of_nodes).iter().filter_map(|node| Some((node["id"].as_i64()?, node))).collect()
}

fn children(node: &Value) -> impl Iterator<Item = i64> {
    list(&node["children"]).iter().filter_map(Value::as_i64)
}

fn branch(table: &mut TextTable, nodes: &Nodes<'_>, id: i64, depth: usize) {
    let Some(node) = nodes.get(&id).filter(|_| depth < DEPTH) else { return };
    table.row(node_row(node, weight(nodes, id, depth), depth));
    let mut below: Vec<_> = children(node).collect();
    below.sort_unstable();
    below.into_iter().for_each(|child| branch(table, nodes, child, depth + 1));
}

/// The weight of an OSD, or of everything below a bucket.
fn weight(nodes: &Nodes<'_>, id: i64, depth: usize) -> f64 {
    let Some(node) = nodes.get(&id).filter(|_| depth < DEPTH) else { return 0.0 };
    let below = children(node).map(|child| weight(nodes, child, depth + 1));
    float(&node["crush_weight"]) + below.sum::<f64>()
}

fn node_row(node: &Value, weight: f64, depth: usize) -> [String; 7] {
    let name = text(&node["name"]);
    let is_osd = node["type"] == "osd";
    let place = if is_osd { name.to_owned() } else { format!("{} {name}", text(&node["type"])) };
    let of_osd =
        |key: &str| if is_osd { format!("{:.5}", float(&node[key])) } else { String::new() };
    [
        node["id"].to_string(),
        text(&node["device_class"]).to_owned(),
        format!("{weight:.5}"),
        format!("{}{place}", "    ".repeat(depth)),
        text(&node["status"]).to_owned(),
        of_osd("reweight"),
        of_osd("primary_affinity"),
    ]
}

/// The number of OSDs, of those that are up, and of those that are in, with the keys of `osd stat`. `map` is
/// the summary of the OSD map.
pub(super) fn counts(state: &State, map: &Value) -> Value {
    let seconds = |key: &str| time(text(&map[key])).map_or(0, |time| time.as_second());
    let pgs = state.cluster.value("pg_status");
    let remapped = list(&pgs["pgs_by_state"])
        .iter()
        .filter(|pgs| text(&pgs["state_name"]).contains("remapped"))
        .map(|pgs| number(&pgs["count"]));
    json!({
        "epoch": map["epoch"],
        "num_osds": number(&map["num_osds"]),
        "num_up_osds": number(&map["num_up_osds"]),
        "osd_up_since": seconds("last_up_change"),
        "num_in_osds": number(&map["num_in_osds"]),
        "osd_in_since": seconds("last_in_change"),
        "num_remapped_pgs": total(remapped),
    })
}

/// Such as `3 osds: 3 up (since 3m), 3 in (since 4m)`.
pub(super) fn summary(counts: &Value, map: &Value, now: Timestamp) -> String {
    let since = |key: &str| since_note(text(&map[key]), now);
    let remapped = number(&counts["num_remapped_pgs"]);
    format!(
        "{} osds: {} up{}, {} in{}{}",
        counts["num_osds"],
        counts["num_up_osds"],
        since("last_up_change"),
        counts["num_in_osds"],
        since("last_in_change"),
        if remapped > 0 { format!("; {remapped} remapped pgs") } else { String::new() },
    )
}

fn stat(state: &State, request: &Request) -> Result<Outcome, Missing> {
    let map = state.cluster.osd_summary().ok_or(Missing("osd_map"))?;
    let counts = counts(state, &map);
    let line = || format!("{}; epoch: e{}\n", summary(&counts, &map, request.now), map["epoch"]);
    Ok(request.format.render(&counts, line))
}

fn ls(state: &State, request: &Request) -> Result<Outcome, Missing> {
    let map = state.document("osd_map")?;
    let ids: Vec<_> = list(&map["osds"]).iter().map(|osd| &osd["osd"]).collect();
    Ok(request.format.render(&ids, || ids.iter().map(|id| format!("{id}\n")).collect()))
}

fn pool_ls(state: &State, request: &Request) -> Result<Outcome, Missing> {
    let map = state.document("osd_map")?;
    let names: Vec<_> = list(&map["pools"]).iter().map(|pool| text(&pool["pool_name"])).collect();
    Ok(request.format.render(&names, || names.iter().map(|name| format!("{name}\n")).collect()))
}

fn dump(state: &State, request: &Request) -> Result<Outcome, Missing> {
    let map = state.document("osd_map")?;
    Ok(request.format.render(&map, || dump_text(&map)))
}

fn dump_text(map: &Value) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    for key in ["epoch", "fsid", "created", "modified", "flags", "require_osd_release"] {
        let _ = writeln!(out, "{}", format!("{key} {}", plain(&map[key])).trim_end());
    }
    let mut pools = TextTable::new([
        "POOL",
        "NAME",
        "SIZE",
        "MIN_SIZE",
        "RULE",
        "PG_NUM",
        "AUTOSCALE",
        "FLAGS",
    ])
    .right(&[0, 2, 3, 4, 5]);
    for pool in list(&map["pools"]) {
        let keys = [
            "pool",
            "pool_name",
            "size",
            "min_size",
            "crush_rule",
            "pg_num",
            "pg_autoscale_mode",
            "flags_names",
        ];
        pools.row(keys.map(|key| plain(&pool[key])));
    }
    let mut osds =
        TextTable::new(["OSD", "UP", "IN", "WEIGHT", "UP_FROM", "DOWN_AT", "ADDRESS", "STATE"])
            .right(&[3, 4, 5]);
    for osd in list(&map["osds"]) {
        let state: Vec<_> = list(&osd["state"]).iter().map(text).collect();
        let is = |key: &str, yes: &str, no: &str| {
            if number(&osd[key]) == 1 { yes } else { no }.to_owned()
        };
        osds.row([
            format!("osd.{}", osd["osd"]),
            is("up", "up", "down"),
            is("in", "in", "out"),
            plain(&osd["weight"]),
            plain(&osd["up_from"]),
            plain(&osd["down_at"]),
            plain(&osd["public_addr"]),
            state.join(","),
        ]);
    }
    out + "\n" + &pools.render() + "\n" + &osds.render()
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests;
