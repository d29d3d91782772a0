//! One module process, from after its start to its reaping.

use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::process::ExitStatusExt;
use std::process::Child;
use std::sync::Arc;
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;
use parking_lot::Mutex;
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;
use tokio::net::unix::pipe;
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::timeout;

use super::confinement::{Confinement, Exceeded, NotNow, Usage, measure};
use super::control_group::Controllers;
use super::exit::Exit;
use super::limits::ProcessLimits;
use super::output::{LastWords, Stream, drain};
use super::spawner::{Spawned, end};
use super::stack_channel::StackChannel;
use super::stacks::StackSource;
use super::tree::{self, ProcessId, Tree};
use crate::module::recent_log::RecentLog;
use crate::module_limits::OwnLimits;

/// A process that is not reaped yet, so that its number is its own.
#[derive(Debug)]
pub(in crate::module) struct Process {
    child: Child,
    tree: Arc<Tree>,
    confined: Confined,
    pidfd: AsyncFd<OwnedFd>,
    output: JoinSet<()>,
    last_words: LastWords,
    stacks: Arc<StackSource>,
    recent_log: RecentLog,
    module: String,
    limits: ProcessLimits,
}

/// The end of a process, and what it said last.
#[derive(Clone, Debug)]
pub(in crate::module) struct ProcessEnd {
    pub(in crate::module) exit: Exit,
    /// Whether the kernel wrote a core dump.
    pub(in crate::module) core_dumped: bool,
    /// The last lines of its stderr.
    pub(in crate::module) last_words: Vec<String>,
}

/// The limits of a process and of all that it started, while it runs.
#[derive(Clone, Debug)]
pub(in crate::module) struct Confined {
    tree: Arc<Tree>,
    confinement: Arc<Mutex<Confinement>>,
}

impl Confined {
    /// What they use; none if that is not known. Takes a measurement of all modules that is not older
    /// than `age`.
    pub(in crate::module) async fn measure(&self, age: Duration) -> Option<Usage> {
        let Self { tree, confinement } = self.clone();
        if tree::is_record_due() {
            // A disk that does not answer must not delay the watchdog.
            drop(spawn_blocking(tree::record_members));
        }
        // Others take the lock on the worker thread, and a sample reads all of /proc.
        let measure = move || measure(&confinement, &tree, &tree::sample(age));
        // It fails only when the runtime ends.
        spawn_blocking(measure).await.ok().flatten()
    }

    /// The limit that they exceed when they use this much.
    pub(in crate::module) fn exceeds(&self, usage: &Usage) -> Option<Exceeded> {
        self.confinement.lock().exceeds(usage)
    }

    /// The controllers of its control group, which keep its limits.
    pub(in crate::module) fn controllers(&self) -> Controllers {
        self.confinement.lock().controllers()
    }

    /// The limits as they are kept now.
    pub(in crate::module) fn limits(&self) -> ProcessLimits {
        self.confinement.lock().limits()
    }

    /// Gives them other limits. Returns those that they cannot get while they run.
    pub(in crate::module) async fn apply(&self, limits: ProcessLimits) -> Vec<NotNow> {
        let Self { tree, confinement } = self.clone();
        let processes = move || {
            let sample = tree::sample(Duration::ZERO);
            sample.of(tree.leader).iter().map(|stat| stat.id.pid).collect()
        };
        let apply = move || {
            let group = confinement.lock().group();
            // The kernel may need time to take memory away, and nothing else waits for that.
            let refused = group.map(|group| group.set(&limits)).unwrap_or_default();
            confinement.lock().apply(&limits, processes, refused)
        };
        spawn_blocking(apply).await.unwrap_or_default()
    }
}

impl Process {
    /// Starts to drain the output of what was started. Needs the runtime.
    pub(in crate::module) fn new(
        spawned: Spawned,
        module: &str,
        limits: ProcessLimits,
        own: &Arc<OwnLimits>,
    ) -> io::Result<(Self, OwnedFd)> {
        let Spawned { mut child, tree, confinement, pidfd, secret, stacks, stack_pipe } = spawned;
        let watched = Watched::new(&mut child, pidfd, module, (limits, own))
            .and_then(|watched| Ok((watched, StackChannel::new(stacks, stack_pipe, &limits)?)));
        let (Watched { pidfd, output, last_words, recent_log }, channel) = match watched {
            Ok(watched) => watched,
            Err(error) => {
                // Nothing else would end and reap it, and that can take a while.
                spawn_blocking(move || end(child, &tree));
                return Err(error);
            }
        };
        let stacks = Arc::new(StackSource::new(tree.leader, channel));
        let confinement = Arc::new(Mutex::new(confinement));
        let confined = Confined { tree: Arc::clone(&tree), confinement };
        let module = module.to_owned();
        let process = Self {
            child,
            tree,
            confined,
            pidfd,
            output,
            last_words,
            recent_log,
            stacks,
            module,
            limits,
        };
        Ok((process, secret))
    }

    pub(in crate::module) fn pid(&self) -> i32 {
        self.child.id().cast_signed()
    }

    /// Its number and its start.
    pub(in crate::module) fn id(&self) -> ProcessId {
        self.tree.leader
    }

    /// The last lines of its output. What its session logs belongs there, too.
    pub(in crate::module) fn recent_log(&self) -> RecentLog {
        self.recent_log.clone()
    }

