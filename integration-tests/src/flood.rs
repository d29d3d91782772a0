//! Floods of a socket, as hostile clients send them.

use std::io::ErrorKind::WouldBlock;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::raw::{self, Raw};
use crate::wait::eventually;

/// How long a thread waits for room in the socket before it checks whether the flood is over.
const SEND_TIMEOUT: Duration = Duration::from_millis(10);

/// Threads that send the same bytes over one connection after another. Dropping this ends them.
#[derive(Debug)]
pub struct Flood {
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
}

#[derive(Debug)]
struct Shared {
    socket: PathBuf,
    bytes: Vec<u8>,
    /// Whether they read what comes back.
    reads: bool,
    connections: AtomicU64,
    over: AtomicBool,
}

impl Flood {
    /// Starts this many threads, each of which sends `bytes` to the socket, again and again.
    #[must_use]
    pub fn start(socket: &Path, bytes: &[u8], threads: usize) -> Self {
        Self::with(socket, bytes, threads, false)
    }

    /// The same, but the threads read what comes back, so that the flood does not end with the room for
    /// answers.
    #[must_use]
    pub fn reading(socket: &Path, bytes: &[u8], threads: usize) -> Self {
        Self::with(socket, bytes, threads, true)
    }

    fn with(socket: &Path, bytes: &[u8], threads: usize, reads: bool) -> Self {
        let shared = Arc::new(Shared {
            socket: socket.to_owned(),
            bytes: bytes.to_owned(),
            reads,
            connections: AtomicU64::new(0),
            over: AtomicBool::new(false),
        });
        let thread = |_| {
            let shared = Arc::clone(&shared);
            std::thread::spawn(move || shared.run())
        };
        let threads = (0..threads).map(thread).collect();
        Self { shared, threads }
    }

    /// Waits until the threads have made this many connections.
    pub fn await_connections(&self, count: u64) {
        eventually("the flood", || {
            let so_far = self.shared.connections.load(Relaxed);
            if so_far >= count { Ok(()) } else { Err(so_far) }
        });
    }
}

impl Drop for Flood {
    fn drop(&mut self) {
        self.shared.over.store(true, Relaxed);
        for thread in self.threads.drain(..) {
            // A thread that panicked has ended, too.
            let _ = thread.join();
        }
    }
}

impl Shared {
    fn run(&self) {
        while !self.over.load(Relaxed) {
            let Ok(mut connection) = Raw::open(&self.socket) else { continue };
            self.connections.fetch_add(1, Relaxed);
            if self.reads {
                connection.discard();
            }
            let mut rest = &self.bytes[..];
            while !self.over.load(Relaxed) && !rest.is_empty() {
                match connection.send_part(rest, SEND_TIMEOUT) {
                    Ok(sent) => rest = &rest[sent..],
                    Err(full) if full.kind() == WouldBlock => {}
                    Err(_) => break,
                }
            }
            connection.close();
        }
    }
}

/// What a flood of this name sends, with calls of this path; none if there is no such flood.
#[must_use]
pub fn named(name: &str, path: &str, metadata: &[(&str, &str)]) -> Option<Vec<u8>> {
    Some(match name {
        "calls" => calls(path, metadata),
        "unknown" => calls("/mgrd.v1.AdminService/None", metadata),
        "garbage" => vec![b'x'; 1 << 20],
        "unfinished" => unfinished_calls(path),
        "bytes" => single_bytes(path, metadata),
        "windows" => frames(path, metadata, &raw::window_update(1)),
        "settings" => frames(path, metadata, &raw::settings()),
        "pings" => frames(path, metadata, &raw::ping()),
        "resets" => cancelled_calls(path, metadata),
        _ => return None,
    })
}

/// Many small calls of this path, each of which its caller cancels at once.
#[must_use]
pub fn cancelled_calls(path: &str, metadata: &[(&str, &str)]) -> Vec<u8> {
    let call = |n: u32| {
        let stream = 2 * n + 1;
        [raw::call(stream, path, metadata), raw::reset(stream)].concat()
    };
    (0..20_000).flat_map(call).collect()
}

/// Many small calls of this path.
#[must_use]
pub fn calls(path: &str, metadata: &[(&str, &str)]) -> Vec<u8> {
    let call = |n: u32| {
        let stream = 2 * n + 1;
        [raw::call(stream, path, metadata), raw::data(stream, &raw::prefix(0), true)].concat()
    };
    (0..20_000).flat_map(call).collect()
}

/// Many calls of this path with large messages that never arrive whole.
#[must_use]
pub fn unfinished_calls(path: &str) -> Vec<u8> {
    let call = |n: u32| {
        let stream = 2 * n + 1;
        let part = raw::data(stream, &[7; 16_000], false);
        [raw::call(stream, path, &[]), raw::data(stream, &raw::prefix(60 << 20), false), part]
            .concat()
    };
    (0..500).flat_map(call).collect()
}

/// One call of this path that is accepted, with a message that arrives byte by byte.
#[must_use]
pub fn single_bytes(path: &str, metadata: &[(&str, &str)]) -> Vec<u8> {
    let start = [raw::call(1, path, metadata), raw::data(1, &raw::prefix(4 << 20), false)].concat();
    start.into_iter().chain(raw::data(1, b"x", false).repeat(500_000)).collect()
}

/// One call of this path that is accepted, and then the same frame again and again.
#[must_use]
pub fn frames(path: &str, metadata: &[(&str, &str)], frame: &[u8]) -> Vec<u8> {
    let start = [raw::call(1, path, metadata), raw::data(1, &raw::prefix(10), false)].concat();
    start.into_iter().chain(frame.repeat(500_000)).collect()
}
