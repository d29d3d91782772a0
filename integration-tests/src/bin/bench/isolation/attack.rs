//! Starts and ends what misbehaves.

use std::fs::File;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use integration_tests::{Setup, SmallDisk, TestManager, places};
use nix::fcntl::{FcntlArg, fcntl};
use nix::sys::stat::Mode;
use nix::unistd::mkfifo;

use super::rows::{Part, Row};

const PYTHON: &str = include_str!("hostile.py");

/// What must exist as long as `mgrd` does.
#[derive(Default)]
pub(super) struct Surroundings {
    disk: Option<SmallDisk>,
    log: Option<File>,
}

/// What misbehaves now. Dropping it ends it.
pub(super) struct Attack<'a> {
    daemon: &'a TestManager,
    modules: Vec<String>,
    clients: Vec<Child>,
}

impl Row {
    /// Adds what this row needs; none if it cannot be had here.
    pub(super) fn prepare(&self, mut setup: Setup) -> Option<(Setup, Surroundings)> {
        let (mut around, mut limits) = (Surroundings::default(), "");
        for part in self.parts {
            setup = match *part {
                Part::Limits(text) => {
                    limits = text;
                    setup
                }
                Part::Python(..) | Part::Rust(_) => part.install(setup, limits),
                Part::Settings(text) => setup.settings(text),
                Part::Folders(count, text) => (0..count)
                    .fold(setup, |setup, n| setup.file(&format!("folder{n}"), "module.toml", text)),
                Part::SmallDisk(mib) => {
                    let disk = around.disk.insert(SmallDisk::mount(mib)?);
                    symlink(disk.path(), setup.folder().join("data")).ok()?;
                    setup
                }
                Part::StalledLog => {
                    let path = setup.folder().join("log");
                    around.log = Some(stalled(&path)?);
                    setup.argument("--log-file").argument(path)
                }
                Part::Client(_) | Part::Stranger(_) => setup,
            };
        }
        Some((setup, around))
    }

    /// Starts what misbehaves.
    pub(super) fn start<'a>(&self, daemon: &'a TestManager) -> Attack<'a> {
        let mut attack = Attack { daemon, modules: vec![], clients: vec![] };
        for part in self.parts {
            for module in part.modules() {
                daemon.ok(&format!("mgr module enable {module}"));
                attack.modules.push(module);
            }
            match *part {
                Part::Client(words) => attack.client(&daemon.socket(), words),
                Part::Stranger(words) => attack.client(&daemon.module_socket(), words),
                _ => {}
            }
        }
        attack
    }
}

impl Part {
    /// The names of its modules.
    fn modules(&self) -> Vec<String> {
        match *self {
            Self::Python(count, how) => (0..count).map(|n| format!("{how}{n}")).collect(),
            Self::Rust(switch) => vec![switch.to_owned()],
            _ => vec![],
        }
    }

    fn install(&self, setup: Setup, limits: &str) -> Setup {
        match *self {
            Self::Rust(switch) => setup.installed_rogue(switch, &[switch]),
            Self::Python(_, how) => self.modules().iter().fold(setup, |setup, name| {
                let text = PYTHON.replace("HOW", how).replace("NAME", name);
                setup.installed_python(name, &text).file(
                    name,
                    "module.toml",
                    &format!("[limits]\n{limits}\n"),
                )
            }),
            _ => setup,
        }
    }
}

impl Attack<'_> {
    /// Starts a client, which gives way to the clients that measure.
    fn client(&mut self, socket: &Path, words: &str) {
        let mut nice = Command::new("nice");
        nice.arg("-n").arg("10").arg(places::binary("hostile")).arg(socket);
        nice.args(words.split(' ')).stdout(Stdio::null());
        self.clients.push(nice.spawn().expect("nice runs"));
    }

    /// Whether a client has ended, so that less than planned misbehaves.
    pub(super) fn has_ended(&mut self) -> bool {
        self.clients.iter_mut().any(|client| !matches!(client.try_wait(), Ok(None)))
    }
}

impl Drop for Attack<'_> {
    fn drop(&mut self) {
        for client in &mut self.clients {
            // Both fail if it has ended.
            let _ = client.kill();
            let _ = client.wait();
        }
        for module in &self.modules {
            // It is not waited for, because some modules end only when they are killed.
            drop(self.daemon.ctl(&format!("mgr module disable {module}")).spawn());
        }
    }
}

/// A pipe that nothing reads.
fn stalled(path: &Path) -> Option<File> {
    mkfifo(path, Mode::S_IRWXU).ok()?;
    let file = File::options().read(true).write(true).open(path).ok()?;
    fcntl(&file, FcntlArg::F_SETPIPE_SZ(4096)).ok()?;
    Some(file)
}
