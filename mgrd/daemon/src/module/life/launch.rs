//! From a module's slot to a running process that was given its secret.

use std::io::{self, Write};
use std::sync::Arc;

use super::shared::Shared;
use super::slot::Slot;
use crate::module::config::INHERITED;
use crate::module::folder::{Manifest, is_passing};
use crate::module::process::{Launch, Process, Purpose, Ticket};

/// Why there is no process.
#[derive(Debug, thiserror::Error)]
#[error("cannot run {program}: {source}")]
pub(in crate::module) struct LaunchError {
    program: String,
    source: io::Error,
}

impl LaunchError {
    /// Whether trying again later may succeed although nobody changed anything.
    pub(in crate::module) fn is_passing(&self) -> bool {
        is_passing(&self.source)
    }
}

/// Starts the module's process as start number `start`. Must be waited for: a process whose start
/// is abandoned has no owner.
pub(in crate::module) async fn launch(
    shared: &Shared,
    slot: &Slot,
    manifest: &Manifest,
    start: u64,
    purpose: Purpose,
) -> Result<Process, LaunchError> {
    let launch = Launch {
        exec: manifest.exec.clone(),
        cwd: manifest.cwd.clone(),
        env: environment(shared, slot, purpose),
        open_files: manifest.limits.open_files,
        nice: shared.config.policy.nice,
    };
    let program = manifest.exec.first().cloned().unwrap_or_default();
    let failed = |source| LaunchError { program: program.clone(), source };
    let spawned = shared.spawner.spawn(launch).await.map_err(failed)?;
    let (process, secret_pipe) =
        Process::new(spawned, &slot.name, &shared.policy).map_err(failed)?;
    // The process waits for its secret, so nothing comes from it before its start is known.
    let ticket = Ticket { module: slot.name.clone(), purpose, start };
    let secret = shared.starts.admit(ticket, Some(process.pid())).map_err(failed)?;
    // A process that ended already does not read it; its end is noticed elsewhere.
    let _ = std::fs::File::from(secret_pipe).write_all(secret.as_bytes());
    Ok(process)
}

/// The whole environment of a module process but for its secret.
pub(in crate::module) fn environment(
    shared: &Shared,
    slot: &Slot,
    purpose: Purpose,
) -> Vec<(String, String)> {
    let inherited =
        INHERITED.iter().filter_map(|name| Some(((*name).to_owned(), std::env::var(name).ok()?)));
    let data = shared.config.data_dir.join("modules").join(&slot.name);
    let own = [
        ("PYTHONUNBUFFERED", "1".to_owned()),
        ("GRPC_ENABLE_FORK_SUPPORT", "0".to_owned()),
        ("MGRD_SOCKET", shared.config.socket.to_string_lossy().into_owned()),
        ("MGRD_MODULE", slot.name.clone()),
        ("MGRD_MODULE_DIR", slot.folder.to_string_lossy().into_owned()),
        ("MGRD_MODULE_DATA", data.to_string_lossy().into_owned()),
        (
            "MGRD_PURPOSE",
            match purpose {
                Purpose::Run => "run".to_owned(),
                Purpose::Describe => "describe".to_owned(),
            },
        ),
    ];
    let own = own.into_iter().map(|(name, value)| (name.to_owned(), value));
    let manifest = slot.manifest().into_iter().flat_map(|manifest| manifest.env.clone());
    inherited.chain(shared.config.env.iter().cloned()).chain(manifest).chain(own).collect()
}

/// Keeps a start's secret alive.
pub(in crate::module) struct Living {
    shared: Arc<Shared>,
    start: u64,
}

impl Living {
    pub(in crate::module) fn new(shared: &Arc<Shared>, start: u64) -> Self {
        Self { shared: Arc::clone(shared), start }
    }
}

impl Drop for Living {
    fn drop(&mut self) {
        self.shared.starts.end(self.start);
        self.shared.describing.lock().remove(&self.start);
    }
}
