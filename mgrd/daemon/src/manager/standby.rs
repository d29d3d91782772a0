//! A term as standby.

use std::sync::Arc;

use mgrd_storage::{Leader, MirrorStorage};
use mgrd_transport::Bind;

use super::assembly::assemble;
use super::context::Context;
use super::error::ManagerError;
use super::state_dump;
use super::term::Orders;
use crate::host::watch;
use crate::managers::Role;
use crate::rpc::{Follower, follow, serve};

/// Follows the active manager and runs standby halves until ordered to end.
pub(super) async fn run(
    context: Context,
    me: Leader,
    mirror: Arc<MirrorStorage>,
    mut orders: Orders,
) -> Result<(), ManagerError> {
    let host = assemble(&context, &me, mirror.clone(), Role::Standby).await?;
    let mut tasks = watch(&host);
    tasks.spawn(state_dump::log_on(context.dump.clone(), host.clone()));
    tasks.spawn(context.watchdog.beat_with_modules(host.clone()));
    let listeners: Vec<Arc<dyn Bind>> = vec![context.private.clone()];
    let limits = context.rpc_limits();
    let serving = tokio::spawn(serve(host.clone(), limits, listeners, std::future::pending()));
    context.service.ready("waits as standby");
    let patience = context.settings.limits.leader_silence;
    let follower = Follower { host: host.clone(), mirror, patience };
    let (ended, grace) = tokio::select! {
        grace = orders.end() => (Ok(()), grace),
        refused = follow(&follower, &*context.backend) => {
            (Err(refused.into()), context.settings.limits.shutdown_grace)
        }
    };
    // No further half is requested, and after the shutdown none is started.
    drop(tasks);
    orders.end_modules(host.modules(), grace).await;
    serving.abort();
    ended
}
