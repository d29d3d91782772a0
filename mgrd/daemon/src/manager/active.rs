//! A term as the active manager.

use std::sync::Arc;
use std::time::Duration;

use mgrd_storage::{Leader, Lease, Storage};
use mgrd_transport::{Address, Bind, listen};
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tracing::{error, info, warn};

use super::assembly::assemble;
use super::context::Context;
use super::error::ManagerError;
use super::term::Orders;
use crate::feed::{Pace, Replay};
use crate::host::{Host, watch};
use crate::managers::Role;
use crate::metrics;
use crate::rpc::serve;

/// How long clients have to read their last answers.
const LAST_ANSWERS: Duration = Duration::from_secs(1);

/// How a term as active ended.
pub(super) enum Ended {
    /// A signal, or another cause outside, asked for it.
    Asked,
    /// An operator wants another manager to lead.
    SteppedDown {
        /// Whether standbys wait.
        others: bool,
    },
}

/// Leads until it is ordered to end or to step down.
pub(super) async fn run(
    context: Context,
    me: Leader,
    lease: Arc<dyn Lease>,
    mut orders: Orders,
) -> Result<Ended, ManagerError> {
    let storage: Arc<dyn Storage> = tokio::select! {
        opened = lease.open_storage() => opened?.into(),
        _ = orders.end() => return Ok(Ended::Asked),
    };
    let public = listen(&Address::Unix(context.settings.socket.clone()))?;
    let host = assemble(&context, &me, storage.clone(), Role::Active).await?;
    let mut tasks = watch(&host);
    begin(&context, &host, &mut tasks).await?;
    info!(id = me.id, socket = %public.address(), "mgrd is active");

    let (stop, stopped) = oneshot::channel::<()>();
    let listeners: Vec<Arc<dyn Bind>> = vec![public.clone(), context.private.clone()];
    let limits = &context.settings.limits;
    let stopped = async { drop(stopped.await) };
    let mut serving = tokio::spawn(serve(host.clone(), context.rpc_limits(), listeners, stopped));
    let (ended, grace) = tokio::select! {
        served = &mut serving => {
            let ended = match served {
                Ok(served) => served.map(|()| Ended::Asked).map_err(Into::into),
                Err(broken) => Err(broken.into()),
            };
            (ended, limits.shutdown_grace)
        }
        grace = orders.end() => (Ok(Ended::Asked), grace),
        () = host.managers().stepping_down() => {
            let others = !host.managers().standbys().is_empty();
            info!(others, "steps down");
            (Ok(Ended::SteppedDown { others }), limits.handover_grace)
        }
    };
    // New clients wait for the next manager; those that are here are answered.
    public.close();
    host.managers().end();
    // Sessions end from this side: a server with open streams would never be done.
    orders.end_modules(host.modules(), grace).await;
    drop(stop);
    if !serving.is_finished() && timeout(LAST_ANSWERS, &mut serving).await.is_err() {
        warn!("clients that do not take their answers are left");
        serving.abort();
    }
    tasks.shutdown().await;
    // From here on, nothing that still has the storage can write.
    storage.close().await;
    ended
}

/// Starts the tasks of an active manager other than serving.
async fn begin(
    context: &Context,
    host: &Arc<Host>,
    tasks: &mut JoinSet<()>,
) -> Result<(), ManagerError> {
    if let Some((replay, pace)) = context.replay.clone() {
        play(host, replay, pace, tasks)?;
    }
    if let Some(address) = context.settings.metrics {
        let metrics = metrics::serve(host.clone(), address).await;
        tasks.spawn(metrics.map_err(|source| ManagerError::Metrics { address, source })?);
    }
    Ok(())
}

/// Plays the recording in a task.
fn play(
    host: &Arc<Host>,
    replay: Arc<Replay>,
    pace: Pace,
    tasks: &mut JoinSet<()>,
) -> Result<(), ManagerError> {
    let feed = replay.start(host.feeds())?;
    host.refresh_config();
    host.modules().constants_changed();
    tasks.spawn(async move {
        if let Err(why) = replay.play(feed, pace).await {
            error!("the recording ended: {why}");
        }
    });
    Ok(())
}
