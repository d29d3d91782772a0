//! The loop of roles: wait until elected, lead, and again.

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use mgrd_storage::{Campaign, Known, Leader, Lease, MirrorStorage};
use tokio::time::{sleep, timeout};
use tracing::{error, info};

use super::active::{self, Ended};
use super::context::Context;
use super::error::ManagerError;
use super::heart::Patience;
use super::other_signals;
use super::service_manager::ServiceManager;
use super::signals::Signals;
use super::standby;
use super::term::Term;
use super::watchdog::Watchdog;
use crate::config::Settings;
use crate::logging::Log;
use crate::module::adopt_orphans;

/// How long a manager that stepped down waits for another one to lead.
const HANDOVER_TIMEOUT: Duration = Duration::from_secs(5);
/// How often it checks whether another one does.
const LEADER_CHECK_INTERVAL: Duration = Duration::from_millis(20);

/// Runs until a signal asks for the end, or something that must not end does. Calls `exit`, which
/// ends the process, if it was asked twice and something hangs.
///
/// # Errors
///
/// Why it could not start, or why it ended by itself.
pub async fn run(
    settings: Settings,
    log: Log,
    exit: impl FnOnce() + Send + 'static,
) -> Result<(), ManagerError> {
    adopt_orphans().map_err(ManagerError::Orphans)?;
    let mut signals = Signals::watch(settings.limits.kill_grace, exit)?;
    let dump = Arc::default();
    let service = Arc::new(ServiceManager::from_environment());
    let limits = &settings.limits;
    let patience = Patience { warning: limits.watchdog_warning, abort: limits.watchdog_abort };
    let watchdog = Watchdog::start(patience, Arc::clone(&service), log.clone())?;
    tokio::spawn(watchdog.beat("the loop of roles"));
    other_signals::watch(log, Arc::clone(&dump))?;
    let context = Context::prepare(settings, dump, Arc::clone(&service), watchdog).await?;
    context.warn_of_few_descriptors();
    context.use_control_groups().await;
    context.keep_record().await;
    let ended = take_roles(&context, &mut signals).await;
    service.stopping();
    ended
}

/// Leads and waits by turns, until the end is asked for.
async fn take_roles(context: &Context, signals: &mut Signals) -> Result<(), ManagerError> {
    loop {
        let me = Leader {
            id: context.settings.id.clone(),
            instance: now_us(),
            address: context.settings.socket.display().to_string(),
        };
        let campaign = context.backend.campaign(&me);
        let Some((lease, known)) = elected(context, &me, campaign, signals).await? else {
            return Ok(());
        };
        match lead(context, &me, lease, known, signals).await? {
            Ended::Asked => return Ok(()),
            Ended::SteppedDown { others: true } => tokio::select! {
                () = let_others_lead(context, &me) => {}
                () = signals.next() => return Ok(()),
            },
            Ended::SteppedDown { others: false } => info!("no other manager waits"),
        }
    }
}

/// Waits as standby until the election is won; returns the lease and what the standby has of the
/// storage, or `None` if the end was asked for before.
async fn elected(
    context: &Context,
    me: &Leader,
    mut campaign: Campaign,
    signals: &mut Signals,
) -> Result<Option<(Box<dyn Lease>, Known)>, ManagerError> {
    if let Some(won) = (&mut campaign).now_or_never() {
        return Ok(Some((won?, Known::default())));
    }
    let backend = context.backend.name();
    info!(id = me.id, backend, "another manager is active; mgrd waits as standby");
    let mirror = Arc::new(MirrorStorage::default());
    let run = |orders| standby::run(context.clone(), me.clone(), Arc::clone(&mirror), orders);
    let mut term = Term::begin(&context.watchdog, run)?;
    let limits = &context.settings.limits;
    let (won, (ended, asked)) = tokio::select! {
        won = &mut campaign => (Some(won), term.end(limits.handover_grace, signals).await),
        () = signals.next() => (None, term.end(limits.shutdown_grace, signals).await),
        // It does not end by itself but with an error.
        ended = term.ended() => (None, (ended, false)),
    };
    term.clear().await;
    ended?;
    Ok(won.transpose()?.filter(|_| !asked).map(|lease| (lease, mirror.known())))
}

/// Leads until the end is asked for, the lease is lost, or an operator wants another to lead.
async fn lead(
    context: &Context,
    me: &Leader,
    lease: Box<dyn Lease>,
    known: Known,
    signals: &mut Signals,
) -> Result<Ended, ManagerError> {
    let lease: Arc<dyn Lease> = lease.into();
    let run = |orders| active::run(context.clone(), me.clone(), Arc::clone(&lease), known, orders);
    let mut term = Term::begin(&context.watchdog, run)?;
    let ended = tokio::select! {
        // Its own doing: it knows how to end, and a signal may only hurry it.
        ended = term.ended() => ended,
        () = signals.next() => {
            info!("mgrd is ending");
            context.service.stopping();
            let grace = context.settings.limits.shutdown_grace;
            term.end(grace, signals).await.0.map(|_| Ended::Asked)
        }
        why = lease.lost() => {
            error!("this manager must not lead any more: {why}");
            let (ended, asked) = term.end(Duration::ZERO, signals).await;
            ended.map(|_| if asked { Ended::Asked } else { Ended::SteppedDown { others: false } })
        }
    };
    // Only now may another lead: nothing here can write, or answer, any more.
    term.clear().await;
    drop(lease);
    ended
}

/// Waits until another manager leads, but not for ever: the others may be gone.
async fn let_others_lead(context: &Context, me: &Leader) {
    let another = || context.backend.leader().is_some_and(|leader| leader.id != me.id);
    let another_leads = async {
        while !another() {
            sleep(LEADER_CHECK_INTERVAL).await;
        }
    };
    if timeout(HANDOVER_TIMEOUT, another_leads).await.is_err() {
        info!("no other manager took over within {} s", HANDOVER_TIMEOUT.as_secs());
    }
}

fn now_us() -> u64 {
    jiff::Timestamp::now().as_microsecond().unsigned_abs()
}
