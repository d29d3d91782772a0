//! A module's live connection. The supervisor, the router and `rpc` share it.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use parking_lot::Mutex;
use tracing::{Level, Span};

use super::in_flight::{InFlight, Refused};
use super::limits::SessionLimits;
use super::log_record::LogRecord;
use super::message::{CommandEvent, FromModule, Hello, SNAPSHOT_PARTS, ToModule};
use super::outbox::Outbox;
use super::pulse::Pulse;
use super::session_end::SessionEnd;
use super::too_long::TooLong;
use super::under_way::UnderWay;
use super::waits::Waits;
use crate::authority::{Caller, Identity};
use crate::cluster::source_of;
use crate::limits_reached::reached;
use crate::module::recent_log::{LineSource, RecentLog};
use crate::module::share_taken::ShareTaken;
use crate::module_limits::{Limit, OwnLimits};
use crate::rate_limit::RateLimit;

/// One session.
#[derive(Debug)]
pub(in crate::module) struct Session {
    pub(in crate::module) module: String,
    pub(in crate::module) hello: Hello,
    pub(in crate::module) outbox: Outbox,
    pub(super) in_flight: InFlight,
    /// The limits of all modules.
    all_limits: SessionLimits,
    own: Arc<OwnLimits>,
    watched: Mutex<HashSet<String>>,
    records: Mutex<RateLimit>,
    recent_log: RecentLog,
    has_counters: AtomicBool,
    /// Whether the module has its first snapshot. Nothing else is sent before.
    welcomed: AtomicBool,
    /// Whether the module has said that it is ready.
    ready: AtomicBool,
    /// Whether the module has said that its main work ended with an error.
    failed: AtomicBool,
    pub(in crate::module) pulse: Pulse,
    pub(in crate::module) waits: Waits,
    over_since: Mutex<Option<Instant>>,
}

impl Session {
    pub(in crate::module) fn new(
        module: &str,
        hello: Hello,
        limits: SessionLimits,
        own: Arc<OwnLimits>,
    ) -> Self {
        let takes_parts = hello.features.contains(SNAPSHOT_PARTS);
        Self {
            module: module.to_owned(),
            hello,
            outbox: Outbox::new(&limits),
            in_flight: InFlight::new(module),
            records: Mutex::new(
                RateLimit::new(limits.log_records_per_second)
                    .with_bytes(limits.log_bytes_per_second),
            ),
            recent_log: RecentLog::default(),
            all_limits: limits,
            own,
            watched: Mutex::default(),
            has_counters: AtomicBool::default(),
            welcomed: AtomicBool::new(!takes_parts),
            ready: AtomicBool::default(),
            failed: AtomicBool::default(),
            pulse: Pulse::default(),
            waits: Waits::default(),
            over_since: Mutex::default(),
        }
    }

    /// The limits of this module as they are now.
    pub(super) fn limits(&self) -> SessionLimits {
        self.all_limits.with(&self.own)
    }

    /// Keeps what the module logs for the report of its crash.
    pub(in crate::module) fn with_recent_log(self, recent_log: RecentLog) -> Self {
        Self { recent_log, ..self }
    }

    /// Handles a message of the module. Returns it if the supervisor has to handle it.
    pub(in crate::module) fn deliver(&self, message: FromModule) -> Option<FromModule> {
        match message {
            FromModule::Command { id, event } => {
                if !self.in_flight.event(id, event, self.all_limits.output_bytes) {
                    self.outbox.push(ToModule::CancelCommand { id });
                }
            }
            FromModule::RemoteResult { id, result } => self.in_flight.returned(id, result),
            FromModule::Pong { seq, busy, busy_with } => self.pulse.answer(seq, busy, busy_with),
            FromModule::WatchDocuments(names) => self.watch(names),
            FromModule::Log(record) => {
                let span = self.in_flight.span(record.call_id).unwrap_or_else(Span::current);
                span.in_scope(|| record.write(&self.module));
                self.recent_log.add(LineSource::Log(record.level), &record.message);
            }
            FromModule::Ready => {
                self.ready.store(true, Ordering::SeqCst);
                return Some(FromModule::Ready);
            }
            other => {
                if let FromModule::Failed { message, traceback } = &other {
                    // Its main work ends once. More of them would be a way around the limits of its log.
                    if self.failed.swap(true, Ordering::SeqCst) {
                        return None;
                    }
                    let text = if traceback.is_empty() { message } else { traceback.trim_end() };
                    self.recent_log.add(LineSource::Log(Level::ERROR), text);
                }
                return Some(other);
            }
        }
        None
    }

