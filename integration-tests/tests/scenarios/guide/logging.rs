//! Logging: levels, a file of the module's own, the cluster log.

use integration_tests::{Setup, TestManager, eventually};

use super::{PROBE, evaluate};

fn start() -> TestManager {
    let setup = Setup::new().argument("--allow-eval");
    let file = setup.folder().join("mgr.x.log");
    let daemon = setup.python("probe", PROBE).argument("--log-file").argument(file).start();
    daemon.await_running("probe");
    daemon
}

fn file(daemon: &TestManager, name: &str) -> String {
    std::fs::read_to_string(daemon.folder().join(name)).unwrap_or_default()
}

/// Waits until a log file holds a text; returns all of it.
fn await_in(daemon: &TestManager, name: &str, text: &str) -> String {
    eventually(&format!("'{text}' in {name}"), || {
        let log = file(daemon, name);
        if log.contains(text) { Ok(log) } else { Err(log) }
    })
}

fn level(daemon: &TestManager) -> String {
    evaluate(
        daemon,
        "probe",
        "logging = __import__('logging'); \
             print(logging.getLevelName(logging.getLogger('any').getEffectiveLevel()))",
    )
}

fn await_level(daemon: &TestManager, wanted: &str) {
    eventually(&format!("level {wanted}"), || {
        let now = level(daemon);
        if now == wanted { Ok(()) } else { Err(now) }
    });
}

#[test]
fn the_level_is_that_of_the_option_or_else_follows_the_daemon() {
    let daemon = start();
    assert_eq!(daemon.ok("config get mgr mgr/probe/log_level"), "\n");
    assert_eq!(level(&daemon), "INFO");
    for (debug_mgr, wanted) in [
        ("0", "CRITICAL"),
        ("1/5", "WARNING"),
        ("2", "INFO"),
        ("4/5", "INFO"),
        ("5", "DEBUG"),
        ("20", "DEBUG"),
    ] {
        daemon.ok(&format!("config set mgr debug_mgr {debug_mgr}"));
        await_level(&daemon, wanted);
    }
    for own in ["info", "debug", "critical", "error", "warning"] {
        daemon.ok(&format!("config set mgr mgr/probe/log_level {own}"));
        await_level(&daemon, &own.to_uppercase());
    }
    daemon.ctl("config set mgr mgr/probe/log_level").word("").run().ok();
    await_level(&daemon, "DEBUG");
    for level in ["loud", "1/", "100"] {
        daemon.ctl("config set mgr debug_mgr").word(level).run().fails(22);
    }
    await_level(&daemon, "DEBUG");
    let why = daemon.run("config set mgr mgr/probe/log_level loud").fails(22);
    assert!(why.contains("'loud' is not one of the permitted values"), "{why}");
}

#[test]
fn the_log_of_a_module_is_complete_in_the_daemons_log_at_any_level() {
    let daemon = start();
    await_in(&daemon, "mgr.x.log", "said while it is imported");
    daemon.ok("config set mgr mgr/probe/log_level debug");
    await_level(&daemon, "DEBUG");
    evaluate(&daemon, "probe", "mgr.log.debug('fine: %s', 'a\\nzwölf 十二\\nb')");
    let log = await_in(&daemon, "mgr.x.log", "fine: ");
    assert!(
        log.contains("fine: a\n    zwölf 十二\n    b module=\"probe\" logger=\"probe\" ["),
        "{log}"
    );
    let raise = "try:\n    1 / 0\nexcept ZeroDivisionError:\n    mgr.getLogger('probe.sub').exception('caught')\n\n";
    evaluate(&daemon, "probe", raise);
    let log = await_in(&daemon, "mgr.x.log", "caught");
    assert!(log.contains("caught\n    Traceback (most recent call last):\n"), "{log}");
    assert!(
        log.contains("ZeroDivisionError: division by zero module=\"probe\" logger=\"probe.sub\" [")
    );
}

#[test]
fn a_module_with_its_own_log_file_does_not_use_the_daemons() {
    let daemon = start();
    assert_eq!(daemon.ok("config get mgr mgr/probe/log_to_file"), "false\n");
    daemon.ok("config set mgr mgr/probe/log_to_file true");
    assert_eq!(daemon.ok("config get mgr mgr/probe/log_to_file"), "true\n");
    eventually("its file is there", || {
        evaluate(&daemon, "probe", "mgr.log.warning('is it there?')");
        if file(&daemon, "mgr.x.probe.log").is_empty() { Err("not yet") } else { Ok(()) }
    });
    evaluate(&daemon, "probe", "mgr.log.warning('only\\nhere: zwölf')");
    let own = await_in(&daemon, "mgr.x.probe.log", "zwölf");
    assert!(own.contains("[commands] [WARNING] [probe] only\nhere: zwölf\n"), "{own}");
    daemon.ok("config set mgr mgr/probe/log_to_file false");
    eventually("it is back in the daemon's log", || {
        evaluate(&daemon, "probe", "mgr.log.warning('back again')");
        if file(&daemon, "mgr.x.log").contains("back again") { Ok(()) } else { Err("not yet") }
    });
    assert!(!file(&daemon, "mgr.x.log").contains("here: zwölf"));
}

#[test]
fn the_cluster_log_gets_the_records_of_its_level_on_the_channel_of_the_module() {
    let daemon = start();
    daemon.ok("config set mgr mgr/probe/log_to_cluster true");
    eventually("it logs to the cluster", || {
        evaluate(&daemon, "probe", "mgr.log.info('are you there?')");
        let last = daemon.ok("log last 1 debug probe");
        if last.is_empty() { Err("not yet") } else { Ok(()) }
    });
    evaluate(&daemon, "probe", "mgr.log.debug('too low'); mgr.log.critical('zwölf\\nlines')");
    let last = daemon.ok("log last 1 debug probe");
    assert!(last.ends_with(": probe [ERR] zwölf\n    lines\n"), "{last}");
    daemon.ok("config set mgr mgr/probe/log_to_cluster_level error");
    eventually("only errors pass", || {
        let before = daemon.ok("log last 1000 debug probe").lines().count();
        evaluate(&daemon, "probe", "mgr.log.warning('still?')");
        let after = daemon.ok("log last 1000 debug probe").lines().count();
        if before == after { Ok(()) } else { Err(after) }
    });
    evaluate(&daemon, "probe", "mgr.cluster_log('audit', mgr.ClusterLogPrio.SEC, 'by hand')");
    assert!(daemon.ok("log last 1 info audit").ends_with(": audit [SEC] by hand\n"));
    assert!(!daemon.ok("log last 100 debug *").contains("too low"));
}
