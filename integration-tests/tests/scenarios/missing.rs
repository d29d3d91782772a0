//! Accessors answer as the real manager does when a thing is missing or a call is wrong.

use integration_tests::Setup;

use crate::probe::{ask, on_the_recorded_cluster, show, start};

/// Missing things, with the answers as Python writes them.
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

/// Calls that raise, with the class of the error and a part of its text.
const RAISING: [(&str, &str, &str); 12] = [
    ("self.get_ceph_option('nonsense')", "KeyError", "option not found: nonsense"),
    ("self.get_foreign_ceph_option('osd.0', 'zz')", "KeyError", "option not found: zz"),
    (
        "self.get_foreign_ceph_option('osd.0', 'mgr/probe/late')",
        "KeyError",
        "option not found: mgr/probe/late",
    ),
    ("self.get_foreign_ceph_option('global', 'fsid')", "KeyError", "invalid entity: global"),
    ("self.get_foreign_ceph_option('absent', 'fsid')", "KeyError", "invalid entity: absent"),
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
fn missing_things_are_answered_as_by_the_real_manager() {
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

/// The answers before any feed has sent state.
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
fn without_a_cluster_accessors_return_empty_values() {
    let conf = "/etc/ceph/of-my-cluster.conf";
    let daemon = start(Setup::new().argument("--ceph-conf").argument(conf), &[]);
    let answers = NOTHING.iter().map(|(asked, expected)| (asked, show(&daemon, asked), *expected));
    let wrong: Vec<_> = answers.filter(|(_, got, expected)| got != expected).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    let why = ask(&daemon, "self.get_osdmap()");
    assert!(why["text"].as_str().unwrap().contains("no feed has sent"), "{why}");
}
