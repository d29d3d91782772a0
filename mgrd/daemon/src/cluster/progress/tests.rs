use mgrd_snapshots::assert_errors;

use super::*;

#[test]
fn events_move_from_open_to_completed() {
    let progress = Progress::default();
    progress.update("a", "1", "moving", 0.25, true).unwrap();
    progress.update("a", "1", "moving still", 7.0, false).unwrap();
    let open = progress.open();
    assert_eq!((open[0].message.as_str(), open[0].progress), ("moving still", 1.0));
    progress.update("b", "2", "odd", f64::NAN, false).unwrap();
    assert_eq!(progress.open()[1].progress, 0.0);
    assert_eq!((progress.percent("1"), progress.percent("3")), (Some(100), None));
    assert_eq!(progress.complete("1").unwrap().message, "moving still");
    assert!(progress.complete("1").is_none());
    progress.remove_module("b");
    assert!(progress.open().is_empty());
    assert_eq!(progress.completed()[0].id, "1");
    progress.clear();
    assert!(progress.completed().is_empty());
}

#[test]
fn events_are_bounded_in_number_and_in_their_texts() {
    let limits = Limits {
        progress_events: 2,
        progress_completed: 1,
        name_bytes: 3,
        text_bytes: 4,
        ..Limits::default()
    };
    let progress = Progress::new(limits);
    let update = |id: &str| progress.update("a", id, "message", 0.0, false);
    assert_eq!((update("1").is_ok(), update("2").is_ok()), (true, true));
    assert_eq!(update("3"), Err(ProgressError::TooMany(2)));
    assert_eq!(update("1234"), Err(ProgressError::LongId(3)));
    assert_eq!(progress.open()[0].message, "mess…");
    assert!(progress.complete("1").is_some() && progress.complete("2").is_some());
    assert_eq!(progress.completed()[0].id, "2");
    assert_eq!(progress.completed().len(), 1);
}

#[test]
fn texts() {
    assert_errors!(ProgressError {
        TooMany: ProgressError::TooMany(1024);
        LongId: ProgressError::LongId(256);
    });
}
