//! What the threads of a module process do: as the module itself shows it, and as the kernel does.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant};

use mgrd_threads::{State, Thread, Threads};
use tokio::sync::Mutex;
use tokio::task::spawn_blocking;

use super::stack_channel::StackChannel;
use super::tree::{ProcessId, Stat};
use crate::text::{indent, line, whole_lines};

/// How many threads are looked at.
const MOST_THREADS: usize = 256;
/// Bytes of the line of one thread.
const THREAD_BYTES: usize = 4096;

/// What the threads of a process did at one moment.
#[derive(Clone, Debug)]
pub struct Stacks {
    /// The process.
    pub pid: u32,
    /// What the module itself showed.
    pub own: Own,
    /// What the kernel showed, in the order of their numbers.
    pub threads: Threads,
}

/// What a module showed of its own threads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Own {
    /// Its SDK answered.
    Shown(String),
    /// Its SDK did not answer, but a signal handler did, which needs no lock of the interpreter.
    ByHandler(String),
    /// It did not answer for so long.
    Silent(Duration),
    /// Its process is stopped, so it was not asked.
    Stopped(State),
    /// It was started by hand, so it was not asked.
    ByHand,
}

/// The process has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::module) struct Gone;

/// Where the stacks of one process come from.
#[derive(Debug)]
pub(in crate::module) struct StackSource {
    id: ProcessId,
    channel: StackChannel,
    newest: Mutex<Option<(Instant, Arc<Stacks>)>>,
    /// How many wait for them.
    waiting: AtomicUsize,
}

impl StackSource {
    pub(super) fn new(id: ProcessId, channel: StackChannel) -> Self {
        Self { id, channel, newest: Mutex::default(), waiting: AtomicUsize::new(0) }
    }

    /// The stacks as they are now. It is asked once at a time, and those that wait meanwhile share the
    /// next answer.
    pub(in crate::module) async fn take(&self) -> Result<Arc<Stacks>, Gone> {
        let asked = Instant::now();
        let waits = Waits::begin(&self.waiting);
        let mut newest = self.newest.lock().await;
        let stacks = match &*newest {
            Some((begun, stacks)) if *begun >= asked => Arc::clone(stacks),
            _ => {
                let begun = Instant::now();
                let stacks = Arc::new(self.collect().await?);
                *newest = Some((begun, Arc::clone(&stacks)));
                stacks
            }
        };
        if waits.is_last() {
            *newest = None;
        }
        Ok(stacks)
    }

    async fn collect(&self) -> Result<Stacks, Gone> {
        // First, because an answer of the module changes what its threads do.
        let threads = threads(self.id).await?;
        let own = match stopped(&threads) {
            Some(state) => Own::Stopped(state),
            None => self.channel.ask(self.id).await,
        };
        Ok(Stacks { pid: self.id.pid.unsigned_abs(), own, threads })
    }
}

impl Stacks {
    /// Those of a process that was started by hand. Only the kernel shows them.
    pub(in crate::module) async fn by_hand(id: ProcessId) -> Result<Self, Gone> {
        let threads = threads(id).await?;
        Ok(Self { pid: id.pid.unsigned_abs(), own: Own::ByHand, threads })
    }
}

/// The threads of a process, as the kernel shows them.
pub(in crate::module) async fn threads(id: ProcessId) -> Result<Threads, Gone> {
    let read = move || {
        let seen = Threads::of(id.pid.unsigned_abs(), MOST_THREADS)?;
        // Another process may have got its number.
        let same = Stat::read(id.pid).is_some_and(|stat| stat.id == id);
        if same { Ok(seen) } else { Err(io::Error::from(io::ErrorKind::NotFound)) }
    };
    match spawn_blocking(read).await {
        Ok(Ok(threads)) => Ok(threads),
        _ => Err(Gone),
    }
}

/// How its threads were stopped, if the first one is.
fn stopped(threads: &Threads) -> Option<State> {
    let state = threads.threads.first()?.state;
    matches!(state, State::Stopped | State::Traced).then_some(state)
}

impl Own {
    /// An answer of the module, of which at most `limit` bytes are kept.
    pub(super) fn shown(text: &[u8], limit: usize) -> Self {
        Self::Shown(cleaned(text, limit))
    }

    /// An answer of the signal handler.
    pub(super) fn by_handler(text: &[u8], limit: usize) -> Self {
        Self::ByHandler(cleaned(text, limit))
    }

    /// The text that the module showed; empty if it showed none.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Shown(text) | Self::ByHandler(text) => text,
            Self::Silent(_) | Self::Stopped(_) | Self::ByHand => "",
        }
    }
}

fn cleaned(text: &[u8], limit: usize) -> String {
    whole_lines(&String::from_utf8_lossy(text), limit)
}

impl fmt::Display for Own {
    /// One sentence that says where the stacks come from, or why there are none.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shown(_) => f.write_str("the module showed its stacks:"),
            Self::ByHandler(_) => f.write_str(
                "the interpreter does not answer, so a signal handler in the module showed its \
                 stacks, the newest call first:",
            ),
            Self::Silent(limit) => write!(
                f,
                "the module did not show its stacks within {} s; only what the kernel shows is known",
                limit.as_secs_f32()
            ),
            Self::Stopped(state) => {
                write!(f, "the process is {state}; only what the kernel shows is known")
            }
            Self::ByHand => f.write_str(
                "the module was started by hand; only what the kernel shows is known, so ask its \
                 debugger for more",
            ),
        }
    }
}

impl Stacks {
    /// A thread with its calls in the kernel only if they matter: if the module showed no stacks, or if
    /// the thread hangs in the kernel.
    fn shown(&self, thread: &Thread) -> Thread {
        let mut shown = thread.clone();
        if !self.own.text().is_empty() && thread.state != State::Blocked {
            shown.kernel_stack.clear();
        }
        shown
    }
}

impl fmt::Display for Stacks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "process {}: {}", self.pid, self.own)?;
        if !self.own.text().is_empty() {
            writeln!(f, "{}", self.own.text())?;
        }
        write!(f, "what the kernel shows of its threads:")?;
        for thread in &self.threads.threads {
            let shown = self.shown(thread).to_string();
            let shown: Vec<_> = shown.lines().map(|text| line(text, THREAD_BYTES)).collect();
            write!(f, "\n{}", indent(&shown.join("\n")))?;
        }
        match self.threads.more {
            0 => Ok(()),
            more => write!(f, "\nand {more} more threads"),
        }
    }
}

/// One more waits until this is dropped.
struct Waits<'a>(&'a AtomicUsize);

impl<'a> Waits<'a> {
    fn begin(waiting: &'a AtomicUsize) -> Self {
        waiting.fetch_add(1, Relaxed);
        Self(waiting)
    }

    fn is_last(&self) -> bool {
        self.0.load(Relaxed) == 1
    }
}

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Relaxed);
    }
}

#[cfg(test)]
mod tests;
