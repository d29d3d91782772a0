//! What everybody may know of one module: written by the supervisor, read by all.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use parking_lot::Mutex;
use tokio::sync::watch;

use super::module_state::ModuleState;
use crate::module::declaration::Declaration;
use crate::module::folder::{Found, Manifest, ManifestError};
use crate::module::process::{Exit, Usage};
use crate::module::session::Session;

/// One module.
#[derive(Debug)]
pub(in crate::module) struct Slot {
    pub(in crate::module) name: String,
    pub(in crate::module) folder: PathBuf,
    manifest: Mutex<Result<Arc<Manifest>, Arc<ManifestError>>>,
    pub(in crate::module) view: Mutex<View>,
    pub(in crate::module) availability: watch::Sender<Availability>,
    pub(in crate::module) session: Mutex<Option<Arc<Session>>>,
    pub(in crate::module) described: watch::Sender<Described>,
}

/// Whether the module can be asked something.
#[derive(Clone, Debug)]
pub(in crate::module) enum Availability {
    Disabled,
    /// On its way; worth waiting for.
    Coming,
    Up {
        session: Arc<Session>,
        fault: Option<String>,
    },
    Down(String),
}

/// What is known of what the module offers.
#[derive(Clone, Debug)]
pub(in crate::module) enum Described {
    NotYet,
    As(Arc<Declaration>),
    /// It could not be loaded.
    Failed(String),
}

/// What is shown of the module.
#[derive(Clone, Debug, Default)]
pub(in crate::module) struct View {
    pub(in crate::module) enabled: bool,
    pub(in crate::module) state: ModuleState,
    pub(in crate::module) reason: String,
    pub(in crate::module) pid: i32,
    pub(in crate::module) started_us: i64,
    pub(in crate::module) restarts: u32,
    pub(in crate::module) unstable: bool,
    pub(in crate::module) next_try: Option<Instant>,
    pub(in crate::module) usage: Usage,
    pub(in crate::module) last_exit: Option<Exit>,
    pub(in crate::module) last_words: Vec<String>,
    /// What the watchdog has to complain about.
    pub(in crate::module) warning: Option<String>,
    pub(in crate::module) sdk: String,
}

impl Slot {
    pub(in crate::module) fn new(found: Found) -> Self {
        let manifest = found.manifest.map(Arc::new).map_err(Arc::new);
        let described = match &manifest {
            Err(error) if !error.is_passing() => Described::Failed(error.to_string()),
            _ => Described::NotYet,
        };
        Self {
            name: found.name,
            folder: found.folder,
            manifest: Mutex::new(manifest),
            view: Mutex::new(View::default()),
            availability: watch::Sender::new(Availability::Disabled),
            session: Mutex::default(),
            described: watch::Sender::new(described),
        }
    }

    /// Whether the module is disabled and has no process.
    pub(in crate::module) fn is_at_rest(&self) -> bool {
        let view = self.view.lock();
        !view.enabled && view.state == ModuleState::Disabled
    }

    /// How to run it, or why that is not known.
    pub(in crate::module) fn manifest(&self) -> Result<Arc<Manifest>, Arc<ManifestError>> {
        self.manifest.lock().clone()
    }

    /// Takes in how to run it, as it was just read. What fails for the moment makes nothing that is
    /// known untrue.
    pub(in crate::module) fn reread(&self, manifest: &Result<Arc<Manifest>, Arc<ManifestError>>) {
        let mut known = self.manifest.lock();
        let passing = manifest.as_ref().is_err_and(|error| error.is_passing());
        if !passing || known.is_err() {
            known.clone_from(manifest);
        }
    }

    /// A reason for which the module is down, with what happens next and what can be done.
    pub(in crate::module) fn outlook(&self, reason: &str) -> String {
        let name = &self.name;
        let next = self.view.lock().next_try;
        let next = next.map(|at| at.saturating_duration_since(Instant::now()).as_secs_f64());
        let when = next.map_or_else(
            || "once that is mended".to_owned(),
            |seconds| format!("it is tried again in {seconds:.1} s, or at once"),
        );
        format!("{reason}; {when} with `mgrctl mgr module restart {name}`")
    }

    /// The declaration, if there is one.
    pub(in crate::module) fn declaration(&self) -> Option<Arc<Declaration>> {
        match &*self.described.borrow() {
            Described::As(declaration) => Some(Arc::clone(declaration)),
            _ => None,
        }
    }

    /// Why the module cannot run, if that is known.
    pub(in crate::module) fn cannot_run(&self) -> Option<String> {
        match &*self.described.borrow() {
            Described::As(declaration) if !declaration.can_run => {
                Some(declaration.can_run_error.clone())
            }
            Described::Failed(reason) => Some(reason.clone()),
            _ => None,
        }
    }
}
