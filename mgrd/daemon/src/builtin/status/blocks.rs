//! The blocks of `status` for people: cluster, services, data, io, progress.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::builtin::osd;
use crate::builtin::pg::trouble;
use crate::builtin::progress;
use crate::builtin::state::{State, list, number, text as word, total};
use crate::builtin::units::{bytes, count, since};
use crate::cluster::ProgressEvent;
use crate::feed::FeedStatus;
use crate::health::{Report, age};

/// Daemons that have their own line.
const KNOWN: [&str; 4] = ["mon", "mgr", "mds", "osd"];

/// What `status` shows at one time. The state of the cluster itself is read from the documents.
pub(super) struct Glance<'a> {
    pub(super) state: &'a State,
    pub(super) report: Arc<Report>,
    pub(super) feeds: Vec<FeedStatus>,
    pub(super) progress: Vec<ProgressEvent>,
    pub(super) now: Timestamp,
}

impl<'a> Glance<'a> {
    pub(super) fn of(state: &'a State, now: Timestamp) -> Self {
        let report = state.health.report();
        let (feeds, progress) = (state.feeds.list(), state.cluster.progress.open());
        Self { state, report, feeds, progress, now }
    }

    /// All blocks that are not empty, with an empty line between them.
    pub(super) fn text(&self) -> String {
        let pgs = self.state.cluster.value("pg_status");
        let shown = self.progress.iter().filter(|event| event.add_to_ceph_s);
        let progress = shown.flat_map(|event| progress::lines(event, "    ", self.now));
        let blocks = [
            block("cluster", labelled(cluster(self))),
            block("services", labelled(services(self.state, self.now))),
            block("data", labelled(data(self.state, &pgs))),
            block("io", labelled(io(&pgs))),
            block("progress", progress.collect()),
        ];
        blocks.into_iter().flatten().collect::<Vec<_>>().join("\n")
    }
}

fn block(title: &str, body: String) -> Option<String> {
    (!body.is_empty()).then(|| format!("  {title}:\n{body}"))
}

/// A label with its lines.
type Entry = (String, Vec<String>);

fn entry(label: &str, line: impl Into<String>) -> Entry {
    (label.to_owned(), vec![line.into()])
}

/// The labels in their own column. Further lines of an entry are below the first.
fn labelled(entries: Vec<Entry>) -> String {
    let width = entries.iter().map(|(label, _)| label.len() + 2).max().unwrap_or_default();
    let mut text = String::new();
    for (label, lines) in entries {
        let mut label = format!("{label}: ");
        for line in lines {
            text += format!("    {label:width$}{line}").trim_end();
            text.push('\n');
            label.clear();
        }
    }
    text
}

fn cluster(glance: &Glance<'_>) -> Vec<Entry> {
    let report = &glance.report;
    let mut health = vec![report.status().to_string()];
    health.extend(report.open().map(|(_, check)| check.summary.clone()));
    health.extend(report.muted_line(glance.now));
    let id = glance.state.fsid().map(|fsid| entry("id", fsid));
    let stale = stale(&glance.feeds);
    let feeds = (!stale.is_empty()).then(|| ("feed".to_owned(), stale));
    id.into_iter().chain([("health".to_owned(), health)]).chain(feeds).collect()
}

/// Why the state that is shown may not be current.
fn stale(feeds: &[FeedStatus]) -> Vec<String> {
    if feeds.is_empty() {
        return vec![
            "no feed has connected yet, so the state of the cluster is unknown".to_owned(),
        ];
    }
    let stale = feeds.iter().filter(|feed| !feed.is_fresh());
    let line = |feed: &FeedStatus| {
        let (name, how, ago) = (&feed.hello.name, feed.condition(), age(feed.silent));
        format!("{name} is {how} (last message {ago} ago); its last known state is shown")
    };
    stale.map(line).collect()
}

