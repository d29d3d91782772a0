//! The health of the cluster as one shared handle.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use parking_lot::Mutex;
use serde_json::json;
use tokio::sync::watch;

use super::bounded::Bounded;
use super::check::Checks;
use super::merged_check::MergedCheck;
use super::mute::{Mute, NotMuted};
use super::report::Report;
use crate::cluster::{Cluster, Limits};
use crate::limits_reached::reached;

/// What raises checks. The first source of a check gives the summary: feeds first, `mgrd` last.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// The feed of this name.
    Feed(String),
    /// The module of this name.
    Module(String),
    /// `mgrd` itself, about this subject.
    Host(&'static str),
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Feed(name) => write!(f, "feed '{name}'"),
            Self::Module(name) => write!(f, "module '{name}'"),
            Self::Host(subject) => write!(f, "mgrd about {subject}"),
        }
    }
}

#[derive(Default)]
struct State {
    /// The report of all that follows, as of the last change.
    report: Arc<Report>,
    checks: BTreeMap<Source, Checks>,
    /// How many checks of each source were left out, when that was logged last.
    left_out: BTreeMap<Source, usize>,
    mutes: BTreeMap<String, Mute>,
}

struct Inner {
    state: Mutex<State>,
    cluster: Cluster,
    mutes: watch::Sender<u64>,
}

/// The health of the cluster. A clone shares it. Each change appears at once in the document
/// `health`.
#[derive(Clone)]
pub struct Health(Arc<Inner>);

impl Health {
    /// A cluster without checks. Publishes the document `health` in `cluster`.
    #[must_use]
    pub fn new(cluster: Cluster) -> Self {
        let mutes = watch::Sender::new(0);
        let health = Self(Arc::new(Inner { state: Mutex::default(), cluster, mutes }));
        health.update(|_| {});
        health
    }

    /// Replaces all checks of a source, within the limits. An empty set clears them. The same checks
    /// again cost no more than to compare them. Returns whether they differ from those before.
    pub fn set(&self, source: Source, checks: Checks) -> bool {
        let Bounded { checks, left_out } = Bounded::new(checks, &self.0.cluster.limits);
        let is_known = match self.0.state.lock().checks.get(&source) {
            Some(known) => *known == checks,
            None => checks.is_empty(),
        };
        self.warn(&source, left_out);
        if is_known {
            return false;
        }
        self.update(|state| {
            if checks.is_empty() {
                state.checks.remove(&source);
            } else {
                state.checks.insert(source, checks);
            }
        });
        true
    }

    /// Logs that checks are left out: once, and again when they are at least twice as many.
    fn warn(&self, source: &Source, left_out: usize) {
        if left_out == 0 {
            return;
        }
        reached(source, "limits.cluster.health_bytes");
        let mut state = self.0.state.lock();
        let reported = state.left_out.entry(source.clone()).or_default();
        if left_out < reported.saturating_mul(2).max(1) {
            return;
        }
        *reported = left_out;
        drop(state);
        let Limits { health_checks: checks, health_bytes: bytes, .. } = self.0.cluster.limits;
        tracing::warn!(
            "{left_out} health checks of {source} are left out: it may have {checks} \
             (limits.cluster.health_checks) with {bytes} bytes together \
             (limits.cluster.health_bytes), and no code may have control characters"
        );
    }

    /// Removes a source: its module was disabled, or its feed was removed.
    pub fn remove(&self, source: Source) {
        self.0.state.lock().left_out.remove(&source);
        self.set(source, Checks::new());
    }

    /// The current report. It is made when something changes, because modules decide how large it is.
    #[must_use]
    pub fn report(&self) -> Arc<Report> {
        let mut state = self.0.state.lock();
        let now = Timestamp::now();
        if state.has_ended_mutes(now) {
            state.report = Arc::new(state.merged(now));
        }
        state.report.clone()
    }

    /// The checks of modules and of `mgrd`, without those of feeds.
    #[must_use]
    pub fn raised_here(&self) -> BTreeMap<String, MergedCheck> {
        let state = self.0.state.lock();
        let here = state.checks.iter().filter(|(source, _)| !matches!(source, Source::Feed(_)));
        let checks = here.flat_map(|(_, checks)| checks);
        Report::merge(checks, &BTreeMap::new(), Timestamp::now()).checks
    }

    /// Mutes a check for `ttl`, or without an end. If the check is not raised, `sticky` is required.
    ///
    /// # Errors
    /// If it is required and missing, the code is too long, or too many checks are muted.
    pub fn mute(&self, code: &str, ttl: Option<Duration>, sticky: bool) -> Result<(), NotMuted> {
        let report = self.report();
        let others = report.mutes.keys().filter(|other| *other != code).count();
        NotMuted::check(code, others)?;
        let check = report.checks.get(code);
        if check.is_none() && !sticky {
            return Err(NotMuted::NotRaised(code.to_owned()));
        }
        let mute = Mute {
            code: code.to_owned(),
            ttl: ttl.and_then(|ttl| Timestamp::now().checked_add(ttl).ok()),
            sticky,
            summary: check.map(|check| check.summary.clone()).unwrap_or_default(),
            count: check.map_or(0, |check| check.count),
            waiting: false,
        };
        self.update(|state| {
            state.mutes.insert(code.to_owned(), mute);
        });
        Ok(())
    }

    /// Ends the mute of a check, or all mutes. A check without a mute is not an error.
    pub fn unmute(&self, code: Option<&str>) {
        self.update(|state| state.mutes.retain(|muted, _| code.is_some_and(|code| code != muted)));
    }

    /// The mutes that apply, to be stored.
    #[must_use]
    pub fn mutes(&self) -> Vec<Mute> {
        self.report().mutes.values().cloned().collect()
    }

    /// Restores stored mutes. They stay until their checks are reported for the first time.
    pub fn restore_mutes(&self, mutes: Vec<Mute>) {
        let waiting = |mute: Mute| (mute.code.clone(), Mute { waiting: true, ..mute });
        let mutes = mutes.into_iter().map(waiting);
        self.update(|state| state.mutes.extend(mutes));
    }

    /// Changes when [`Self::mutes`] changes.
    #[must_use]
    pub fn mutes_changed(&self) -> watch::Receiver<u64> {
        self.0.mutes.subscribe()
    }

    /// Ends mutes whose time is over. Call it about once a second.
    pub fn tick(&self) {
        let has_ended = self.0.state.lock().has_ended_mutes(Timestamp::now());
        if has_ended {
            self.update(|_| {});
        }
    }

    /// Changes the state and publishes the new report in one step, so that an older report never
    /// replaces a newer one.
    fn update(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.0.state.lock();
        let before = state.mutes.clone();
        change(&mut state);
        let report = state.merged(Timestamp::now());
        state.mutes.clone_from(&report.mutes);
        let document = json!({ "json": report.to_json(true).to_string() });
        state.report = Arc::new(report);
        self.0.cluster.documents.put_own("health", document.to_string().into());
        if state.mutes != before {
            self.0.mutes.send_modify(|changes| *changes += 1);
        }
    }
}

impl State {
    fn merged(&self, now: Timestamp) -> Report {
        Report::merge(self.checks.values().flatten(), &self.mutes, now)
    }

    /// Whether the time of a mute is over.
    fn has_ended_mutes(&self, now: Timestamp) -> bool {
        self.mutes.values().any(|mute| mute.ttl.is_some_and(|end| end <= now))
    }
}

#[cfg(test)]
mod tests;
