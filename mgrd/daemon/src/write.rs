//! A write to storage, with its span. It counts for its caller.

use mgrd_storage::{CommitError, Committed, Storage, Transaction, Usage};
use tracing::{Instrument, debug, debug_span};

use crate::metered::writing;

/// Commits a transaction. `owner` is whose keys it writes; the log shows it, and no keys or values.
///
/// # Errors
///
/// If storage refuses.
pub(crate) async fn write(
    storage: &dyn Storage,
    owner: &str,
    transaction: Transaction,
) -> Result<Committed, CommitError> {
    let Usage { keys, bytes } = transaction.size();
    let commit = async {
        let committed = writing(storage.commit(transaction)).await;
        match &committed {
            Ok(Committed { revision }) => debug!(revision, "stored"),
            Err(why) => debug!("not stored: {why}"),
        }
        committed
    };
    commit.instrument(debug_span!("write", owner, keys, bytes)).await
}
