//! `df`, `osd df`: how full the cluster is.

use mgrd_command::Outcome;
use serde_json::{Value, json};

use super::rendered::beside;
use super::state::{Missing, State, float, list, number, text, total};
use super::units::{bytes, count, percent};
use super::{Builtin, Request, TextTable, now};

/// The commands.
pub const COMMANDS: &[Builtin<State>] = &[
    Builtin {
        cmd: "df",
        help: "show how full the cluster and its pools are",
        perm: "r",
        run: |state, request| now(df(state, request)),
    },
    Builtin {
        cmd: "osd df",
        help: "show how full each OSD is",
        perm: "r",
        run: |state, request| beside(state, request, osd_df),
    },
];

fn df(state: &State, request: &Request) -> Result<Outcome, Missing> {
    let df = state.document("df")?;
    let map = state.cluster.value("osd_map");
    Ok(request.format.render(&df, || {
        format!("--- RAW STORAGE ---\n{}\n--- POOLS ---\n{}", raw(&df), pools(&df, &map))
    }))
}

fn raw(df: &Value) -> String {
    let titles = ["CLASS", "SIZE", "AVAIL", "USED", "RAW USED", "%RAW USED"];
    let mut table = TextTable::new(titles).right(&[1, 2, 3, 4, 5]);
    let classes = df["stats_by_class"].as_object().into_iter().flatten();
    let total = ("TOTAL".to_owned(), df["stats"].clone());
    for (class, stats) in classes.map(|(c, s)| (c.clone(), s.clone())).chain([total]) {
        let size = |key: &str| bytes(number(&stats[key]));
        table.row([
            class,
            size("total_bytes"),
            size("total_avail_bytes"),
            size("total_used_bytes"),
            size("total_used_raw_bytes"),
            percent(float(&stats["total_used_raw_ratio"])),
        ]);
    }
    table.render()
}

fn pools(df: &Value, map: &Value) -> String {
    let titles = ["POOL", "ID", "PGS", "STORED", "OBJECTS", "USED", "%USED", "MAX AVAIL"];
    let mut table = TextTable::new(titles).right(&[1, 2, 3, 4, 5, 6, 7]);
    for pool in list(&df["pools"]) {
        let stats = &pool["stats"];
        let pgs = list(&map["pools"]).iter().find(|known| known["pool"] == pool["id"]);
        table.row([
            text(&pool["name"]).to_owned(),
            pool["id"].to_string(),
            pgs.map(|pool| pool["pg_num"].to_string()).unwrap_or_default(),
            bytes(number(&stats["stored"])),
            count(number(&stats["objects"])),
            bytes(number(&stats["bytes_used"])),
            percent(float(&stats["percent_used"])),
            bytes(number(&stats["max_avail"])),
        ]);
    }
    table.render()
}

/// The sizes of an OSD, in KiB.
const SIZES: [&str; 6] =
    ["kb", "kb_used", "kb_used_data", "kb_used_omap", "kb_used_meta", "kb_avail"];

fn osd_df(state: &State, request: &Request) -> Result<Outcome, Missing> {
    let (tree, stats) = (state.document("osd_map_tree")?, state.document("osd_stats")?);
    let stats = list(&stats["osd_stats"]);
    let sum = |key: &str| total(stats.iter().map(|osd| number(&osd[key])));
    let average = used(sum("kb_used"), sum("kb"));
    let in_tree = |osd: &Value| {
        list(&tree["nodes"]).iter().find(|node| node["type"] == "osd" && node["id"] == osd["osd"])
    };
    let mut nodes: Vec<Value> =
        stats.iter().map(|osd| node(in_tree(osd).unwrap_or(&Value::Null), osd, average)).collect();
    nodes.sort_by_key(|node| node["id"].as_i64());
    let vars = || nodes.iter().map(|node| float(&node["var"]));
    let mut summary = json!({
        "average_utilization": average,
        "min_var": vars().reduce(f64::min).unwrap_or_default(),
        "max_var": vars().reduce(f64::max).unwrap_or_default(),
        "dev": deviation(&nodes, average),
    });
    for key in SIZES {
        summary[format!("total_{key}")] = sum(key).into();
    }
    let json = json!({"nodes": nodes, "stray": [], "summary": summary});
    Ok(request.format.render(&json, || osd_df_text(&json)))
}

/// Writes a size in KiB for people.
fn kib(size: &Value) -> String {
    bytes(number(size).saturating_mul(1024))
}

fn used(kb_used: u64, kb: u64) -> f64 {
    if kb == 0 { 0.0 } else { kb_used as f64 / kb as f64 * 100.0 }
}

fn deviation(nodes: &[Value], average: f64) -> f64 {
    let squares = nodes.iter().map(|node| (float(&node["utilization"]) - average).powi(2));
    // The sum of no numbers is -0.0.
    (squares.fold(0.0, |sum, square| sum + square) / nodes.len().max(1) as f64).sqrt()
}

/// One OSD, with Ceph's keys.
fn node(place: &Value, stats: &Value, average: f64) -> Value {
    let utilization = used(number(&stats["kb_used"]), number(&stats["kb"]));
    let var = if average == 0.0 { 1.0 } else { utilization / average };
    let mut node = json!({
        "id": stats["osd"],
        "device_class": place["device_class"],
        "name": format!("osd.{}", stats["osd"]),
        "crush_weight": place["crush_weight"],
        "reweight": place["reweight"],
        "utilization": utilization,
        "var": var,
        "pgs": stats["num_pgs"],
        "status": place["status"],
    });
    for key in ["type", "type_id", "depth", "pool_weights"] {
        node[key] = place[key].clone();
    }
    for key in SIZES {
        node[key] = stats[key].clone();
    }
    node
}

fn osd_df_text(json: &Value) -> String {
    let titles = [
        "ID", "CLASS", "WEIGHT", "REWEIGHT", "SIZE", "RAW USE", "DATA", "OMAP", "META", "AVAIL",
        "%USE", "VAR", "PGS", "STATUS",
    ];
    let mut table = TextTable::new(titles).right(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
    let summary = &json["summary"];
    for node in list(&json["nodes"]) {
        let [size, raw, data, omap, meta, avail] = SIZES.map(|key| kib(&node[key]));
        table.row([
            node["id"].to_string(),
            text(&node["device_class"]).to_owned(),
            format!("{:.5}", float(&node["crush_weight"])),
            format!("{:.5}", float(&node["reweight"])),
            size,
            raw,
            data,
            omap,
            meta,
            avail,
            format!("{:.2}", float(&node["utilization"])),
            format!("{:.2}", float(&node["var"])),
            node["pgs"].to_string(),
            text(&node["status"]).to_owned(),
        ]);
    }
    let [size, raw, data, omap, meta, avail] =
        SIZES.map(|key| kib(&summary[format!("total_{key}")]));
    let average = format!("{:.2}", float(&summary["average_utilization"]));
    let none = String::new;
    table.row([
        none(),
        none(),
        none(),
        "TOTAL".to_owned(),
        size,
        raw,
        data,
        omap,
        meta,
        avail,
        average,
        none(),
        none(),
        none(),
    ]);
    let [min, max, dev] = ["min_var", "max_var", "dev"].map(|key| float(&summary[key]));
    table.render() + &format!("MIN/MAX VAR: {min:.2}/{max:.2}  STDDEV: {dev:.2}\n")
}

#[cfg(test)]
mod tests;
