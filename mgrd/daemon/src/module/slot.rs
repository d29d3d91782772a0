//! What everybody may know of one module: written by the supervisor, read by all.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use parking_lot::Mutex;
use tokio::sync::watch;

use super::declaration::Declaration;
use super::exit::Exit;
use super::folder::{Found, Manifest, ManifestError};
use super::module_state::ModuleState;
use super::session::Session;
use super::usage::Usage;

/// One module.
#[derive(Debug)]
pub(super) struct Slot {
    pub(super) name: String,
    pub(super) folder: PathBuf,
    manifest: Mutex<Result<Arc<Manifest>, Arc<ManifestError>>>,
    pub(super) view: Mutex<View>,
    pub(super) availability: watch::Sender<Availability>,
    pub(super) session: Mutex<Option<Arc<Session>>>,
    pub(super) described: watch::Sender<Described>,
}

/// Whether the module can be asked something.
#[derive(Clone, Debug)]
pub(super) enum Availability {
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
pub(super) enum Described {
    NotYet,
    As(Arc<Declaration>),
    /// It could not be loaded.
    Failed(String),
}

/// What is shown of the module.
#[derive(Clone, Debug, Default)]
pub(super) struct View {
    pub(super) enabled: bool,
    pub(super) state: ModuleState,
    pub(super) reason: String,
    pub(super) pid: i32,
    pub(super) started_us: i64,
    pub(super) restarts: u32,
    pub(super) unstable: bool,
    pub(super) next_try: Option<Instant>,
    pub(super) usage: Usage,
    pub(super) last_exit: Option<Exit>,
    pub(super) last_words: Vec<String>,
    /// What the watchdog has to complain about.
    pub(super) warning: Option<String>,
    pub(super) sdk: String,
}

impl Slot {
    pub(super) fn new(found: Found) -> Self {
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
    pub(super) fn is_at_rest(&self) -> bool {
        let view = self.view.lock();
        !view.enabled && view.state == ModuleState::Disabled
    }

    /// How to run it, or why that is not known.
    pub(super) fn manifest(&self) -> Result<Arc<Manifest>, Arc<ManifestError>> {
        self.manifest.lock().clone()
    }

    /// Takes in how to run it, as it was just read. What fails for the moment makes nothing that is
    /// known untrue.
    pub(super) fn reread(&self, manifest: &Result<Arc<Manifest>, Arc<ManifestError>>) {
        let mut known = self.manifest.lock();
        let passing = manifest.as_ref().is_err_and(|error| error.is_passing());
        if !passing || known.is_err() {
            known.clone_from(manifest);
        }
    }

    /// A reason for which the module is down, with what happens next and what can be done.
    pub(super) fn outlook(&self, reason: &str) -> String {
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
    pub(super) fn declaration(&self) -> Option<Arc<Declaration>> {
        match &*self.described.borrow() {
            Described::As(declaration) => Some(Arc::clone(declaration)),
            _ => None,
        }
    }

    /// Why the module cannot run, if that is known.
    pub(super) fn cannot_run(&self) -> Option<String> {
        match &*self.described.borrow() {
            Described::As(declaration) if !declaration.can_run => {
                Some(declaration.can_run_error.clone())
            }
            Described::Failed(reason) => Some(reason.clone()),
            _ => None,
        }
    }
}
