//! Measures a real ceph-mgr with the same module and the same work as mgrd.

use serde_json::Value;

use super::calls::{RUNS, spinning_row};
use super::ceph::{Ceph, CephError};
use super::processes::CRASH;
use super::python;
use super::reads::{ACCESSORS, OSDS, accessor_row, map_row, micros};
use super::table::{CephFigures, median};

/// The sections with figures of a real ceph-mgr.
const COMPARED: [&str; 6] = ["commands", "reads", "writes", "remotes", "crashes", "command-line"];

/// Measures the wanted sections, and returns the large OSD map that it read. If it cannot, it prints
/// the reason and returns no map.
pub(crate) fn measure(wanted: &dyn Fn(&str) -> bool) -> (CephFigures, Option<Value>) {
    let mut rows = CephFigures::new();
    if !COMPARED.into_iter().any(wanted) {
        return (rows, None);
    }
    if let Some(missing) = Ceph::missing() {
        eprintln!("ceph-mgr is not measured: {missing}");
        return (rows, None);
    }
    eprintln!("starting a real Ceph for comparison …");
    match fill(&mut rows, wanted) {
        Ok(map) => (rows, map),
        Err(why) => {
            eprintln!("the measurement of ceph-mgr ended early: {}", described(&why));
            (rows, None)
        }
    }
}

/// An error with its causes.
fn described(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

fn fill(rows: &mut CephFigures, wanted: &dyn Fn(&str) -> bool) -> Result<Option<Value>, CephError> {
    let (bench, spinner) = (python("bench"), python("spinner"));
    let mut ceph = Ceph::start(&[("bench", &bench), ("spinner", &spinner)])?;
    let mut map = None;
    if wanted("writes") {
        let figures = ceph.json(r#"{"prefix": "bench write", "count": 300}"#)?;
        rows.insert("set_store in Python, mean".into(), Ok(micros(&figures, "write")));
    }
    if wanted("remotes") {
        let json = r#"{"prefix": "bench remotes", "module": "spinner", "count": 1000}"#;
        let figures = ceph.json(json)?;
        rows.insert("remote call, Python to Python, p50".into(), Ok(micros(&figures, "remote")));
    }
    if wanted("command-line") {
        let line = ["bench", "echo", "x"];
        let times = (0..10).map(|_| ceph.command_line(&line)).collect::<Result<Vec<_>, _>>()?;
        rows.insert("one command line, start to exit, p50".into(), Ok(median(times)));
    }
    if wanted("reads") {
        map = Some(reads(&ceph, rows)?);
    }
    if wanted("commands") {
        commands(&mut ceph, rows)?;
    }
    if wanted("crashes") {
        let ends = ceph.ends_by(r#"{"prefix": "spinner crash"}"#);
        rows.insert(CRASH.into(), Err(if ends { "it died" } else { "it did not crash" }));
    }
    Ok(map)
}

fn reads(ceph: &Ceph, rows: &mut CephFigures) -> Result<Value, CephError> {
    let figures = ceph.json(r#"{"prefix": "bench reads"}"#)?;
    for (name, _) in ACCESSORS {
        rows.insert(accessor_row(name), Ok(micros(&figures, name)));
    }
    let mut whole_map = || {
        let figures = ceph.json(r#"{"prefix": "bench map"}"#)?;
        rows.insert(map_row(&figures["osds"], "fresh"), Ok(micros(&figures, "fresh")));
        Ok::<_, CephError>(figures["osds"].as_u64().and_then(|osds| usize::try_from(osds).ok()))
    };
    let osds = whole_map()?.unwrap_or_default();
    ceph.add_osds(OSDS.saturating_sub(osds))?;
    // The manager receives them a little later.
    for _ in 0..3 {
        if whole_map()? == Some(OSDS) {
            break;
        }
    }
    ceph.json(r#"{"prefix": "bench dump"}"#)
}

fn commands(ceph: &mut Ceph, rows: &mut CephFigures) -> Result<(), CephError> {
    let (row, echo) = ("command to a Python module", r#"{"prefix": "bench echo", "text": "x"}"#);
    rows.insert(format!("{row}, idle, p50"), Ok(ceph.command(echo, RUNS)?));
    let mut spinning = 0;
    for threads in [1, 4] {
        let more = threads - spinning;
        ceph.json(&format!(r#"{{"prefix": "spinner spin", "threads": {more}}}"#))?;
        spinning = threads;
        let figure = match ceph.command(echo, RUNS / 40) {
            Ok(us) => Ok(us),
            Err(CephError::Silent { .. }) => Err("no answer in 30 s"),
            Err(why) => return Err(why),
        };
        rows.insert(spinning_row(row, threads), figure);
        if figure.is_err() {
            spinning = 0;
            ceph.restart_manager(echo)?;
        }
    }
    Ok(())
}
