//! A real Ceph on one host, on loopback and in memory, for comparison.

use std::fmt::Write as _;
use std::net::TcpListener;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use integration_tests::process;
use nix::sys::signal::Signal;
use serde_json::Value;

/// The programs that it needs.
const PROGRAMS: [&str; 7] = [
    "/usr/bin/ceph",
    "/usr/bin/ceph-authtool",
    "/usr/bin/monmaptool",
    "/usr/bin/ceph-mon",
    "/usr/bin/ceph-mgr",
    "/usr/bin/ceph-osd",
    "/usr/share/ceph/mgr/mgr_module.py",
];
const PACKAGES: &str =
    "apt-get install ceph-mon ceph-mgr ceph-osd ceph-common ceph-mgr-modules-core python3-rados";
/// The Python of the distribution, which has `rados`.
const PYTHON: &str = "/usr/bin/python3";
const CLIENT: &str = include_str!("ceph_client.py");
const OSDS: usize = 3;
/// Where the manager is among the daemons.
const MANAGER: usize = 1;
/// How long the cluster may take for one step.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Why the real Ceph could not be measured.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CephError {
    #[error("cannot prepare the files of the cluster")]
    Files(#[source] std::io::Error),
    #[error("cannot find a free port")]
    Address(#[source] std::io::Error),
    #[error("cannot run {program}")]
    Run { program: String, source: std::io::Error },
    #[error("{program} failed: {message}")]
    Failed { program: String, message: String },
    #[error("'{command}' was not finished in {} s", TIMEOUT.as_secs())]
    Silent { command: String },
    #[error("the output of '{command}' is not JSON")]
    NotJson { command: String, source: serde_json::Error },
    #[error("the output of '{command}' is not a number but {figures}")]
    NotANumber { command: String, figures: Value },
}

impl CephError {
    fn run(program: &str, source: std::io::Error) -> Self {
        Self::Run { program: program.to_owned(), source }
    }
}

/// A running cluster: one monitor, one manager, OSDs. Dropping it ends its processes.
pub(crate) struct Ceph {
    folder: tempfile::TempDir,
    fsid: String,
    /// Where the monitor listens.
    address: String,
    daemons: Vec<Child>,
}

impl Ceph {
    /// The first program that is missing, and how to install it.
    pub(crate) fn missing() -> Option<String> {
        let missing = PROGRAMS.into_iter().find(|program| !Path::new(program).exists())?;
        Some(format!("{missing} is not installed; {PACKAGES}"))
    }

    /// Starts a cluster whose manager has these modules, by name and text, in addition to its own.
    pub(crate) fn start(modules: &[(&str, &str)]) -> Result<Self, CephError> {
        let folder = tempfile::Builder::new().prefix("ceph-").tempdir_in("/tmp");
        let folder = folder.map_err(CephError::Files)?;
        let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
        let address = format!("[v2:{}]", free.map_err(CephError::Address)?);
        let mut ceph = Self { folder, fsid: uuid(), address, daemons: vec![] };
        ceph.prepare(modules).map_err(CephError::Files)?;
        ceph.start_monitor()?;
        ceph.start_daemon("ceph-mgr", "x")?;
        for id in 0..OSDS {
            ceph.start_osd(&id.to_string())?;
        }
        for (name, _) in modules {
            ceph.ceph(&["mgr", "module", "enable", name, "--force"])?;
        }
        for (name, _) in modules {
            let echo = format!(r#"{{"prefix": "{name} echo", "text": "x"}}"#);
            ceph.ask(&["until", &echo])?;
        }
        Ok(ceph)
    }

    /// The median time of `count` runs of a command, in microseconds.
    pub(crate) fn command(&self, json: &str, count: usize) -> Result<f64, CephError> {
        let figures = self.ask(&["times", json, &count.to_string()])?;
        figures.as_f64().ok_or_else(|| CephError::NotANumber { command: json.to_owned(), figures })
    }

    /// Runs a command of a module; returns its output as JSON.
    pub(crate) fn json(&self, json: &str) -> Result<Value, CephError> {
        self.ask(&["run", json])
    }

    /// Adds OSDs to the map. They never start.
    pub(crate) fn add_osds(&self, count: usize) -> Result<(), CephError> {
        self.ask(&["osds", &count.to_string()]).map(|_| ())
    }

    /// Whether a command ends the manager.
    pub(crate) fn ends_by(&mut self, json: &str) -> bool {
        let _ = self.ask(&["run", json]);
        let manager = &mut self.daemons[MANAGER];
        process::await_end(manager.id());
        manager.try_wait().is_ok_and(|status| status.is_some())
    }

    /// Kills the manager, and starts it again until it answers a command.
    pub(crate) fn restart_manager(&mut self, json: &str) -> Result<(), CephError> {
        let mut manager = self.daemons.remove(MANAGER);
        process::signal(manager.id(), Signal::SIGKILL);
        let _ = manager.wait();
        self.start_daemon("ceph-mgr", "x")?;
        let last = self.daemons.len() - 1;
        self.daemons.swap(MANAGER, last);
        self.ask(&["until", json]).map(|_| ())
    }

    /// The time of a complete command line.
    pub(crate) fn command_line(&self, words: &[&str]) -> Result<Duration, CephError> {
        let started = Instant::now();
        self.ceph(words)?;
        Ok(started.elapsed())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn prepare(&self, modules: &[(&str, &str)]) -> std::io::Result<()> {
        let path = self.path("modules");
        std::fs::create_dir(&path)?;
        // The manager looks in one folder only, so its own modules and ours are both there.
        for entry in std::fs::read_dir("/usr/share/ceph/mgr")? {
            let entry = entry?;
            std::os::unix::fs::symlink(entry.path(), path.join(entry.file_name()))?;
        }
        for (name, text) in modules {
            std::fs::create_dir(path.join(name))?;
            std::fs::write(path.join(name).join("module.py"), text)?;
            std::fs::write(path.join(name).join("__init__.py"), "from .module import Module\n")?;
        }
        for daemon in ["mon.a", "mgr.x", "osd.0", "osd.1", "osd.2"] {
            std::fs::create_dir(self.path(daemon))?;
        }
        std::fs::write(self.path("ceph.conf"), self.settings())
    }

    fn settings(&self) -> String {
        let folder = self.folder.path().display();
        let mut settings = format!(
            "[global]\nfsid = {}\nmon_host = {}\nkeyring = {folder}/keyring\n\
             public_addr = 127.0.0.1\ncluster_addr = 127.0.0.1\nosd_crush_chooseleaf_type = 0\n\
             mon_data_avail_warn = 1\nauth_allow_insecure_global_id_reclaim = false\n",
            self.fsid, self.address
        );
        for (key, file) in [("log_file", "log"), ("admin_socket", "asok"), ("pid_file", "pid")] {
            let _ = writeln!(settings, "{key} = {folder}/$name.{file}");
        }
        let _ = writeln!(settings, "run_dir = {folder}\ncrash_dir = {folder}");
        for kind in ["mon", "mgr", "osd"] {
            let _ = writeln!(settings, "[{kind}]\n{kind}_data = {folder}/{kind}.$id");
        }
        settings
            + &format!(
                "osd_objectstore = memstore\nosd_class_load_list = *\n\
                 [mgr]\nmgr_module_path = {folder}/modules\n"
            )
    }

    fn start_monitor(&mut self) -> Result<(), CephError> {
        let keyring = self.path("keyring").display().to_string();
        let key = |name: &str, caps: &[&str]| {
            let mut words = vec![keyring.as_str(), "--gen-key", "-n", name];
            if !Path::new(&keyring).exists() {
                words.push("--create-keyring");
            }
            for cap in caps.chunks(2) {
                words.extend(["--cap", cap[0], cap[1]]);
            }
            self.tool("ceph-authtool", &words)
        };
        let all = ["mon", "allow *", "osd", "allow *", "mds", "allow *", "mgr", "allow *"];
        key("mon.", &["mon", "allow *"])?;
        key("client.admin", &all)?;
        key("mgr.x", &["mon", "allow profile mgr", "osd", "allow *", "mds", "allow *"])?;
        for id in 0..OSDS {
            let caps = ["mon", "allow profile osd", "osd", "allow *", "mgr", "allow profile osd"];
            key(&format!("osd.{id}"), &caps)?;
        }
        let map = self.path("monmap").display().to_string();
        let words = ["--create", "--fsid", &self.fsid, "--addv", "a", &self.address, &map];
        self.tool("monmaptool", &words)?;
        let words = ["-i", "a", "--mkfs", "--monmap", &map, "--keyring", &keyring];
        self.tool("ceph-mon", &words)?;
        self.start_daemon("ceph-mon", "a")?;
        self.ceph(&["auth", "import", "-i", &keyring])
    }

    fn start_osd(&mut self, id: &str) -> Result<(), CephError> {
        let uuid = uuid();
        let keyring = self.path("keyring").display().to_string();
        self.ceph(&["osd", "new", &uuid, id])?;
        let words = ["-i", id, "--mkfs", "--osd-uuid", &uuid, "--keyring", &keyring];
        self.tool("ceph-osd", &words)?;
        self.start_daemon("ceph-osd", id)
    }

    fn start_daemon(&mut self, program: &str, id: &str) -> Result<(), CephError> {
        let mut command = self.configured(program);
        let command = command.args(["-f", "-i", id]).stdout(Stdio::null()).stderr(Stdio::null());
        let child = command.spawn().map_err(|source| CephError::run(program, source))?;
        self.daemons.push(child);
        Ok(())
    }

    fn ceph(&self, words: &[&str]) -> Result<(), CephError> {
        let timeout = TIMEOUT.as_secs().to_string();
        self.tool("ceph", &[&["--connect-timeout", &timeout], words].concat())
    }

    fn tool(&self, program: &str, words: &[&str]) -> Result<(), CephError> {
        let output = self.configured(program).args(words).output();
        finished(program, output).map(|_| ())
    }

    fn configured(&self, program: &str) -> Command {
        let mut command = Command::new(format!("/usr/bin/{program}"));
        command.arg("-c").arg(self.path("ceph.conf")).stdin(Stdio::null());
        command
    }

    fn ask(&self, words: &[&str]) -> Result<Value, CephError> {
        let mut command = Command::new(PYTHON);
        command.args(["-c", CLIENT]).arg(self.path("ceph.conf"));
        command.arg(TIMEOUT.as_secs().to_string());
        let output = command.args(words).output();
        // It sets an alarm, because some calls to a busy manager never return.
        if output.as_ref().is_ok_and(|output| output.status.signal().is_some()) {
            return Err(CephError::Silent { command: words.join(" ") });
        }
        let output = finished(words[0], output)?;
        serde_json::from_slice(&output)
            .map_err(|source| CephError::NotJson { command: words.join(" "), source })
    }
}

impl Drop for Ceph {
    fn drop(&mut self) {
        for daemon in &mut self.daemons {
            process::signal(daemon.id(), Signal::SIGKILL);
            let _ = daemon.wait();
        }
    }
}

fn finished(program: &str, output: std::io::Result<Output>) -> Result<Vec<u8>, CephError> {
    let output = output.map_err(|source| CephError::run(program, source))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let text = String::from_utf8_lossy(&output.stderr);
    let message = text.lines().last().unwrap_or("no error message").to_owned();
    Err(CephError::Failed { program: program.to_owned(), message })
}

fn uuid() -> String {
    let uuid = std::fs::read_to_string("/proc/sys/kernel/random/uuid").unwrap_or_default();
    uuid.trim().to_owned()
}
