//! All modules of Ceph in one folder, as in an installation.

use std::collections::BTreeSet;

use integration_tests::{Setup, eventually, places};

use crate::{STILL, ceph};

/// What the recorded cluster is enough for.
const MODULES: [&str; 8] = [
    "balancer",
    "crash",
    "iostat",
    "pg_autoscaler",
    "progress",
    "prometheus",
    "selftest",
    "status",
];

#[test]
#[ignore = "needs Ceph's modules: make ceph-modules"]
fn eight_modules_run_each_in_its_own_process() {
    let daemon = ceph(&MODULES).replay(STILL).start();
    let processes: BTreeSet<u32> = MODULES.map(|name| daemon.await_running(name)).into();
    assert_eq!(processes.len(), MODULES.len());
    let commands = daemon.ok("-h");
    for command in ["balancer eval", "crash ls", "iostat", "osd status", "mgr self-test run"] {
        assert!(commands.contains(command), "{command} is missing in {commands}");
    }
    for module in MODULES {
        daemon.ok(&format!("mgr module disable {module}"));
    }
    for module in MODULES {
        daemon.await_state(module, "disabled");
    }
}

#[test]
#[ignore = "needs Ceph's modules: make ceph-modules"]
fn every_module_of_the_folder_describes_itself() {
    let folders = std::fs::read_dir(places::ceph_modules()).unwrap();
    let folders = folders.map(|entry| entry.unwrap().path());
    let folders: Vec<_> = folders.filter(|folder| folder.join("module.py").is_file()).collect();
    let setup = Setup::new().run_by(places::ceph_python()).replay(STILL);
    let daemon = folders.iter().fold(setup, |setup, folder| setup.installed(folder)).start();
    eventually("the descriptions of all modules", || {
        let listed = daemon.json("mgr module ls");
        let modules = listed["disabled_modules"].as_array().unwrap();
        assert_eq!(modules.len(), folders.len());
        // Every one has the options that mgr_module.py gives it.
        let silent = modules.iter().find(|m| m["module_options"]["log_level"].is_null());
        silent.map_or(Ok(modules.clone()), |module| Err(module["name"].to_string()))
    });
    for command in ["orch ls", "rbd task list", "fs subvolume ls", "nfs export ls", "restful"] {
        assert!(daemon.ok("-h").contains(command), "no module offers '{command}'");
    }
}
