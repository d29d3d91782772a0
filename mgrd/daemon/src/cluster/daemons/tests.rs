use super::*;

fn counters() -> Vec<Counter> {
    let (path, description) = ("osd.op".to_owned(), String::new());
    let labels = BTreeMap::new();
    let kind = 0x2;
    vec![Counter { path, labels, description, nick: None, kind, priority: 5, units: 1 }]
}

#[test]
fn equal_schemas_are_shared_and_unused_ones_are_dropped() {
    let daemons = Daemons::default();
    let first = daemons.shared_schema(counters());
    assert!(Arc::ptr_eq(&first, &daemons.shared_schema(counters())));
    drop(first);
    let _other = daemons.shared_schema(Vec::new());
    assert_eq!(daemons.schemas.lock().len(), 1);
}

#[test]
fn a_row_that_does_not_fit_is_refused_and_changes_nothing() {
    let (daemons, id) = (Daemons::default(), DaemonId::new("osd", "0"));
    let early = |daemons: &Daemons| daemons.put_counters(&id, 1.0, &[1], &[]).unwrap_err();
    assert!(early(&daemons).to_string().contains("osd.0"));
    daemons.put(&id, DaemonChange::default());
    assert!(matches!(early(&daemons), CounterError::NoSchema(_)));
    daemons.put(&id, DaemonChange { schema: Some(counters()), ..DaemonChange::default() });
    assert!(daemons.put_counters(&id, 1.0, &[1, 2], &[]).is_err());
    assert!(daemons.put_counters(&id, 1.0, &[1], &[2]).is_err());
    assert!(daemons.put_counters(&id, f64::NAN, &[1], &[]).is_err());
    assert!(daemons.counter("osd", "0", "osd.op", &BTreeMap::new()).is_empty());
    daemons.put_counters(&id, 1.0, &[1], &[]).unwrap();
    assert_eq!(daemons.counter("osd", "0", "osd.op", &BTreeMap::new()).len(), 1);
}

#[test]
fn a_field_that_a_change_leaves_out_stays() {
    let (daemons, id) = (Daemons::default(), DaemonId::new("osd", "0"));
    let status = Some(BTreeMap::from([("s".to_owned(), "1".to_owned())]));
    let schema = Some(counters());
    daemons.put(&id, DaemonChange { status, schema, ..DaemonChange::default() });
    daemons.put_counters(&id, 1.0, &[1], &[]).unwrap();
    let hostname = Some("node2".to_owned());
    daemons.put(&id, DaemonChange { hostname, ..DaemonChange::default() });
    assert_eq!(daemons.counter("osd", "0", "osd.op", &BTreeMap::new()).len(), 1);
    assert_eq!(daemons.status("osd", "0").unwrap()["s"], "1");
    assert_eq!(daemons.metadata("osd", "0").unwrap()["hostname"], "node2");
    assert!(daemons.remove(&id) && !daemons.remove(&id) && daemons.len() == 0);
    assert_eq!(daemons.status("osd", "0"), None);
}
