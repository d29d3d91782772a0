//! How a module process starts.

use std::fs::DirBuilder;
use std::io;
use std::os::fd::{AsFd, AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::os::unix::fs::DirBuilderExt;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::fcntl::OFlag;
use nix::libc;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::{SigSet, SigmaskHow, Signal};
use nix::unistd::{Pid, pipe2};

use super::confinement::{Confinement, Entry};
use super::limits::ProcessLimits;
use super::program::Program;
use super::sandboxing::{self, paths_in};
use super::spawn_error::{Fault, SpawnError};
use super::stack_pipe;
use super::steps::{Failed, Steps};
use super::threads::{NoResult, Threads};
use super::tree::{self, Tree};
use super::user::{Login, check_owner, check_trusted};
use crate::module::sandbox::Sandbox;
use crate::module::turns::NoTurn;
use crate::text::visible;

/// How long a process that is not wanted has to end after it was killed.
const KILL_TIMEOUT: Duration = Duration::from_secs(1);

/// What to start.
#[derive(Clone, Debug)]
pub(in crate::module) struct Launch {
    /// The module.
    pub(in crate::module) module: String,
    /// The program and its arguments.
    pub(in crate::module) exec: Vec<String>,
    /// Where it runs.
    pub(in crate::module) cwd: PathBuf,
    /// Its whole environment, but for what names its descriptors.
    pub(in crate::module) env: Vec<(String, String)>,
    /// The limits of the process.
    pub(in crate::module) limits: ProcessLimits,
    /// Whether the SDK for Python runs it.
    pub(in crate::module) is_python: bool,
    /// The user that it runs as; none means that of `mgrd`.
    pub(in crate::module) login: Option<Login>,
    /// What no user but root may be able to change.
    pub(in crate::module) for_root: Vec<PathBuf>,
    /// The walls around it.
    pub(in crate::module) sandbox: Sandbox,
    /// The folder for its files, where it can write whatever the walls are.
    pub(in crate::module) data: PathBuf,
}

/// What was started.
#[derive(Debug)]
pub(in crate::module) struct Spawned {
    pub(in crate::module) child: Child,
    /// It and all that it starts.
    pub(super) tree: Arc<Tree>,
    /// Its limits.
    pub(super) confinement: Confinement,
    /// Readable when the process has ended. The process is reaped only when it is waited for.
    pub(in crate::module) pidfd: OwnedFd,
    /// The process reads its secret from the other end, and waits until it is written.
    pub(in crate::module) secret: OwnedFd,
    /// The process shows its stacks on the other end.
    pub(super) stacks: UnixStream,
    /// A signal handler of the process shows its stacks on the other end. None if it has no handler.
    pub(super) stack_pipe: Option<OwnedFd>,
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
        let undo = |late: Result<Option<Spawned>, Fault>| {
            if let Ok(Some(late)) = late {
                end(late.child, &late.tree);
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
            Ok(Err(Fault::System(source))) | Err(NoResult::System(source)) => {
                Err(SpawnError::System { program, source })
            }
            Ok(Err(Fault::Login(error))) => Err(error.into()),
            Ok(Err(Fault::Step(error))) => Err(error.into()),
        }
    }
}

/// Kills a process that is not wanted, and all that it started. Blocks until it is reaped.
pub(super) fn end(mut child: Child, tree: &Tree) {
    // An error means that it has ended.
    let _ = child.kill();
    tree::kill(tree, KILL_TIMEOUT);
    let _ = child.wait();
    tree::forget(tree);
}

/// Starts a process; none if its program does not run within `limit`.
#[expect(unsafe_code, reason = "code between fork and exec, and pidfd_open, have no safe form")]
fn spawn(launch: &Launch, limit: Duration) -> Result<Option<Spawned>, Fault> {
    let word = launch.exec.first();
    let word = word.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "nothing to run"))?;
    let (secret_read, secret) = pipe2(OFlag::O_CLOEXEC)?;
    let (outcome, report) = pipe2(OFlag::O_CLOEXEC)?;
    let (gate_read, gate) = pipe2(OFlag::O_CLOEXEC)?;
    let (stacks, stacks_theirs) = UnixStream::pair()?;
    let (stack_pipe, pipe_theirs) = stack_pipe::pipe(launch.limits.stacks_bytes)?;
    let (secret_fd, stacks_fd) = (secret_read.as_raw_fd(), stacks_theirs.as_raw_fd());
    let (pipe_fd, report_fd) = (pipe_theirs.as_raw_fd(), report.as_raw_fd());
    let fds = [secret_fd, stacks_fd, pipe_fd, report_fd, gate_read.as_raw_fd()];
    let (secret_file, stacks_number) = (format!("/dev/fd/{secret_fd}"), stacks_fd.to_string());
    let pipe_number = pipe_fd.to_string();
    let variables = [
        ("MGRD_SECRET_FILE", &*secret_file),
        ("MGRD_STACKS_FD", &*stacks_number),
        ("MGRD_STACKS_PIPE_FD", &*pipe_number),
    ];
    // Only the SDK for Python has a signal handler for the pipe.
    let given = if launch.is_python { 3 } else { 2 };
    let program = Program::new(launch, &variables[..given])?;
    let stack_pipe = launch.is_python.then_some(stack_pipe);
    let parent = nix::unistd::getpid();
    let mut confinement = Confinement::prepare(&launch.module, launch.limits)?;
    let entry = confinement.entry();
    let steps = Arc::new(steps(launch, word, secret_fd)?);
    let mut command = Command::new(word);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let theirs = Arc::clone(&steps);
    // SAFETY: the closure only makes system calls, all of them async-signal-safe; it neither
    // allocates nor takes locks.
    unsafe {
        command.pre_exec(move || {
            let report = match enter(parent, fds, given, entry, &theirs) {
                Ok(()) => Report::of(program.run()),
                Err(report) => report,
            };
            // What cannot be reported looks like a program that ended at once.
            libc::write(report_fd, (&raw const report).cast(), size_of::<Report>());
            libc::_exit(127)
        });
    }
    // Returns before the exec, because the child closes what `Command` waits for.
    let (child, tree) = tree::fork(&launch.module, || command.spawn())?;
    drop((report, stacks_theirs, pipe_theirs));
    // Whatever the program does, a later mgrd can find it.
    tree::record_start();
    confinement.admit(&tree);
    // If this fails, the child has ended already.
    let _ = nix::unistd::write(&gate, &[1]);
    match start(&outcome, limit) {
        Start::Runs => {}
        Start::Failed(error, step) => {
            end(child, &tree);
            return Err(Fault::of(&steps, step, error));
        }
        Start::Silent => {
            // A mount may hold it so that nothing ends it. Then this thread waits, and keeps its turn.
            end(child, &tree);
            return Ok(None);
        }
    }
    // SAFETY: a plain system call; the process is not reaped yet, so its number is its own.
    let pidfd = unsafe { libc::syscall(libc::SYS_pidfd_open, child.id(), 0) };
    if pidfd < 0 {
        let error = io::Error::last_os_error();
        end(child, &tree);
        return Err(error.into());
    }
    // SAFETY: the kernel has just given this descriptor to us alone.
    let pidfd = unsafe { OwnedFd::from_raw_fd(pidfd as RawFd) };
    Ok(Some(Spawned { child, tree, confinement, pidfd, secret, stacks, stack_pipe }))
}