fn services(state: &State, now: Timestamp) -> Vec<Entry> {
    let value = |name: &str| state.cluster.value(name);
    let mut entries: Vec<_> = mons(state).into_iter().collect();
    let mgr_map = ["active_name", "active_change", "standbys"];
    let mgr_map = state.cluster.members("mgr_map", &mgr_map);
    entries.push(entry("mgr", managers(&mgr_map, now)));
    let fs_map = value("fs_map");
    if !list(&fs_map["filesystems"]).is_empty() || !list(&fs_map["standbys"]).is_empty() {
        entries.push(entry("mds", mds(&fs_map)));
    }
    let osd_map = state.cluster.osd_summary().unwrap_or_default();
    if osd_map.is_object() {
        let summary = osd::summary(&osd::counts(state, &osd_map), &osd_map, now);
        entries.push(("osd".to_owned(), [summary].into_iter().chain(flags(&osd_map)).collect()));
    }
    let mut others = BTreeMap::<String, usize>::new();
    for server in state.cluster.daemons.list_servers() {
        for service in server.services {
            *others.entry(service.kind).or_default() += 1;
        }
    }
    let others = others.into_iter().filter(|(kind, _)| !KNOWN.contains(&kind.as_str()));
    entries.extend(others.map(|(kind, number)| entry(&kind, format!("{number} daemons"))));
    entries
}

/// Flags of the OSD map that every cluster has.
const USUAL_FLAGS: [&str; 4] =
    ["sortbitwise", "recovery_deletes", "purged_snapdirs", "pglog_hardlimit"];

fn flags(osd_map: &Value) -> Option<String> {
    let flags = word(&osd_map["flags"]).split(',');
    let unusual: Vec<_> =
        flags.filter(|flag| !flag.is_empty() && !USUAL_FLAGS.contains(flag)).collect();
    (!unusual.is_empty()).then(|| format!("flags {}", unusual.join(",")))
}

fn mons(state: &State) -> Option<Entry> {
    let (map, status) = (state.cluster.value("mon_map"), state.mon_status());
    let all = map["mons"].as_array()?;
    let quorum = list(&status["quorum"]);
    let (inside, outside): (Vec<_>, Vec<_>) =
        all.iter().partition(|mon| quorum.contains(&mon["rank"]));
    let names =
        |mons: Vec<&Value>| mons.iter().map(|m| word(&m["name"])).collect::<Vec<_>>().join(",");
    let age = age(std::time::Duration::from_secs(number(&status["quorum_age"])));
    let out = if outside.is_empty() {
        String::new()
    } else {
        format!(", out of quorum: {}", names(outside))
    };
    Some(entry("mon", format!("{} daemons, quorum {} (age {age}){out}", all.len(), names(inside))))
}

fn managers(map: &Value, now: Timestamp) -> String {
    let active = word(&map["active_name"]);
    if active.is_empty() {
        return "no daemons active".to_owned();
    }
    let since = since(word(&map["active_change"]), now).map(|ago| format!(", since {}", age(ago)));
    let standbys: Vec<_> = list(&map["standbys"]).iter().map(|mgr| word(&mgr["name"])).collect();
    let standbys = if standbys.is_empty() {
        String::new()
    } else {
        format!(", standbys: {}", standbys.join(", "))
    };
    format!("{active}(active{}){standbys}", since.unwrap_or_default())
}

/// The counts of MDS ranks, with Ceph's keys.
pub(super) fn fs_counts(fs_map: &Value) -> Value {
    let all = || list(&fs_map["filesystems"]).iter().map(|fs| &fs["mdsmap"]);
    let up = all().map(|map| map["up"].as_object().map_or(0, serde_json::Map::len)).sum::<usize>();
    json!({
        "epoch": number(&fs_map["epoch"]),
        "up": up,
        "in": all().map(|map| list(&map["in"]).len()).sum::<usize>(),
        "max": total(all().map(|map| number(&map["max_mds"]))),
        "by_rank": list(&fs_map["filesystems"]).iter().flat_map(ranks).collect::<Vec<_>>(),
        "up:standby": list(&fs_map["standbys"]).len(),
    })
}

