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
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use nix::sys::signal::{SigSet, SigmaskHow, Signal};
use nix::unistd::Pid;
use tokio::sync::oneshot;

/// What to start.
#[derive(Clone, Debug)]
pub(in crate::module) struct Launch {
    /// The program and its arguments.
    pub(in crate::module) exec: Vec<String>,
    /// Where it runs.
    pub(in crate::module) cwd: PathBuf,
    /// Its whole environment, but for `MGRD_SECRET_FILE`.
    pub(in crate::module) env: Vec<(String, String)>,
    pub(in crate::module) open_files: Option<u64>,
    pub(in crate::module) nice: i32,
}

/// What was started.
#[derive(Debug)]
pub(in crate::module) struct Spawned {
    pub(in crate::module) child: Child,
    /// Readable when the process has ended; it is not reaped before somebody waits for it.
    pub(in crate::module) pidfd: OwnedFd,
    /// The process reads its secret from the other end, and waits until it is written.
    pub(in crate::module) secret: OwnedFd,
}

type Request = (Launch, oneshot::Sender<io::Result<Spawned>>);

/// The thread's front door.
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
    let limits = (launch.open_files, launch.nice);
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
    unsafe { command.pre_exec(move || prepare(parent, secret_fd, limits.0, limits.1)) };
    let mut child = command.spawn()?;
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
    Ok(Spawned { child, pidfd, secret })
}

/// What the child does between fork and exec.
#[expect(unsafe_code, reason = "system calls without a safe form")]
fn prepare(parent: Pid, secret_fd: RawFd, open_files: Option<u64>, nice: i32) -> io::Result<()> {
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
    if let Some(limit) = open_files {
        let (_, most) = getrlimit(Resource::RLIMIT_NOFILE)?;
        setrlimit(Resource::RLIMIT_NOFILE, limit.min(most), limit.min(most))?;
    }
    // SAFETY: a plain system call. That it fails is no reason not to run.
    unsafe { libc::setpriority(libc::PRIO_PROCESS, 0, nice) };
    Ok(())
}