/// What the child does to become what the operator set.
fn steps(launch: &Launch, program: &str, secret: RawFd) -> Result<Steps, Fault> {
    let own = [libc::STDOUT_FILENO, libc::STDERR_FILENO, secret];
    let login = launch.login.as_ref().map(|login| login.prepare(program, &own));
    let login = login.transpose().map_err(Fault::Login)?;
    if launch.login.is_none() {
        check_owner(&launch.data).map_err(Fault::Login)?;
        launch.for_root.iter().try_for_each(|path| check_trusted(path)).map_err(Fault::Login)?;
    }
    if launch.login.is_none() && launch.sandbox.read_only {
        DirBuilder::new().recursive(true).mode(0o700).create(launch.data.join("tmp"))?;
    }
    let values = launch.env.iter().map(|(_, value)| value).chain(&launch.exec);
    let needed = values.flat_map(|value| paths_in(value)).chain([launch.cwd.clone()]);
    let needed: Vec<_> = needed.collect();
    let mut steps = Steps::default();
    steps.add(sandboxing::prepare(launch.sandbox, &launch.data, &needed, &launch.limits)?);
    steps.add(login.into_iter().flatten());
    Ok(steps)
}

/// What a child reports if it cannot run its program.
#[repr(C)]
struct Report {
    errno: i32,
    /// The step that failed, counted from one; 0 if it was none of them.
    step: u32,
}

impl Report {
    fn of(errno: Errno) -> Self {
        Self { errno: errno as i32, step: 0 }
    }

    fn of_step((step, errno): Failed) -> Self {
        Self { errno: errno as i32, step: u32::try_from(step + 1).unwrap_or_default() }
    }

    fn from_bytes(bytes: [u8; size_of::<Self>()]) -> (io::Error, Option<usize>) {
        let [a, b, c, d, step @ ..] = bytes;
        let error = io::Error::from_raw_os_error(i32::from_ne_bytes([a, b, c, d]));
        (error, (u32::from_ne_bytes(step) as usize).checked_sub(1))
    }
}

/// What became of a child.
#[derive(Debug)]
enum Start {
    /// It runs its program, or has ended.
    Runs,
    /// The error, and the step that it was in.
    Failed(io::Error, Option<usize>),
    /// It does neither.
    Silent,
}