fn ranks(fs: &Value) -> impl Iterator<Item = Value> {
    let all = fs["mdsmap"]["info"].as_object().into_iter().flat_map(|info| info.values());
    all.filter(|mds| mds["rank"].as_i64().is_some_and(|rank| rank >= 0)).map(|mds| {
        json!({
            "filesystem_id": fs["id"],
            "rank": mds["rank"],
            "name": mds["name"],
            "status": mds["state"],
            "gid": mds["gid"],
        })
    })
}

fn mds(fs_map: &Value) -> String {
    let counts = fs_counts(fs_map);
    let standbys = number(&counts["up:standby"]);
    let standby = if standbys > 0 { format!(", {standbys} standby") } else { String::new() };
    format!("{}/{} daemons up{standby}", counts["up"], counts["in"])
}

fn data(state: &State, pgs: &Value) -> Vec<Entry> {
    let mut entries = Vec::new();
    let fs_map = state.cluster.value("fs_map");
    let volumes = list(&fs_map["filesystems"]);
    if !volumes.is_empty() {
        let damaged = |fs: &&Value| {
            let map = &fs["mdsmap"];
            !list(&map["failed"]).is_empty() || !list(&map["damaged"]).is_empty()
        };
        let healthy = volumes.len() - volumes.iter().filter(damaged).count();
        entries.push(entry("volumes", format!("{healthy}/{} healthy", volumes.len())));
    }
    if !pgs.is_object() {
        return entries;
    }
    let size = |key: &str| bytes(number(&pgs[key]));
    let (pools, all) = (number(&pgs["num_pools"]), number(&pgs["num_pgs"]));
    entries.push(entry("pools", format!("{pools} pools, {all} pgs")));
    let objects = count(number(&pgs["num_objects"]));
    entries.push(entry("objects", format!("{objects} objects, {}", size("data_bytes"))));
    let [used, avail, total] = ["bytes_used", "bytes_avail", "bytes_total"].map(size);
    entries.push(entry("usage", format!("{used} used, {avail} / {total} avail")));
    entries.push(("pgs".to_owned(), states(pgs)));
    entries
}

/// The problems of placement groups, then the number in each state.
fn states(pgs: &Value) -> Vec<String> {
    let ratio = |key: &str, what: &str| {
        let ratio = pgs[key].as_f64().filter(|&ratio| ratio > 0.0)?;
        Some(format!("{:.3}% pgs {what}", ratio * 100.0))
    };
    let wrong = [ratio("unknown_pgs_ratio", "unknown"), ratio("inactive_pgs_ratio", "not active")];
    let states = list(&pgs["pgs_by_state"]);
    let width = states.iter().map(|s| s["count"].to_string().len()).max().unwrap_or_default();
    let line = |s: &Value| format!("{:width$} {}", number(&s["count"]), word(&s["state_name"]));
    wrong.into_iter().flatten().chain(trouble(pgs)).chain(states.iter().map(line)).collect()
}

fn io(pgs: &Value) -> Vec<Entry> {
    let rate = |key: &str, unit: &str, write: fn(u64) -> String| {
        let rate = number(&pgs[key]);
        (rate > 0).then(|| format!("{}{unit}", write(rate)))
    };
    let client = [
        rate("read_bytes_sec", "/s rd", bytes),
        rate("write_bytes_sec", "/s wr", bytes),
        rate("read_op_per_sec", " op/s rd", count),
        rate("write_op_per_sec", " op/s wr", count),
    ];
    let recovery = [
        rate("recovering_bytes_per_sec", "/s", bytes),
        rate("recovering_keys_per_sec", " keys/s", count),
        rate("recovering_objects_per_sec", " objects/s", count),
    ];
    let line = |label: &str, rates: Vec<String>| {
        (!rates.is_empty()).then(|| entry(label, rates.join(", ")))
    };
    let client = line("client", client.into_iter().flatten().collect());
    let recovery = line("recovery", recovery.into_iter().flatten().collect());
    client.into_iter().chain(recovery).collect()
}

#[cfg(test)]
mod tests;
