//! Writes the log on its own thread, so that a stalled reader of the log stalls nothing else.

use std::fmt;
use std::io::{self, Write};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use parking_lot::{Condvar, Mutex};
use tracing_subscriber::fmt::MakeWriter;

/// How long the thread rests between two writes, so that many lines share one.
const REST: Duration = Duration::from_millis(1);

/// What comes before each further line of an entry.
const FURTHER: &[u8] = b"    ";

/// Takes log lines and never blocks. If too many bytes wait, further lines are dropped and counted,
/// and the count is reported when there is room again. Lines that wait are lost if the process is
/// killed.
#[derive(Clone)]
pub(crate) struct LogWriter(Arc<Shared>);

impl fmt::Debug for LogWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LogWriter")
    }
}

struct Shared {
    queue: Mutex<Queue>,
    arrived: Condvar,
    written: Condvar,
    limit: usize,
}

/// Where lines are written to.
type Sink = Box<dyn Write + Send>;

#[derive(Default)]
struct Queue {
    /// Where the next lines go, if not where the last ones went.
    sink: Option<Sink>,
    /// Whole lines that wait.
    lines: Vec<u8>,
    /// The bytes that are being written.
    in_write: usize,
    lost: u64,
}

impl LogWriter {
    /// Writes to `sink` on its own thread. At most `limit` bytes wait for it. `lost` is called with
    /// the number of dropped lines, and may log it.
    pub(crate) fn start(
        sink: Sink,
        limit: usize,
        lost: impl Fn(u64) + Send + 'static,
    ) -> io::Result<Self> {
        let (arrived, written) = (Condvar::new(), Condvar::new());
        let shared = Arc::new(Shared { queue: Mutex::default(), arrived, written, limit });
        let writer = Arc::clone(&shared);
        let thread = thread::Builder::new().name("log".into());
        thread.spawn(move || writer.write_all(sink, lost))?;
        Ok(Self(shared))
    }

    /// Writes to `sink` from now on; what waits goes there, too.
    pub(crate) fn replace(&self, sink: Sink) {
        self.0.queue.lock().sink = Some(sink);
    }

    /// Waits until everything is written, at most for `limit`.
    pub(crate) fn flush(&self, limit: Duration) {
        let mut queue = self.0.queue.lock();
        self.0.written.wait_while_for(&mut queue, |queue| queue.bytes() > 0, limit);
    }
}

impl Queue {
    fn bytes(&self) -> usize {
        self.lines.len() + self.in_write
    }
}

impl Shared {
    fn write_all(&self, mut sink: Sink, lost: impl Fn(u64)) {
        loop {
            let mut queue = self.queue.lock();
            self.arrived.wait_while(&mut queue, |queue| queue.lines.is_empty());
            let lines = std::mem::take(&mut queue.lines);
            sink = queue.sink.take().unwrap_or(sink);
            queue.in_write = lines.len();
            drop(queue);
            // If the log itself fails, the error cannot be logged.
            let _ = sink.write_all(&lines).and_then(|()| sink.flush());
            drop(lines);
            let mut queue = self.queue.lock();
            queue.in_write = 0;
            let missing = std::mem::take(&mut queue.lost);
            self.written.notify_all();
            drop(queue);
            if missing > 0 {
                lost(missing);
            }
            thread::sleep(REST);
        }
    }

    fn push(&self, line: &[u8]) {
        let mut queue = self.queue.lock();
        if queue.bytes() + line.len() > self.limit {
            queue.lost += 1;
            return;
        }
        // If lines wait already, the thread is awake or about to be.
        let first = queue.lines.is_empty();
        extend_indented(&mut queue.lines, line);
        if first {
            self.arrived.notify_one();
        }
    }
}

/// Adds one entry of the log. Its further lines are indented, so that no text in it can fake another
/// entry.
fn extend_indented(lines: &mut Vec<u8>, entry: &[u8]) {
    for (at, line) in entry.split_inclusive(|&byte| byte == b'\n').enumerate() {
        if at > 0 {
            lines.extend_from_slice(FURTHER);
        }
        lines.extend_from_slice(line);
    }
}

/// A writer for one line.
pub(crate) struct Line<'a>(&'a Shared);

impl Write for Line<'_> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.push(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for LogWriter {
    type Writer = Line<'a>;

    fn make_writer(&'a self) -> Line<'a> {
        Line(&self.0)
    }
}

#[cfg(test)]
mod tests;
