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
    assert_eq!((progress.percent("a", "1"), progress.percent("a", "3")), (Some(100), None));
    assert_eq!(progress.complete("a", "1").unwrap().message, "moving still");
    assert!(progress.complete("a", "1").is_none());
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
    assert!(progress.complete("a", "1").is_some() && progress.complete("a", "2").is_some());
    assert_eq!(progress.completed()[0].id, "2");
    assert_eq!(progress.completed().len(), 1);
}

#[test]
fn no_module_reaches_the_events_of_another() {
    let progress = Progress::default();
    for module in ["a", "b"] {
        progress.update(module, "1", module, 0.5, true).unwrap();
    }
    progress.update("b", "1", "changed", 0.9, true).unwrap();
    assert!(progress.complete("b", "1").is_some() && progress.complete("b", "1").is_none());
    progress.clear_module("b");
    let open = progress.open();
    assert_eq!(open.len(), 1);
    assert_eq!((open[0].module.as_str(), open[0].message.as_str()), ("a", "a"));
    assert!(progress.completed().is_empty());
}

#[test]
fn no_module_takes_the_share_of_another() {
    let limits = Limits { progress_events: 3, module_progress_events: 2, ..Limits::default() };
    let progress = Progress::new(limits);
    let update = |module: &str, id: &str| progress.update(module, id, "", 0.0, false);
    assert!(update("greedy", "1").is_ok() && update("greedy", "2").is_ok());
    let refused = ProgressError::Share { module: "greedy".to_owned(), limit: 2 };
    assert_eq!(update("greedy", "3"), Err(refused));
    assert!(update("greedy", "2").is_ok() && update("quiet", "1").is_ok());
    assert_eq!(update("quiet", "2"), Err(ProgressError::TooMany(3)));
}

#[test]
fn an_id_with_control_characters_is_refused() {
    for id in ["a\nb", "a\u{1b}[31mb", "\u{9b}31m", "a\tb", "a\u{202e}b"] {
        let refused = Progress::default().update("a", id, "", 0.0, false);
        assert_eq!(refused, Err(ProgressError::OddId), "{id:?}");
    }
}

#[test]
fn texts() {
    assert_errors!(ProgressError {
        TooMany: ProgressError::TooMany(1024);
        Share: ProgressError::Share { module: "hello".to_owned(), limit: 128 };
        LongId: ProgressError::LongId(256);
        OddId: ProgressError::OddId;
    });
}
