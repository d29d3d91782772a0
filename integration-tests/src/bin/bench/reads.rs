//! Reads in a Python module.

use integration_tests::Setup;
use serde_json::Value;

use super::client::Client;
use super::feed::Feed;
use super::python;
use super::table::Table;

/// The accessors, with their times in ceph-mgr according to the design, in microseconds.
pub(crate) const ACCESSORS: [(&str, f64); 5] = [
    ("get_mgr_id", 0.06),
    ("get_module_option", 0.63),
    ("get_store", 0.79),
    ("get_latest_counter", 0.52),
    ("get_all_perf_counters", 370.0),
];
/// The OSDs of the large map.
pub(crate) const OSDS: usize = 1003;

/// The name of the row of an accessor.
pub(crate) fn accessor_row(name: &str) -> String {
    format!("{name} in Python")
}

/// The name of the row for a whole map.
pub(crate) fn map_row(osds: &Value, what: &str) -> String {
    format!("get('osd_map') of {osds} OSDs, {what}")
}

/// The budgets are twice the times of ceph-mgr, except for the large maps. One of those is `map`, as
/// ceph-mgr had it. The other is generated, with addresses, as OSDs that have run have them.
pub(crate) async fn reads(table: &mut Table, map: Option<&Value>) {
    let daemon = Setup::new().python("bench", &python("bench")).replay(1.0).start();
    daemon.await_running("bench");
    let mut client = Client::connect(&daemon).await;
    let reads = client.json("bench reads").await;
    for (name, ceph_us) in ACCESSORS {
        table.time(&accessor_row(name), ceph_us * 2.0, micros(&reads, name));
    }
    whole_map(table, &mut client, "", 140.0).await;
    drop(daemon);
    let daemon = Setup::new().python("bench", &python("bench")).start();
    daemon.await_running("bench");
    let mut feed = Feed::connect(&daemon).await;
    let mut client = Client::connect(&daemon).await;
    if let Some(map) = map {
        feed.put_document("osd_map", map).await;
        whole_map(table, &mut client, "", 2500.0).await;
    }
    feed.put_osd_map(OSDS).await;
    whole_map(table, &mut client, "with addresses, ", 2500.0).await;
}

async fn whole_map(table: &mut Table, client: &mut Client, kind: &str, fresh_us: f64) {
    let figures = client.json("bench map").await;
    let row = |what: &str| map_row(&figures["osds"], &format!("{kind}{what}"));
    table.time(&row("fresh"), fresh_us, micros(&figures, "fresh"));
    table.time(&row("read-only"), 1.0, micros(&figures, "shared"));
}

/// A figure of the measuring module, which gives nanoseconds.
pub(crate) fn micros(figures: &Value, name: &str) -> f64 {
    figures[name].as_f64().unwrap_or(f64::NAN) / 1000.0
}
