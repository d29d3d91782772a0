//! Commands and calls over a session that the test answers itself.

use std::sync::Arc;

use mgrd_command::Outcome;

use super::*;
use crate::module::error::{CallError, ExecuteError};
use crate::module::{
    CommandCall, CommandEvent, CommandRun, Declaration, MethodError, Payload, RemoteCall, ToModule,
};

fn session(limits: SessionLimits) -> Arc<Session> {
    Arc::new(Session::new("m", Hello::default(), limits, Arc::default()))
}

fn command() -> CommandCall {
    CommandCall { prefix: "m go".into(), ..CommandCall::default() }
}

fn start(session: &Arc<Session>) -> CommandRun {
    CommandRun::start(session.clone(), command()).unwrap()
}

fn output(session: &Session, part: impl Into<Bytes>) {
    let event = CommandEvent::Output(part.into());
    session.deliver(FromModule::Command { id: 1, event });
}

fn done(session: &Session, outcome: Outcome) {
    session.deliver(FromModule::Command { id: 1, event: CommandEvent::Done(outcome) });
}

fn is_too_large(event: &CommandEvent) -> bool {
    matches!(event, CommandEvent::Done(outcome) if outcome.retval == -27)
}

async fn sent(session: &Session) -> ToModule {
    session.outbox.next().await.unwrap()
}

#[tokio::test]
async fn output_comes_in_parts_and_before_the_end() {
    let session = session(SessionLimits::default());
    let run = start(&session);
    output(&session, "a");
    done(&session, Outcome::ok("b"));
    assert_eq!(run.outcome().await.stdout, "ab");
    assert_eq!(session.in_flight(), 0);
}

#[tokio::test]
async fn a_dropped_command_is_cancelled_or_never_sent() {
    let session = session(SessionLimits::default());
    let run = start(&session);
    assert!(matches!(sent(&session).await, ToModule::Command { id: 1, .. }));
    drop(run);
    assert_eq!(sent(&session).await, ToModule::CancelCommand { id: 1 });
    drop(start(&session));
    assert_eq!((session.outbox.len(), session.in_flight()), (0, 0));
}

#[tokio::test]
async fn too_many_commands_and_too_much_output_are_refused() {
    let session =
        session(SessionLimits { in_flight: 1, output_bytes: 100, ..SessionLimits::default() });
    let mut run = start(&session);
    let refused = CommandRun::start(session.clone(), command()).unwrap_err();
    assert!(matches!(refused, ExecuteError::Busy { limit: 1, .. }));
    sent(&session).await;
    output(&session, "ab");
    assert_eq!(run.next().await, CommandEvent::Output("ab".into()));
    output(&session, "ab");
    output(&session, "ab");
    assert_eq!(run.next().await, CommandEvent::Output("ab".into()));
    let ended = run.next().await;
    assert!(is_too_large(&ended), "{ended:?}");
    assert_eq!(sent(&session).await, ToModule::CancelCommand { id: 1 });
}

#[tokio::test]
async fn output_that_has_no_bytes_is_bounded_too() {
    let session = session(SessionLimits { output_bytes: 1000, ..SessionLimits::default() });
    let mut run = start(&session);
    for _ in 0..1000 {
        output(&session, Bytes::new());
    }
    done(&session, Outcome::default());
    let mut parts = 0;
    let ended = loop {
        match run.next().await {
            CommandEvent::Output(_) => parts += 1,
            end => break end,
        }
    };
    assert!(is_too_large(&ended), "{parts}: {ended:?}");
}

#[tokio::test]
async fn output_that_is_gathered_is_bounded_too() {
    let session = session(SessionLimits { output_bytes: 100, ..SessionLimits::default() });
    let outcome = tokio::spawn(start(&session).outcome());
    for part in ["x".repeat(60), "x".repeat(60)] {
        // Taken before the next one comes, so that it is never the waiting part that is too much.
        output(&session, part);
        tokio::task::yield_now().await;
    }
    done(&session, Outcome::ok(""));
    let outcome = outcome.await.unwrap();
    assert_eq!((outcome.retval, outcome.stdout.len()), (-27, 0));
}

