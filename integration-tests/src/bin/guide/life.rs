//! The work that the module does on its own.

use std::time::Duration;

use mgrd_sdk::prelude::*;
use mgrd_sdk::{Notifications, Progress};
use parking_lot::Mutex;
use serde::Deserialize;

use crate::GuideOptions;

/// The state of the module.
pub(crate) struct Life {
    notifications: Mutex<Option<Notifications>>,
    seen: Mutex<Vec<(String, u64)>>,
    work: tokio::sync::Mutex<Option<Progress>>,
}

#[derive(Deserialize)]
struct OsdMap {
    epoch: u64,
}

impl Life {
    /// Starts. It already reads the cluster, which modules of Ceph cannot do here.
    pub(crate) async fn begin(host: &Host) -> Result<Self> {
        host.extend_start(Duration::from_secs(60)).await;
        let notifications = Mutex::new(Some(host.notifications()));
        let epoch = host.get::<OsdMap>("osd_map").await?.map_or(0, |map| map.epoch);
        let seen = Mutex::new(vec![("start".to_owned(), epoch)]);
        Ok(Self { notifications, seen, work: tokio::sync::Mutex::default() })
    }

    /// Serves: records each notification with the epoch that it reads after it.
    pub(crate) async fn live(&self, host: &Host, shutdown: Shutdown) -> Result<()> {
        host.set_uri("http://guide/").await?;
        let Some(mut notifications) = self.notifications.lock().take() else { return Ok(()) };
        loop {
            let notification = tokio::select! {
                Some(notification) = notifications.next() => notification,
                () = shutdown.requested() => return Ok(()),
            };
            let what = match notification.kind.as_str() {
                "command" => format!("command {}", notification.id.as_str().unwrap_or_default()),
                kind => kind.to_owned(),
            };
            let epoch = host.get::<OsdMap>("osd_map").await?.map_or(0, |map| map.epoch);
            self.seen.lock().push((what, epoch));
        }
    }

    pub(crate) fn seen(&self) -> Vec<(String, u64)> {
        self.seen.lock().clone()
    }

    /// Records an end when the returned value is dropped.
    pub(crate) fn note_end(&self, what: &'static str) -> impl Drop + use<'_> {
        NoteEnd(self, what)
    }

    /// Begins work, or ends it.
    pub(crate) async fn work(&self, host: &Host, end: Option<&str>) -> Result<()> {
        let mut kept = self.work.lock().await;
        let Some(mut work) = kept.take() else {
            *kept = Some(host.progress("Digging").await?);
            return Ok(());
        };
        match end {
            Some("complete") => work.complete().await?,
            Some("fail") => work.fail("rock").await?,
            Some("drop") => drop(work),
            _ => {
                work.set(0.5).await?;
                *kept = Some(work);
            }
        }
        Ok(())
    }
}

struct NoteEnd<'a>(&'a Life, &'static str);

impl Drop for NoteEnd<'_> {
    fn drop(&mut self) {
        self.0.seen.lock().push((format!("{} ended", self.1), 0));
    }
}

/// The standby half: logs the URI of the active module and its store, after each change of the URI or
/// of an option.
pub(crate) async fn wait(
    host: StandbyHost,
    mut options: Live<GuideOptions>,
    shutdown: Shutdown,
) -> Result<()> {
    let mut constants = host.constants();
    loop {
        let (uri, kept) = (host.active_uri().unwrap_or_default(), host.store().prefix(""));
        let tick: f64 = host.ceph_option("mgr_tick_period").await?;
        let level = options.get().level;
        tracing::info!("level {level}, active at '{uri}', store {kept:?}, tick {tick}");
        tokio::select! {
            Some(_) = constants.changed() => {}
            Some(_) = options.changed() => {}
            () = shutdown.requested() => return Ok(()),
        }
    }
}
