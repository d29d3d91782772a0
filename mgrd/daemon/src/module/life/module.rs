//! The record of one module.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use tokio::sync::{Notify, watch};

use super::availability::Availability;
use super::enabled_modules::EnabledModules;
use super::input::{Effect, Input, Now};
use super::limits::LifeLimits;
use super::machine::Life;
use super::module_state::ModuleState;
use super::phase::Phase;
use super::reason::Reason;
use super::run_record::RunRecord;
use crate::module::commands::Commands;
use crate::module::declaration::Declaration;
use crate::module::folder::{Found, Manifest, ManifestError};
use crate::module::session::{Session, SessionLimits};
use crate::module::unavailable::Unavailable;
use crate::module_limits::OwnLimits;

/// One module. All parts share its record. The comment of each field names its writer.
#[derive(Debug)]
pub(in crate::module) struct Module {
    pub(in crate::module) name: String,
    pub(in crate::module) folder: PathBuf,
    /// How to run it, as its folder was last read.
    manifest: Mutex<Result<Arc<Manifest>, Arc<ManifestError>>>,
    /// The limits that are set for it alone. The manifest and operators set them.
    pub(in crate::module) own: Arc<OwnLimits>,
    /// Which modules are enabled. Operators change it, before they ask the supervisor to act on it.
    enabled: Arc<EnabledModules>,
    /// Where it is in its life. Only the supervisor writes it.
    life: Mutex<Life>,
    /// The newest run, and how the one before it ended. The task of the run writes it.
    pub(in crate::module) run: Mutex<RunRecord>,
    /// The newest session. An attachment writes it.
    pub(in crate::module) session: Mutex<Option<Arc<Session>>>,
    /// Whether it can be asked something. Only the supervisor writes it.
    availability: watch::Sender<Availability>,
    /// Locked by the task that asks the module what it offers, until that is known.
    pub(super) describing: tokio::sync::Mutex<()>,
    /// Has that task ask again at once.
    pub(super) ask_again: Notify,
    /// What it offers. Its hello and the descriptions write it.
    pub(in crate::module) described: watch::Sender<Described>,
    /// How many operators wait to learn what it offers.
    wanted: watch::Sender<usize>,
}

/// An operator waits to learn what a module offers.
pub(in crate::module) struct Wanted<'a>(&'a Module);

impl Drop for Wanted<'_> {
    fn drop(&mut self) {
        self.0.wanted.send_modify(|waiting| *waiting -= 1);
    }
}

/// What is known of what a module offers.
#[derive(Clone, Debug)]
pub(in crate::module) enum Described {
    /// Why the newest try failed, if one did. The next one may succeed.
    NotYet(Option<Arc<Reason>>),
    As {
        declaration: Arc<Declaration>,
        commands: Arc<Commands>,
    },
    /// It could not be loaded.
    Failed(Arc<Reason>),
}

impl Described {
    /// Whether it is known what the module offers, or that it cannot be loaded.
    pub(in crate::module) fn is_known(&self) -> bool {
        !matches!(self, Self::NotYet(_))
    }

    /// What a module declares, with its commands read.
    pub(in crate::module) fn read(
        module: &str,
        declaration: Declaration,
        limits: &SessionLimits,
    ) -> Self {
        let commands = Arc::new(Commands::read(module, &declaration.commands, limits));
        Self::As { declaration: Arc::new(declaration), commands }
    }
}

impl Module {
    pub(super) fn new(found: Found, enabled: Arc<EnabledModules>, own: Arc<OwnLimits>) -> Self {
        let manifest = found.manifest.map(Arc::new).map_err(Arc::new);
        if let Ok(manifest) = &manifest {
            own.set_author(manifest.limits.clone());
        }
        let described = match &manifest {
            Err(error) if !error.is_passing() => {
                Described::Failed(Arc::new(Reason::Manifest(Arc::clone(error))))
            }
            _ => Described::NotYet(None),
        };
        Self {
            name: found.name,
            folder: found.folder,
            manifest: Mutex::new(manifest),
            own,
            enabled,
            life: Mutex::new(Life::new()),
            run: Mutex::default(),
            session: Mutex::default(),
            availability: watch::Sender::new(Availability::Disabled),
            describing: tokio::sync::Mutex::default(),
            ask_again: Notify::new(),
            described: watch::Sender::new(described),
            wanted: watch::Sender::new(0),
        }
    }

    pub(in crate::module) fn is_enabled(&self) -> bool {
        self.enabled.contains(&self.name)
    }

    /// Its life as it is now.
    pub(in crate::module) fn life(&self) -> Life {
        self.life.lock().clone()
    }

    pub(in crate::module) fn state(&self) -> ModuleState {
        self.life.lock().state()
    }

    /// Whether the module is disabled and has no process.
    pub(super) fn is_idle(&self) -> bool {
        !self.is_enabled() && self.state() == ModuleState::Disabled
    }

    /// Waits until a module that is disabled has no process, or is enabled again.
    pub(super) async fn until_idle_or_enabled(&self) {
        let mut changes = self.availability();
        while !self.is_enabled() && !self.is_idle() && changes.changed().await.is_ok() {}
    }

