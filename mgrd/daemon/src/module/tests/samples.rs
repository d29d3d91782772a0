//! A module in each state, as listings show it.

use std::time::Duration;

use crate::module::{ModuleState, ModuleStatus};

/// One module in each state, some with a complaint of the watchdog, named after that.
pub(crate) fn samples() -> Vec<ModuleStatus> {
    let states = ModuleState::ALL.into_iter().map(sample);
    let busy = ModuleStatus {
        name: "busy".into(),
        warning: Some("is busy with serving 'rebalance plan' for 93 s".into()),
        ..sample(ModuleState::Running)
    };
    let unstable = ModuleStatus {
        name: "unstable".into(),
        restarts: 1,
        unstable: true,
        last_exit: "killed by SIGSEGV".into(),
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
        can_run: true,
        ..ModuleStatus::default()
    };
    let alive = |pid: u32, mebibytes: u64, seconds: f64| {
        let mut alive = ModuleStatus { pid, ..base.clone() };
        alive.usage.rss_bytes = mebibytes << 20;
        alive.usage.cpu = Duration::from_secs_f64(seconds);
        alive
    };
    let ended = |reason: &str, exit: &str, words: &[&str]| ModuleStatus {
        reason: reason.to_owned(),
        last_exit: exit.to_owned(),
        last_words: words.iter().map(|&line| line.to_owned()).collect(),
        ..base.clone()
    };
    match state {
        ModuleState::Disabled => ModuleStatus { enabled: false, ..base },
        ModuleState::Starting => alive(7016, 12, 0.04),
        ModuleState::Running => alive(981, 1843, 86_412.3),
        ModuleState::Stopping | ModuleState::Debugging => alive(70_170, 38, 1.25),
        ModuleState::Stopped => base,
        ModuleState::Degraded => {
            ModuleStatus { reason: "ValueError: no such pool 'rbd'".into(), ..alive(7019, 41, 3.0) }
        }
        ModuleState::Backoff => ModuleStatus {
            restarts: 3,
            next_try: Some(Duration::from_millis(7_940)),
            ..ended(
                "exited with status 1",
                "exited with status 1",
                &["Traceback (most recent call last):", "ConnectionError: node2 refused"],
            )
        },
        ModuleState::Failed => ModuleStatus {
            restarts: 5,
            next_try: Some(Duration::from_secs(600)),
            ..ended("killed by SIGKILL", "killed by SIGKILL", &["out of memory"])
        },
        ModuleState::CannotRun => {
            let reason = "python module 'requests' is missing";
            ModuleStatus {
                can_run: false,
                can_run_error: reason.to_owned(),
                ..ended(reason, "exited with status 3", &[])
            }
        }
    }
}
