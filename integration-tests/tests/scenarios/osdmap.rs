//! Computations on the OSD map of the recorded cluster.

use integration_tests::places::recorded;

use crate::probe::{on_the_recorded_cluster, show};

const AT_HAND: &str = "\
map = self.get_osdmap()
crush, inc = map.get_crush(), map.new_incremental()
";

/// Expressions, and their values as Python writes them.
const COMPUTED: [(&str, &str); 27] = [
    ("map.get_epoch(), map.get_crush_version()", "(28, 8)"),
    (
        "[type(x).__name__ for x in (map, crush, map.new_incremental())]",
        "['OSDMap', 'CRUSHMap', 'OSDMapIncremental']",
    ),
    ("sorted(map.get_pools())", "[1, 2, 3, 4, 5]"),
    (
        "{name: pool['pool'] for name, pool in sorted(map.get_pools_by_name().items())}",
        "{'cephfs.data': 2, 'cephfs.meta': 3, 'device_health_metrics': 1, 'ecpool': 5, 'rbd': 4}",
    ),
    ("map.get_pools_by_take(-1), map.get_pools_by_take(-2)", "([1, 2, 3, 4, 5], [])"),
    ("[map.pool_raw_used_rate(pool) for pool in (1, 5)]", "[3.0, 1.5]"),
    ("map.get_require_osd_release()", "'pacific'"),
    ("map.get_ec_profile('default')['plugin']", "'jerasure'"),
    (
        "map.pg_to_up_acting_osds(2, 2)",
        "{'up': [0, 1, 2], 'acting': [0, 1, 2], 'up_primary': 0, 'acting_primary': 0}",
    ),
    ("map.build_simple(5, None, 3).get_epoch()", "5"),
    ("map.dump() is map.dump()", "False"),
    ("crush.find_takes(), crush.find_roots()", "([-1], [-2, -1])"),
    ("crush.get_item_name(-1), crush.get_item_name(2)", "('default', 'osd.2')"),
    ("crush.get_item_weight(2) * 65536, crush.get_item_weight(-1) * 65536", "(65.0, 195.0)"),
    ("crush.get_osds_under(-1), crush.device_class_counts()", "([0, 1, 2], {'hdd': 3})"),
    ("sorted(crush.get_take_weight_osd_map(-1))", "[0, 1, 2]"),
    ("round(sum(crush.get_take_weight_osd_map(-1).values()), 9)", "1.0"),
    (
        "crush.get_rule('ecpool')['rule_id'], crush.get_rule_by_id(0)['rule_name']",
        "(1, 'replicated_rule')",
    ),
    ("crush.get_rule_by_id(99), crush.get_rule_root('replicated_rule')", "(None, -1)"),
    ("crush.have_default_choose_args(crush.dump())", "False"),
    (
        "inc.get_epoch(), inc.dump()['epoch'], inc.dump()['fsid'] == map.dump()['fsid']",
        "(29, 29, True)",
    ),
    (
        "inc.set_osd_reweights({0: 0.5, 1: 7.0, 2: -1.0}) or \
      [entry['weight'] for entry in inc.dump()['new_weight']]",
        "[32768, 65536, 0]",
    ),
    (
        "inc.set_osd_reweights({0: 0.5, 2: 0.0}) or \
      [osd['weight'] for osd in map.apply_incremental(inc).dump()['osds']]",
        "[0.5, 1.0, 0.0]",
    ),
    ("map.apply_incremental(inc).get_epoch()", "29"),
    (
        "inc.set_crush_compat_weight_set_weights({0: 0.5}) or \
      inc.dump()['crush']['choose_args']['-1'][0]['bucket_id']",
        "-1",
    ),
    ("map.calc_pg_upmaps(inc, 1, 10, []), inc.dump()['new_pg_upmap_items']", "(0, [])"),
    ("map.balance_primaries(2, inc) == len(inc.dump()['new_pg_upmap_primaries']) > 0", "True"),
];

#[test]
fn computations_on_the_map_give_the_results_of_the_real_manager() {
    let daemon = on_the_recorded_cluster(&[]);
    let answers = COMPUTED.iter().map(|(expression, expected)| {
        (expression, show(&daemon, &format!("{AT_HAND}{expression}")), *expected)
    });
    let wrong: Vec<_> = answers.filter(|(_, got, expected)| got != expected).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn placement_groups_are_mapped_as_by_the_real_manager() {
    let daemon = on_the_recorded_cluster(&[]);
    let recorded = recorded("pg_to_up_acting");
    let mut groups = 0;
    for (pool, expected) in recorded.as_object().unwrap() {
        let got = crate::probe::ask(&daemon, &format!("self.get_osdmap().map_pool_pgs_up({pool})"));
        assert_eq!(got, *expected, "pool {pool}");
        groups += expected.as_object().unwrap().len();
    }
    assert_eq!(groups, 73);
}

#[test]
fn the_crush_map_can_be_read_as_text() {
    let daemon = on_the_recorded_cluster(&[]);
    let text = show(&daemon, "self.get('osdmap_crush_map_text')");
    for part in ["tunable choose_total_tries 50", "host node1 {", "step choose indep 0 type osd"] {
        assert!(text.contains(part), "{text}");
    }
}
