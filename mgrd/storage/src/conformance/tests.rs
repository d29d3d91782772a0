//! The suite finds broken promises: a backend in memory passes it, and fails with each of its faults.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use mgrd_snapshots::assert_errors;
use parking_lot::Mutex;
use tokio::sync::watch;

use super::*;
use crate::backend::Stored;
use crate::batch::Batch;
use crate::content::Content;
use crate::election::{Campaign, Election, Opening};
use crate::entry::Entry;
use crate::error::{LeaseLost, StorageFault};
use crate::image::Image;
use crate::storage::Commit;
use crate::transaction::Op;

/// What a backend may do wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    None,
    LosesWrites,
    ForgetsAtACrash,
    IgnoresConditions,
    TearsTransactions,
    SkipsRevisions,
    KeepsItsEpoch,
    DoesNotFence,
    DropsChanges,
    HasTwoLeaders,
    HasNoLimits,
    AddsToWhatItReplaces,
}

#[derive(Clone, Debug, Default)]
struct State {
    content: Content,
    at_last_close: Content,
    epoch: u64,
    leader: Option<Leader>,
    /// The lease that is valid.
    lease: u64,
    leases: u64,
}

/// A backend in memory.
#[derive(Clone)]
struct Memory(Arc<Shared>);

struct Shared {
    fault: Fault,
    state: Mutex<State>,
    changed: watch::Sender<()>,
}

impl Memory {
    fn new(fault: Fault, state: State) -> Self {
        Self(Arc::new(Shared { fault, state: Mutex::new(state), changed: watch::Sender::new(()) }))
    }

    fn has(&self, fault: Fault) -> bool {
        self.0.fault == fault
    }

    fn release(&self, lease: u64) {
        let mut state = self.0.state.lock();
        if state.lease == lease {
            (state.lease, state.leader) = (0, None);
        }
        drop(state);
        self.0.changed.send_replace(());
    }

    fn try_lead(&self, candidate: &Leader) -> Option<u64> {
        let mut state = self.0.state.lock();
        if state.lease != 0 && !self.has(Fault::HasTwoLeaders) {
            return None;
        }
        state.leases += 1;
        state.lease = state.leases;
        state.leader = Some(candidate.clone());
        Some(state.lease)
    }
}

impl Factory for Fault {
    fn fresh(&self) -> Arc<dyn Fixture> {
        Arc::new(Memory::new(*self, State::default()))
    }
}

impl Fixture for Memory {
    fn backend(&self) -> Arc<dyn Backend> {
        Arc::new(self.clone())
    }

    fn revoke_lease(&self) {
        let lease = self.0.state.lock().lease;
        self.release(lease);
    }

    fn after_crash(&self) -> Arc<dyn Fixture> {
        let mut state = self.0.state.lock().clone();
        (state.lease, state.leader) = (0, None);
        if self.has(Fault::ForgetsAtACrash) {
            state.content = state.at_last_close.clone();
        }
        Arc::new(Self::new(self.0.fault, state))
    }
}

impl Backend for Memory {
    fn name(&self) -> &str {
        "memory"
    }

    fn initialise(&self) -> Result<(), BackendError> {
        Ok(())
    }

    fn inspect(&self) -> Result<Stored, BackendError> {
        let state = self.0.state.lock();
        Ok(Stored { content: state.content.clone(), epoch: state.epoch })
    }

    fn replace(&self, values: BTreeMap<String, Bytes>, revision: u64) -> Result<(), BackendError> {
        let mut state = self.0.state.lock();
        let revision = state.content.revision.max(revision) + 1;
        if !self.has(Fault::AddsToWhatItReplaces) {
            state.content.entries.clear();
        }
        let entries = values
            .into_iter()
            .map(|(key, value)| (crate::Key::from(key), Entry { value, revision }));
        state.content.entries.extend(entries);
        state.content.revision = revision;
        Ok(())
    }
}

impl Election for Memory {
    fn campaign(&self, candidate: &Leader) -> Campaign {
        let (this, candidate) = (self.clone(), candidate.clone());
        let mut changed = self.0.changed.subscribe();
        Box::pin(async move {
            loop {
                if let Some(number) = this.try_lead(&candidate) {
                    return Ok(Box::new(MemoryLease { memory: this, number }) as Box<dyn Lease>);
                }
                changed.changed().await.map_err(BackendError::new)?;
            }
        })
    }

    fn leader(&self) -> Option<Leader> {
        self.0.state.lock().leader.clone()
    }
}

struct MemoryLease {
    memory: Memory,
    number: u64,
}

impl Drop for MemoryLease {
    fn drop(&mut self) {
        self.memory.release(self.number);
    }
}

impl Lease for MemoryLease {
    fn open_storage(&self, _: Known) -> Opening<'_> {
        let mut state = self.memory.0.state.lock();
        if !self.memory.has(Fault::KeepsItsEpoch) || state.epoch == 0 {
            state.epoch += 1;
        }
        let storage = MemoryStorage {
            memory: self.memory.clone(),
            epoch: state.epoch,
            image: Image::new(state.content.clone()),
            closed: AtomicBool::new(false),
        };
        Box::pin(std::future::ready(Ok(Box::new(storage) as Box<dyn Storage>)))
    }

    fn lost(&self) -> BoxFuture<'_, LeaseLost> {
        let mut changed = self.memory.0.changed.subscribe();
        Box::pin(async move {
            while self.memory.0.state.lock().lease == self.number {
                // The backend outlives its leases.
                let _ = changed.changed().await;
            }
            LeaseLost::new(std::fmt::Error)
        })
    }
}

