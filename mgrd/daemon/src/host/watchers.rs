//! The tasks of a host: they pass changes on to modules, health and documents.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::broadcast::error::RecvError;
use tokio::task::JoinSet;

use super::parts::Host;
use super::{health, health_log, limits, mutes, standby};
use crate::managers::Role;

/// How often to check what changes without an event.
const TICK: Duration = Duration::from_secs(1);

/// Starts the watchers of a host. Dropping the set ends them.
#[must_use]
pub fn watch(host: &Arc<Host>) -> JoinSet<()> {
    let mut watchers = JoinSet::new();
    let manager_map = host.manager_map.clone();
    watchers.spawn(async move { manager_map.keep().await });
    watchers.spawn(declarations(host.clone()));
    watchers.spawn(options(host.clone()));
    match host.role() {
        Role::Active => {
            watchers.spawn(documents(host.clone()));
            watchers.spawn(modules(host.clone()));
            watchers.spawn(managers(host.clone()));
            watchers.spawn(ticks(host.clone()));
            watchers.spawn(feeds(host.clone()));
            watchers.spawn(health_news(host.clone()));
            let waiting = Arc::clone(&host.parts.waiting_crashes);
            watchers.spawn(host.parts.crashes.clone().keep(waiting));
            watchers.spawn(mutes::keep(host.parts.health.clone(), host.parts.storage.clone()));
        }
        Role::Standby => {
            watchers.spawn(limits::follow(host.clone()));
            watchers.spawn(standby::run_halves(host.clone()));
        }
    }
    watchers
}

/// The documents that `mgrd` makes itself, of whose changes no feed notifies.
const OWN: [&str; 2] = ["health", "mgr_map"];

/// Sends modules the versions of documents that changed.
async fn documents(host: Arc<Host>) {
    let version = |name| host.cluster().get(name).map(|document| document.version);
    let mut versions = host.cluster().documents.subscribe();
    let mut notified = OWN.map(version);
    while versions.changed().await.is_ok() {
        versions.mark_unchanged();
        host.notifications().announce_documents();
        for (name, notified) in OWN.into_iter().zip(&mut notified) {
            let now = version(name);
            if now != *notified {
                *notified = now;
                host.notifications().notify(name, &"".into());
            }
        }
    }
}

/// Writes the health checks that are raised here into the cluster log.
async fn health_news(host: Arc<Host>) {
    let mut changes = host.cluster().documents.subscribe();
    let mut logged = std::collections::BTreeMap::new();
    loop {
        changes.mark_unchanged();
        let now = host.parts.health.raised_here();
        for (priority, text) in health_log::news(&logged, &now) {
            host.log("cluster", priority, &text);
        }
        logged = now;
        if changes.changed().await.is_err() {
            return;
        }
    }
}

/// Turns what happens to modules into events, health and the map.
async fn modules(host: Arc<Host>) {
    let mut events = host.modules().subscribe();
    loop {
        match events.recv().await {
            Ok(event) => host.module_changed(&event),
            Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => return,
        }
        health::report_modules(host.modules(), &host.parts.health);
        host.manager_map.refresh();
    }
}

/// Keeps the standbys in the map.
async fn managers(host: Arc<Host>) {
    let mut version = host.managers().version();
    while version.changed().await.is_ok() {
        host.manager_map.refresh();
    }
}

/// Keeps the command table and the known options in step with what modules declare.
async fn declarations(host: Arc<Host>) {
    let mut version = host.modules().declarations_version();
    loop {
        version.mark_unchanged();
        host.declare();
        if version.changed().await.is_err() {
            return;
        }
    }
}

/// Checks what changes without an event: watchdogs, mutes, storage.
async fn ticks(host: Arc<Host>) {
    let mut ticks = tokio::time::interval(TICK);
    loop {
        ticks.tick().await;
        host.parts.health.tick();
        health::report_modules(host.modules(), &host.parts.health);
        health::report_limits(&host.parts.health);
        health::report_storage(host.storage(), &host.parts.health);
        host.parts.crashes.report();
    }
}

/// Reports feeds that are disconnected or stale, and sends modules whether the cluster's state is
/// fresh: at once if a feed connects or disconnects, within a tick if one becomes stale.
async fn feeds(host: Arc<Host>) {
    let mut ticks = tokio::time::interval(TICK);
    let mut changes = host.feeds().subscribe();
    let mut fresh = host.feeds().is_fresh();
    loop {
        health::report_feeds(host.feeds(), &host.parts.health);
        if host.feeds().is_fresh() != fresh {
            fresh = !fresh;
            host.modules().constants_changed();
        }
        tokio::select! {
            _ = ticks.tick() => {}
            changed = changes.changed() => if changed.is_err() { return },
        }
    }
}

/// Keeps the document `config` up to date: with what is set here, and with what the feeds say.
async fn options(host: Arc<Host>) {
    let mut set = host.storage().watch("config/");
    let mut documents = host.cluster().documents.subscribe();
    let mut learned = None;
    let mut level = host.debug_level();
    loop {
        let feeds = host.cluster().documents.feed_document("config").map(|d| d.version);
        if feeds != learned {
            learned = feeds;
            host.learn_options();
        }
        host.refresh_config();
        let now = host.debug_level();
        if now != level {
            level = now;
            host.modules().constants_changed();
        }
        // One pass takes in a burst of changes.
        loop {
            tokio::select! {
                event = set.next() => if event.is_some() { break } else { return },
                changed = documents.changed() => {
                    if changed.is_err() {
                        return;
                    }
                    let now = host.cluster().documents.feed_document("config").map(|d| d.version);
                    if now != learned {
                        break;
                    }
                }
            }
        }
    }
}
