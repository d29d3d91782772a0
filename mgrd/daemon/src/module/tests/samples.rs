//! A module in each state, as listings show it.

use std::sync::Arc;
use std::time::Duration;

use tracing::Level;

use crate::module::life::{Complaint, Overdue, Reason, RunEnd};
use crate::module::process::{Exit, ProcessLimits, Usage};
use crate::module::{CrashedRun, LineSource, LogLine, ModuleState, ModuleStatus, UnderWay, Work};

/// The reason of a module whose main work ended with this error.
pub(crate) fn work_failed(text: &str) -> Option<Arc<Reason>> {
    Some(Arc::new(Reason::WorkFailed(text.to_owned())))
}

/// One module in each state, some with a complaint of the watchdog, named after that.
pub(crate) fn samples() -> Vec<ModuleStatus> {
    let states = ModuleState::ALL.into_iter().map(sample);
    let busy = ModuleStatus {
        name: "busy".into(),
        warning: Some(Complaint::Overdue(Overdue::example())),
        ..sample(ModuleState::Running)
    };
    let unstable = ModuleStatus {
        name: "unstable".into(),
        restarts: 1,
        unstable: true,
        last_end: Some(RunEnd::Exited(Exit::Signal(11))),
        last_words: vec!["segfault at 0".into()],
        ..sample(ModuleState::Running)
    };
    let mut all: Vec<_> = states.chain([busy, unstable]).collect();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all
}

fn sample(state: ModuleState) -> ModuleStatus {
    let base = ModuleStatus {
        name: state.name().to_owned(),
        state,
        enabled: true,
        ..ModuleStatus::default()
    };
    let alive = |pid: u32, mebibytes: u64, seconds: f64| {
        let cpu = Duration::from_secs_f64(seconds);
        let usage = Usage { rss_bytes: mebibytes << 20, cpu, tasks: 1 };
        ModuleStatus { pid, usage: Some(usage), ..base.clone() }
    };
    let exited = |exit| Reason::RunEnded(RunEnd::Exited(exit));
    let ended = |reason: Reason, exit, words: &[&str]| ModuleStatus {
        reason: Some(Arc::new(reason)),
        last_end: Some(RunEnd::Exited(exit)),
        last_words: words.iter().map(|&line| line.to_owned()).collect(),
        ..base.clone()
    };
    match state {
        ModuleState::Disabled => ModuleStatus { enabled: false, ..base },
        // It has not been measured yet.
        ModuleState::Starting => ModuleStatus { usage: None, ..alive(7016, 0, 0.0) },
        ModuleState::Running => alive(981, 1843, 86_412.3),
        ModuleState::Stopping | ModuleState::Debugging => alive(70_170, 38, 1.25),
        ModuleState::Stopped => base,
        ModuleState::Absent => ModuleStatus::absent(base.name).1,
        ModuleState::Degraded => {
            let reason = work_failed("ValueError: no such pool 'rbd'");
            ModuleStatus { reason, ..alive(7019, 41, 3.0) }
        }
        ModuleState::Backoff => ModuleStatus {
            restarts: 3,
            next_try: Some(Duration::from_millis(7_940)),
            ..ended(
                exited(Exit::Status(1)),
                Exit::Status(1),
                &["Traceback (most recent call last):", "ConnectionError: node2 refused"],
            )
        },
        ModuleState::Failed => ModuleStatus {
            restarts: 5,
            next_try: Some(Duration::from_secs(600)),
            ..ended(exited(Exit::Signal(9)), Exit::Signal(9), &["out of memory"])
        },
        ModuleState::CannotRun => {
            let reason = || Reason::Declared("python module 'requests' is missing".into());
            ModuleStatus {
                cannot_run: Some(Arc::new(reason())),
                ..ended(reason(), Exit::Status(3), &[])
            }
        }
    }
}

/// A run that ended unexpectedly, of which everything is known.
pub(crate) fn crashed_run() -> CrashedRun {
    let exceeded = "uses 155 MiB of memory; its limit is 150 MiB";
    let line = |source, text: &str| LogLine { source, text: text.to_owned() };
    let sdk = "  File \"/usr/lib/python3/dist-packages/mgrd/runner/_main.py\", line 7, in main";
    let error = LineSource::Log(Level::ERROR);
    CrashedRun {
        id: "2026-11-22T19:32:46.123456Z_0f3a".into(),
        module: "hello".into(),
        at: "2026-11-22T19:32:46.123456Z".parse().unwrap(),
        reason: Arc::new(Reason::WorkFailed(exceeded.to_owned())),
        exit: Exit::Signal(11),
        core_dumped: false,
        uptime: Duration::from_millis(90_500),
        pid: 70_170,
        program: vec!["/usr/bin/python3".into(), "-m".into(), "mgrd.runner".into()],
        sdk: "mgrd-python 0.1.0".into(),
        fingerprint: Some("c0ffee".into()),
        limits: Some(ProcessLimits { memory: Some(150 << 20), ..ProcessLimits::default() }),
        usage: Some(Usage { rss_bytes: 155 << 20, cpu: Duration::from_millis(1250), tasks: 3 }),
        under_way: vec![
            UnderWay {
                work: Work::Command("hello greet".into()),
                caller: "user.0 (process 12)".into(),
                request: "3-1".into(),
                age: Duration::from_millis(1500),
            },
            UnderWay {
                work: Work::RemoteCall("greet".into()),
                caller: "module 'osdwatch'".into(),
                request: "2-7".into(),
                age: Duration::from_millis(250),
            },
        ],
        log: vec![
            line(LineSource::Stdout, "hello"),
            line(error, "Traceback (most recent call last):"),
            line(error, sdk),
            line(error, "    run()"),
            line(error, "  File \"/srv/modules/hello/module.py\", line 3, in serve"),
            line(error, "    self.work()"),
            line(error, "ValueError: no such pool"),
            line(LineSource::Stderr, "the end"),
        ],
        texts: vec![("stacks", "Thread 1\n  in serve".to_owned())],
    }
}
