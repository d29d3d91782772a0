//! A module in each state, as listings show it.

use std::sync::Arc;
use std::time::Duration;

use crate::module::life::{Complaint, Reason, RunEnd};
use crate::module::process::{Exit, Usage};
use crate::module::{ModuleState, ModuleStatus};

/// The reason of a module whose main work ended with this error.
pub(crate) fn work_failed(text: &str) -> Option<Arc<Reason>> {
    Some(Arc::new(Reason::WorkFailed(text.to_owned())))
}

/// One module in each state, some with a complaint of the watchdog, named after that.
pub(crate) fn samples() -> Vec<ModuleStatus> {
    let states = ModuleState::ALL.into_iter().map(sample);
    let busy = ModuleStatus {
        name: "busy".into(),
        warning: Some(Complaint::Busy {
            handler: "command 'rebalance plan'".into(),
            since: Duration::from_secs(93),
        }),
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
