//! What is ended as a whole: what is left when `mgrd` ends, and what an earlier `mgrd` left.

use std::path::Path;
use std::time::Duration;

use super::{control_group, tree};

/// Kills all that modules started. Blocks until nothing is left, but no longer than `limit`, whatever
/// other threads do. Call it when `mgrd` ends.
pub fn end_all(limit: Duration) {
    control_group::kill_all();
    tree::end_all(limit);
    control_group::remove_all();
}

/// Ends what outlived the managers that had their records in `folder`, or their control groups beside
/// those of this one, and are gone. Blocks until nothing is left, but no longer than twice `limit`. Call
/// it before the modules of a term start.
pub fn end_survivors(folder: &Path, limit: Duration) {
    tree::end_survivors(folder, limit);
    control_group::end_abandoned(limit);
}
