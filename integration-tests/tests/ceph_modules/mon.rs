//! A single real mon, which is enough of a Ceph cluster to connect to.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::free_port;

/// The cluster's id.
pub(crate) const FSID: &str = "11111111-2222-3333-4444-555555555555";

/// A running `ceph-mon`; dropping it ends it.
pub(crate) struct Mon {
    process: Child,
    /// The configuration that clients need.
    pub(crate) conf: PathBuf,
}

impl Mon {
    /// Starts one that keeps everything in a new folder under `folder`. Clients wait for it.
    pub(crate) fn start(folder: &Path) -> Self {
        let folder = folder.join("mon");
        std::fs::create_dir_all(folder.join("data")).unwrap();
        let (conf, map) = (folder.join("ceph.conf"), folder.join("map"));
        let here = folder.display();
        let address = format!("[v1:127.0.0.1:{}]", free_port());
        let text = format!(
            "[global]\nfsid = {FSID}\nmon host = {address}\nmon data = {here}/data\n\
             auth cluster required = none\nauth service required = none\n\
             auth client required = none\nkeyring = {here}/none\nlog file = {here}/log\n\
             run dir = {here}\nadmin socket =\npid file =\n\
             # It ends on a disk that is 95 % full, and this one is not a disk of its own.\n\
             mon data avail crit = 0\n"
        );
        std::fs::write(&conf, text).unwrap();
        let mut make_map = Command::new("monmaptool");
        make_map.args(["--create", "--fsid", FSID, "--addv", "a", &address]).arg(&map);
        run(&mut make_map);
        run(mon(&conf).arg("--mkfs").arg("--monmap").arg(&map));
        let process = mon(&conf).arg("-f").stderr(Stdio::null()).spawn().unwrap();
        Self { process, conf }
    }
}

impl Drop for Mon {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn mon(conf: &Path) -> Command {
    let mut command = Command::new("ceph-mon");
    command.arg("-c").arg(conf).args(["-i", "a"]).stdin(Stdio::null());
    command
}

fn run(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}
