//! Accessors return the values of the real manager, in every place where they can be called.

use std::collections::{BTreeMap, BTreeSet};

use integration_tests::places::recorded;
use serde_json::Value;

use crate::probe::{Answers, answers, ask, differences, on_the_recorded_cluster, recorded_start};

/// Documents as the recorded manager returned them.
const DOCUMENTS: [&str; 28] = [
    "active_clean_pgs",
    "devices",
    "df",
    "fs_map",
    "have_local_config_map",
    "io_rate",
    "mds_metadata",
    "mgr_ips",
    "mgr_metadata",
    "modified_config_options",
    "mon_map",
    "mon_metadata",
    "mon_status",
    "osd_map",
    "osd_map_crush",
    "osd_map_tree",
    "osd_metadata",
    "osd_ping_times",
    "osd_pool_stats",
    "osd_stats",
    "pg_dump",
    "pg_ready",
    "pg_stats",
    "pg_status",
    "pg_summary",
    "pool_stats",
    "rgw_metadata",
    "service_map",
];

/// Documents that changed between the recording of the state and the start of the recording. Their
/// later values are in the first lines of the recording.
const MOVED: [&str; 5] = ["io_rate", "mon_status", "osd_ping_times", "osd_stats", "pg_dump"];

/// The accessors whose answer is in the recorded state, each as an expression.
fn expected() -> Answers {
    let mut start = recorded_start();
    let mut document = |name: &str| match MOVED.contains(&name) {
        true => start.remove(name).unwrap(),
        false => recorded(&format!("get.{name}")),
    };
    let mut all: Answers =
        DOCUMENTS.iter().map(|name| (format!("self.get({name:?})"), document(name))).collect();
    let mut whole = |expression: &str, accessor: &str| {
        all.insert(expression.to_owned(), recorded(accessor));
    };
    whole("self.list_servers()", "list_servers");
    whole("self.get_daemon_health_metrics()", "get_daemon_health_metrics");
    whole("self.get_perf_schema('', '')", "get_perf_schema");
    whole("self.get_all_perf_counters()", "get_all_perf_counters");
    whole("self.get_counter('osd', '0', 'osd.op')", "get_counter");
    whole("self.get_counter('osd', '0', 'osd.op_latency')", "get_counter_avg");
    whole("self.get_latest_counter('osd', '0', 'osd.op')", "get_latest_counter");
    whole("self.get_latest_counter('osd', '0', 'osd.op_latency')", "get_latest_counter_avg");
    whole("self.get_mgr_id()", "get_mgr_id");
    whole("self.get_mgr_ip()", "get_mgr_ip");
    whole("self.version", "version");
    whole("self.release_name", "release_name");
    whole("self.have_mon_connection()", "have_mon_connection");
    whole("self.get_osdmap().dump()", "get_osdmap_dump");
    whole("self.get_osdmap().get_crush().dump()", "get_crush_dump");
    whole(
        "{pool: self.get_osdmap().map_pool_pgs_up(pool) for pool in self.get_osdmap().get_pools()}",
        "pg_to_up_acting",
    );
    for accessor in ["get_metadata", "get_daemon_status"] {
        for (daemon, value) in recorded(accessor).as_object().unwrap() {
            let (kind, id) = daemon.split_once('.').unwrap();
            // The manager in the test is not the recorded one; see below.
            if (accessor, kind) != ("get_metadata", "mgr") {
                all.insert(format!("self.{accessor}('{kind}', '{id}')"), value.clone());
            }
        }
    }
    for (host, value) in recorded("get_server").as_object().unwrap() {
        all.insert(format!("self.get_server('{host}')"), value.clone());
    }
    all
}

#[test]
fn every_accessor_returns_what_the_real_manager_returned() {
    let expected = expected();
    let early: Vec<_> = expected.keys().map(String::as_str).collect();
    let daemon = on_the_recorded_cluster(&early);
    for place in ["init", "serve", "command", "thread"] {
        let mut got = answers(&daemon, place);
        let mut wrong = BTreeMap::new();
        for (expression, expected) in &expected {
            let got = got.remove(expression).unwrap();
            let paths = differences(&got, expected);
            if !paths.is_empty() {
                wrong.insert(expression, paths.into_iter().take(5).collect::<Vec<_>>());
            }
        }
        assert!(wrong.is_empty(), "in {place}: {wrong:#?}");
    }
}

#[test]
fn documents_about_the_manager_describe_this_one_in_the_same_shape() {
    let daemon = on_the_recorded_cluster(&[]);
    // These documents have the manager's own addresses, modules and paths, so the values differ.
    for name in ["mgr_map", "config", "health"] {
        let expected = recorded(&format!("get.{name}"));
        let got = ask(&daemon, &format!("self.get({name:?})"));
        let (got, expected) = (got.as_object().unwrap(), expected.as_object().unwrap());
        for (key, value) in expected {
            let ours = got.get(key).unwrap_or_else(|| panic!("{name} lacks {key}"));
            assert_eq!(kind(ours), kind(value), "{name}: {key}");
        }
    }
    let map = recorded("get.mgr_map");
    let module = ask(&daemon, "self.get('mgr_map')['available_modules'][0]");
    assert_same_keys(&module, &map["available_modules"][0]);
    let option = &map["available_modules"][0]["module_options"]["interval"];
    assert_same_keys(&module["module_options"]["late"], option);
    assert_eq!(ask(&daemon, "self.get('mgr_map')['active_name']"), "x");

    let recorded_config = recorded("get.config");
    let config = ask(&daemon, "self.get('config')");
    let differing = differences(&config, &recorded_config);
    let own = |path: &String| {
        let name = path.trim_start_matches('/');
        ["name", "debug_mgr"].contains(&name)
            || name.starts_with("log_to_")
            || name.starts_with("mgr_")
            || name == "log_file"
    };
    assert!(differing.iter().all(own), "{differing:?}");
    let metadata = ask(&daemon, "self.get_metadata('mgr', 'x')");
    assert!(metadata.as_object().unwrap().values().all(Value::is_string), "{metadata}");
    let here = ask(&daemon, "self.get_hostname()");
    assert_eq!((&metadata["name"], &metadata["hostname"]), (&"x".into(), &here));
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(number) if number.is_f64() => "float",
        Value::Number(_) => "int",
        Value::String(_) => "str",
        Value::Array(_) => "list",
        Value::Object(_) => "dict",
    }
}

fn assert_same_keys(got: &Value, expected: &Value) {
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(keys(got), keys(expected));
    for (key, value) in expected.as_object().unwrap() {
        assert_eq!(kind(&got[key]), kind(value), "{key}");
    }
}