    /// Whether it is known what it offers, or that it cannot be loaded.
    pub(in crate::module) fn is_described(&self) -> bool {
        self.described.borrow().is_known()
    }

    /// A try to learn what it offers failed, and the next one may succeed. Those that wait learn why.
    pub(super) fn not_described_yet(&self, reason: Reason) {
        self.described.send_if_modified(|known| match known {
            Described::NotYet(newest) => {
                *newest = Some(Arc::new(reason));
                true
            }
            _ => false,
        });
    }

    /// An operator waits, until this is dropped, to learn what it offers.
    pub(in crate::module) fn wanted(&self) -> Wanted<'_> {
        self.wanted.send_modify(|waiting| *waiting += 1);
        Wanted(self)
    }

    /// Waits until an operator waits to learn what it offers.
    pub(super) async fn until_wanted(&self) {
        // The sender lives as long as this does.
        let _ = self.wanted.subscribe().wait_for(|waiting| *waiting > 0).await;
    }

    /// Takes its life one step further. Only the supervisor does this.
    pub(super) fn step(&self, input: Input, limits: &LifeLimits) -> Option<Effect> {
        self.life.lock().step(input, Now::read(), limits)
    }

    /// When a [`Input::Tick`] is due, if ever.
    pub(super) fn wake_at(&self, limits: &LifeLimits) -> Option<Instant> {
        self.life.lock().wake_at(limits)
    }

    /// For how long it has been starting, if it is.
    pub(super) fn starting_for(&self) -> Option<Duration> {
        match self.life.lock().phase {
            Phase::Starting { since, .. } => Some(since.elapsed()),
            _ => None,
        }
    }

    pub(super) fn has_process(&self) -> bool {
        self.life.lock().has_process()
    }

    /// Whether it was started by hand.
    pub(in crate::module) fn is_debugged(&self) -> bool {
        matches!(self.life.lock().phase, Phase::Debugging)
    }

    /// How to run it, or why that is not known.
    pub(in crate::module) fn manifest(&self) -> Result<Arc<Manifest>, Arc<ManifestError>> {
        self.manifest.lock().clone()
    }

    /// Takes over how to run it, as it was just read. A passing failure does not replace what is
    /// known.
    pub(super) fn set_manifest(&self, manifest: &Result<Arc<Manifest>, Arc<ManifestError>>) {
        let mut known = self.manifest.lock();
        let passing = manifest.as_ref().is_err_and(|error| error.is_passing());
        if !passing || known.is_err() {
            known.clone_from(manifest);
            if let Ok(manifest) = manifest {
                self.own.set_author(manifest.limits.clone());
            }
        }
    }

    /// The session, if it is not over.
    pub(in crate::module) fn live_session(&self) -> Option<Arc<Session>> {
        self.session.lock().clone().filter(|session| session.over_for().is_none())
    }

    /// Changes whenever the module can be asked, or cannot any more.
    pub(in crate::module) fn availability(&self) -> watch::Receiver<Availability> {
        self.availability.subscribe()
    }

    /// Computes again whether the module can be asked. Only the supervisor does this.
    pub(super) fn update_availability(&self) {
        let now = Availability::of(&self.life.lock(), self.live_session());
        self.availability.send_replace(now);
    }

    /// Why the module cannot be asked yet.
    pub(in crate::module) fn coming(&self) -> Unavailable {
        match self.is_debugged() {
            true => Unavailable::NotReady { module: self.name.clone() },
            false => Unavailable::Starting,
        }
    }

    /// Why the module is down, with what happens next and what an operator can do.
    pub(in crate::module) fn down(&self, reason: Arc<Reason>) -> Unavailable {
        let until = |at: Instant| at.saturating_duration_since(Instant::now());
        let next_try = self.life.lock().next_try().map(until);
        Unavailable::Down { module: self.name.clone(), reason, next_try }
    }

    /// The declaration, if there is one.
    pub(in crate::module) fn declaration(&self) -> Option<Arc<Declaration>> {
        match &*self.described.borrow() {
            Described::As { declaration, .. } => Some(Arc::clone(declaration)),
            _ => None,
        }
    }

    /// The commands that it declares; none if there is no declaration.
    pub(in crate::module) fn commands(&self) -> Arc<Commands> {
        match &*self.described.borrow() {
            Described::As { commands, .. } => Arc::clone(commands),
            _ => Arc::default(),
        }
    }

    /// Why the module cannot run, if that is known or its process could not be started.
    pub(in crate::module) fn why_not(&self) -> Option<Arc<Reason>> {
        let life = self.life();
        let stopped = life.reason().filter(|_| life.state() == ModuleState::CannotRun);
        self.cannot_run().or_else(|| stopped.cloned())
    }

    /// Why the module cannot run, if that is known.
    pub(in crate::module) fn cannot_run(&self) -> Option<Arc<Reason>> {
        match &*self.described.borrow() {
            Described::As { declaration, .. } => Reason::of(declaration).map(Arc::new),
            Described::Failed(reason) => Some(Arc::clone(reason)),
            _ => None,
        }
    }
}
