//! Perf counters of a feed, in the shapes that modules read.

use integration_tests::{Setup, TestManager};
use mgrd_proto::v1::publish_request::Message as ToHost;
use mgrd_proto::v1::{
    CounterSchema, CounterSchemas, DaemonCounters, DaemonKey, PutCounters, PutDaemon,
};

use crate::feed::Feed;
use crate::probe::{show, start};

const NUMBER: u32 = 2;
const AVERAGE: u32 = 5;

fn counter(path: &str, kind: u32, pool: &str) -> CounterSchema {
    let labels = Some(("pool".to_owned(), pool.to_owned())).filter(|_| !pool.is_empty());
    CounterSchema {
        path: path.into(),
        r#type: kind,
        priority: 5,
        units: 1,
        labels: labels.into_iter().collect(),
        ..CounterSchema::default()
    }
}

async fn announce(feed: &mut Feed, counters: Vec<CounterSchema>) {
    let daemon = Some(DaemonKey { r#type: "osd".into(), id: "0".into() });
    let schema = Some(CounterSchemas { counters });
    let put = PutDaemon { daemon, schema, ..PutDaemon::default() };
    feed.accepted(ToHost::PutDaemon(put)).await;
}

async fn report(feed: &mut Feed, time: f64, values: &[u64], counts: &[u64]) {
    let daemon = Some(DaemonKey { r#type: "osd".into(), id: "0".into() });
    let (values, counts) = (values.to_vec(), counts.to_vec());
    let daemons = vec![DaemonCounters { daemon, values, counts }];
    feed.accepted(ToHost::PutCounters(PutCounters { time, daemons })).await;
}

fn expect(daemon: &TestManager, answers: &[(&str, &str)]) {
    for (expression, expected) in answers {
        assert_eq!(show(daemon, expression), *expected, "{expression}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_twenty_points_are_kept_oldest_first() {
    let daemon = start(Setup::new(), &[]);
    let mut feed = Feed::connect(&daemon, "ceph").await;
    let counters = vec![counter("osd.op", NUMBER, ""), counter("osd.lat", AVERAGE, "")];
    announce(&mut feed, counters).await;
    expect(&daemon, &[("self.get_counter('osd', '0', 'osd.op')", "{'osd.op': []}")]);
    expect(&daemon, &[("self.get_latest('osd', '0', 'osd.op')", "0")]);
    for n in 1..=25_u32 {
        report(&mut feed, f64::from(n), &[10 * u64::from(n), 100], &[u64::from(n)]).await;
    }
    expect(
        &daemon,
        &[
            (
                "[p[0] for p in self.get_counter('osd', '0', 'osd.op')['osd.op']] == \
              [float(n) for n in range(6, 26)]",
                "True",
            ),
            ("self.get_counter('osd', '0', 'osd.op')['osd.op'][-1]", "[25.0, 250]"),
            ("self.get_latest_counter('osd', '0', 'osd.lat')", "{'osd.lat': [25.0, 100, 25]}"),
            ("self.get_latest_avg('osd', '0', 'osd.lat')", "(100, 25)"),
            ("self.get_unlabeled_counter_latest_avg('osd', '0', 'osd.lat')", "(100, 25)"),
        ],
    );
    // Values of another schema cannot be read any more.
    announce(&mut feed, vec![counter("osd.op", NUMBER, "")]).await;
    expect(&daemon, &[("self.get_counter('osd', '0', 'osd.op')", "{'osd.op': []}")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn counters_with_labels_are_distinguished() {
    let daemon = start(Setup::new(), &[]);
    let mut feed = Feed::connect(&daemon, "ceph").await;
    let counters = vec![
        counter("io.ops", NUMBER, "rbd"),
        counter("io.lat", AVERAGE, "rbd"),
        counter("io.ops", NUMBER, ""),
        counter("io.ops", NUMBER, "cephfs"),
    ];
    announce(&mut feed, counters).await;
    report(&mut feed, 1.0, &[1, 2, 3, 4], &[5]).await;
    let schema = |kind| format!("{{'description': '', 'type': {kind}, 'priority': 5, 'units': 1");
    let (number, average) = (schema(NUMBER), schema(AVERAGE));
    let tree = format!(
        "{{'osd.0': {{'io': [\
           {{'labels': {{'pool': 'rbd'}}, 'counters': \
             {{'ops': {number}, 'value': 1}}, 'lat': {average}, 'value': 2, 'count': 5}}}}}}, \
           {{'labels': {{}}, 'counters': {{'ops': {number}, 'value': 3}}}}}}, \
           {{'labels': {{'pool': 'cephfs'}}, 'counters': {{'ops': {number}, 'value': 4}}}}}}]}}}}"
    );
    let flat = format!("{{'osd.0': {{'io.ops': {number}, 'value': 3}}}}}}");
    let schema = format!("{{'osd.0': {{'io.ops': {number}}}}}}}");
    expect(
        &daemon,
        &[
            ("self.get_perf_counters()", &tree),
            ("self.get_all_perf_counters()", &flat),
            ("self.get_unlabeled_perf_counters()", &flat),
            ("self.get_perf_schema('osd', '0')", &schema),
            (
                "[g['counters'] == {} or sorted(g['counters']['ops']) for g in \
                 self.get_labeled_perf_schema('osd', '0')['osd.0']['io']][0]",
                "['description', 'priority', 'type', 'units']",
            ),
            ("self.get_labeled_perf_schema('osd', '9')", "{}"),
            ("self.get_latest('osd', '0', 'io.ops')", "3"),
            (
                "self.get_latest_counter('osd', '0', 'io', 'ops', [('pool', 'rbd')])",
                "{'io': [1.0, 1]}",
            ),
            ("self.get_latest_counter('osd', '0', 'io', 'ops', [('pool', 'none')])", "{'io': []}"),
            ("self.get_counter_latest('osd', '0', 'io', 'ops', [('pool', 'cephfs')])", "4"),
            ("self.get_counter_latest_avg('osd', '0', 'io', 'lat', [('pool', 'rbd')])", "(2, 5)"),
            ("self.get_counter_latest_avg('osd', '0', 'io', 'lat', [])", "(0, 0)"),
        ],
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_single_device_changes_with_the_list_of_devices() {
    let daemon = start(Setup::new(), &[]);
    let mut feed = Feed::connect(&daemon, "ceph").await;
    // Read often enough for the module to keep its copy.
    for wear in 1..4 {
        let list = format!(r#"{{"devices": [{{"devid": "A1", "wear": {wear}}}]}}"#);
        feed.document("devices", &list).await;
        for _ in 0..2 {
            let found = format!("{{'device': {{'devid': 'A1', 'wear': {wear}}}}}");
            assert_eq!(show(&daemon, "self.get('device A1')"), found);
        }
    }
    feed.document("devices", r#"{"devices": []}"#).await;
    assert_eq!(show(&daemon, "self.get('device A1')"), "{}");
}