#[tokio::test]
async fn the_last_part_of_the_output_counts_too() {
    for (last, retval) in [(40, 0), (41, -27)] {
        let session = session(SessionLimits { output_bytes: 100, ..SessionLimits::default() });
        let outcome = tokio::spawn(start(&session).outcome());
        output(&session, "x".repeat(60));
        tokio::task::yield_now().await;
        done(&session, Outcome::ok("x".repeat(last)));
        assert_eq!(outcome.await.unwrap().retval, retval, "{last}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_command_and_a_call_end_at_their_deadline() {
    let session = session(SessionLimits::default());
    let timeout = Some(Duration::from_secs(3));
    let run = CommandRun::start(session.clone(), CommandCall { timeout, ..command() }).unwrap();
    assert_eq!(run.outcome().await.retval, -110);
    let call = RemoteCall { timeout: Duration::from_secs(3), ..RemoteCall::default() };
    assert!(matches!(session.call(call).await, Err(CallError::TimedOut { .. })));
    assert_eq!(session.in_flight(), 0);
}

#[tokio::test]
async fn a_call_gives_what_the_method_gave() {
    let session = session(SessionLimits::default());
    let call = RemoteCall { timeout: Duration::from_secs(99), ..RemoteCall::default() };
    let results = [
        Ok(Payload { data: "1".into(), encoding: String::new() }),
        Err(MethodError::NoMethod("f".into())),
        Err(MethodError::Raised("boom".into())),
    ];
    for result in results {
        let answer = async {
            let ToModule::RemoteCall { id, .. } = sent(&session).await else { panic!() };
            session.deliver(FromModule::RemoteResult { id, result: result.clone() });
        };
        let (got, ()) = tokio::join!(session.call(call.clone()), answer);
        match result {
            Ok(value) => assert_eq!(got.unwrap(), value),
            Err(MethodError::NoMethod(_)) => {
                assert!(matches!(got, Err(CallError::NoMethod { .. })))
            }
            Err(MethodError::Raised(text)) => {
                assert!(matches!(got, Err(CallError::Raised(got)) if got == text))
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_waits_for_a_module_is_bounded_for_all_senders_together() {
    let session = session(SessionLimits { waiting_bytes: 3, ..SessionLimits::default() });
    let args = Payload { data: "1234".into(), encoding: String::new() };
    let call = RemoteCall { args, timeout: Duration::from_secs(99), ..RemoteCall::default() };
    let mut waits = std::pin::pin!(session.call(call.clone()));
    assert!(futures_util::FutureExt::now_or_never(&mut waits).is_none());
    assert!(matches!(session.call(call).await, Err(CallError::Busy { .. })));
    assert!(matches!(
        CommandRun::start(session.clone(), command()),
        Err(ExecuteError::Busy { .. })
    ));
}

#[tokio::test]
async fn one_caller_takes_no_more_than_its_share_of_the_calls() {
    let limits = SessionLimits { in_flight: 4, caller_in_flight: 2, ..SessionLimits::default() };
    let session = session(limits);
    let client = |pid| CommandCall { caller: Identity::LocalUser { uid: 0, pid }, ..command() };
    let start = |pid| CommandRun::start(session.clone(), client(pid));
    let first = start(7).unwrap();
    let _second = start(7).unwrap();
    let refused = start(7).unwrap_err().to_string();
    assert!(refused.starts_with("process 7 of user 0 has 2 commands"), "{refused}");
    let remote = || {
        let (caller, timeout) = ("greedy".to_owned(), Duration::from_secs(99));
        session.call(RemoteCall { caller, timeout, ..RemoteCall::default() })
    };
    let mut third = Box::pin(remote());
    assert!(futures_util::FutureExt::now_or_never(&mut third).is_none());
    // The limit for all callers together holds, too.
    let _fourth = start(8).unwrap();
    assert!(matches!(start(9), Err(ExecuteError::Busy { limit: 4, .. })));
    drop(first);
    let _fifth = start(7).unwrap();
    drop(third);
    assert!(start(9).is_ok());
}

#[tokio::test]
async fn one_caller_takes_no_more_than_its_share_of_the_waiting_bytes() {
    let limits =
        SessionLimits { waiting_bytes: 99, caller_waiting_bytes: 9, ..SessionLimits::default() };
    let session = session(limits);
    let call = |caller: &str| {
        let args = Payload { data: "0123456789".into(), encoding: String::new() };
        let (caller, timeout) = (caller.to_owned(), Duration::from_secs(99));
        Box::pin(session.call(RemoteCall { caller, args, timeout, ..RemoteCall::default() }))
    };
    let mut greedy = call("greedy");
    assert!(futures_util::FutureExt::now_or_never(&mut greedy).is_none());
    let refused = call("greedy").await;
    assert!(
        matches!(refused, Err(CallError::Share(ref share)) if share.caller == Caller::module("greedy"))
    );
    let mut quiet = call("quiet");
    assert!(futures_util::FutureExt::now_or_never(&mut quiet).is_none());
    let sent = session.outbox.next().await;
    assert!(matches!(sent, Some(ToModule::RemoteCall { .. })));
    assert!(futures_util::FutureExt::now_or_never(&mut call("greedy")).is_none());
}

#[tokio::test]
async fn only_known_encodings_and_offered_methods_are_called() {
    let declaration = Declaration { methods: vec!["f".into()], ..Declaration::default() };
    let hello = Hello { declaration, ..Hello::default() };
    let session = Session::new("m", hello, SessionLimits::default(), Arc::default());
    let args = Payload { data: Bytes::new(), encoding: "pickle".into() };
    let call = RemoteCall { method: "f".into(), args, ..RemoteCall::default() };
    assert!(matches!(session.call(call).await, Err(CallError::Encoding { .. })));
    let call = RemoteCall { method: "g".into(), ..RemoteCall::default() };
    assert!(matches!(session.call(call).await, Err(CallError::NoMethod { .. })));
}

fn record(message: &str) -> LogRecord {
    let (logger, message) = (String::new(), message.to_owned());
    LogRecord { level: tracing::Level::INFO, logger, message, call_id: 0 }
}

#[tokio::test]
async fn watched_documents_and_log_records_are_bounded() {
    let limits = SessionLimits {
        watched_documents: 2,
        log_records_per_second: 3,
        log_bytes_per_second: 40,
        ..SessionLimits::default()
    };
    let session = session(limits);
    for names in [vec!["a", "b"], vec!["b", "c"]] {
        let names = names.into_iter().map(str::to_owned).collect();
        session.deliver(FromModule::WatchDocuments(names));
    }
    for name in ["a", "b", "c"] {
        session.document_changed(name, 1);
    }
    let expected = vec![("a".into(), 1), ("b".into(), 1)];
    assert_eq!(sent(&session).await, ToModule::DocumentChanged(expected));
    let now = Instant::now();
    let passed = |now, record| (0..9).filter(|_| session.admits_record(&record, now)).count();
    let second = |number| now + Duration::from_secs(number);
    assert_eq!((passed(second(0), record("")), passed(second(1), record(""))), (3, 3));
    assert_eq!(passed(second(2), record(&"x".repeat(20))), 2);
}

#[tokio::test]
async fn the_main_work_of_a_module_fails_once_in_a_session() {
    let session = session(SessionLimits::default());
    let failed = || FromModule::Failed { message: "no".into(), traceback: String::new() };
    assert_eq!(session.deliver(failed()), Some(failed()));
    assert_eq!(session.deliver(failed()), None);
}

#[tokio::test]
async fn only_watched_documents_and_wanted_notifications_are_sent() {
    let declaration =
        Declaration { notify_types: vec!["osd_map".into()], ..Declaration::default() };
    let hello = Hello { declaration, ..Hello::default() };
    let session = Session::new("m", hello, SessionLimits::default(), Arc::default());
    session.deliver(FromModule::WatchDocuments(vec!["osd_map".into()]));
    for name in ["osd_map", "mon_map"] {
        session.document_changed(name, 2);
        session.notify(name, "null".into());
    }
    let expected = ToModule::DocumentChanged(vec![("osd_map".into(), 2)]);
    assert_eq!(sent(&session).await, expected);
    assert!(
        matches!(sent(&session).await, ToModule::Notification { kind, .. } if kind == "osd_map")
    );
    assert_eq!(session.outbox.len(), 0);
}

#[tokio::test]
async fn a_module_is_pinged_once_it_has_its_snapshot() {
    let hello = Hello { features: [SNAPSHOT_PARTS.to_owned()].into(), ..Hello::default() };
    let session = Session::new("m", hello, SessionLimits::default(), Arc::default());
    session.ping();
    assert_eq!((session.pulse.unanswered(), session.outbox.len()), (Duration::ZERO, 0));
    session.welcomed();
    session.ping();
    assert_eq!(session.outbox.next().await, Some(ToModule::Ping { seq: 1 }));
}
