//! The limit of the start of a process.

use super::*;

fn launch(script: &str) -> Launch {
    Launch {
        exec: ["/bin/sh", "-c", script].map(str::to_owned).to_vec(),
        cwd: "/".into(),
        env: Vec::new(),
        limits: ResourceLimits::default(),
        nice: 0,
    }
}

#[test]
fn a_program_that_runs_may_run_for_longer_than_its_start_may_take() {
    let limit = Duration::from_secs(1);
    let mut spawned = spawn(&launch("sleep 1.3; exit 7"), limit).unwrap().unwrap();
    assert_eq!(spawned.child.wait().unwrap().code(), Some(7));
}

#[test]
fn a_start_that_takes_too_long_leaves_no_process() {
    assert!(spawn(&launch("sleep 1000"), Duration::ZERO).unwrap().is_none());
}
