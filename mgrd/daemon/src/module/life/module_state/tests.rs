use std::collections::BTreeSet;

use super::ModuleState;

#[test]
fn each_state_has_its_own_name() {
    let names: BTreeSet<_> = ModuleState::ALL.iter().map(|state| state.name()).collect();
    assert_eq!(names.len(), ModuleState::ALL.len());
}

#[test]
fn a_degraded_module_keeps_what_it_reported_and_a_failed_one_does_not() {
    use ModuleState::{Backoff, CannotRun, Degraded, Disabled, Failed, Running, Starting, Stopped};
    for (state, reports, progress) in [
        (Running, true, true),
        (Degraded, true, true),
        (Starting, true, false),
        (Backoff, true, false),
        (Failed, false, false),
        (CannotRun, false, false),
        (Disabled, false, false),
        (Stopped, false, false),
    ] {
        assert_eq!((state.keeps_reports(), state.keeps_progress()), (reports, progress), "{state}");
    }
}
