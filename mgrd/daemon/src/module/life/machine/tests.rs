//! The life of a module, as tables and under random events.

use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::module::life::complaint::Complaint;
use crate::module::life::run_end::PostponeReason;
use crate::module::process::Exit;

fn limits() -> LifeLimits {
    LifeLimits::default()
}

fn at(base: Instant, seconds: f64) -> Now {
    Now { time: base + Duration::from_secs_f64(seconds), jitter: 0.0 }
}

fn exit() -> Input {
    Input::Ended(RunEnd::Exited(Exit::Status(1)))
}

fn postponed_end() -> RunEnd {
    RunEnd::Postponed(PostponeReason::Stopping)
}

/// Feeds events at their times; returns the states that followed.
fn story(events: &[(f64, Input)]) -> (Life, Vec<ModuleState>) {
    let base = Instant::now();
    let mut life = Life::new();
    let phases = events.iter().map(|(seconds, event)| {
        life.step(event.clone(), at(base, *seconds), &limits());
        life.state()
    });
    let phases = phases.collect();
    (life, phases)
}

#[test]
fn an_end_that_nothing_asked_for_is_a_crash() {
    use Exit::{Signal, Status};
    let running = [(0.0, Input::Enable), (0.0, Input::Ready)];
    let hung = || Input::Unhealthy(Complaint::Hung { since: Duration::from_secs(60), cause: None });
    let end = |exit| RunEnd::Exited(exit);
    for (then, end, reason) in [
        (None, end(Status(0)), Some("exited with status 0")),
        (None, end(Signal(11)), Some("killed by SIGSEGV")),
        (None, end(Signal(9)), Some("killed by SIGKILL")),
        // It says that it cannot run.
        (None, end(Status(77)), None),
        (None, end(Status(78)), None),
        // The reason is the supervisor's, however the process ends then.
        (Some(hung()), end(Status(0)), Some("did not answer a ping for 60 s")),
        (Some(hung()), end(Signal(15)), Some("did not answer a ping for 60 s")),
        // An operator asked for it. A fault of the program is a crash nevertheless.
        (Some(Input::Disable), end(Status(0)), None),
        (Some(Input::Disable), end(Signal(15)), None),
        (Some(Input::Disable), end(Signal(9)), None),
        (Some(Input::Restart), end(Signal(9)), None),
        (Some(Input::Shutdown), end(Status(1)), None),
        (Some(Input::Disable), end(Signal(11)), Some("killed by SIGSEGV")),
        (Some(Input::Refused(Reason::NoFolder)), end(Status(1)), None),
    ] {
        let steps: Vec<_> =
            running.clone().into_iter().chain(then.map(|then| (1.0, then))).collect();
        let crash = story(&steps).0.crash(&end).map(|reason| reason.to_string());
        assert_eq!(crash.as_deref(), reason, "{steps:?} {end}");
    }
    let late = [(0.0, Input::Enable), (30.0, Input::Tick)];
    let crash = story(&late).0.crash(&end(Signal(15))).map(|reason| reason.to_string());
    assert_eq!(crash.as_deref(), Some("not ready 30 s after its start"));
    assert!(story(&[]).0.crash(&end(Signal(11))).is_none());
}

#[test]
fn the_first_restart_is_immediate_and_the_next_ones_wait_longer_and_longer() {
    let (life, phases) = story(&[
        (0.0, Input::Enable),
        (0.0, Input::Ready),
        (1.0, exit()),
        (1.1, Input::Ready),
        (2.0, exit()),
        (2.4, Input::Tick),
        (2.5, Input::Tick),
        (2.6, Input::Ready),
        (3.0, exit()),
        (3.9, Input::Tick),
        (4.0, Input::Tick),
    ]);
    let expected = [
        ModuleState::Starting,
        ModuleState::Running,
        ModuleState::Starting,
        ModuleState::Running,
        ModuleState::Backoff,
        ModuleState::Backoff,
        ModuleState::Starting,
        ModuleState::Running,
        ModuleState::Backoff,
        ModuleState::Backoff,
        ModuleState::Starting,
    ];
    assert_eq!(phases, expected);
    assert_eq!(life.restarts, 3);
}

#[test]
fn five_failures_in_ten_minutes_mean_failed_and_a_slow_retry() {
    let mut events = vec![(0.0, Input::Enable)];
    for number in 0..5 {
        events.extend([
            (f64::from(number) * 100.0, exit()),
            (f64::from(number) * 100.0 + 99.0, Input::Tick),
        ]);
    }
    events.extend([(999.0, Input::Tick), (1000.0, Input::Tick), (1001.0, exit())]);
    let (_, phases) = story(&events);
    assert_eq!(phases[8], ModuleState::Starting);
    assert_eq!(
        &phases[9..],
        [
            ModuleState::Failed,
            ModuleState::Failed,
            ModuleState::Failed,
            ModuleState::Starting,
            ModuleState::Failed
        ]
    );
}

