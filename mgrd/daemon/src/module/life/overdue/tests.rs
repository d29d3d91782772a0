use std::sync::Arc;

use super::*;
use crate::module::session::{CommandCall, CommandRun, FromModule, Hello, SessionLimits};

fn session() -> Arc<Session> {
    Arc::new(Session::new("hello", Hello::default(), SessionLimits::default(), Arc::default()))
}

fn pong(session: &Session, busy: Duration, busy_with: &str) {
    session.deliver(FromModule::Pong { seq: 0, busy, busy_with: busy_with.to_owned() });
}

fn command(session: &Arc<Session>, prefix: &str) -> CommandRun {
    let call = CommandCall { prefix: prefix.to_owned(), ..CommandCall::default() };
    CommandRun::start(Arc::clone(session), call).unwrap()
}

#[test]
fn without_work_nothing_is_overdue() {
    let session = session();
    assert_eq!(Overdue::oldest(&session), None);
    pong(&session, Duration::ZERO, "");
    assert_eq!(Overdue::oldest(&session), None);
    let run = command(&session, "hello greet");
    assert!(Overdue::oldest(&session).is_some());
    drop(run);
    assert_eq!(Overdue::oldest(&session), None);
}

#[test]
fn a_command_that_the_module_reports_too_is_shown_with_its_request() {
    let session = session();
    let _run = command(&session, "hello greet");
    pong(&session, Duration::from_secs(5), "command 'hello greet'");
    let work = Overdue::oldest(&session).unwrap().to_string();
    assert!(work.starts_with("has run the command 'hello greet' for "), "{work}");
}

#[test]
fn older_work_that_only_the_module_knows_counts_more() {
    let session = session();
    let _run = command(&session, "hello greet");
    pong(&session, Duration::from_secs(5), "notify 'osd_map'");
    let work = Overdue::oldest(&session).unwrap();
    assert_eq!(work.to_string(), "has handled the notification 'osd_map' for 5 s");
    assert_eq!(work.age(), Duration::from_secs(5));
}

#[test]
fn a_module_that_waits_for_another_one_names_that() {
    let session = session();
    let _run = command(&session, "hello greet");
    let waiting = session.waits.begin("slow", "method".to_owned());
    // Another call, which began later, is not the oldest.
    let _later = session.waits.begin("fast", "method".to_owned());
    let work = Overdue::oldest(&session).unwrap().to_string();
    // How much of its time the command has waited depends on the clock.
    assert!(!work.contains("'fast'"), "{work}");
    pong(&session, Duration::from_secs(3600), "serve");
    let work = Overdue::oldest(&session).unwrap().to_string();
    assert_eq!(work, "has been busy for 3600 s with serve");
    drop(waiting);
}

#[test]
fn time_in_which_the_manager_stood_still_does_not_count() {
    let session = session();
    pong(&session, Duration::from_secs(100), "notify 'osd_map'");
    session.forgive(Duration::from_secs(60));
    assert_eq!(Overdue::oldest(&session).unwrap().age(), Duration::from_secs(40));
    pong(&session, Duration::from_secs(105), "notify 'osd_map'");
    assert_eq!(Overdue::oldest(&session).unwrap().age(), Duration::from_secs(45));
    // Other work has begun since then.
    pong(&session, Duration::from_secs(2), "notify 'osd_map'");
    assert_eq!(Overdue::oldest(&session).unwrap().age(), Duration::from_secs(2));
}

#[test]
fn texts() {
    let (age, caller, request) =
        (Duration::from_secs(93), || "module 'other'".to_owned(), || "3-1".to_owned());
    let asked = |work| What::Asked(UnderWay { work, caller: caller(), request: request(), age });
    let texts = [
        asked(Work::Command("hello greet".to_owned())),
        asked(Work::RemoteCall("method".to_owned())),
        What::Waits { module: "other".to_owned(), method: "method".to_owned() },
        What::Handler("notify 'osd_map'".to_owned()),
        What::Handler("config_notify\u{1b}[2J\nforged".to_owned()),
        What::Start,
        What::End,
    ];
    let texts = texts.map(|what| Overdue { what, age }.to_string());
    mgrd_snapshots::assert_text!("overdue", texts.join("\n"));
}
