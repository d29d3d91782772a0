//! What a disabled module could do: it is started once to say so, and that is cached.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use nix::sys::signal::Signal;
use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};

use super::launch::{LaunchError, Living, launch};
use super::shared::Shared;
use super::slot::{Described, Slot};
use crate::module::declaration::Declaration;
use crate::module::folder::{FingerprintError, ManifestError};
use crate::module::process::{Exit, Purpose};

/// Where a description comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::module) enum Source {
    CacheFirst,
    /// What it depends on may have changed outside its folder.
    Module,
}

#[derive(Serialize, Deserialize)]
struct Cached {
    fingerprint: String,
    declaration: Declaration,
}

/// Finds out what a disabled module offers, from the cache or by asking it. An enabled one says so
/// when it starts; of two processes one would be a second copy.
pub(in crate::module) async fn describe(shared: Arc<Shared>, slot: Arc<Slot>, source: Source) {
    if source == Source::CacheFirst && recall(&shared, &slot).await {
        return;
    }
    for attempt in 1.. {
        match turn(&shared, &slot).await {
            Some(described) => return learn(&shared, &slot, described),
            None if slot.view.lock().enabled => return,
            None => {}
        }
        tokio::select! {
            () = sleep(shared.policy.delay(attempt, 0.0)) => {}
            () = shared.shutting_down() => return,
        }
    }
}

/// Asks the module when it is its turn. No answer means that asking again may bring one, unless it
/// was enabled meanwhile.
async fn turn(shared: &Arc<Shared>, slot: &Slot) -> Option<Described> {
    let _permit = shared.describers.acquire().await.ok()?;
    // Whoever waits for the end waits for this one's turn as well.
    if slot.view.lock().enabled || *shared.shutting_down.borrow() {
        return None;
    }
    match ask(shared, slot).await {
        Ok(declaration) => {
            remember(shared, slot, &declaration).await;
            Some(Described::As(Arc::new(declaration)))
        }
        // The manager that runs next asks again.
        Err(_) if *shared.shutting_down.borrow() => None,
        Err(error) if error.is_passing() => {
            tracing::warn!(module = slot.name, "cannot be loaded for the moment: {error}");
            None
        }
        Err(error) => {
            tracing::warn!(module = slot.name, "cannot be loaded: {error}");
            Some(Described::Failed(error.to_string()))
        }
    }
}

