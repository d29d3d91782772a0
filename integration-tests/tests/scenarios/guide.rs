//! A Python module written from the module guide alone works as the guide says; a file below a
//! section of the guide.

mod commands;
mod console;
mod declarations;
mod limitations;
mod logging;
mod notifications;
mod options;
mod progress;
mod remote;
mod sending;
mod shutting_down;
mod store;

use integration_tests::{Setup, TestDaemon, eventually};

/// The module.
pub(crate) const GUIDE: &str = include_str!("modules/guide.py");

/// A module that can be talked to with [`evaluate`].
const PROBE: &str = include_str!("modules/talker.py");

/// A daemon that runs [`PROBE`] under these names.
fn probing(modules: &[&str]) -> TestDaemon {
    let setup = Setup::new().argument("--allow-eval");
    let setup = modules.iter().fold(setup, |setup, name| setup.python(name, PROBE));
    let daemon = setup.start();
    for module in modules {
        daemon.await_running(module);
    }
    daemon
}

/// What Python prints inside a module, which is `mgr` there.
fn evaluate(daemon: &TestDaemon, module: &str, source: &str) -> String {
    let evaluated = daemon.ctl(&format!("mgr {module} eval -i -")).input(source).run().ok();
    evaluated.trim_end().to_owned()
}

fn start() -> TestDaemon {
    let daemon =
        Setup::new().python("guide", GUIDE).python("other", &GUIDE.replace("\"guide ", "\"other "));
    let daemon = daemon.start();
    daemon.await_running("guide");
    daemon.await_running("other");
    daemon
}

#[test]
fn its_commands_take_arguments_as_declared_and_answer() {
    let daemon = start();
    let painted = daemon.run("guide paint green 3 --loud --names a,b");
    assert_eq!(painted.text(), "green 3 True ['a', 'b']\n");
    assert_eq!(painted.stderr, "painted\n");
    assert_eq!(daemon.ok("guide paint red"), "red 1 False None\n");
    assert!(daemon.run("guide paint blue").fails(22).contains("red|green"));
    assert_eq!(daemon.ok("guide old thing"), "old thing\n");
    let json = daemon.json("guide wormholes");
    assert_eq!(json["gravitons"], 999);
    assert!(daemon.ok("guide wormholes --format yaml").contains("gravitons: 999"));
    assert!(daemon.ok("-h guide paint").contains("guide paint"));
}

#[test]
fn what_goes_wrong_in_a_handler_reaches_the_client() {
    let daemon = start();
    assert_eq!(daemon.run("guide refuse kindly").fails(2), "Error ENOENT: no such thing\n");
    let traceback = daemon.run("guide refuse badly").fails(22);
    assert!(traceback.contains("Traceback") && traceback.contains("a mistake"), "{traceback}");
    assert_eq!(daemon.run("guide refuse not").ok(), "");
    let nothing = daemon.run("guide nothing");
    assert_eq!(nothing.status, Some(22));
    assert!(!nothing.stderr.is_empty());
}

#[test]
fn options_set_anywhere_are_seen_everywhere_at_once() {
    let daemon = start();
    assert_eq!(daemon.ok("guide level"), "3 calm\n");
    daemon.ok("config set mgr mgr/guide/level 7");
    assert_eq!(daemon.ok("guide level"), "7 calm\n");
    assert_eq!(daemon.ok("guide level set 8"), "8\n");
    assert_eq!(daemon.ok("config get mgr mgr/guide/level"), "8\n");
    for (option, value) in [("level", "many"), ("level", "11"), ("mood", "sad"), ("nonsense", "1")]
    {
        let why = daemon.run(&format!("config set mgr mgr/guide/{option} {value}")).fails(22);
        assert!(why.starts_with("Error EINVAL: "), "{why}");
        assert!(why.trim_end().len() > "Error EINVAL: ".len(), "{why}");
    }
    daemon.ok("config rm mgr mgr/guide/level");
    assert_eq!(daemon.ok("guide level"), "3 calm\n");
    assert_eq!(daemon.ok("other level"), "3 calm\n");
}

#[test]
fn its_store_is_its_own_and_reachable_from_outside() {
    let daemon = start();
    assert_eq!(daemon.ok("guide put colour red"), "red\n");
    assert_eq!(daemon.ok("config-key get mgr/guide/colour").trim_end(), "red");
    assert_eq!(daemon.ok("other keep"), "");
    daemon.ok("config-key set mgr/guide/shape round");
    assert_eq!(daemon.ok("guide keep"), "colour=red shape=round\n");
    let large = "x".repeat(65_000);
    let put = daemon.ctl("guide put large -i -").input(large.clone()).run().ok();
    assert_eq!(put.trim_end(), large);
}

#[test]
fn its_health_checks_are_shown_muted_and_gone_with_it() {
    let daemon = start();
    daemon.ok("guide health unwell");
    let detail = daemon.ok("health detail");
    for part in ["HEALTH_WARN", "GUIDE_UNWELL: unwell", "a detail"] {
        assert!(detail.contains(part), "{detail} lacks {part}");
    }
    daemon.ok("health mute GUIDE_UNWELL 1h");
    let muted = daemon.ok("health");
    assert!(muted.starts_with("HEALTH_OK") && muted.contains("muted: GUIDE_UNWELL"), "{muted}");
    daemon.ok("health unmute GUIDE_UNWELL");
    assert!(daemon.ok("health").starts_with("HEALTH_WARN"));
    daemon.ok("mgr module disable guide");
    eventually("the check is gone", || {
        let health = daemon.ok("health detail");
        if health.contains("GUIDE_UNWELL") { Err(health) } else { Ok(()) }
    });
}

#[test]
fn modules_call_each_other() {
    let daemon = start();
    assert_eq!(daemon.ok("guide remote other greet"), "{'hello': 'x', 'named': 1}\n");
    let raised = daemon.run("guide remote other fail").fails(22);
    assert!(raised.contains("RuntimeError") && raised.contains("x is wrong"), "{raised}");
    assert!(daemon.run("guide remote other missing").fails(22).contains("NameError"));
    assert!(daemon.run("guide remote absent greet").fails(2).contains("ImportError"));
    daemon.ok("mgr module disable other");
    assert!(daemon.run("guide remote other greet").fails(2).contains("ImportError"));
}

#[test]
fn it_sends_commands_to_mgrd_itself() {
    let daemon = start();
    assert!(daemon.ok("guide mon status").contains("services:"));
    let nobody = daemon.run("guide mon nonsense");
    assert_ne!(nobody.status, Some(0));
    assert!(nobody.stderr.contains("nonsense"), "{}", nobody.stderr);
}
