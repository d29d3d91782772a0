//! The one loop that owns the truth about every module's life.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use tokio::sync::{mpsc, watch};

use super::executor::{Urgency, execute};
use super::machine::{Action, Event, Life, Moment, Phase};
use super::module_state::ModuleState;
use super::shared::{Letter, Shared};
use super::slot::{Availability, Slot};
use crate::module::session::Session;
use crate::module::status::ModuleEvent;

/// The loop's own state.
pub(in crate::module) struct Supervisor {
    shared: Arc<Shared>,
    units: BTreeMap<String, Unit>,
    stopping: bool,
}

struct Unit {
    slot: Arc<Slot>,
    life: Life,
    /// The number of the newest run, and the way to end it.
    run: u64,
    urgency: watch::Sender<Urgency>,
}

impl Supervisor {
    pub(in crate::module) fn new(shared: Arc<Shared>) -> Self {
        Self { shared, units: BTreeMap::new(), stopping: false }
    }

    /// Runs until all modules have ended after a shutdown.
    pub(in crate::module) async fn run(mut self, mut letters: mpsc::Receiver<Letter>) {
        while !self.stopping || self.units.values().any(|unit| unit.life.has_process()) {
            let wake_at =
                self.units.values().filter_map(|unit| unit.life.wake_at(&self.shared.policy)).min();
            let wake = async {
                match wake_at {
                    Some(at) => tokio::time::sleep_until(at.into()).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                letter = letters.recv() => match letter {
                    Some(letter) => self.open(letter),
                    None => return,
                },
                () = wake => self.tick(),
            }
        }
        self.shared.finished.send_replace(true);
    }

    fn open(&mut self, letter: Letter) {
        match letter {
            Letter::Wish { module, wish, done } => {
                if !self.stopping {
                    self.step(&module, wish);
                }
                let _ = done.send(());
            }
            Letter::Report { module, start, event } => {
                let debugged = |unit: &Unit| matches!(unit.life.phase, Phase::Debugging);
                let mine = |unit: &Unit| unit.run == start || debugged(unit);
                if self.units.get(&module).is_some_and(mine) {
                    self.step(&module, event);
                }
            }
            Letter::Kill => {
                for unit in self.units.values() {
                    unit.urgency.send_replace(Urgency::Kill);
                }
            }
            Letter::Shutdown => {
                self.stopping = true;
                for module in self.units.keys().cloned().collect::<Vec<_>>() {
                    self.step(&module, Event::Disable);
                    self.step(&module, Event::EndDebug);
                }
            }
        }
    }

    fn tick(&mut self) {
        let now = Instant::now();
        let due = |unit: &Unit| unit.life.wake_at(&self.shared.policy).is_some_and(|at| at <= now);
        let due = self.units.iter().filter(|(_, unit)| due(unit)).map(|(name, _)| name.clone());
        for module in due.collect::<Vec<_>>() {
            self.step(&module, Event::Tick);
        }
    }

    fn step(&mut self, module: &str, event: Event) {
        let Some(slot) = self.shared.slot(module) else { return };
        let unit = self.units.entry(module.to_owned()).or_insert_with(|| Unit {
            slot: Arc::clone(&slot),
            life: Life::new(),
            run: 0,
            urgency: watch::Sender::new(Urgency::None),
        });
        unit.slot = slot;
        let moment = Moment { at: Instant::now(), dice: fastrand::f64() * 2.0 - 1.0 };
        let action = unit.life.step(event, moment, &self.shared.policy);
        match action {
            Some(Action::Spawn) => {
                unit.run = self.shared.starts.next();
                unit.urgency = watch::Sender::new(Urgency::None);
                let (shared, slot) = (Arc::clone(&self.shared), Arc::clone(&unit.slot));
                tokio::spawn(execute(shared, slot, unit.run, unit.urgency.subscribe()));
            }
            Some(Action::Stop) => {
                unit.urgency.send_if_modified(|urgency| {
                    let calm = *urgency == Urgency::None;
                    *urgency = (*urgency).max(Urgency::Stop);
                    calm
                });
            }
            None => {}
        }
        unit.publish(&self.shared, self.stopping);
    }
}

impl Unit {
    /// Shows the module's new state to everybody.
    fn publish(&self, shared: &Shared, stopping: bool) {
        let (state, reason, next_try) = match self.life.phase.show() {
            // It ended because everything does; nobody disabled it.
            (ModuleState::Disabled, reason, next_try) if stopping => {
                (ModuleState::Stopped, reason, next_try)
            }
            shown => shown,
        };
        let mut view = self.slot.view.lock();
        let news = view.state != state || view.reason != reason;
        (view.state, view.next_try, view.restarts) = (state, next_try, self.life.restarts);
        view.reason.clone_from(&reason);
        view.unstable = self.life.is_unstable();
        drop(view);
        self.slot.availability.send_replace(self.availability(&reason));
        if news {
            let module = self.slot.name.clone();
            tracing::info!(module, %state, reason, "module changed its state");
            // Nobody may be listening.
            let _ = shared.events.send(ModuleEvent { module, state, reason });
        }
    }

    fn session(&self) -> Option<Arc<Session>> {
        self.slot.session.lock().clone().filter(|session| session.over_for().is_none())
    }

    fn availability(&self, reason: &str) -> Availability {
        match &self.life.phase {
            Phase::Disabled => Availability::Disabled,
            Phase::Stopping { .. } if !self.life.wanted => Availability::Disabled,
            Phase::Starting { .. } | Phase::Stopping { .. } => Availability::Coming,
            // A module that is debugged runs once its session is there; the attachment says so.
            Phase::Debugging => match self.session() {
                Some(session) => Availability::Up { session, fault: None },
                None => Availability::Down("it is being debugged and not attached".to_owned()),
            },
            Phase::Running { fault, .. } => match self.session() {
                Some(session) => Availability::Up { session, fault: fault.clone() },
                None => Availability::Coming,
            },
            _ => Availability::Down(reason.to_owned()),
        }
    }
}

/// Asks the loop to end all modules.
pub(in crate::module) async fn shut_down(shared: &Shared) {
    shared.shutting_down.send_replace(true);
    let _ = shared.letters.send(Letter::Shutdown).await;
}
