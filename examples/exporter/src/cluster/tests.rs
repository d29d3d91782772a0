use serde_json::{from_value, json};

use super::*;

#[test]
fn health_has_a_number_and_its_checks() {
    let mut metrics = Metrics::default();
    let checks = json!({"OSD_DOWN": {"severity": "HEALTH_WARN"}});
    let document = json!({"status": "HEALTH_WARN", "checks": checks});
    health(&from_value(document).unwrap(), &mut metrics);
    let text = metrics.to_string();
    assert!(text.contains("\nceph_health_status 1\n"), "{text}");
    let detail = "ceph_health_detail{name=\"OSD_DOWN\",severity=\"HEALTH_WARN\"} 1\n";
    assert!(text.contains(detail), "{text}");
}

#[test]
fn pgs_count_under_each_part_of_their_state() {
    let mut metrics = Metrics::default();
    let states = json!({"active+clean": 3, "active+degraded": 2});
    pgs(&from_value(json!({"by_pool": {"1": states}})).unwrap(), &mut metrics);
    let text = metrics.to_string();
    for line in
        ["pg_total{pool_id=\"1\"} 5", "pg_active{pool_id=\"1\"} 5", "pg_clean{pool_id=\"1\"} 3"]
    {
        assert!(text.contains(line), "{text}");
    }
}
