//! Cycles: whatever a module does again and again, `mgrd` keeps nothing of it. `bench cycles` runs many
//! more of them.

use integration_tests::cycles::{Cycle, start};

const CYCLES: usize = 50;
/// The memory that may come from elsewhere.
const MOST_BYTES: u64 = 8 << 20;

fn stays_level(cycle: Cycle) {
    let (before, after) = cycle.run(&start(), CYCLES);
    let more = after.resident.saturating_sub(before.resident);
    assert!(more < MOST_BYTES, "{more} bytes more: {before:?}, {after:?}");
}

#[test]
fn a_module_that_crashes_again_and_again_leaves_nothing_behind() {
    stays_level(Cycle::Crash);
}

#[test]
fn a_module_that_is_enabled_and_disabled_again_and_again_leaves_nothing_behind() {
    stays_level(Cycle::Enable);
}
