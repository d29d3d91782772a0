//! What `mgrd` keeps of modules that crash, or are enabled and disabled, many times.

use integration_tests::cycles::{Cycle, Level, start};

use super::table::Table;

const MIB: f64 = 1024.0 * 1024.0;
/// The memory that may be more after the cycles: that of the log of the cluster, which fills.
const MOST_MIB: f64 = 4.0;
/// Descriptors, threads and tasks that may be more: other work that has just begun.
const MOST: f64 = 4.0;

/// Prints what `mgrd` has more after the cycles than before.
pub(crate) fn cycles(table: &mut Table) {
    for (cycle, count, name) in [
        (Cycle::Crash, 1000, "crashes and restarts of a module"),
        (Cycle::Enable, 2000, "times enabled and disabled"),
    ] {
        let daemon = start();
        let (before, after) = cycle.run(&daemon, count);
        rows(table, &format!("{count} {name}"), &before, &after);
    }
}

#[expect(clippy::cast_precision_loss, reason = "small numbers, for people")]
fn rows(table: &mut Table, name: &str, before: &Level, after: &Level) {
    let more = (after.resident as f64 - before.resident as f64) / MIB;
    table.at_most(&format!("{name}: more memory"), MOST_MIB, more, |mib| format!("{mib:.1} MiB"));
    for (what, before, after) in [
        ("descriptors", before.descriptors, after.descriptors),
        ("threads", before.threads, after.threads),
        ("tasks", before.tasks, after.tasks),
    ] {
        let more = after as f64 - before as f64;
        table.at_most(&format!("{name}: more {what}"), MOST, more, |more| format!("{more:.0}"));
    }
}
