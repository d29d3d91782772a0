//! Accessors return what the real manager returned, value by value, wherever they are called.

use std::collections::{BTreeMap, BTreeSet};

use integration_tests::{Setup, places::recorded};
use serde_json::Value;

use crate::probe::{
    Answers, answers, ask, differences, on_the_recorded_cluster, recorded_start, show, start,
};

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

/// Documents that moved in the seconds between the state, which was recorded first, and the start
/// of the recording. What the real manager returned then is in the first lines of the recording.
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
            // The manager here is not the recorded one; see below.
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

/// What is asked for and is not there, with the answer as Python writes it.
const MISSING: [(&str, &str); 30] = [
    ("self.get('nonsense')", "None"),
    ("self.get('mon_metadata')", "None"),
    ("self.get('osd_map_nonsense')", "{}"),
    ("self.get('osd_mapping')", "{}"),
    ("self.get('config_nonsense')", "{}"),
    ("self.get('device ABC')", "{}"),
    ("self.get('device ')", "None"),
    ("self.get('osd_map_nonsense', mutable=False)", "{}"),
    ("self.get_server('nowhere')", "{'hostname': 'nowhere', 'services': [], 'ceph_version': ''}"),
    ("self.get_metadata('osd', '99')", "None"),
    ("self.get_metadata('osd', '99', {'a': 'b'})", "{'a': 'b'}"),
    ("self.get_daemon_status('osd', '99')", "None"),
    ("self.get_perf_schema('osd', '99')", "{}"),
    ("self.get_perf_schema('nonsense', '')", "{}"),
    ("self.get_counter('osd', '0', 'none')", "{'none': []}"),
    ("self.get_counter('osd', '99', 'osd.op')", "{'osd.op': []}"),
    ("self.get_latest_counter('osd', '0', 'none')", "{'none': []}"),
    ("self.get_latest_counter('osd', '99', 'osd.op')", "{'osd.op': []}"),
    ("self.get_latest('osd', '0', 'none')", "0"),
    ("self.get_latest_avg('osd', '0', 'none')", "(0, 0)"),
    ("self.get_all_perf_counters(services=('nonsense',))", "{}"),
    ("self.get_all_perf_counters(prio_limit=11)", "{}"),
    ("self.lookup_release_name(99)", "'unknown'"),
    ("self.pool_exists('nonsense')", "False"),
    ("self.get_osdmap().get_ec_profile('nonsense')", "None"),
    ("self.get_osdmap().get_crush().get_item_name(99)", "None"),
    ("self.get_osdmap().get_crush().get_item_weight(-99)", "None"),
    ("self.get_osdmap().get_crush().get_rule('nonsense')", "None"),
    ("self.get_osdmap().get_crush().get_rule_root('nonsense')", "None"),
    (
        "self.get_osdmap().pg_to_up_acting_osds(99, 0)",
        "{'up': [], 'acting': [], 'up_primary': -1, 'acting_primary': -1}",
    ),
];

/// What raises, with the class that a module catches and what the text must hold.
const RAISING: [(&str, &str, &str); 12] = [
    ("self.get_ceph_option('nonsense')", "KeyError", "option not found: nonsense"),
    ("self.get_foreign_ceph_option('osd.0', 'zz')", "KeyError", "option not found: zz"),
    (
        "self.get_foreign_ceph_option('osd.0', 'mgr/probe/late')",
        "KeyError",
        "option not found: mgr/probe/late",
    ),
    ("self.get_foreign_ceph_option('global', 'fsid')", "KeyError", "invalid entity: global"),
    ("self.get_foreign_ceph_option('nobody', 'fsid')", "KeyError", "invalid entity: nobody"),
    ("self.get_metadata('osd', 0)", "TypeError", "must be str"),
    ("self.get_counter('osd', 0, 'osd.op')", "TypeError", "must be str"),
    ("self.get_perf_schema(None, '')", "TypeError", "must be str"),
    ("self.get(5)", "TypeError", ""),
    ("self.get_osdmap().map_pool_pgs_up(99)", "SystemError", "pool 99"),
    ("self.get_osdmap().pool_raw_used_rate(99)", "SystemError", "pool 99"),
    ("self.get('osd_map', mutable=False).clear()", "TypeError", "read-only"),
];