    /// Whether the module may send a message of so many bytes.
    pub(in crate::module) fn check_message(&self, bytes: usize) -> Result<(), TooLong> {
        let limit = self.own.count(Limit::MessageBytes, self.all_limits.message_bytes);
        TooLong::check(&self.module, bytes, limit)
    }

    /// What to deliver instead of a message that is too long. A command of which a part is missing ends.
    pub(in crate::module) fn refuse(
        &self,
        message: Option<FromModule>,
        error: &TooLong,
    ) -> Option<FromModule> {
        reached(&Caller::module(&self.module), "limits.module.message_bytes");
        if let Some(FromModule::Command { id, event: CommandEvent::Output(_) }) = message {
            self.outbox.push(ToModule::CancelCommand { id });
        }
        error.instead_of(message?)
    }

    /// Whether the module has said that it is ready.
    pub(in crate::module) fn is_ready(&self) -> bool {
        self.ready.load(Ordering::SeqCst)
    }

    fn watch(&self, names: Vec<String>) {
        let mut watched = self.watched.lock();
        let limit = self.all_limits.watched_documents;
        for name in names {
            if watched.len() < limit {
                watched.insert(name);
            } else if !watched.contains(&name) {
                tracing::debug!(module = self.module, "watches {limit} documents, not '{name}'");
            }
        }
    }

    /// Whether a log record is within the limits and is logged.
    pub(in crate::module) fn admits_record(&self, record: &LogRecord, now: Instant) -> bool {
        let bytes = record.logger.len() + record.message.len();
        let kept = bytes.min(self.all_limits.log_record_bytes);
        let limits = self.limits();
        let mut records = self.records.lock();
        records.set(limits.log_records_per_second, limits.log_bytes_per_second);
        let (passes, dropped) = records.admit_bytes(now, kept);
        drop(records);
        self.log_dropped(dropped);
        passes
    }

    fn log_dropped(&self, records: u64) {
        if records > 0 {
            reached(&Caller::module(&self.module), "limits.module.log_records_per_second");
            let module = self.module.as_str();
            let SessionLimits { log_records_per_second: most, log_bytes_per_second: bytes, .. } =
                self.limits();
            tracing::warn!(
                module,
                "{records} log records of the module dropped: more than {most} records \
                 (limits.module.log_records_per_second) or {bytes} bytes \
                 (limits.module.log_bytes_per_second) in one second"
            );
        }
    }

    /// Whether more bytes of this caller may wait.
    pub(super) fn check_waiting(&self, caller: &Caller) -> Result<(), Refused> {
        let (waiting, share) = (self.outbox.bytes(), self.all_limits.caller_waiting_bytes);
        if waiting > self.all_limits.waiting_bytes {
            return Err(Refused::Full);
        }
        // Only then can it be the share of one caller, so small queues are not searched.
        if waiting > share && self.outbox.bytes_of(caller) > share {
            reached(caller, "limits.module.caller_waiting_bytes");
            return Err(Refused::Share(caller.clone()));
        }
        Ok(())
    }

    /// The error of a caller that has taken its share of the module.
    pub(super) fn share_taken(&self, caller: Caller) -> ShareTaken {
        let limit = self.limits().caller_in_flight;
        ShareTaken { module: self.module.clone(), caller, limit }
    }

