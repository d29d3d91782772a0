//! What all terms of one process share.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use mgrd_storage::Backend;
use mgrd_storage::embedded::{EmbeddedBackend, EmbeddedPolicy};
use mgrd_transport::{Address, Bind, listen_for_modules};
use tokio::sync::Notify;
use tokio::task::spawn_blocking;
use tracing::warn;

use super::error::ManagerError;
use super::service_manager::ServiceManager;
use super::watchdog::Watchdog;
use crate::config::Settings;
use crate::descriptors;
use crate::feed::{Pace, Replay};
use crate::module::{WaitingCrashes, end_survivors, keep_record, use_control_groups};
use crate::rpc;

/// What all terms of one process share.
#[derive(Clone)]
pub(super) struct Context {
    pub(super) settings: Settings,
    pub(super) backend: Arc<dyn Backend>,
    /// The socket that modules dial. It stays from the first term to the last. It also shows clients
    /// that a manager waits here.
    pub(super) private: Arc<dyn Bind>,
    pub(super) replay: Option<(Arc<Replay>, Pace)>,
    /// Notified when the state of the manager is to be logged.
    pub(super) dump: Arc<Notify>,
    pub(super) service: Arc<ServiceManager>,
    pub(super) watchdog: Watchdog,
    /// The crashes that are not stored yet. They wait for a term as active.
    pub(super) crashes: Arc<WaitingCrashes>,
}

impl Context {
    /// Makes the data directory and the private socket, and reads the recording.
    pub(super) async fn prepare(
        settings: Settings,
        dump: Arc<Notify>,
        service: Arc<ServiceManager>,
        watchdog: Watchdog,
    ) -> Result<Self, ManagerError> {
        let data_dir = settings.data_dir.clone();
        spawn_blocking(move || make_data_dir(data_dir)).await??;
        let replay = load_replay(&settings).await?;
        let private = listen_for_modules(&settings.socket, &settings.id)?;
        let backend = backend(&settings);
        let crashes = Arc::default();
        Ok(Self { backend, settings, private, replay, dump, service, watchdog, crashes })
    }
}

impl Context {
    /// Warns if `mgrd` may have too few descriptors for the limits of connections.
    pub(super) fn warn_of_few_descriptors(&self) {
        let (wanted, fitting) = (&self.settings.limits.connection, self.rpc_limits().connection);
        if *wanted != fitting {
            warn!(
                "mgrd may have only {} open files, too few for limits.connection: connections is {} instead \
                 of {}, process_connections {} instead of {}, and all_module_connections {} instead of {}; \
                 raise the hard limit of open files, such as LimitNOFILE= of its systemd unit",
                descriptors::limit(),
                fitting.connections,
                wanted.connections,
                fitting.process_connections,
                wanted.process_connections,
                fitting.all_module_connections,
                wanted.all_module_connections,
            );
        }
    }

    /// Has the kernel keep the limits of modules, where it can.
    pub(super) async fn use_control_groups(&self) {
        // It fails only when the runtime ends.
        let _ = spawn_blocking(use_control_groups).await;
    }

    /// Records the processes of modules from now on, so that a later manager finds what outlives this
    /// one. Without a record, modules run, too.
    pub(super) async fn keep_record(&self) {
        let (folder, Address::Unix(socket)) = (self.records(), self.private.address().clone());
        let kept = spawn_blocking(move || keep_record(&folder, &socket)).await;
        if let Ok(Err(why)) = kept {
            warn!(
                "cannot record the processes of modules in {}: {why}; if mgrd is killed, the next one may \
                 not find a process that outlives it",
                self.records().display()
            );
        }
    }

    /// Ends what outlived managers that were killed. Waits no longer for it than modules may take to
    /// end after they were killed.
    pub(super) async fn end_survivors(&self) {
        let (folder, limit) =
            (self.records(), self.settings.limits.module.modules.process.kill_timeout);
        // It fails only when the runtime ends.
        let _ = spawn_blocking(move || end_survivors(&folder, limit)).await;
    }

    /// The folder of the records of all managers that share the data directory.
    fn records(&self) -> PathBuf {
        self.settings.data_dir.join("processes")
    }

    /// The limits of what is served.
    pub(super) fn rpc_limits(&self) -> rpc::Limits {
        let limits = &self.settings.limits;
        let connection = limits.connection.within(descriptors::limit());
        rpc::Limits { client: limits.client, connection }
    }
}

/// The backend that the settings choose. Nothing else knows which one it is.
#[must_use]
pub fn backend(settings: &Settings) -> Arc<dyn Backend> {
    Arc::new(EmbeddedBackend::new(&settings.data_dir, EmbeddedPolicy::default()))
}

async fn load_replay(settings: &Settings) -> Result<Option<(Arc<Replay>, Pace)>, ManagerError> {
    let Some((path, pace)) = settings.replay.clone() else { return Ok(None) };
    let replay = spawn_blocking(move || Replay::load(&path)).await??;
    Ok(Some((Arc::new(replay), pace)))
}

/// Makes the data directory, if it does not exist.
fn make_data_dir(path: PathBuf) -> Result<(), ManagerError> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(&path);
    made.map_err(|source| {
        let file = path.ancestors().find(|part| part.exists() && !part.is_dir());
        match file.map(Path::to_owned) {
            Some(file) => ManagerError::NotAFolder { path, file },
            None => ManagerError::DataDir { path, source },
        }
    })
}

#[cfg(test)]
mod tests;