#[test]
fn a_start_that_is_postponed_is_tried_again_more_slowly_and_counts_as_no_failure() {
    let postponed = || Input::Ended(postponed_end());
    let mut events = vec![(0.0, Input::Enable), (0.0, postponed())];
    for time in 1..9 {
        events.extend([
            (f64::from(time) * 100.0, Input::Tick),
            (f64::from(time) * 100.0, postponed()),
        ]);
    }
    let (life, phases) = story(&events);
    assert_eq!(phases.last(), Some(&ModuleState::Backoff), "{phases:?}");
    assert!(!life.is_unstable() && life.failures.attempt == 10);
    // What was short is there again: the next end of the process is the first one in a row.
    events.extend([(999.0, Input::Tick), (999.0, Input::Ready), (999.0, exit())]);
    assert_eq!(story(&events).1.last(), Some(&ModuleState::Starting));
}

#[test]
fn a_start_that_is_postponed_while_it_is_stopped_is_over() {
    let postponed = Input::Ended(postponed_end());
    let (_, phases) = story(&[(0.0, Input::Enable), (0.0, Input::Disable), (0.0, postponed)]);
    assert_eq!(phases, [ModuleState::Starting, ModuleState::Stopping, ModuleState::Disabled]);
}

#[test]
fn two_minutes_of_health_clear_the_count() {
    let (life, _) =
        story(&[(0.0, Input::Enable), (0.0, exit()), (1.0, Input::Tick), (1.0, Input::Ready)]);
    assert!(life.is_unstable());
    let (life, phases) = story(&[
        (0.0, Input::Enable),
        (0.0, exit()),
        (1.0, Input::Tick),
        (1.0, Input::Ready),
        (121.0, Input::Tick),
        (122.0, exit()),
    ]);
    assert_eq!((phases[4], phases[5]), (ModuleState::Running, ModuleState::Starting));
    assert_eq!(life.failures.recent.len(), 1);
}

#[test]
fn a_restart_by_hand_does_not_count_and_clears_what_did() {
    let mut events = vec![(0.0, Input::Enable)];
    for _ in 0..5 {
        events.extend([(1.0, exit()), (100.0, Input::Tick)]);
    }
    events.extend([(101.0, Input::Restart), (101.0, Input::Ready), (101.0, exit())]);
    let (life, phases) = story(&events);
    assert_eq!(
        &phases[10..],
        [ModuleState::Failed, ModuleState::Starting, ModuleState::Running, ModuleState::Starting]
    );
    assert_eq!(life.restarts, 1);
}

#[test]
fn a_start_that_takes_too_long_is_a_failure_unless_more_time_was_asked_for() {
    let (_, phases) = story(&[(0.0, Input::Enable), (30.0, Input::Tick), (31.0, exit())]);
    assert_eq!(phases, [ModuleState::Starting, ModuleState::Stopping, ModuleState::Backoff]);
    let more = Input::ExtendStart(Duration::from_secs(60));
    let (_, phases) =
        story(&[(0.0, Input::Enable), (1.0, more), (60.0, Input::Tick), (61.0, Input::Tick)]);
    assert_eq!(
        phases,
        [
            ModuleState::Starting,
            ModuleState::Starting,
            ModuleState::Starting,
            ModuleState::Stopping
        ]
    );
}

#[test]
fn the_transfer_of_a_snapshot_does_not_count_as_time_to_start() {
    use ModuleState::{Starting, Stopping};
    let part = || Input::SnapshotPart;
    let (_, phases) = story(&[
        (0.0, Input::Enable),
        (29.0, part()),
        (58.0, part()),
        (87.0, Input::Tick),
        (88.0, Input::Tick),
    ]);
    assert_eq!(phases, [Starting, Starting, Starting, Starting, Stopping]);
    // It takes back nothing that the module asked for.
    let more = Input::ExtendStart(Duration::from_secs(60));
    let (_, phases) =
        story(&[(0.0, Input::Enable), (1.0, more), (2.0, part()), (60.0, Input::Tick)]);
    assert_eq!(phases.last(), Some(&Starting));
    // It ends some time.
    let mut events = vec![(0.0, Input::Enable)];
    events.extend((1..=30).map(|n| (f64::from(n) * 20.0, part())));
    events.push((600.0, Input::Tick));
    let (_, phases) = story(&events);
    assert_eq!(phases.last(), Some(&Stopping));
}

