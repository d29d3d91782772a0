use mgrd_snapshots::assert_errors;

use super::*;

#[test]
fn texts() {
    let what = || "document 'osd_map'".to_owned();
    assert_errors!(FeedError {
        Name: FeedError::Name("a feed".into());
        TakenOver: FeedError::TakenOver("ceph".into());
        NotJson: FeedError::NotJson {
            name: "osd_map".into(),
            source: serde_json::from_str::<u8>("x").unwrap_err(),
        };
        NoChecks: FeedError::NoChecks;
        TooMany: FeedError::TooMany { what: "documents", limit: 1024 };
        TooLarge: FeedError::TooLarge { what: what(), limit: 1 << 20 };
        OddName: FeedError::OddName { what: "daemon", name: "osd.\\u{1b}[2J".into() };
        Taken: FeedError::Taken { what: what(), feed: "ceph".into() };
        Counters: FeedError::Counters(CounterError::NoSchema("osd.0".into()));
        Some: FeedError::Some {
            refused: 2,
            all: 5,
            first: Box::new(FeedError::Counters(CounterError::Stamp("osd.0".into()))),
        };
    });
}