struct MemoryStorage {
    memory: Memory,
    epoch: u64,
    image: Image,
    closed: AtomicBool,
}

impl MemoryStorage {
    fn write(&self, mut transaction: Transaction) -> Result<Committed, CommitError> {
        if self.closed.load(Ordering::SeqCst) {
            return Err(CommitError::Closed);
        }
        if !self.memory.has(Fault::HasNoLimits) {
            transaction.check_size()?;
        }
        let mut state = self.memory.0.state.lock();
        if state.epoch != self.epoch && !self.memory.has(Fault::DoesNotFence) {
            let (held, current) = (self.epoch, state.epoch);
            let name = "memory".to_owned();
            return Err(StorageFault::Fenced { name, held, current }.into());
        }
        if self.memory.has(Fault::IgnoresConditions) {
            transaction.preconditions.clear();
        }
        if self.memory.has(Fault::TearsTransactions) {
            let first = transaction.ops.iter().take(1).cloned().collect();
            self.apply(&[Transaction { ops: first, preconditions: Vec::new() }], &mut state)?;
        }
        if self.memory.has(Fault::SkipsRevisions) {
            let alone = |op: Op| Transaction { ops: vec![op], preconditions: Vec::new() };
            let check = Transaction { ops: Vec::new(), ..transaction.clone() };
            let parts = std::iter::once(check).chain(transaction.ops.into_iter().map(alone));
            return self.apply(&parts.collect::<Vec<_>>(), &mut state);
        }
        self.apply(&[transaction], &mut state)
    }

    fn apply(&self, parts: &[Transaction], state: &mut State) -> Result<Committed, CommitError> {
        let mut batch = Batch::new(&self.image);
        for part in parts {
            batch.add(part)?;
        }
        let (mut changes, revision) = (batch.changes, batch.revision);
        self.image.show(&changes);
        if !self.memory.has(Fault::LosesWrites) {
            state.content = self.image.content();
        }
        if self.memory.has(Fault::DropsChanges) {
            changes.truncate(2);
        }
        self.image.publish(&changes);
        Ok(Committed { revision })
    }
}

impl Storage for MemoryStorage {
    fn image(&self) -> &Image {
        &self.image
    }

    fn commit(&self, transaction: Transaction) -> Commit<'_> {
        let written = self.write(transaction);
        Box::pin(std::future::ready(written))
    }

    fn epoch(&self) -> u64 {
        self.epoch
    }

    fn origin(&self) -> u64 {
        0
    }

    fn health(&self) -> Option<StorageFault> {
        None
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        self.closed.store(true, Ordering::SeqCst);
        let mut state = self.memory.0.state.lock();
        state.at_last_close = state.content.clone();
        drop(state);
        self.image.close_watches();
        Box::pin(std::future::ready(()))
    }
}

#[test]
fn a_backend_without_fault_passes() {
    let failures = check(&Fault::None);
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn each_fault_is_found() {
    for (fault, case) in [
        (Fault::LosesWrites, "the_next_leader_finds_everything"),
        (Fault::ForgetsAtACrash, "after_a_crash_all_acknowledged_writes_are_there"),
        (Fault::IgnoresConditions, "a_condition_that_fails_writes_nothing_and_names_its_key"),
        (Fault::TearsTransactions, "a_refused_transaction_changes_no_key"),
        (Fault::SkipsRevisions, "each_change_is_the_next_revision"),
        (Fault::KeepsItsEpoch, "each_opening_has_a_greater_epoch"),
        (Fault::DoesNotFence, "a_former_leader_cannot_write_after_the_next_one_opened_the_storage"),
        (Fault::DropsChanges, "a_watch_gets_each_change_below_its_prefix_in_order"),
        (Fault::HasTwoLeaders, "one_manager_leads_and_the_next_follows_when_it_steps_down"),
        (Fault::AddsToWhatItReplaces, "an_import_replaces_everything_that_was_stored"),
        (Fault::HasNoLimits, "too_large_a_write_is_refused_and_nothing_is_written"),
    ] {
        let tested = all_cases().find(|tested| tested.name == case).expect("a case of that name");
        let verdict = run(tested, fault.fresh());
        let found = matches!(verdict, Err(Violation::Broken(_)));
        assert!(found, "{fault:?} leads to {verdict:?} in '{case}'");
    }
}

#[test]
fn texts() {
    let refused = || std::io::Error::from_raw_os_error(11);
    let broken = || Violation::Broken("a key that was removed is still there".into());
    assert_errors!(Failure of [Failure { case: "a_removed_key_is_gone", source: broken() }]);
    assert_errors!(Violation {
        Broken: broken();
        Commit: Violation::Commit(CommitError::Closed);
        Backend: Violation::Backend(BackendError::new(refused()));
        Archive: Violation::Archive(ArchiveError::NotEmpty { keys: 12 });
        Timeout: Violation::Timeout;
        Runtime: Violation::Runtime(refused());
    });
}
