//! The one thread that starts every module process.
//!
//! The kernel ties the parent-death signal to the thread that forked, not to its process: a child
//! of a worker thread dies when that worker is retired. This thread ends with the last
//! handle, and takes with it what is left.

use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;

use nix::libc;
use nix::sys::signal::{SigSet, SigmaskHow, Signal};
use nix::unistd::Pid;
use tokio::sync::oneshot;

use super::confinement::{Confinement, Entry, ResourceLimits};

/// What to start.
#[derive(Clone, Debug)]
pub(in crate::module) struct Launch {
    /// The program and its arguments.
    pub(in crate::module) exec: Vec<String>,
    /// Where it runs.
    pub(in crate::module) cwd: PathBuf,
    /// Its whole environment, but for `MGRD_SECRET_FILE`.
    pub(in crate::module) env: Vec<(String, String)>,
    /// The limits of the process.
    pub(in crate::module) limits: ResourceLimits,
    /// Its niceness.
    pub(in crate::module) nice: i32,
}

/// What was started.
#[derive(Debug)]
pub(in crate::module) struct Spawned {
    pub(in crate::module) child: Child,
    /// Its limits.
    pub(super) confinement: Confinement,
    /// Readable when the process has ended. The process is reaped only when it is waited for.
    pub(in crate::module) pidfd: OwnedFd,
    /// The process reads its secret from the other end, and waits until it is written.
    pub(in crate::module) secret: OwnedFd,
}

type Request = (Launch, oneshot::Sender<io::Result<Spawned>>);

/// A handle to that thread.
#[derive(Clone, Debug)]
pub(in crate::module) struct Spawner {
    requests: mpsc::Sender<Request>,
}

impl Spawner {
    /// Starts the thread.
    pub(in crate::module) fn start() -> io::Result<Self> {
        let (requests, inbox) = mpsc::channel::<Request>();
        let serve = move || {
            for (launch, reply) in inbox {
                if let Err(Ok(mut unwanted)) = reply.send(spawn(&launch)) {
                    let _ = unwanted.child.kill();
                    let _ = unwanted.child.wait();
                }
            }
        };
        std::thread::Builder::new().name("spawner".into()).spawn(serve)?;
        Ok(Self { requests })
    }

    pub(in crate::module) async fn spawn(&self, launch: Launch) -> io::Result<Spawned> {
        let (reply, answer) = oneshot::channel();
        let gone = || io::Error::other("the spawner thread is gone");
        self.requests.send((launch, reply)).map_err(|_| gone())?;
        answer.await.map_err(|_| gone())?
    }
}

#[expect(unsafe_code, reason = "code between fork and exec, and pidfd_open, have no safe form")]
fn spawn(launch: &Launch) -> io::Result<Spawned> {
    let (program, args) = launch
        .exec
        .split_first()
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "nothing to run"))?;
    let (secret_read, secret) = nix::unistd::pipe2(nix::fcntl::OFlag::O_CLOEXEC)?;
    let secret_fd = secret_read.as_raw_fd();
    let parent = nix::unistd::getpid();
    let mut confinement = Confinement::prepare(launch.limits, launch.nice);
    let entry = confinement.entry();
    let mut command = Command::new(program);
    command
        .args(args)
        .current_dir(&launch.cwd)
        .env_clear()
        .envs(launch.env.iter().map(|(name, value)| (name, value)))
        .env("MGRD_SECRET_FILE", format!("/dev/fd/{secret_fd}"))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0);
    // SAFETY: the closure only makes system calls, all of them async-signal-safe; it neither
    // allocates nor takes locks.
    unsafe { command.pre_exec(move || enter(parent, secret_fd, entry)) };
    let mut child = command.spawn()?;
    confinement.started(Pid::from_raw(child.id().cast_signed()));
    // SAFETY: a plain system call; the process is not reaped yet, so its number is its own.
    let pidfd = unsafe { libc::syscall(libc::SYS_pidfd_open, child.id(), 0) };
    if pidfd < 0 {
        let error = io::Error::last_os_error();
        let _ = child.kill();
        let _ = child.wait();
        return Err(error);
    }
    // SAFETY: the kernel has just given this descriptor to us alone.
    let pidfd = unsafe { OwnedFd::from_raw_fd(pidfd as RawFd) };
    Ok(Spawned { child, confinement, pidfd, secret })
}

/// What the child does between fork and exec.
#[expect(unsafe_code, reason = "system calls without a safe form")]
fn enter(parent: Pid, secret_fd: RawFd, confinement: Entry) -> io::Result<()> {
    nix::sys::prctl::set_pdeathsig(Signal::SIGKILL)?;
    if nix::unistd::getppid() != parent {
        return Err(io::ErrorKind::BrokenPipe.into()); // The parent died before the line above.
    }
    for number in 1..=libc::SIGRTMAX() {
        // SAFETY: setting default dispositions; those that cannot be set are refused, no more.
        unsafe { libc::signal(number, libc::SIG_DFL) };
    }
    nix::sys::signal::sigprocmask(SigmaskHow::SIG_SETMASK, Some(&SigSet::empty()), None)?;
    // SAFETY: only marks descriptors; every one above stderr closes at exec …
    unsafe { libc::close_range(3, u32::MAX, libc::CLOSE_RANGE_CLOEXEC as i32) };
    // SAFETY: … but the secret's, which is open: the parent holds it until after the fork.
    unsafe { libc::fcntl(secret_fd, libc::F_SETFD, 0) };
    confinement.enter()
}