/// Waits for what a child reports: an error, or nothing, because the exec closes its end.
fn start(outcome: &OwnedFd, limit: Duration) -> Start {
    let until = Instant::now() + limit;
    loop {
        let left = until.saturating_duration_since(Instant::now());
        let left = PollTimeout::try_from(left).unwrap_or(PollTimeout::MAX);
        match poll(&mut [PollFd::new(outcome.as_fd(), PollFlags::POLLIN)], left) {
            Ok(0) => return Start::Silent,
            Ok(_) => break,
            Err(Errno::EINTR) => {}
            Err(error) => return Start::Failed(error.into(), None),
        }
    }
    let mut report = [0; size_of::<Report>()];
    match nix::unistd::read(outcome, &mut report) {
        Ok(0) => Start::Runs,
        Ok(_) => {
            let (error, step) = Report::from_bytes(report);
            Start::Failed(error, step)
        }
        Err(error) => Start::Failed(error.into(), None),
    }
}

/// What the child does between fork and exec. Of its descriptors, the first `given` are for the program.
/// It waits for the last one to become readable.
#[expect(unsafe_code, reason = "system calls without a safe form")]
fn enter(
    parent: Pid,
    fds: [RawFd; 5],
    given: usize,
    confinement: Entry,
    steps: &Steps,
) -> Result<(), Report> {
    confine(parent, fds, confinement).map_err(Report::of)?;
    steps.run().map_err(Report::of_step)?;
    // A change of the user takes it back.
    die_with(parent).map_err(Report::of)?;
    for fd in fds.into_iter().take(given) {
        // SAFETY: only marks a descriptor, which is open: the parent holds it until after the fork.
        unsafe { libc::fcntl(fd, libc::F_SETFD, 0) };
    }
    Ok(())
}

/// What every child does first, with the rights of `mgrd`.
#[expect(unsafe_code, reason = "system calls without a safe form")]
fn confine(parent: Pid, fds: [RawFd; 5], confinement: Entry) -> nix::Result<()> {
    let [.., gate] = fds;
    die_with(parent)?;
    // Its own session: nothing that it starts can join a group of another module, or of mgrd.
    nix::unistd::setsid()?;
    // What it starts and leaves behind stays its descendant.
    nix::sys::prctl::set_child_subreaper(true)?;
    // A program of another user could not be ended.
    nix::sys::prctl::set_no_new_privs()?;
    leave_keyring()?;
    for number in 1..=libc::SIGRTMAX() {
        // SAFETY: setting default dispositions; those that cannot be set are refused, no more.
        unsafe { libc::signal(number, libc::SIG_DFL) };
    }
    nix::sys::signal::sigprocmask(SigmaskHow::SIG_SETMASK, Some(&SigSet::empty()), None)?;
    let error = |error: io::Error| error.raw_os_error().map_or(Errno::EIO, Errno::from_raw);
    confinement.enter().map_err(error)?;
    close_all_but(fds);
    wait_for(gate)
}

/// Leaves the session keyring of `mgrd`, whose keys every process in it can read. A process of the same user
/// could get at them in other ways, so only root needs this.
#[expect(unsafe_code, reason = "keyctl has no safe form")]
fn leave_keyring() -> nix::Result<()> {
    let none = std::ptr::null::<libc::c_char>();
    // SAFETY: a plain system call without memory.
    let joined = unsafe {
        libc::syscall(libc::SYS_keyctl, libc::KEYCTL_JOIN_SESSION_KEYRING as libc::c_long, none)
    };
    match Errno::result(joined) {
        // There are no keyrings, or a container keeps all processes from them.
        Err(Errno::ENOSYS | Errno::EPERM) => Ok(()),
        Err(error) if nix::unistd::geteuid().is_root() => Err(error),
        _ => Ok(()),
    }
}

/// Has the kernel kill this process when its parent dies.
fn die_with(parent: Pid) -> nix::Result<()> {
    nix::sys::prctl::set_pdeathsig(Signal::SIGKILL)?;
    if nix::unistd::getppid() != parent {
        return Err(Errno::EPIPE); // The parent died before the line above.
    }
    Ok(())
}

/// Waits until the parent has written.
#[expect(unsafe_code, reason = "nix reads only from a descriptor that it can borrow")]
fn wait_for(gate: RawFd) -> nix::Result<()> {
    let mut byte = 0_u8;
    loop {
        // SAFETY: reads one byte into a variable, from a descriptor that is open.
        let read = unsafe { libc::read(gate, (&raw mut byte).cast(), 1) };
        match Errno::result(read) {
            Ok(1) => return Ok(()),
            Ok(_) => return Err(Errno::EPIPE), // The parent gave up.
            Err(Errno::EINTR) => {}
            Err(error) => return Err(error),
        }
    }
}

/// Closes all descriptors above stderr but these. They must not wait for the exec, which may hang:
/// a copy of the secret of another process, of a socket or of a lock would stay open as long.
#[expect(unsafe_code, reason = "close_range has no safe form")]
fn close_all_but(mut kept: [RawFd; 5]) {
    kept.sort_unstable();
    // SAFETY: the child of a fork uses none of them; an empty range is refused, no more.
    let close = |first, last| unsafe { libc::close_range(first, last, 0) };
    let mut first = 3;
    for fd in kept.map(RawFd::cast_unsigned) {
        close(first, fd - 1);
        first = fd + 1;
    }
    close(first, u32::MAX);
}

#[cfg(test)]
mod tests;
