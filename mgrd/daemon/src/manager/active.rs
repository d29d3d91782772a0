//! A term as the active manager.

use std::sync::Arc;
use std::time::Duration;

use mgrd_storage::{Known, Leader, Lease, Storage};
use mgrd_transport::{Address, Bind, listen};
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::timeout;
use tracing::{error, info, warn};

use super::assembly::assemble;
use super::context::Context;
use super::error::ManagerError;
use super::state_dump;
use super::term::Orders;
use crate::feed::{Pace, Replay};
use crate::host::{Host, watch};
use crate::managers::Role;
use crate::metrics;
use crate::rpc::{ServeError, serve};

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
    known: Known,
    mut orders: Orders,
) -> Result<Ended, ManagerError> {
    let storage: Arc<dyn Storage> = tokio::select! {
        opened = lease.open_storage(known) => opened?.into(),
        _ = orders.end() => return Ok(Ended::Asked),
    };
    let public = listen(&Address::Unix(context.settings.socket.clone()))?;
    let host = assemble(&context, &me, storage.clone(), Role::Active).await?;
    let mut tasks = watch(&host);
    tasks.spawn(state_dump::log_on(context.dump.clone(), host.clone()));
    tasks.spawn(context.watchdog.beat_with_modules(host.clone()));
    begin(&context, &host, &mut tasks).await?;
    info!(id = me.id, socket = %public.address(), "mgrd is active");
    context.service.ready("active");

    let mut serving = Serving::start(&context, &host, public);
    let (ended, grace) = serving.until_end(&context, &host, &mut orders).await;
    serving.end(&host, &mut orders, grace).await;
    tasks.shutdown().await;
    // From here on, nothing that still has the storage can write.
    storage.close().await;
    ended
}

/// The task that serves modules and clients.
struct Serving {
    public: Arc<dyn Bind>,
    stop: oneshot::Sender<()>,
    task: JoinHandle<Result<(), ServeError>>,
}

impl Serving {
    fn start(context: &Context, host: &Arc<Host>, public: Arc<dyn Bind>) -> Self {
        let (stop, stopped) = oneshot::channel();
        let stopped = async { drop(stopped.await) };
        let listeners = vec![public.clone(), context.private.clone()];
        let task = tokio::spawn(serve(host.clone(), context.rpc_limits(), listeners, stopped));
        Self { public, stop, task }
    }

    /// Waits until there is a reason to end. Returns it, and how long modules may take to end.
    async fn until_end(
        &mut self,
        context: &Context,
        host: &Host,
        orders: &mut Orders,
    ) -> (Result<Ended, ManagerError>, Duration) {
        let limits = &context.settings.limits;
        tokio::select! {
            served = &mut self.task => {
                let ended = match served {
                    Ok(served) => served.map(|()| Ended::Asked).map_err(Into::into),
                    Err(broken) => Err(broken.into()),
                };
                (ended, limits.shutdown_grace)
            }
            grace = orders.end() => (Ok(Ended::Asked), grace),
            () = host.managers().stepping_down() => {
                let others = !host.managers().standbys().is_empty();
                let next = if others { "a standby takes over" } else { "no standby waits" };
                info!("mgrd steps down; {next}");
                (Ok(Ended::SteppedDown { others }), limits.handover_grace)
            }
        }
    }

    /// Ends the sessions of modules within `grace`, and then the calls of clients.
    async fn end(mut self, host: &Host, orders: &mut Orders, grace: Duration) {
        // New clients wait for the next manager; those that are here are answered.
        self.public.close();
        host.managers().end();
        // Sessions end from this side: a server with open streams would never be done.
        orders.end_modules(host.modules(), grace).await;
        drop(self.stop);
        if !self.task.is_finished() && timeout(LAST_ANSWERS, &mut self.task).await.is_err() {
            warn!("mgrd closes the connections of clients that have not read their last answers");
            self.task.abort();
        }
    }
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
