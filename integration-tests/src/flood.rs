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
    connections: AtomicU64,
    over: AtomicBool,
}

impl Flood {
    /// Starts this many threads, each of which sends `bytes` to the socket, again and again.
    #[must_use]
    pub fn start(socket: &Path, bytes: &[u8], threads: usize) -> Self {
        let shared = Arc::new(Shared {
            socket: socket.to_owned(),
            bytes: bytes.to_owned(),
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
            let mut rest = &self.bytes[..];
            while !self.over.load(Relaxed) && !rest.is_empty() {
                match connection.send_part(rest, SEND_TIMEOUT) {
                    Ok(sent) => rest = &rest[sent..],
                    Err(full) if full.kind() == WouldBlock => {}
                    Err(_) => break,
                }
            }
        }
    }
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