/// Why a module did not say what it offers.
#[derive(Debug, thiserror::Error)]
enum AskError {
    #[error(transparent)]
    Manifest(#[from] Arc<ManifestError>),
    #[error(transparent)]
    Launch(#[from] LaunchError),
    #[error("{0}")]
    NoHello(String),
}

impl AskError {
    fn is_passing(&self) -> bool {
        match self {
            Self::Manifest(error) => error.is_passing(),
            Self::Launch(error) => error.is_passing(),
            Self::NoHello(_) => false,
        }
    }
}

/// Takes what a module offers from the cache, if it is there and the module is unchanged.
pub(in crate::module) async fn recall(shared: &Shared, slot: &Slot) -> bool {
    let Some(declaration) = cached(shared, slot).await else { return false };
    learn(shared, slot, Described::As(Arc::new(declaration)));
    true
}

pub(in crate::module) fn learn(shared: &Shared, slot: &Slot, described: Described) {
    // What the module said at a start meanwhile is newer.
    let news = slot.described.send_if_modified(|known| {
        let unknown = matches!(known, Described::NotYet);
        if unknown {
            *known = described;
        }
        unknown
    });
    if news {
        shared.changed();
    }
}

/// Starts the module in order to read its hello.
async fn ask(shared: &Arc<Shared>, slot: &Slot) -> Result<Declaration, AskError> {
    let ending = || "mgrd is shutting down".to_owned();
    let manifest = tokio::select! {
        manifest = shared.reread(slot) => manifest?,
        () = shared.shutting_down() => return Err(AskError::NoHello(ending())),
    };
    let start = shared.starts.next();
    let (sender, hello) = oneshot::channel();
    shared.describing.lock().insert(start, sender);
    let living = Living::new(shared, start);
    let process = launch(shared, slot, &manifest, start, Purpose::Describe).await?;
    let limit = shared.policy.describe_timeout;
    let answer = tokio::select! {
        () = shared.shutting_down() => Err(Some(ending())),
        () = process.ended() => Err(None),
        hello = timeout(limit, hello) => match hello {
            Ok(Ok(hello)) => Ok(hello.declaration),
            _ => Err(Some(format!("said no hello within {:.1} s", limit.as_secs_f32()))),
        },
    };
    // Its session ends after the hello, and so should the process.
    let orderly = async {
        if answer.is_err() || !process.ends_within(shared.policy.term_grace).await {
            process.terminate().await;
        }
    };
    tokio::select! {
        () = orderly => {}
        () = shared.shutting_down() => {
            // It has nothing to lose, and somebody may wait to take over.
            process.signal(Signal::SIGKILL);
            process.ended().await;
        }
    }
    drop(living);
    let (exit, last_words) = process.reap().await;
    answer.map_err(|reason| AskError::NoHello(without_hello(reason, &exit, &last_words)))
}

/// Why there is no hello: for `reason`, or because the process ended.
fn without_hello(reason: Option<String>, exit: &Exit, last_words: &[String]) -> String {
    let reason = reason.unwrap_or_else(|| format!("{exit} before it said hello"));
    if last_words.is_empty() { reason } else { format!("{reason}: {}", last_words.join("\n")) }
}

/// Called when a run ended. One that never said hello leaves open what the module offers: if it is
/// enabled, the same would happen again and that is its description; if not, it is asked.
pub(in crate::module) fn describe_after_run(
    shared: &Arc<Shared>,
    slot: &Arc<Slot>,
    exit: &Exit,
    last_words: &[String],
) {
    if !matches!(&*slot.described.borrow(), Described::NotYet) {
        return;
    }
    if slot.view.lock().enabled {
        let reason = without_hello(None, exit, last_words);
        slot.described.send_replace(Described::Failed(reason));
        shared.changed();
    } else {
        tokio::spawn(describe(Arc::clone(shared), Arc::clone(slot), Source::CacheFirst));
    }
}

async fn cached(shared: &Shared, slot: &Slot) -> Option<Declaration> {
    let path = file(&shared.config.data_dir, &slot.name);
    let now = digest(shared, slot).await.ok()??;
    let text = tokio::fs::read(path).await.ok()?;
    let cached: Cached = serde_json::from_slice(&text).ok()?;
    (cached.fingerprint == now).then_some(cached.declaration)
}

/// Caches what the module offers. A cache that cannot be written only costs time.
pub(in crate::module) async fn remember(shared: &Shared, slot: &Slot, declaration: &Declaration) {
    let path = file(&shared.config.data_dir, &slot.name);
    let fingerprint = match digest(shared, slot).await {
        Ok(Some(fingerprint)) => fingerprint,
        Ok(None) => return,
        Err(error) => {
            tracing::warn!(module = slot.name, "cannot cache its description: {error}");
            return;
        }
    };
    let cached = Cached { fingerprint, declaration: declaration.clone() };
    let written = async {
        if let Some(folder) = path.parent() {
            tokio::fs::create_dir_all(folder).await?;
        }
        let text = serde_json::to_vec(&cached).map_err(std::io::Error::other)?;
        // Managers that share the folder must not share the draft.
        let draft = path.with_extension(format!("{}.new", std::process::id()));
        tokio::fs::write(&draft, text).await?;
        tokio::fs::rename(&draft, &path).await
    };
    if let Err(error) = written.await {
        tracing::warn!(module = slot.name, "cannot cache its description: {error}");
    }
}

/// The fingerprint of the module; none if it is not known how to run it.
async fn digest(shared: &Shared, slot: &Slot) -> Result<Option<String>, FingerprintError> {
    let Ok(manifest) = slot.manifest() else { return Ok(None) };
    shared.folders.fingerprint(&slot.folder, manifest).await.map(Some)
}

fn file(data_dir: &Path, module: &str) -> PathBuf {
    data_dir.join("described").join(format!("{module}.json"))
}
