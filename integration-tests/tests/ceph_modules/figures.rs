//! `prometheus` and `iostat`: figures.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;

use integration_tests::{eventually, places};

use crate::{ceph, free_port, on_port};

#[test]
#[ignore = "needs Ceph's modules: make ceph-modules"]
fn prometheus_serves_the_recorded_counters() {
    let port = free_port();
    let daemon = on_port("prometheus", port);
    let page = eventually("the page of prometheus", || get(port, "/metrics"));
    let shown: BTreeMap<&str, f64> = page
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.rsplit_once(' '))
        .map(|(name, value)| (name, value.parse().unwrap()))
        .collect();
    let recorded = places::recorded("get_all_perf_counters");
    let mut compared = 0;
    for osd in ["osd.0", "osd.1", "osd.2"] {
        for (path, counter) in recorded[osd].as_object().unwrap() {
            let name = format!("ceph_{}{{ceph_daemon=\"{osd}\"}}", path.replace('.', "_"));
            let simple = counter["count"].is_null() && path.starts_with("osd.");
            if let (true, Some(value)) = (simple, shown.get(name.as_str())) {
                assert_eq!(*value, counter["value"].as_f64().unwrap(), "{name}");
                compared += 1;
            }
        }
    }
    assert!(compared >= 30, "only {compared} counters of OSDs are on the page:\n{page}");
    assert_eq!(shown["ceph_osd_up{ceph_daemon=\"osd.1\"}"], 1.0);
    assert_eq!(shown["ceph_pg_active{pool_id=\"4\"}"], 32.0);
    let services = daemon.json("mgr services");
    assert_eq!(services["prometheus"], format!("http://127.0.0.1:{port}/"));
}

#[test]
#[ignore = "needs Ceph's modules: make ceph-modules"]
fn iostat_shows_the_recorded_load() {
    let daemon = ceph(&["iostat"]).replay(1.0).argument("--replay-loop").start();
    daemon.await_running("iostat");
    // The clients write until 20 s after the start; these are the recorder's sums over a few seconds.
    let recorded =
        [["8557 KiB/s", "534"], ["18 MiB/s", "1206"], ["18 MiB/s", "1185"], ["9946 KiB/s", "621"]];
    eventually("the load of the clients", || {
        let table = daemon.ok("-p 0 iostat --width 200");
        let row = table.lines().find(|line| line.contains("B/s")).unwrap();
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let shown = |[rate, ops]: &[&str; 2]| cells[1..7] == ["0 B/s", rate, rate, "0", ops, ops];
        if recorded.iter().any(shown) { Ok(()) } else { Err(table) }
    });
}

/// Gets a page; any other status is an error.
fn get(port: u16, path: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    let request = format!("GET {path} HTTP/1.0\r\n\r\n");
    let mut answer = String::new();
    stream.write_all(request.as_bytes())?;
    stream.read_to_string(&mut answer)?;
    match answer.split_once("\r\n\r\n") {
        Some((head, page)) if head.contains(" 200 ") => Ok(page.to_owned()),
        _ => Err(std::io::Error::other(answer)),
    }
}
