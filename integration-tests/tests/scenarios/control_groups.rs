//! Control groups: where `mgrd` can use them, the kernel keeps the limits of modules. `make test-vm` runs
//! these scenarios on a kernel that has the controllers.

use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use integration_tests::{Setup, TestManager, eventually, places, process};
use serde_json::json;

/// Where control groups are mounted.
const TOP: &str = "/sys/fs/cgroup";

fn read(file: impl AsRef<Path>) -> String {
    std::fs::read_to_string(file).unwrap_or_default()
}

fn write(file: impl AsRef<Path>, text: &str) {
    std::fs::write(&file, text).unwrap_or_else(|why| panic!("{}: {why}", file.as_ref().display()));
}

/// The folders in a folder whose names begin like this.
fn folders(folder: &Path, begin: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let folders = entries.filter(|entry| entry.path().is_dir());
    let folders = folders.filter(|entry| entry.file_name().to_string_lossy().starts_with(begin));
    folders.map(|entry| entry.path()).collect()
}

/// The processes in a group and in the groups in it.
fn members(group: &Path) -> Vec<u32> {
    let own = read(group.join("cgroup.procs"));
    let own = own.lines().map(|line| line.parse().unwrap());
    own.chain(folders(group, "").iter().flat_map(|folder| members(folder))).collect()
}

/// A group such as a service manager makes for a service. Dropping it removes it.
struct Service(PathBuf);

impl Service {
    /// A group with these controllers.
    fn with(controllers: &str) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        write(Path::new(TOP).join("cgroup.subtree_control"), "+cpu +memory +pids");
        let slice = format!("test-{}-{}", std::process::id(), NUMBER.fetch_add(1, Relaxed));
        let slice = Path::new(TOP).join(slice);
        std::fs::create_dir(&slice).unwrap();
        if !controllers.is_empty() {
            write(slice.join("cgroup.subtree_control"), controllers);
        }
        let service = slice.join("service");
        std::fs::create_dir(&service).unwrap();
        Self(service)
    }

    fn new() -> Self {
        Self::with("+cpu +memory +pids")
    }

    /// A setup whose manager starts in the group.
    fn setup(&self) -> Setup {
        // Everything is slow in a virtual machine.
        let patient = "[limits.module]\nexit_wait = 60\nstart_timeout = 60\n";
        let setup = Setup::new().settings(patient);
        // Once it gives controllers, the group itself takes no processes.
        let into = |group: &Path| format!("echo $$ 2>/dev/null > {}/cgroup.procs", group.display());
        setup.prelude(&[into(&self.0), into(&self.0.join("mgrd-managers"))].join(" || "))
    }

    /// A manager in the group, with two modules.
    fn start(&self) -> TestManager {
        self.start_with(&[])
    }

    /// The same; the module `greedy` has these switches.
    fn start_with(&self, switches: &[&str]) -> TestManager {
        let setup = self.setup().rogue("greedy", switches).rogue("quiet", &[]);
        let daemon = setup.start();
        for module in ["greedy", "quiet"] {
            await_running(&daemon, module);
        }
        daemon
    }

    /// The folders of the managers.
    fn managers(&self) -> Vec<PathBuf> {
        let mut folders = folders(&self.0, "mgrd-");
        folders.retain(|folder| !folder.ends_with("mgrd-managers"));
        folders
    }

    /// The group of a module of the only manager.
    fn group(&self, module: &str) -> PathBuf {
        let managers = self.managers();
        let [manager] = &managers[..] else { panic!("{managers:?}") };
        let mut groups = folders(manager, "");
        groups.retain(|group| group.to_str().unwrap().ends_with(&format!("-{module}")));
        groups.retain(|group| !members(group).is_empty());
        let [group] = &groups[..] else { panic!("{groups:?}") };
        group.clone()
    }
}

/// Makes a setup for a manager in a group.
type Prepare<'a> = &'a dyn Fn(&Service) -> Setup;

