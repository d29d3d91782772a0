//! The addresses of the calls of one thread, written by that thread in a signal handler.
//!
//! The handler takes no lock and no memory: it follows the frames and stores their addresses in
//! [`SLOT`], which serves one thread at a time. The unwinder finds the tables of a frame without a lock
//! (`_dl_find_object`, since glibc 2.35). What it needs besides is made in [`prepare`].
#![expect(unsafe_code, reason = "signal handlers have no safe interface")]

use std::io;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::libc;
use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, sigaction};
use nix::unistd::{Pid, getpid, gettid};

/// The signal that asks a thread. The SDK for Python uses the same one.
const SIGNAL: Signal = Signal::SIGUSR2;
/// The most calls of one thread.
const MOST_FRAMES: usize = 128;
/// How long a thread may take until its handler begins. A thread that hangs in the kernel never does.
const PATIENCE: Duration = Duration::from_millis(50);
/// How long the handler may take.
const WORK: Duration = Duration::from_secs(1);
const POLL: Duration = Duration::from_micros(200);

/// Where the thread that is asked writes.
struct Slot {
    /// The thread that is asked; 0 if none is, or if it has begun.
    wanted: AtomicI32,
    done: AtomicBool,
    count: AtomicUsize,
    frames: [AtomicUsize; MOST_FRAMES],
}

static SLOT: Slot = Slot {
    wanted: AtomicI32::new(0),
    done: AtomicBool::new(false),
    count: AtomicUsize::new(0),
    frames: [const { AtomicUsize::new(0) }; MOST_FRAMES],
};

/// Held while a thread is asked. It stays locked for good if a handler does not end.
static ASKING: Mutex<()> = Mutex::new(());

/// Installs the handler.
pub(super) fn prepare() -> io::Result<()> {
    // The first walk loads what later ones use.
    backtrace::trace(|_| false);
    let handler = SigHandler::Handler(write_frames);
    let action = SigAction::new(handler, SaFlags::SA_RESTART, SigSet::empty());
    // SAFETY: the handler does only what is safe in a signal handler; see there.
    unsafe { sigaction(SIGNAL, &action) }?;
    Ok(())
}

/// The addresses of the calls of a thread, the newest first; none if it does not answer.
pub(super) fn frames_of(thread: Pid) -> Option<Vec<usize>> {
    let asking = ASKING.try_lock().ok()?;
    SLOT.done.store(false, Ordering::SeqCst);
    SLOT.count.store(0, Ordering::SeqCst);
    SLOT.wanted.store(thread.as_raw(), Ordering::SeqCst);
    // SAFETY: it only sends a signal to a thread of this process.
    let sent = unsafe {
        libc::syscall(libc::SYS_tgkill, getpid().as_raw(), thread.as_raw(), SIGNAL as libc::c_int)
    };
    if sent == 0 {
        wait(PATIENCE);
    }
    let taken_back = SLOT.wanted.swap(0, Ordering::SeqCst) != 0;
    if taken_back {
        return None;
    }
    if !wait(WORK) {
        // It may still write into the slot.
        std::mem::forget(asking);
        return None;
    }
    let count = SLOT.count.load(Ordering::SeqCst);
    Some(SLOT.frames[..count].iter().map(|frame| frame.load(Ordering::SeqCst)).collect())
}

/// Waits until the handler is done.
fn wait(limit: Duration) -> bool {
    let start = Instant::now();
    while !SLOT.done.load(Ordering::SeqCst) {
        if start.elapsed() > limit {
            return false;
        }
        thread::sleep(POLL);
    }
    true
}

/// Runs in the thread that is asked, in the middle of anything.
extern "C" fn write_frames(_: libc::c_int) {
    let errno = Errno::last_raw();
    let me = gettid().as_raw();
    // A signal that comes late, or from elsewhere, does nothing.
    if SLOT.wanted.compare_exchange(me, 0, Ordering::SeqCst, Ordering::SeqCst).is_ok() {
        let mut count = 0;
        // SAFETY: nothing else walks frames with it at the same time in this thread, and it needs none
        // of the locks of the crate, because no name is looked up here.
        unsafe {
            backtrace::trace_unsynchronized(|frame| {
                SLOT.frames[count].store(frame.ip().addr(), Ordering::SeqCst);
                count += 1;
                count < MOST_FRAMES
            });
        }
        SLOT.count.store(count, Ordering::SeqCst);
        SLOT.done.store(true, Ordering::SeqCst);
    }
    Errno::set_raw(errno);
}
