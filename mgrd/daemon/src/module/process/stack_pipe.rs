//! The pipe on which the signal handler of a Python module shows its stacks.
//!
//! The handler writes many pieces of a few bytes, and must never wait. A socket has a buffer for each
//! piece, and is full after a fraction of the stacks. A pipe joins the pieces. What does not fit into
//! the pipe is lost without a mark, so no more is kept than surely fits.

use std::io;
use std::os::fd::OwnedFd;

use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::unistd::{pipe2, read};
use tokio::net::unix::pipe::Receiver;

/// The smallest size that is worth asking for: every pipe has it.
const LEAST: usize = 64 << 10;

/// This end of the pipe.
#[derive(Debug)]
pub(super) struct StackPipe {
    receiver: Receiver,
    /// How much of the stacks is kept.
    pub(super) bytes: usize,
}

/// Both ends of a pipe into which `bytes` of stacks fit, if the system allows it. Neither end waits.
pub(super) fn pipe(bytes: usize) -> io::Result<(OwnedFd, OwnedFd)> {
    let (ours, theirs) = pipe2(OFlag::O_CLOEXEC | OFlag::O_NONBLOCK)?;
    let mut size = bytes.saturating_mul(2);
    while size > LEAST && !resize(&ours, size) {
        size /= 2;
    }
    Ok((ours, theirs))
}

fn resize(pipe: &OwnedFd, size: usize) -> bool {
    i32::try_from(size).is_ok_and(|size| fcntl(pipe, FcntlArg::F_SETPIPE_SZ(size)).is_ok())
}

/// A piece that does not fit into the rest of a page begins the next one, so pages are not quite full.
fn surely_fits(size: usize) -> usize {
    size - size / 8
}

impl StackPipe {
    /// Keeps at most `limit` bytes. Needs the runtime.
    pub(super) fn new(ours: OwnedFd, limit: usize) -> io::Result<Self> {
        let size = usize::try_from(fcntl(&ours, FcntlArg::F_GETPIPE_SZ)?).unwrap_or_default();
        let bytes = limit.min(surely_fits(size));
        Ok(Self { receiver: Receiver::from_owned_fd(ours)?, bytes })
    }

    /// Throws away what is in it. Returns whether the module still has its end.
    pub(super) fn clear(&self) -> bool {
        let mut part = [0; 16 << 10];
        let mut left = self.bytes.saturating_mul(2);
        loop {
            // What the runtime knows of the pipe may be old.
            match read(&self.receiver, &mut part) {
                Ok(0) => return false,
                Ok(size) if size < left => left -= size,
                _ => return true,
            }
        }
    }

    pub(super) async fn readable(&self) -> io::Result<()> {
        self.receiver.readable().await
    }

    pub(super) fn try_read(&self, part: &mut [u8]) -> io::Result<usize> {
        self.receiver.try_read(part)
    }
}

#[cfg(test)]
mod tests;
