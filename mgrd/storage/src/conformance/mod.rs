//! What every backend must do, as a list of named cases that run against any backend.
//!
//! A backend under test provides a [`Factory`]. [`check`] runs each case on a fixture of its own and
//! returns the promises that the backend breaks.

mod elections;
mod fencing;
mod recovery;
mod storing;
mod watching;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;

use crate::archive::ArchiveError;
use crate::backend::Backend;
use crate::content::Known;
use crate::election::{Leader, Lease};
use crate::error::{BackendError, CommitError};
use crate::storage::Storage;
use crate::transaction::{Committed, Transaction};

/// How long a case may take before it counts as broken.
const CASE_TIMEOUT: Duration = Duration::from_secs(60);

/// Makes fixtures for a backend under test.
pub trait Factory {
    /// A fixture that was never used.
    fn fresh(&self) -> Arc<dyn Fixture>;
}

/// What the managers of one test share.
pub trait Fixture: Send + Sync {
    /// The backend as one more manager has it.
    fn backend(&self) -> Arc<dyn Backend>;

    /// Takes the lease away from its holder, as a failure of the backend would.
    fn revoke_lease(&self);

    /// What is found if all managers are killed at this moment.
    fn after_crash(&self) -> Arc<dyn Fixture>;
}

/// A promise that a backend breaks.
#[derive(Debug, thiserror::Error)]
#[error("'{case}' fails: {source}")]
pub struct Failure {
    /// The name of the case.
    pub case: &'static str,
    /// What went wrong.
    pub source: Violation,
}

/// What went wrong in a case.
#[derive(Debug, thiserror::Error)]
pub enum Violation {
    /// The backend did something else than it must.
    #[error("{0}")]
    Broken(String),
    /// A write that must succeed failed.
    #[error("a write failed: {0}")]
    Commit(#[from] CommitError),
    /// The backend cannot be used.
    #[error("the backend cannot be used: {0}")]
    Backend(#[from] BackendError),
    /// An export or an import failed.
    #[error("an archive failed: {0}")]
    Archive(#[from] ArchiveError),
    /// The case did not end.
    #[error("it did not end within {} s", CASE_TIMEOUT.as_secs())]
    Timeout,
    /// The case cannot run.
    #[error("no runtime could be started: {0}")]
    Runtime(#[source] std::io::Error),
}

/// How a case ends.
type Verdict = Result<(), Violation>;

/// One promise.
struct Case {
    name: &'static str,
    run: fn(Arc<dyn Fixture>) -> BoxFuture<'static, Verdict>,
}

/// A list of cases, each named after its function.
macro_rules! cases {
    ($($name:ident),* $(,)?) => {
        pub(super) const CASES: &[super::Case] = &[
            $(super::Case {
                name: stringify!($name),
                run: |fixture| Box::pin($name(fixture)),
            }),*
        ];
    };
}

/// Ends a case if something does not hold.
macro_rules! ensure {
    ($holds:expr, $($text:tt)+) => {
        if !$holds {
            return Err(super::Violation::Broken(format!($($text)+)));
        }
    };
}

use {cases, ensure};

fn all_cases() -> impl Iterator<Item = &'static Case> {
    [storing::CASES, watching::CASES, elections::CASES, fencing::CASES, recovery::CASES]
        .into_iter()
        .flatten()
}

/// Runs all cases; returns those that fail.
#[must_use]
pub fn check(factory: &dyn Factory) -> Vec<Failure> {
    all_cases()
        .filter_map(|case| {
            let verdict = run(case, factory.fresh());
            verdict.err().map(|source| Failure { case: case.name, source })
        })
        .collect()
}

fn run(case: &Case, fixture: Arc<dyn Fixture>) -> Verdict {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    let runtime = builder.worker_threads(2).enable_all().build().map_err(Violation::Runtime)?;
    let verdict = runtime.block_on(async {
        tokio::time::timeout(CASE_TIMEOUT, (case.run)(fixture))
            .await
            .unwrap_or(Err(Violation::Timeout))
    });
    runtime.shutdown_timeout(Duration::from_secs(1));
    verdict
}

fn candidate(id: &str) -> Leader {
    Leader { id: id.to_owned(), instance: 1, address: format!("/{id}") }
}

/// A manager that leads, with the storage open.
struct Active {
    lease: Box<dyn Lease>,
    storage: Arc<dyn Storage>,
}

impl Active {
    /// Wins the election and opens the storage.
    async fn at(fixture: &dyn Fixture, id: &str) -> Result<Self, Violation> {
        let lease = fixture.backend().campaign(&candidate(id)).await?;
        let storage = lease.open_storage(Known::default()).await?.into();
        Ok(Self { lease, storage })
    }

    /// Closes the storage, and then lets others lead.
    async fn step_down(self) {
        self.storage.close().await;
        drop(self.lease);
    }
}

async fn put(
    storage: &dyn Storage,
    key: &str,
    value: impl Into<Bytes>,
) -> Result<Committed, CommitError> {
    storage.commit(Transaction::new().put(key, value)).await
}

/// The value of a key as text.
fn text(storage: &dyn Storage, key: &str) -> Option<String> {
    storage.get(key).map(|entry| String::from_utf8_lossy(&entry.value).into_owned())
}

#[cfg(test)]
mod tests;