    /// Waits for the end of the process, without reaping it.
    pub(in crate::module) async fn ended(&self) {
        // An error means that the runtime is ending; there is nothing left to wait with.
        let _ = self.pidfd.readable().await;
    }

    /// Whether it ends within `limit`.
    pub(in crate::module) async fn ends_within(&self, limit: Duration) -> bool {
        timeout(limit, self.ended()).await.is_ok()
    }

    /// The limits of it and of all that it started.
    pub(in crate::module) fn confined(&self) -> &Confined {
        &self.confined
    }

    /// Kills it and all that it started. Returns when all that has ended; only a process that a broken
    /// disk holds in the kernel may be left.
    pub(in crate::module) async fn kill(&self) {
        let (tree, limit) = (Arc::clone(&self.tree), self.limits.kill_timeout);
        let group = self.confined.confinement.lock().group();
        let kill = move || {
            let until = Instant::now() + limit;
            // What the group does not have, the tree may have.
            let of_group = group.is_none_or(|group| group.end(limit));
            tree::kill(&tree, until.saturating_duration_since(Instant::now())) && of_group
        };
        let killed = spawn_blocking(kill).await;
        if matches!(killed, Ok(false)) {
            tracing::error!(
                module = self.module,
                "a process of the module does not end although it was killed; the disk or mount that it \
                 waits for may not answer"
            );
        }
    }

    /// Kills it and all that it started, because of this.
    pub(in crate::module) async fn kill_because(&self, exceeded: Exceeded) {
        self.confined.confinement.lock().ends_because(exceeded);
        self.kill().await;
        self.ended().await;
    }

    /// Where the stacks of its threads come from.
    pub(in crate::module) fn stacks(&self) -> &Arc<StackSource> {
        &self.stacks
    }

    /// Ends it, by SIGTERM and then by SIGKILL.
    pub(in crate::module) async fn terminate(&self) {
        let tree = Arc::clone(&self.tree);
        let _ = spawn_blocking(move || tree::signal(&tree, Signal::SIGTERM)).await;
        if !self.ends_within(self.limits.term_grace).await {
            tracing::warn!(
                module = self.module,
                "the process does not end on SIGTERM; it is killed"
            );
            self.kill().await;
            self.ended().await;
        }
    }

    /// After its end: kills what it left behind, reaps it and takes the rest of its output.
    pub(in crate::module) async fn reap(mut self) -> ProcessEnd {
        self.kill().await;
        let waited = self.child.wait();
        let core_dumped = waited.as_ref().is_ok_and(|status| status.core_dumped());
        let exit = Exit::from_wait(waited);
        tree::forget(&self.tree);
        let drained = async { while self.output.join_next().await.is_some() {} };
        if timeout(self.limits.output_grace, drained).await.is_err() {
            tracing::warn!(
                module = self.module,
                "leaked descendants: a process that it started holds its output open"
            );
        }
        let last_words: Vec<_> = self.last_words.lock().iter().cloned().collect();
        let mut confinement = self.confined.confinement.lock();
        let (exit, group) = (confinement.explain(exit, &last_words), confinement.leave());
        drop(confinement);
        // To remove it may take some milliseconds.
        spawn_blocking(move || drop(group));
        ProcessEnd { exit, core_dumped, last_words }
    }
}

/// What the runtime watches of a process.
struct Watched {
    pidfd: AsyncFd<OwnedFd>,
    output: JoinSet<()>,
    last_words: LastWords,
    recent_log: RecentLog,
}

impl Watched {
    fn new(
        child: &mut Child,
        pidfd: OwnedFd,
        module: &str,
        (limits, own): (ProcessLimits, &Arc<OwnLimits>),
    ) -> io::Result<Self> {
        let (mut output, last_words) = (JoinSet::new(), LastWords::default());
        let recent_log = RecentLog::new(limits.crash_lines, limits.crash_line_bytes);
        let streams = [
            (child.stdout.take().map(OwnedFd::from), Stream::Stdout),
            (child.stderr.take().map(OwnedFd::from), Stream::Stderr),
        ];
        for (fd, stream) in streams {
            let Some(fd) = fd else { continue };
            let from = pipe::Receiver::from_owned_fd(fd)?;
            let (words, recent) = (LastWords::clone(&last_words), recent_log.clone());
            output.spawn(drain(
                from,
                stream,
                module.to_owned(),
                words,
                recent,
                (limits, Arc::clone(own)),
            ));
        }
        Ok(Self { pidfd: register(pidfd)?, output, last_words, recent_log })
    }
}

/// Has the runtime watch a descriptor for being readable.
#[expect(unsafe_code, reason = "the safe constructor would take any type, and is deprecated")]
fn register(fd: OwnedFd) -> io::Result<AsyncFd<OwnedFd>> {
    // SAFETY: the descriptor is owned, so it stays open and the same while it is registered.
    let registered = unsafe { AsyncFd::register_with_interest(fd, Interest::READABLE) };
    registered.map_err(io::Error::from)
}

impl Drop for Process {
    /// A process must not outlive its task. After `reap` there is nothing left to do.
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            tree::kill(&self.tree, self.limits.kill_timeout);
            let _ = self.child.wait();
        }
        tree::forget(&self.tree);
    }
}
