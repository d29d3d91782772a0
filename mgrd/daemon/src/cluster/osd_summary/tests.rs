use std::sync::Arc;

use serde_json::{Value, json};

use super::{OsdSummary, summarize};
use crate::cluster::document::Document;

fn map(version: u64, json: &Value) -> Document {
    Document { version, json: json.to_string().into() }
}

#[test]
fn a_map_has_its_summary_whatever_its_form() {
    let osds = json!([{"up": 1, "in": 1}, {"up": 0, "in": 1}, {"up": "1"}, 7]);
    for (map, [all, up, r#in]) in [
        (json!({"osds": osds}), [4, 1, 2]),
        (json!({"osds": {}}), [0, 0, 0]),
        (json!({}), [0, 0, 0]),
    ] {
        let summary = summarize(&map);
        let counts = ["num_osds", "num_up_osds", "num_in_osds"].map(|key| &summary[key]);
        assert_eq!(counts, [&json!(all), &json!(up), &json!(r#in)], "{map}");
    }
    for map in [json!(null), json!("text"), json!([1])] {
        assert_eq!(summarize(&map), Value::Null, "{map}");
    }
}

#[test]
fn a_map_is_decoded_once_until_it_changes() {
    let summary = OsdSummary::default();
    let first = summary.of(&map(1, &json!({"epoch": 5, "osds": [{"up": 1}]})));
    let again = summary.of(&map(1, &json!({"epoch": 5, "osds": [{"up": 1}]})));
    assert!(Arc::ptr_eq(&first, &again));
    let next = summary.of(&map(2, &json!({"epoch": 6, "osds": []})));
    assert_eq!([&first["epoch"], &next["epoch"]], [5, 6]);
    assert_eq!(next["num_osds"], 0);
}