    /// The module has its first snapshot.
    pub(in crate::module) fn welcomed(&self) {
        self.welcomed.store(true, Ordering::SeqCst);
    }

    /// Sends a ping unless one is unanswered. Returns for how long it is. A ping that has to wait for
    /// a snapshot would say nothing about the module, so none is sent before.
    pub(in crate::module) fn ping(&self) -> Duration {
        if !self.welcomed.load(Ordering::SeqCst) {
            return Duration::ZERO;
        }
        match self.pulse.begin_ping() {
            Ok(seq) => {
                self.outbox.push(ToModule::Ping { seq });
                Duration::ZERO
            }
            Err(unanswered) => unanswered,
        }
    }

    /// The manager stood still for so long. What came meanwhile has not been read, so no age counts it.
    pub(in crate::module) fn forgive(&self, late: Duration) {
        self.pulse.forgive(late);
        self.waits.forgive(late);
        self.in_flight.forgive(late);
    }

    pub(in crate::module) fn notify(&self, kind: &str, id: Bytes) {
        if !self.hello.declaration.wants(kind) {
            return;
        }
        // Powers of two, so that a flood of dropped notifications is not a flood of warnings.
        let Some(dropped) = self.outbox.notify(kind, id) else { return };
        reached(&Caller::module(&self.module), "limits.module.notifications");
        if dropped.is_power_of_two() {
            tracing::warn!(
                module = self.module,
                "the module does not keep up with its notifications: {dropped} dropped in this \
                 session (limits.module.notifications, limits.module.notification_bytes)"
            );
        }
    }

    pub(in crate::module) fn announce_document(&self, name: &str, version: u64) {
        if self.watched.lock().contains(name) {
            self.outbox.document_changed(name, version);
        }
    }

    pub(in crate::module) fn document_changed(&self, name: &str, version: u64) {
        let watched = self.watched.lock();
        if watched.contains(name) {
            self.outbox.document_changed(name, version);
        }
        // What is cut out of a document changes with it.
        for part in watched.iter().filter(|part| source_of(part) == Some(name)) {
            self.outbox.document_changed(part, version);
        }
    }

    /// The module is about to read counters, and keeps them.
    pub(in crate::module) fn counters_read(&self) {
        self.has_counters.store(true, Ordering::SeqCst);
    }

    /// The counters that the module keeps are old. Returns whether it keeps any.
    pub(in crate::module) fn counters_changed(&self) -> bool {
        self.has_counters.swap(false, Ordering::SeqCst)
    }

    /// Ends the session and everything under way.
    pub(in crate::module) fn close(&self, end: SessionEnd) {
        self.detach();
        self.in_flight.close(end);
    }

    /// The peer went away: nothing can be sent any more.
    pub(in crate::module) fn detach(&self) {
        self.over_since.lock().get_or_insert_with(Instant::now);
        self.outbox.close();
        self.log_dropped(self.records.lock().take_dropped());
    }

    /// For how long the session has been over, if it is.
    pub(in crate::module) fn over_for(&self) -> Option<Duration> {
        self.over_since.lock().map(|since| since.elapsed())
    }

    /// The commands and remote calls under way; after its end, those that were.
    pub(in crate::module) fn under_way(&self) -> Vec<UnderWay> {
        self.in_flight.under_way()
    }

    pub(in crate::module) fn callers(&self, command: Option<u64>) -> Vec<Identity> {
        self.in_flight.callers(command)
    }

    pub(in crate::module) fn in_flight(&self) -> usize {
        self.in_flight.len()
    }

    /// The encodings that the module takes, in addition to JSON.
    pub(in crate::module) fn encodings(&self) -> Vec<String> {
        let named = |feature: &String| feature.strip_prefix("payload:").map(str::to_owned);
        self.hello.features.iter().filter_map(named).collect()
    }
}

#[cfg(test)]
mod tests;
