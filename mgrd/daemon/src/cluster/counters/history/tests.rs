use super::*;
use crate::cluster::counters::counter::{Counter, LONGRUNAVG};

const TIME: u32 = 0x1;
const U64: u32 = 0x2;
const COUNTER: u32 = 0x8;

fn counter(path: &str, kind: u32) -> Counter {
    let (path, description) = (path.to_owned(), String::new());
    let labels = Labels::new();
    Counter { path, labels, description, nick: None, kind, priority: 5, units: 1 }
}

fn history() -> History {
    let mut history = History::default();
    let counters =
        vec![counter("a", U64), counter("lat", TIME | LONGRUNAVG), counter("b", U64 | COUNTER)];
    history.set_schema(&Arc::new(Schema::new(counters)));
    history
}

#[test]
fn the_ring_keeps_the_newest_points_in_order() {
    for rows in [0, 1, HISTORY - 1, HISTORY, HISTORY + 1, 3 * HISTORY + 7] {
        let mut history = history();
        for n in 0..rows as u64 {
            history.push(n as f64, &[n, 10 * n, 1000 * n], &[100 * n]);
        }
        let kept: Vec<u64> = (rows.saturating_sub(HISTORY) as u64..rows as u64).collect();
        let values =
            |path| history.points(path, &Labels::new()).iter().map(|p| p.value).collect::<Vec<_>>();
        assert_eq!(values("a"), kept);
        assert_eq!(values("b"), kept.iter().map(|n| 1000 * n).collect::<Vec<_>>());
        let counts: Vec<_> =
            history.points("lat", &Labels::new()).iter().filter_map(|p| p.count).collect();
        assert_eq!(counts, kept.iter().map(|n| 100 * n).collect::<Vec<_>>());
        let newest = rows.checked_sub(1).map(|n| n as u64);
        let row = |n| vec![n, 10 * n, 1000 * n, 100 * n];
        let expected = newest.map(|n| (n as f64, row(n)));
        assert_eq!(history.latest().map(|(t, row)| (t, row.to_vec())), expected);
        assert_eq!(history.rows.len(), 4 * kept.len());
    }
}

#[test]
fn points_are_json_arrays_as_in_ceph() {
    let mut history = history();
    history.push(1.5, &[1, 2, 4], &[3]);
    let json = |path| serde_json::to_string(&history.points(path, &Labels::new())).unwrap();
    assert_eq!(json("a"), "[[1.5,1]]");
    assert_eq!(json("lat"), "[[1.5,2,3]]");
    assert!(history.points("c", &Labels::new()).is_empty());
}

#[test]
fn an_equal_schema_keeps_the_history_and_another_one_removes_it() {
    let mut history = history();
    history.push(1.0, &[1, 2, 4], &[3]);
    let equal = Schema::new(history.schema().unwrap().counters().to_vec());
    history.set_schema(&Arc::new(equal));
    assert_eq!(history.points("a", &Labels::new()).len(), 1);
    history.set_schema(&Arc::new(Schema::new(vec![counter("a", U64)])));
    assert!(history.points("a", &Labels::new()).is_empty());
}

#[test]
fn labels_distinguish_counters_with_the_same_path() {
    let labelled = |pool: &str| Counter {
        labels: Labels::from([("pool".to_owned(), pool.to_owned())]),
        ..counter("ops", U64)
    };
    let mut history = History::default();
    let counters = vec![labelled("a"), counter("ops", U64), labelled("b")];
    history.set_schema(&Arc::new(Schema::new(counters)));
    history.push(1.0, &[1, 2, 3], &[]);
    let value = |labels: &Labels| history.points("ops", labels).pop().map(|point| point.value);
    assert_eq!(value(&labelled("a").labels), Some(1));
    assert_eq!(value(&Labels::new()), Some(2));
    assert_eq!(value(&labelled("b").labels), Some(3));
    assert_eq!(value(&labelled("c").labels), None);
    let json = serde_json::to_value(&**history.schema().unwrap()).unwrap();
    assert_eq!(json.as_object().unwrap().len(), 1);
}
