//! Shows what the threads of this process do, when `mgrd` asks for it.
//!
//! A thread of its own answers, because the runtime may be what hangs. It has each other thread write
//! the addresses of its calls into memory that is there already, in a signal handler ([`capture`]). The
//! names are looked up afterwards, outside of the handler ([`symbols`]).

mod capture;
mod symbols;

use std::fs;
use std::io::{self, Read, Write};
use std::os::fd::{FromRawFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::thread;
use std::time::Duration;

use nix::fcntl::{FcntlArg, FdFlag, fcntl};
use nix::sys::stat::fstat;
use nix::unistd::{Pid, gettid};

/// The variable with the number of the channel.
const CHANNEL: &str = "MGRD_STACKS_FD";
/// How long `mgrd` may take to read a part of the answer.
const WRITE_TIMEOUT: Duration = Duration::from_secs(1);
/// How many threads are shown.
const MOST_THREADS: usize = 64;

/// Answers on the channel of the environment, until `mgrd` closes it.
pub(crate) fn answer() {
    let Some(channel) = channel() else { return };
    if let Err(why) = capture::prepare() {
        tracing::debug!("the stacks of threads cannot be shown: {why}");
        return;
    }
    let answering = thread::Builder::new().name("stacks".to_owned());
    // Without it, mgrd shows what the kernel knows.
    drop(answering.spawn(move || drop(serve(channel))));
}

/// The channel, if `mgrd` gave one. No program that this one starts gets it.
fn channel() -> Option<UnixStream> {
    let number = std::env::var(CHANNEL).ok()?.parse().ok().filter(|number| *number > 2)?;
    // SAFETY: `mgrd` opened this descriptor for this process, and nothing else here uses it.
    #[expect(unsafe_code, reason = "the number of a descriptor comes from the environment")]
    let channel = unsafe { OwnedFd::from_raw_fd(number) };
    let Ok(kind) = fstat(&channel) else {
        // There is no such descriptor, so nothing is to be closed.
        std::mem::forget(channel);
        return None;
    };
    let is_socket = kind.st_mode & nix::libc::S_IFMT == nix::libc::S_IFSOCK;
    fcntl(&channel, FcntlArg::F_SETFD(FdFlag::FD_CLOEXEC)).ok()?;
    is_socket.then(|| UnixStream::from(channel))
}

fn serve(mut channel: UnixStream) -> io::Result<()> {
    channel.set_write_timeout(Some(WRITE_TIMEOUT))?;
    let mut requests = [0; 64];
    while channel.read(&mut requests)? > 0 {
        let mut answer = stacks().into_bytes();
        answer.push(0);
        channel.write_all(&answer)?;
    }
    Ok(())
}

/// The stack of each other thread, the newest call first.
fn stacks() -> String {
    let me = gettid();
    let entries = fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let numbers = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let mut threads: Vec<_> = numbers.map(Pid::from_raw).filter(|thread| *thread != me).collect();
    threads.sort();
    threads.truncate(MOST_THREADS);
    // All are asked before the first name is looked up, so that the stacks are of about one moment.
    let captured: Vec<_> =
        threads.into_iter().map(|thread| (thread, capture::frames_of(thread))).collect();
    let shown = captured.iter().map(|(thread, frames)| {
        let name = fs::read_to_string(format!("/proc/self/task/{thread}/comm"));
        let name = name.unwrap_or_default();
        let calls = match frames {
            Some(frames) => symbols::named(frames),
            None => "  did not answer".to_owned(),
        };
        format!("thread {thread} {}:\n{calls}\n", name.trim_end())
    });
    let text = shown.collect::<Vec<_>>().join("\n");
    symbols::forget();
    text.replace('\0', "")
}

#[cfg(test)]
mod tests;