/// The other answers on the recorded cluster.
const THERE: [(&str, &str); 27] = [
    ("list(self.get_perf_schema('osd', ''))", "['osd.0', 'osd.1', 'osd.2']"),
    ("list(self.get_perf_schema('osd', '1'))", "['osd.1']"),
    ("list(self.get_all_perf_counters(services=('osd',)))", "['osd.0', 'osd.1', 'osd.2']"),
    ("min(c['priority'] for c in self.get_all_perf_counters(prio_limit=8)['osd.0'].values())", "8"),
    ("self.get_latest('osd', '0', 'osd.op')", "2438"),
    ("self.get_latest_avg('osd', '0', 'osd.op_latency')", "(6013144356, 2438)"),
    ("list(self.get_metadata('osd', '0'))[:3]", "['hostname', 'arch', 'back_addr']"),
    ("[self.lookup_release_name(n) for n in (14, 16, 20)]", "['nautilus', 'pacific', 'tentacle']"),
    ("self.pool_exists('rbd'), self.have_enough_osds()", "(True, True)"),
    ("self.get_ceph_conf_path(), type(self.get_context()).__name__", "('', 'Missing')"),
    ("self.get_hostname() == __import__('socket').gethostname()", "True"),
    ("self.get('osd_map') is self.get('osd_map')", "False"),
    ("self.get('osd_map') == self.get('osd_map', mutable=False)", "True"),
    ("self.get('df', mutable=False) is self.get('df', mutable=False)", "True"),
    ("self.erase('df'), self.erase('df'), self.erase('nonsense')", "(True, False, False)"),
    ("self.get('osd_map').clear() or self.get('osd_map')['epoch']", "28"),
    (
        "sorted(self.get('pg_progress')), self.get('pg_progress')['pg_ready']",
        "(['pg_ready', 'pgs'], True)",
    ),
    (
        "self.get('pg_progress')['pgs']['2.b']",
        "{'num_bytes_recovered': 0, 'num_bytes': 0, 'reported_epoch': 27, \
         'state': 'active+clean'}",
    ),
    (
        "[self.get_ceph_option(name) for name in ('mgr_tick_period', 'osd_max_backfills', \
         'auth_cluster_required', 'osd_crush_initial_weight', 'osd_memory_target')]",
        "[2.0, 1, 'cephx', -1.0, 4294967296]",
    ),
    ("self.get_ceph_option('fsid') == self.get('osd_map')['fsid']", "True"),
    ("self.get_foreign_ceph_option('osd.0', 'osd_memory_target')", "4294967296"),
    ("self.get_foreign_ceph_option('osd', 'mgr_tick_period')", "2.0"),
    (
        "{n for n in self.get('config') if n not in ('name', 'cluster', 'host') and \
         str(self.get('config')[n]) != self.get('config')[n]}",
        "set()",
    ),
    ("self.add_osd_perf_query({'key_descriptor': []})", "None"),
    (
        "[self.add_osd_perf_query({'key_descriptor': [{'type': 'pool_id', 'regex': '^(.+)$'}], \
         'performance_counter_descriptors': ['ops']}) for _ in range(2)]",
        "[0, 1]",
    ),
    (
        "self.get_osd_perf_counters(1), self.remove_osd_perf_query(1), \
         self.get_osd_perf_counters(1), self.remove_osd_perf_query(1)",
        "({'counters': []}, None, None, None)",
    ),
    ("self.get_mds_perf_counters(0), self.reregister_mds_perf_queries()", "(None, None)"),
];

#[test]
fn what_is_missing_is_answered_as_the_real_manager_answers_it() {
    let daemon = on_the_recorded_cluster(&[]);
    let answers = MISSING.iter().chain(&THERE).map(|(expression, expected)| {
        (expression, show(&daemon, expression), (*expected).to_owned())
    });
    let wrong: Vec<_> = answers.filter(|(_, got, expected)| got != expected).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    for (expression, class, text) in RAISING {
        let raised = ask(&daemon, expression);
        let classes = raised["is"].as_array().cloned().unwrap_or_default();
        assert!(classes.contains(&class.into()), "{expression}: {raised}");
        assert!(raised["text"].as_str().unwrap().contains(text), "{expression}: {raised}");
    }
}

#[test]
fn what_is_about_the_manager_is_about_this_one_in_the_same_shape() {
    let daemon = on_the_recorded_cluster(&[]);
    // Each document with what must differ: the recorded manager's own addresses, modules, paths.
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

    let told = recorded("get.config");
    let config = ask(&daemon, "self.get('config')");
    let differing = differences(&config, &told);
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

/// What there is before any feed has told anything.
const NOTHING: [(&str, &str); 14] = [
    ("self.get('osd_map'), self.get('mon_map'), self.get('pg_progress')", "(None, None, None)"),
    ("self.get('osd_map', mutable=False), self.erase('osd_map')", "(None, False)"),
    ("self.get('device ABC')", "{}"),
    ("self.list_servers(), self.get_daemon_health_metrics()", "([], {})"),
    ("self.get_perf_schema('', ''), self.get_all_perf_counters()", "({}, {})"),
    ("self.get_metadata('osd', '0'), self.get_daemon_status('osd', '0')", "(None, None)"),
    ("self.get_metadata('mgr', 'x')['name']", "'x'"),
    (
        "json.loads(self.get('health')['json'])",
        "{'status': 'HEALTH_OK', 'checks': {}, 'mutes': []}",
    ),
    ("self.version.split()[0], self.release_name", "('mgrd', 'mgrd')"),
    ("self.have_mon_connection(), self.pool_exists('rbd')", "(False, False)"),
    ("self.have_enough_osds()", "False"),
    ("self.get_mgr_ip() == self.get_hostname()", "True"),
    ("self.get_ceph_conf_path()", "'/etc/ceph/of-my-cluster.conf'"),
    ("self.get_ceph_option('mgr_tick_period')", "2.0"),
];

#[test]
fn without_a_cluster_accessors_say_that_there_is_nothing() {
    let conf = "/etc/ceph/of-my-cluster.conf";
    let daemon = start(Setup::new().argument("--ceph-conf").argument(conf), &[]);
    let answers = NOTHING.iter().map(|(asked, expected)| (asked, show(&daemon, asked), *expected));
    let wrong: Vec<_> = answers.filter(|(_, got, expected)| got != expected).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    let why = ask(&daemon, "self.get_osdmap()");
    assert!(why["text"].as_str().unwrap().contains("no feed has sent"), "{why}");
}