impl Drop for Service {
    fn drop(&mut self) {
        fn remove(folder: &Path) {
            folders(folder, "").iter().for_each(|folder| remove(folder));
            let _ = std::fs::remove_dir(folder);
        }
        let slice = self.0.parent().unwrap();
        let _ = std::fs::write(slice.join("cgroup.kill"), "1");
        for _ in 0..500 {
            remove(slice);
            if !slice.exists() {
                break;
            }
            std::thread::yield_now();
        }
    }
}

/// Waits until a module runs. To ask the manager again and again would take too long here.
fn await_running(daemon: &TestManager, module: &str) {
    daemon.await_log(&format!("module=\"{module}\" state=running"));
}

/// Another program in a group.
struct Bystander(Child);

impl Bystander {
    fn in_group(group: &Path) -> Self {
        let child = Command::new("sleep").arg("1000").spawn().unwrap();
        write(group.join("cgroup.procs"), &child.id().to_string());
        Self(child)
    }
}

impl Drop for Bystander {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn assert_quiet_answers(daemon: &TestManager) {
    assert_eq!(daemon.ok("quiet echo x").trim(), "[\"x\"]");
    assert_eq!(daemon.module("quiet")["restarts"], 0);
}

#[test]
#[ignore = "needs control groups v2: make test-vm"]
fn the_kernel_kills_only_the_module_that_uses_too_much_memory_and_its_clients_learn_why() {
    let service = Service::new();
    let daemon = service.start();
    let before = service.group("greedy");
    daemon.ok("mgr module limit greedy memory=64M");
    let text = daemon.run("greedy misbehave leak 200").fails(5);
    for part in ["ran out of memory: it used 6", "its limit is 64 MiB; the kernel killed"] {
        assert!(text.contains(part), "{text}");
    }
    let health = eventually("health names the reason", || {
        let health = daemon.ok("health detail");
        if health.contains("MGR_MODULE_UNSTABLE") { Ok(health) } else { Err(health) }
    });
    assert!(health.contains("its limit is 64 MiB; the kernel killed"), "{health}");
    eventually(
        "the group is removed",
        || if before.exists() { Err("it is there") } else { Ok(()) },
    );
    let group = service.group("greedy");
    assert_eq!(read(group.join("memory.max")).trim(), (64 << 20).to_string());
    assert_eq!(read(group.join("memory.oom.group")).trim(), "1");
    assert_quiet_answers(&daemon);
}

#[test]
#[ignore = "needs control groups v2: make test-vm"]
fn processes_beyond_the_limit_do_not_start_and_the_module_lives() {
    let service = Service::new();
    let daemon = service.start();
    let before = members(&service.group("greedy"));
    daemon.ok("mgr module limit greedy processes=40");
    let started = daemon.ok("greedy misbehave fork 200");
    assert!((1..40).contains(&started.split_whitespace().count()), "{started}");
    eventually("the limit is named", || {
        let health = daemon.ok("health detail");
        let named = health.contains("'greedy'") && health.contains("limits.module.processes");
        if named { Ok(()) } else { Err(health) }
    });
    assert!(process::alive(before[0]));
    assert_quiet_answers(&daemon);
}

#[test]
#[ignore = "needs control groups v2: make test-vm"]
fn the_quota_of_processor_time_holds() {
    let service = Service::new();
    let daemon = service.start();
    let set = daemon.run("mgr module limit greedy cpu=20% cpu_weight=50");
    assert!(set.stderr.contains("cpu of module 'greedy' is 20% now"), "{set:?}");
    let group = service.group("greedy");
    assert_eq!(read(group.join("cpu.max")).trim(), "20000 100000");
    assert_eq!(read(group.join("cpu.weight")).trim(), "50");
    daemon.ok("greedy misbehave spin 4");
    eventually("the module is held back", || {
        let stat = read(group.join("cpu.stat"));
        let held = stat.lines().find_map(|line| line.strip_prefix("nr_throttled "));
        if held.is_some_and(|times| times != "0") { Ok(()) } else { Err(stat) }
    });
    assert_quiet_answers(&daemon);
}

#[test]
#[ignore = "needs control groups v2: make test-vm"]
fn all_that_a_module_started_ends_with_it_and_so_does_its_group() {
    let service = Service::new();
    let daemon = service.start();
    daemon.ok("greedy misbehave detach 3");
    daemon.ok("greedy misbehave fork 3");
    let group = service.group("greedy");
    let started = members(&group);
    assert!(started.len() >= 7, "{started:?}");
    // A process that was moved away comes back.
    write(Path::new(TOP).join("cgroup.procs"), &started[3].to_string());
    eventually("the process is back", || {
        if members(&group).contains(&started[3]) { Ok(()) } else { Err("it is elsewhere") }
    });
    daemon.ok("mgr module disable greedy");
    started.into_iter().for_each(process::await_end);
    eventually("the group is removed", || if group.exists() { Err("it is there") } else { Ok(()) });
    assert_quiet_answers(&daemon);
}

#[test]
#[ignore = "needs control groups v2: make test-vm"]
fn what_outlives_a_killed_mgrd_ends_by_its_group_alone() {
    let service = Service::new();
    let mut daemon = service.start_with(&["untied", "deaf"]);
    daemon.ok("greedy misbehave detach 2");
    let left = members(&service.group("greedy"));
    let before = service.managers();
    daemon.kill();
    assert!(process::alive(left[0]));
    // Nothing else tells the next manager of them.
    std::fs::remove_dir_all(daemon.folder().join("data/processes")).unwrap();
    daemon.restart();
    daemon.await_log("in the control group of an mgrd that was killed");
    eventually("the group is removed", || {
        if before[0].exists() { Err("it is there") } else { Ok(()) }
    });
    assert!(left.iter().all(|pid| !process::alive(*pid)));
    assert_eq!(service.managers().len(), 1);
    daemon.signal(nix::sys::signal::Signal::SIGTERM);
    daemon.await_end();
    assert!(service.managers().is_empty());
}

#[test]
#[ignore = "needs control groups v2: make test-vm"]
fn a_change_reaches_the_kernel_at_once_and_a_refusal_is_reported() {
    let service = Service::new();
    let daemon = service.start();
    daemon.await_log("control groups keep the limits of modules (cpu, memory, pids)");
    let group = service.group("greedy");
    daemon.ok("mgr module limit greedy memory=100M processes=77 cpu=unlimited");
    let files = ["memory.max", "pids.max", "cpu.max"].map(|file| read(group.join(file)));
    assert_eq!(files.map(|text| text.trim().to_owned()), ["104857600", "77", "max 100000"]);
    let limits = daemon.json("mgr module limit greedy");
    for limit in ["memory", "processes", "cpu", "cpu_weight"] {
        assert_eq!(limits[limit]["kept_by"], "control group", "{limit}");
    }
    let kept =
        json!({"memory": "control group", "processes": "control group", "cpu": "control group"});
    assert_eq!(daemon.module("greedy")["limits_kept_by"], kept);
    assert!(daemon.ok("mgr module ls").contains("cgroup"));
    // A file that takes nothing, in the place of the limit.
    let file = group.join("cpu.max");
    let mounted = Command::new("mount").arg("--bind").arg("/proc/version").arg(&file).status();
    assert!(mounted.unwrap().success());
    let refused = daemon.run("mgr module limit greedy cpu=30%");
    assert!(Command::new("umount").arg(&file).status().unwrap().success());
    assert!(refused.stderr.contains("the system refuses it"), "{refused:?}");
    // Below the current use.
    let before = members(&group)[0];
    daemon.ok("greedy misbehave leak 50");
    daemon.ok("mgr module limit greedy memory=20M");
    process::await_end(before);
    daemon.await_log("its limit is 20 MiB; the kernel killed");
    assert_quiet_answers(&daemon);
}

#[test]
#[ignore = "needs control groups v2: make test-vm"]
fn only_the_controllers_that_can_be_had_are_used() {
    let service = Service::with("+memory +pids");
    let daemon = service.start();
    daemon.await_log("control groups keep the limits of modules (memory, pids)");
    assert!(daemon.ok("mgr module ls").contains("cgroup (memory, pids)"));
    let answer = daemon.run("mgr module limit greedy cpu=50%");
    assert!(answer.stderr.contains("its control group has no controller for it"), "{answer:?}");
}

#[test]
#[ignore = "needs control groups v2: make test-vm"]
fn without_control_groups_mgrd_says_why_and_measures_itself() {
    let restricted = |service: &Service| {
        // root without the right to change what is not its own.
        let nobody = |file: &str| std::os::unix::fs::chown(service.0.join(file), Some(65534), None);
        ["", "cgroup.procs", "cgroup.subtree_control"]
            .iter()
            .for_each(|file| nobody(file).unwrap());
        let drop =
            "exec setpriv --bounding-set -dac_override --inh-caps -dac_override \"$0\" \"$@\"";
        service.setup().prelude(drop)
    };
    let read_only = |service: &Service| {
        let mount = format!("mount -o remount,bind,ro {TOP}; exec \"$0\" \"$@\"");
        service.setup().prelude(&format!("exec unshare -m sh -c '{mount}' \"$0\" \"$@\""))
    };
    let threaded = |service: &Service| {
        let setup = service.setup();
        write(service.0.join("cgroup.type"), "threaded");
        // Only as a group of threads it takes threads.
        setup
    };
    let cases: [(&str, &str, Prepare<'_>); 4] = [
        ("+cpu +memory +pids", "Permission denied", &restricted),
        ("+cpu +memory +pids", "is mounted read-only", &read_only),
        ("", "none of the controllers", &|service: &Service| service.setup()),
        ("", "is of type 'threaded'", &threaded),
    ];
    for (controllers, why, setup) in cases {
        let service = Service::with(controllers);
        let daemon = setup(&service).rogue("m", &[]).start();
        let log = daemon.await_log("control groups are not used: ");
        assert!(log.contains(why), "{why}: {log}");
        await_running(&daemon, "m");
        assert!(daemon.ok("mgr module ls").contains("sampling"));
        assert_eq!(daemon.json("mgr module limit m")["memory"]["kept_by"], "sampling");
    }
}

#[test]
#[ignore = "needs control groups v2: make test-vm"]
fn managers_share_a_group_that_was_delegated_and_leave_the_programs_of_others_alone() {
    let service = Service::new();
    let bystander = Bystander::in_group(&service.0);
    let daemon = service.setup().start();
    let log = daemon.await_log("control groups are not used: ");
    assert!(log.contains("other programs are in the group"), "{log}");
    drop(daemon);
    // As systemd marks a group.
    let mark = format!("import os; os.setxattr('{}', 'user.delegate', b'1')", service.0.display());
    let marked = Command::new(places::python()).args(["-c", &mark]).status();
    assert!(marked.unwrap().success());
    let mut daemon = service.setup().rogue("m", &[]).start();
    await_running(&daemon, "m");
    let managers = service.0.join("mgrd-managers");
    assert!(members(&managers).contains(&bystander.0.id()));
    // It starts where the bystander is now, as a child of the bystander would.
    let other = service.setup().rogue("n", &[]).start();
    await_running(&other, "n");
    let both = service.managers();
    assert_eq!(both.len(), 2);
    daemon.kill();
    daemon.restart();
    eventually("only the group of the killed manager is removed", || {
        let now = service.managers();
        let kept = now.iter().filter(|folder| both.contains(folder)).count();
        if (now.len(), kept) == (2, 1) { Ok(()) } else { Err(format!("{now:?}")) }
    });
    assert_eq!(other.module("n")["restarts"], 0);
}

#[test]
#[ignore = "needs control groups v2: make test-vm"]
fn in_the_root_of_all_groups_mgrd_stays_where_it_is() {
    write(Path::new(TOP).join("cgroup.procs"), "0");
    let daemon = Setup::new().rogue("m", &[]).start();
    await_running(&daemon, "m");
    daemon.await_log("control groups keep the limits of modules");
    assert_eq!(read(format!("/proc/{}/cgroup", daemon.pid())).trim(), "0::/");
    let pid = daemon.module("m")["pid"].to_string();
    assert!(read(format!("/proc/{pid}/cgroup")).trim().ends_with("-m"));
}
