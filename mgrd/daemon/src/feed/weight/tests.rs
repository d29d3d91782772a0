use super::*;

#[test]
fn a_change_replaces_the_weight_of_the_parts_that_it_has() {
    let metadata = |bytes: usize| Some(BTreeMap::from([("k".to_owned(), "v".repeat(bytes))]));
    let hostname = Some("node1".to_owned());
    let first = DaemonChange { metadata: metadata(1000), hostname, ..DaemonChange::default() };
    let weight = Weight::default().after(&first);
    assert_eq!(weight.bytes(), ENTRY_BYTES + 5 + ENTRY_BYTES + 1001);
    let schema = Some(vec![Counter {
        path: "osd.op".into(),
        labels: BTreeMap::new(),
        description: String::new(),
        nick: None,
        kind: 2,
        priority: 5,
        units: 1,
    }]);
    let second = DaemonChange { schema, metadata: metadata(10), ..DaemonChange::default() };
    let more = ENTRY_BYTES + 12 + HISTORY * 8;
    let after = weight.after(&second);
    assert_eq!(after.bytes(), ENTRY_BYTES + 5 + ENTRY_BYTES + 11 + more);
    assert_eq!(after.after(&DaemonChange::default()), after);
}
