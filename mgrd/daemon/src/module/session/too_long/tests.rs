use tracing::Level;

use super::*;
use crate::module::LogRecord;

fn too_long() -> TooLong {
    TooLong { module: "m".to_owned(), bytes: 3 << 20, limit: 2 << 20 }
}

#[test]
fn a_message_is_too_long_from_one_byte_beyond_the_limit_on() {
    for (bytes, fits) in [(0, true), (99, true), (100, true), (101, false), (usize::MAX, false)] {
        assert_eq!(TooLong::check("m", bytes, 100).is_ok(), fits, "{bytes}");
    }
}

#[test]
fn what_waits_for_the_message_gets_the_error() {
    let text = too_long().to_string();
    let done = FromModule::Command { id: 1, event: CommandEvent::Done(too_long().into()) };
    let log = LogRecord {
        level: Level::INFO,
        logger: String::new(),
        message: "long".to_owned(),
        call_id: 0,
    };
    let busy = std::time::Duration::from_secs(1);
    let pong = |with: &str| FromModule::Pong { seq: 3, busy, busy_with: with.to_owned() };
    let failed = |message: &str, traceback: &str| FromModule::Failed {
        message: message.to_owned(),
        traceback: traceback.to_owned(),
    };
    let result = |result| FromModule::RemoteResult { id: 2, result };
    let event = |event| FromModule::Command { id: 1, event };
    for (message, expected) in [
        (event(CommandEvent::Output("part".into())), Some(done.clone())),
        (event(CommandEvent::Done(mgrd_command::Outcome::ok("all"))), Some(done)),
        (result(Ok(Default::default())), Some(result(Err(MethodError::Raised(text.clone()))))),
        (failed("why", "where"), Some(failed(&text, ""))),
        (pong("work"), Some(pong(""))),
        (FromModule::Ready, Some(FromModule::Ready)),
        (FromModule::Log(log), None),
        (FromModule::WatchDocuments(vec!["osd_map".to_owned()]), None),
    ] {
        assert_eq!(too_long().instead_of(message.clone()), expected, "{message:?}");
    }
}

#[test]
fn texts() {
    mgrd_snapshots::assert_errors!(TooLong of [too_long()]);
}