#[test]
fn what_is_wanted_when_a_stop_ends_decides_what_follows() {
    let begin = [(0.0, Input::Enable), (0.0, Input::Ready)];
    let cases: [(&[Input], ModuleState); 7] = [
        (&[Input::Disable], ModuleState::Disabled),
        (&[Input::Shutdown], ModuleState::Stopped),
        (&[Input::Disable, Input::Enable], ModuleState::Starting),
        (&[Input::Restart, Input::Disable], ModuleState::Disabled),
        (&[Input::Unhealthy(Complaint::SessionEnded), Input::Restart], ModuleState::Starting),
        (&[Input::Debug], ModuleState::Debugging),
        (&[Input::Refused(Reason::Declared("no".into()))], ModuleState::CannotRun),
    ];
    for (events, expected) in cases {
        let events = events.iter().map(|event| (1.0, event.clone()));
        let story_of: Vec<_> = begin.iter().cloned().chain(events).chain([(1.0, exit())]).collect();
        let (_, phases) = story(&story_of);
        assert_eq!(phases.last(), Some(&expected), "{story_of:?}");
    }
}

#[test]
fn the_delay_doubles_to_its_maximum_and_jitters_by_a_fifth() {
    let limits = limits();
    let seconds = |attempt, jitter| limits.delay(attempt, jitter).as_secs_f64();
    let delays = [0, 1, 2, 3, 8, 9, 4_000_000].map(|attempt| seconds(attempt, 0.0));
    assert_eq!(delays, [0.0, 0.5, 1.0, 2.0, 60.0, 60.0, 60.0]);
    assert!((seconds(2, 1.0) - 1.2).abs() < 1e-6 && (seconds(2, -1.0) - 0.8).abs() < 1e-6);
}

fn any_event() -> impl Strategy<Value = Input> {
    prop_oneof![
        Just(Input::Enable),
        Just(Input::Disable),
        Just(Input::Restart),
        Just(Input::Debug),
        Just(Input::EndDebug),
        Just(Input::Shutdown),
        Just(Input::SnapshotPart),
        Just(Input::Ready),
        Just(Input::WorkFailed("f".into())),
        Just(Input::Refused(Reason::Declared("r".into()))),
        Just(Input::Unhealthy(Complaint::SessionEnded)),
        Just(Input::SessionChanged),
        Just(Input::Tick),
        (0u64..100).prop_map(|s| Input::ExtendStart(Duration::from_secs(s))),
        (76..80).prop_map(|code| Input::Ended(RunEnd::Exited(Exit::Status(code)))),
    ]
}

proptest! {
    /// In any order of events, there are never two processes, no stop is lost, and a module that is
    /// not wanted becomes idle.
    #[test]
    fn no_order_of_events_runs_two_processes_or_loses_a_stop(
        events in prop::collection::vec((any_event(), 0u64..90), 0..60)
    ) {
        let mut now = Now { time: Instant::now(), jitter: 0.5 };
        let (mut life, mut processes, mut stopped) = (Life::new(), 0, false);
        for (event, seconds) in events {
            now.time += Duration::from_secs(seconds);
            if matches!(event, Input::Ended(_)) {
                if processes == 0 {
                    continue;
                }
                processes = 0;
                stopped = false;
            }
            match life.step(event, now, &limits()) {
                Some(Effect::Start) => processes += 1,
                Some(Effect::Stop) => stopped = true,
                None => {}
            }
            prop_assert!(processes <= 1);
            prop_assert_eq!(life.has_process(), processes == 1);
            prop_assert_eq!(stopped, matches!(life.phase, Phase::Stopping { .. }));
            let idle = !life.wanted || life.debugged;
            prop_assert!(!idle || processes == 0 || stopped, "unwanted, but not stopped");
            let waits = matches!(life.phase, Phase::Starting { .. } | Phase::Backoff { .. });
            prop_assert!(!waits || life.wake_at(&limits()).is_some(), "nothing ends this");
        }
    }
}

#[test]
fn a_manager_that_stood_still_gives_a_starting_module_the_time_back() {
    let limit = limits().start_timeout.as_secs_f64();
    let (_, states) = story(&[
        (0.0, Input::Enable),
        (limit + 10.0, Input::Tick),
        (limit + 19.9, Input::Tick),
        (limit + 20.1, Input::Tick),
    ]);
    let starting = ModuleState::Starting;
    assert_eq!(states, [starting, starting, starting, ModuleState::Stopping]);
}
