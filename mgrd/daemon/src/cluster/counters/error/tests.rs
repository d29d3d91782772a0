use mgrd_snapshots::assert_errors;

use super::*;

#[test]
fn texts() {
    let daemon = || "osd.0".to_owned();
    let (values, counts, counters, averages) = (3, 1, 4, 2);
    assert_errors!(CounterError {
        NoSchema: CounterError::NoSchema(daemon());
        Width: CounterError::Width { daemon: daemon(), values, counts, counters, averages };
        Stamp: CounterError::Stamp(daemon());
    });
}
