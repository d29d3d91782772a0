//! The channel on which a module process shows the stacks of its threads.
//!
//! `mgrd` writes one byte. A thread of the SDK answers with a text that ends with a zero byte. If none
//! comes and the SDK has a signal handler for it, the handler writes to the same channel without an
//! end, because it may not do more. The other end can write anything at any time: what comes without
//! being asked for is thrown away, and nothing is read beyond its limit.

use std::fs::read_to_string;
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream as StdStream;
use std::time::Duration;

use nix::errno::Errno;
use nix::libc::SIGUSR2;
use nix::sys::signal::Signal;
use nix::sys::socket::{MsgFlags, recv, send as send_bytes};
use tokio::net::UnixStream;
use tokio::time::timeout;

use super::limits::ProcessLimits;
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
    /// Whether the program has the signal handler of the Python SDK.
    has_handler: bool,
    timeout: Duration,
    bytes: usize,
}

/// How much of an answer came.
enum Answer {
    Whole(Vec<u8>),
    /// What had come when the time was over.
    Part(Vec<u8>),
}

impl StackChannel {
    /// Needs the runtime.
    pub(super) fn new(
        stream: StdStream,
        has_handler: bool,
        limits: &ProcessLimits,
    ) -> io::Result<Self> {
        stream.set_nonblocking(true)?;
        let stream = UnixStream::from_std(stream)?;
        Ok(Self { stream, has_handler, timeout: limits.stacks_timeout, bytes: limits.stacks_bytes })
    }

    /// Asks the module, and then its signal handler.
    pub(super) async fn ask(&self, id: ProcessId) -> Own {
        self.throw_away();
        // A full channel is one that the module does not read.
        let flags = MsgFlags::MSG_DONTWAIT | MsgFlags::MSG_NOSIGNAL;
        let asked = send_bytes(self.stream.as_raw_fd(), REQUEST, flags);
        if asked.is_ok()
            && let Answer::Whole(text) = self.read(self.timeout).await
        {
            return Own::shown(&text, self.bytes);
        }
        // If the module has closed its end, the handler may write into another file of that number.
        let is_open = matches!(asked, Ok(_) | Err(Errno::EAGAIN));
        if is_open && self.has_handler && catches(id.pid, SIGUSR2) {
            self.throw_away();
            send(id, Signal::SIGUSR2);
            let (Answer::Whole(text) | Answer::Part(text)) = self.read_until_quiet().await;
            if !text.is_empty() {
                return Own::by_handler(&text, self.bytes);
            }
        }
        Own::Silent(self.timeout)
    }

    /// Reads until the end of an answer, but not for longer than `limit`.
    async fn read(&self, limit: Duration) -> Answer {
        let mut text = Vec::new();
        let whole = timeout(limit, async { while !self.read_more(&mut text).await {} }).await;
        if let Some(end) = text.iter().position(|&byte| byte == END) {
            text.truncate(end);
            return Answer::Whole(text);
        }
        match whole.is_ok() && text.len() >= self.bytes {
            // Longer than its limit: the rest is thrown away by the next request.
            true => Answer::Whole(text),
            false => Answer::Part(text),
        }
    }

    /// Reads until nothing has come for a while.
    async fn read_until_quiet(&self) -> Answer {
        let mut text = Vec::new();
        let quiet = async {
            let mut limit = self.timeout;
            while let Ok(false) = timeout(limit, self.read_more(&mut text)).await {
                limit = QUIET;
            }
        };
        let _ = timeout(self.timeout.saturating_mul(2), quiet).await;
        Answer::Part(text)
    }

    /// Reads what is there, or waits for it. Returns whether there is no more to read: the end of the
    /// answer, of the channel, or of what is kept.
    async fn read_more(&self, text: &mut Vec<u8>) -> bool {
        if self.stream.readable().await.is_err() {
            return true;
        }
        let mut part = [0; 16 << 10];
        match self.stream.try_read(&mut part) {
            Ok(0) => true,
            Ok(size) => {
                text.extend_from_slice(&part[..size]);
                part[..size].contains(&END) || text.len() >= self.bytes
            }
            Err(why) => why.kind() != io::ErrorKind::WouldBlock,
        }
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

/// Whether a process has a handler for a signal. It would end it otherwise.
fn catches(pid: i32, signal: i32) -> bool {
    let status = read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask & (1 << (signal - 1)) != 0)
}

#[cfg(test)]
mod tests;
