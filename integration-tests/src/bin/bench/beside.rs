//! What a real ceph-mgr takes, with the same module and the same work as mgrd.

use std::collections::HashMap;

use serde_json::Value;

use super::calls::{RUNS, spinning_row};
use super::ceph::Ceph;
use super::lives::CRASH;
use super::python;
use super::reads::{ACCESSORS, OSDS, accessor_row, map_row, micros};
use super::table::median;

/// Microseconds by the name of the row; infinite if no answer came.
pub(crate) type Beside = HashMap<String, f64>;

/// Measures the wanted sections, and gives back the large OSD map that it read. Where that cannot
/// be, says why and gives nothing.
pub(crate) fn measure(wanted: &dyn Fn(&str) -> bool) -> (Beside, Option<Value>) {
    let mut beside = Beside::new();
    if let Some(missing) = Ceph::missing() {
        eprintln!("no ceph-mgr to measure beside: {missing}");
        return (beside, None);
    }
    eprintln!("a real Ceph starts, to measure beside …");
    match fill(&mut beside, wanted) {
        Ok(map) => (beside, map),
        Err(why) => {
            eprintln!("no ceph-mgr to measure beside, or not all of it: {why}");
            (beside, None)
        }
    }
}

fn fill(beside: &mut Beside, wanted: &dyn Fn(&str) -> bool) -> Result<Option<Value>, String> {
    let (bench, spinner) = (python("bench"), python("spinner"));
    let mut ceph = Ceph::start(&[("bench", &bench), ("spinner", &spinner)])?;
    let mut map = None;
    if wanted("writes") {
        let figures = ceph.json(r#"{"prefix": "bench write", "count": 300}"#)?;
        beside.insert("set_store in Python, mean".into(), micros(&figures, "write"));
    }
    if wanted("remotes") {
        let json = r#"{"prefix": "bench remotes", "module": "spinner", "count": 1000}"#;
        let figures = ceph.json(json)?;
        beside.insert("remote call, Python to Python, p50".into(), micros(&figures, "remote"));
    }
    if wanted("command-line") {
        let line = ["bench", "echo", "x"];
        let times = (0..10).map(|_| ceph.command_line(&line)).collect::<Result<Vec<_>, _>>()?;
        beside.insert("one command line, start to exit, p50".into(), median(times));
    }
    if wanted("reads") {
        map = Some(reads(&ceph, beside)?);
    }
    if wanted("commands") {
        commands(&ceph, beside)?;
    }
    if wanted("crashes") {
        let ends = ceph.ends_by(r#"{"prefix": "spinner crash"}"#);
        beside.insert(CRASH.into(), if ends { f64::INFINITY } else { f64::NAN });
    }
    Ok(map)
}

fn reads(ceph: &Ceph, beside: &mut Beside) -> Result<Value, String> {
    let figures = ceph.json(r#"{"prefix": "bench reads"}"#)?;
    for (name, _) in ACCESSORS {
        beside.insert(accessor_row(name), micros(&figures, name));
    }
    let mut whole_map = || {
        let figures = ceph.json(r#"{"prefix": "bench map"}"#)?;
        beside.insert(map_row(&figures["osds"], "fresh"), micros(&figures, "fresh"));
        Ok::<_, String>(figures["osds"].as_u64().and_then(|osds| usize::try_from(osds).ok()))
    };
    let osds = whole_map()?.unwrap_or_default();
    ceph.add_osds(OSDS.saturating_sub(osds))?;
    // The manager hears of them a little later.
    for _ in 0..3 {
        if whole_map()? == Some(OSDS) {
            break;
        }
    }
    ceph.json(r#"{"prefix": "bench dump"}"#)
}

fn commands(ceph: &Ceph, beside: &mut Beside) -> Result<(), String> {
    let (row, echo) = ("command to a Python module", r#"{"prefix": "bench echo", "text": "x"}"#);
    beside.insert(format!("{row}, idle, p50"), ceph.command(echo, RUNS)?);
    let mut spinning = 0;
    for threads in [1, 4] {
        let more = threads - spinning;
        ceph.json(&format!(r#"{{"prefix": "spinner spin", "threads": {more}}}"#))?;
        spinning = threads;
        beside.insert(spinning_row(row, threads), ceph.command(echo, RUNS / 40)?);
    }
    Ok(())
}
