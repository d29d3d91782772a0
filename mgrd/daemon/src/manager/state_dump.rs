//! The state of the manager as log lines, for when no command can be sent.

use std::sync::Arc;

use tokio::runtime::Handle;
use tokio::sync::Notify;
use tracing::info;

use crate::host::Host;

/// Logs the state each time that `dump` is notified.
pub(super) async fn log_on(dump: Arc<Notify>, host: Arc<Host>) {
    loop {
        dump.notified().await;
        log(&host);
    }
}

/// Logs the state now.
pub(super) fn log(host: &Host) {
    let managers = host.managers();
    let (active, standbys) = (managers.active(), managers.standbys().len());
    let (revision, keys) = (host.storage().revision(), host.storage().usage("").keys);
    // The thread of the watchdog is outside of the runtime.
    let tasks = Handle::try_current().ok().map(|runtime| runtime.metrics().num_alive_tasks());
    info!(active = active.id, standbys, revision, keys, tasks, "manager");
    for module in host.modules().list() {
        info!(
            module = module.name,
            state = %module.state,
            reason = module.reason_text(),
            pid = module.pid,
            restarts = module.restarts,
            queued = module.queued,
            in_flight = module.in_flight,
            rss_bytes = module.usage.map(|usage| usage.rss_bytes),
            "module"
        );
    }
    for feed in host.feeds().list() {
        let (name, connected) = (&feed.hello.name, feed.connected);
        info!(name, connected, silent_s = feed.silent.as_secs(), "feed");
    }
}
