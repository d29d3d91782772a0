//! The channel on which a module process shows the stacks of its threads.
//!
//! `mgrd` writes one byte. A thread of the SDK answers with a text that ends with a zero byte. If none
//! comes and the SDK has a signal handler for it, the handler writes to a [`StackPipe`] without an end,
//! because it may not do more. The other end can write anything at any time: what comes without being
//! asked for is thrown away, and little is read beyond its limit.

use std::fs::read_to_string;
use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::net::UnixStream as StdStream;
use std::time::Duration;

use nix::libc::SIGUSR2;
use nix::sys::signal::Signal;
use nix::sys::socket::{MsgFlags, recv, send as send_bytes};
use tokio::net::UnixStream;
use tokio::time::timeout;

use super::limits::ProcessLimits;
use super::stack_pipe::StackPipe;
use super::stacks::Own;
use super::tree::{ProcessId, send};

/// Asks for the stacks.
const REQUEST: &[u8] = b"?";
/// Ends an answer.
const END: u8 = 0;
/// After so long without a byte, the signal handler is done.
const QUIET: Duration = Duration::from_millis(300);
/// How many times its limit is thrown away, at most, before a request.
const THROWN_AWAY: usize = 8;

/// This end of the channel.
#[derive(Debug)]
pub(super) struct StackChannel {
    stream: UnixStream,
    /// The pipe of the signal handler of the Python SDK.
    pipe: Option<StackPipe>,
    timeout: Duration,
    bytes: usize,
}

impl StackChannel {
    /// Needs the runtime.
    pub(super) fn new(
        stream: StdStream,
        pipe: Option<OwnedFd>,
        limits: &ProcessLimits,
    ) -> io::Result<Self> {
        stream.set_nonblocking(true)?;
        let stream = UnixStream::from_std(stream)?;
        let (timeout, bytes) = (limits.stacks_timeout, limits.stacks_bytes);
        let pipe = pipe.map(|pipe| StackPipe::new(pipe, bytes)).transpose()?;
        Ok(Self { stream, pipe, timeout, bytes })
    }

    /// Asks the module, and then its signal handler.
    pub(super) async fn ask(&self, id: ProcessId) -> Own {
        self.throw_away();
        // A full channel is one that the module does not read.
        let flags = MsgFlags::MSG_DONTWAIT | MsgFlags::MSG_NOSIGNAL;
        let asked = send_bytes(self.stream.as_raw_fd(), REQUEST, flags);
        if asked.is_ok()
            && let Some(text) = self.read(self.timeout).await
        {
            return Own::shown(&text, self.bytes);
        }
        let Some(pipe) = &self.pipe else { return Own::Silent(self.timeout) };
        // If the module has closed its end, the handler may write into another file of that number.
        if pipe.clear() && catches(id.pid, SIGUSR2) {
            send(id, Signal::SIGUSR2);
            let text = self.read_until_quiet(pipe).await;
            if !text.is_empty() {
                return Own::by_handler(&text, pipe.bytes);
            }
        }
        Own::Silent(self.timeout)
    }

    /// Reads until the end of an answer, but not for longer than `limit`. None if it has not come.
    async fn read(&self, limit: Duration) -> Option<Vec<u8>> {
        let (stream, mut text) = (&self.stream, Vec::new());
        let whole = timeout(limit, async {
            while !text.contains(&END) && text.len() <= self.bytes {
                let more = read_more(stream.readable(), |part| stream.try_read(part), &mut text);
                if !more.await {
                    break;
                }
            }
        });
        let in_time = whole.await.is_ok();
        if let Some(end) = text.iter().position(|&byte| byte == END) {
            text.truncate(end);
            return Some(text);
        }
        // One that is longer than its limit is cut. The next request throws the rest away.
        (in_time && text.len() > self.bytes).then_some(text)
    }

    /// Reads what the signal handler writes, until nothing has come for a while.
    async fn read_until_quiet(&self, pipe: &StackPipe) -> Vec<u8> {
        let mut text = Vec::new();
        let quiet = async {
            let mut limit = self.timeout;
            while text.len() <= pipe.bytes {
                let more = read_more(pipe.readable(), |part| pipe.try_read(part), &mut text);
                if !timeout(limit, more).await.unwrap_or_default() {
                    break;
                }
                limit = QUIET;
            }
        };
        let _ = timeout(self.timeout.saturating_mul(2), quiet).await;
        text
    }

    /// Throws away what the module has written without being asked.
    fn throw_away(&self) {
        let (mut part, mut thrown) = ([0; 16 << 10], 0);
        while thrown < self.bytes.saturating_mul(THROWN_AWAY) {
            // What the runtime knows of the stream may be old.
            match recv(self.stream.as_raw_fd(), &mut part, MsgFlags::MSG_DONTWAIT) {
                Ok(size @ 1..) => thrown += size,
                _ => return,
            }
        }
    }
}

/// Reads what is there, or waits for it. Returns whether there may be more.
async fn read_more(
    readable: impl Future<Output = io::Result<()>>,
    try_read: impl FnOnce(&mut [u8]) -> io::Result<usize>,
    text: &mut Vec<u8>,
) -> bool {
    if readable.await.is_err() {
        return false;
    }
    let mut part = [0; 16 << 10];
    match try_read(&mut part) {
        Ok(size) => {
            text.extend_from_slice(&part[..size]);
            size > 0
        }
        Err(why) => why.kind() == io::ErrorKind::WouldBlock,
    }
}

/// Whether a process has a handler for a signal. It would end it otherwise.
fn catches(pid: i32, signal: i32) -> bool {
    let status = read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask & (1 << (signal - 1)) != 0)
}

#[cfg(test)]
mod tests;
