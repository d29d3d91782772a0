//! How a module process starts.

use std::ffi::CString;
use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use nix::libc;
use nix::sys::signal::{SigSet, SigmaskHow, Signal};
use nix::unistd::Pid;

use super::confinement::{Confinement, Entry, ResourceLimits};
use super::limits::ProcessLimits;
use super::spawn_error::SpawnError;
use super::threads::{NoResult, Threads};
use crate::module::turns::NoTurn;
use crate::text::visible;

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

/// Starts module processes, those of one program and folder one after the other.
#[derive(Debug)]
pub(in crate::module) struct Spawner {
    threads: Threads<(String, PathBuf)>,
    spawns: u32,
    timeout: Duration,
}

impl Spawner {
    /// Starts the first thread that starts processes.
    pub(in crate::module) fn start(limits: &ProcessLimits) -> io::Result<Self> {
        let (spawns, timeout) = (limits.spawns, limits.spawn_timeout);
        Ok(Self { threads: Threads::start(spawns, timeout)?, spawns, timeout })
    }

    pub(in crate::module) async fn spawn(&self, launch: Launch) -> Result<Spawned, SpawnError> {
        let key = (launch.exec.first().cloned().unwrap_or_default(), launch.cwd.clone());
        // Errors quote it.
        let program = visible(&key.0);
        let limit = self.timeout;
        let work = move || spawn(&launch, limit);
        let undo = |late: io::Result<Option<Spawned>>| {
            if let Ok(Some(late)) = late {
                end(late.child);
            }
        };
        let spawned = self.threads.run(&key, work, undo).await;
        match spawned {
            Ok(Ok(Some(spawned))) => Ok(spawned),
            Ok(Ok(None)) | Err(NoResult::Turn(NoTurn::Silent)) => {
                Err(SpawnError::Silent { program, limit })
            }
            Err(NoResult::Turn(NoTurn::Busy)) => {
                Err(SpawnError::Busy { program, limit: self.spawns })
            }
            Ok(Err(source)) | Err(NoResult::System(source)) => {
                Err(SpawnError::System { program, source })
            }
        }
    }
}

/// Kills a process that is not wanted, and all that it started.
fn end(mut child: Child) {
    // It leads its own group, and is not reaped yet. An error means that it has ended.
    let _ = nix::sys::signal::killpg(Pid::from_raw(child.id().cast_signed()), Signal::SIGKILL);
    let _ = child.wait();
}

/// Starts a process; none if its program does not run within `limit`.
#[expect(unsafe_code, reason = "code between fork and exec, and pidfd_open, have no safe form")]
fn spawn(launch: &Launch, limit: Duration) -> io::Result<Option<Spawned>> {
    let (program, args) = launch
        .exec
        .split_first()
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "nothing to run"))?;
    let (secret_read, secret) = nix::unistd::pipe2(nix::fcntl::OFlag::O_CLOEXEC)?;
    let secret_fd = secret_read.as_raw_fd();
    let parent = nix::unistd::getpid();
    let cwd = CString::new(launch.cwd.as_os_str().as_bytes())?;
    let mut confinement = Confinement::prepare(launch.limits, launch.nice);
    let entry = confinement.entry();
    let mut command = Command::new(program);
    command
        .args(args)
        .env_clear()
        .envs(launch.env.iter().map(|(name, value)| (name, value)))
        .env("MGRD_SECRET_FILE", format!("/dev/fd/{secret_fd}"))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0);
    // SAFETY: the closure only makes system calls, all of them async-signal-safe; it neither
    // allocates nor takes locks.
    unsafe {
        command.pre_exec(move || {
            enter(parent, secret_fd, entry)?;
            die_after(limit);
            nix::unistd::chdir(cwd.as_c_str()).map_err(io::Error::from)
        })
    };
    let begun = Instant::now();
    let child = command.spawn()?;
    // To the parent, a child that died on its way looks like one that runs its program.
    if begun.elapsed() >= limit {
        end(child);
        return Ok(None);
    }
    confinement.started(Pid::from_raw(child.id().cast_signed()));
    // SAFETY: a plain system call; the process is not reaped yet, so its number is its own.
    let pidfd = unsafe { libc::syscall(libc::SYS_pidfd_open, child.id(), 0) };
    if pidfd < 0 {
        let error = io::Error::last_os_error();
        end(child);
        return Err(error);
    }
    // SAFETY: the kernel has just given this descriptor to us alone.
    let pidfd = unsafe { OwnedFd::from_raw_fd(pidfd as RawFd) };
    Ok(Some(Spawned { child, confinement, pidfd, secret }))
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

/// Kills the calling process after `limit`, unless it runs another program by then: the kernel removes
/// such a timer at exec. A mount that does not answer holds the exec of a program on it, and a process
/// in that state reacts to SIGKILL alone.
#[expect(unsafe_code, reason = "timers of the kernel have no safe form that does not allocate")]
fn die_after(limit: Duration) {
    let mut timer: libc::c_int = 0;
    // SAFETY: plain data, for which zeros are valid.
    let mut event: libc::sigevent = unsafe { std::mem::zeroed() };
    event.sigev_notify = libc::SIGEV_SIGNAL;
    event.sigev_signo = libc::SIGKILL;
    // SAFETY: plain data, for which zeros are valid.
    let mut when: libc::itimerspec = unsafe { std::mem::zeroed() };
    when.it_value.tv_sec = libc::time_t::try_from(limit.as_secs()).unwrap_or(libc::time_t::MAX);
    when.it_value.tv_nsec = libc::c_long::from(limit.subsec_nanos().cast_signed());
    let clock = libc::CLOCK_MONOTONIC;
    // SAFETY: system calls with pointers to valid data. If they fail, only the thread waits longer.
    unsafe {
        if libc::syscall(libc::SYS_timer_create, clock, &raw mut event, &raw mut timer) == 0 {
            let none = std::ptr::null_mut::<libc::itimerspec>();
            libc::syscall(libc::SYS_timer_settime, timer, 0, &raw const when, none);
        }
    }
}

#[cfg(test)]
mod tests;
