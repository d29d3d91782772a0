//! A Rust module that uses every part of the SDK works as its documentation says; see
//! `src/bin/guide`.

use std::process::Command;

use integration_tests::{Setup, TestManager, eventually};
use serde_json::json;

fn setup() -> Setup {
    Setup::new().installed_binary("guide", "guide", &[]).enable("guide").example("hello")
}

fn start(setup: Setup) -> TestManager {
    let daemon = setup.start();
    daemon.await_running("guide");
    daemon.await_running("hello");
    daemon
}

#[test]
fn its_commands_take_arguments_as_declared_and_answer() {
    let daemon = start(setup());
    let painted = daemon.run("guide paint dark-green 3 --loud --names a,b");
    assert_eq!(painted.text(), "dark-green 3 true Some([\"a\", \"b\"])\n");
    assert_eq!(painted.stderr, "painted\n");
    assert_eq!(daemon.ok("guide paint red"), "red 1 false None\n");
    assert!(daemon.run("guide paint blue").fails(22).contains("red|dark-green"));
    daemon.run("guide paint red 10").fails(22);
    let help = daemon.ok("-h guide paint");
    assert!(help.contains("guide paint") && help.contains("Paints"), "{help}");
    let echoed = daemon.ctl("guide echo -i -").input("dear\nreader\n").run().ok();
    assert_eq!(echoed, "hello dear\nreader\n");
    assert!(daemon.run("guide echo").fails(22).contains("input data is missing"));
    let unasked = daemon.ctl("guide level -i -").input("x").run().fails(22);
    assert!(unasked.contains("takes no input data"), "{unasked}");
}

#[test]
fn its_answers_come_in_every_format() {
    let daemon = start(setup());
    for (format, expected) in [
        ("plain", "999 gravitons, through a and b\n"),
        ("json", "{\"gravitons\":999,\"names\":[\"a\",\"b\"]}\n"),
        ("yaml", "gravitons: 999\nnames:\n- a\n- b\n"),
        (
            "xml",
            "<result><gravitons>999</gravitons><names><item>a</item><item>b</item></names></result>\n",
        ),
    ] {
        assert_eq!(daemon.ok(&format!("guide wormholes --format {format}")), expected);
    }
    let kindly = daemon.run("guide refuse kindly").fails(2);
    assert_eq!(kindly, "Error ENOENT: no such thing; see guide wormholes\n");
    assert!(daemon.run("guide refuse badly").fails(5).contains("it panicked: a mistake"));
    assert_eq!(daemon.ok("guide refuse not --format json"), "");
}

#[test]
fn its_options_and_store_are_those_of_the_operator() {
    let daemon = start(setup());
    assert_eq!(daemon.ok("guide level"), "3 calm\n");
    daemon.ok("config set mgr mgr/guide/level 7");
    daemon.ok("config set mgr mgr/guide/mood quite-wild");
    assert_eq!(daemon.ok("guide level"), "7 quite-wild\n");
    assert_eq!(daemon.ok("guide level set 8"), "8 quite-wild\n");
    assert_eq!(daemon.ok("config get mgr mgr/guide/level"), "8\n");
    assert_eq!(daemon.ok("guide level set 9 --here"), "9 quite-wild\n");
    daemon.ok("config rm mgr mgr/guide/x/level");
    assert_eq!(daemon.ok("guide level"), "8 quite-wild\n");
    daemon.run("guide level set 11").fails(22);
    daemon.run("config set mgr mgr/guide/mood sad").fails(22);
    daemon.ok("guide keep colour red");
    assert_eq!(daemon.ok("config-key get mgr/guide/colour").trim_end(), "red");
    daemon.ok("config-key set mgr/guide/shape round");
    let kept = daemon.json("guide keep nothing");
    assert_eq!(kept, json!({"colour": "red", "shape": "round"}));
}

#[test]
fn it_reads_the_cluster_through_every_accessor() {
    let daemon = start(setup().replay(20.0));
    daemon.ok("config set mgr mgr/hello/greeting Moin");
    let read = eventually("the counters are there", || {
        let read = daemon.json("guide cluster");
        if read["points"].as_u64() > Some(0) { Ok(read) } else { Err(read) }
    });
    for (what, expected) in [
        ("hosts", json!(1)),
        ("metadata", json!(true)),
        ("status", json!(true)),
        ("absent", json!(null)),
        ("schema", json!(true)),
        ("osd_op", json!(true)),
        ("connected", json!(true)),
        ("tick", json!(2.0)),
        ("greeting", json!("Moin")),
    ] {
        assert_eq!(read[what], expected, "{what} in {read}");
    }
    assert!(read["epoch"].as_u64().is_some() && read["daemons"].as_u64() > Some(3), "{read}");
    assert!(read["metrics"].as_u64() > Some(2), "{read}");
}

#[test]
fn its_health_checks_stay_until_they_are_cleared_or_it_is_disabled() {
    let daemon = start(setup());
    daemon.ok("guide health one,two");
    let detail = daemon.ok("health detail");
    for part in ["HEALTH_WARN", "GUIDE_UNWELL: unwell", "one", "two"] {
        assert!(detail.contains(part), "{detail} lacks {part}");
    }
    daemon.ok("guide health");
    assert!(!daemon.ok("health detail").contains("GUIDE_UNWELL"));
    daemon.ok("guide health one");
    daemon.ok("mgr module disable guide");
    eventually("the check is gone", || {
        let health = daemon.ok("health detail");
        if health.contains("GUIDE_UNWELL") { Err(health) } else { Ok(()) }
    });
}

#[test]
fn it_sends_commands_and_calls_modules() {
    let daemon = start(setup());
    assert!(daemon.ok("guide send status").contains("services:"));
    assert_eq!(daemon.ok("guide send hello"), "Hello, world!\n");
    let unknown = daemon.run("guide send nonsense").fails(22);
    assert!(unknown.contains("'nonsense' failed: ") && unknown.contains("EINVAL"), "{unknown}");
    assert_eq!(daemon.ok("guide call hello greeting_for"), "Hello, Ada!\n");
    assert!(daemon.run("guide call absent greeting_for").fails(2).contains("absent"));
    assert!(daemon.run("guide call hello nothing").fails(95).contains("nothing"));
    assert!(daemon.run("guide call guide fail").fails(22).contains("Ada is wrong"));
    assert!(
        daemon.run("guide call guide cycle").fails(22).contains("let none of these modules call")
    );
    daemon.run("guide call guide hang 200").fails(110);
    for (what, sign) in [
        ("the method ends with its caller's patience", "hang ended"),
        ("the notification of a command", "command guide"),
    ] {
        eventually(what, || {
            let seen = daemon.ok("guide seen");
            if seen.contains(sign) { Ok(()) } else { Err(seen) }
        });
    }
}

#[test]
fn a_map_can_be_read_when_its_notification_arrives() {
    let daemon = start(setup().replay(20.0));
    let seen = eventually("several osd_map notifications", || {
        let seen = daemon.json("guide seen");
        if seen.as_array().is_some_and(|seen| seen.len() > 4) { Ok(seen) } else { Err(seen) }
    });
    let epochs: Vec<_> = seen.as_array().unwrap().iter().map(|pair| pair[1].as_u64()).collect();
    assert!(epochs.is_sorted() && epochs.first() < epochs.last(), "{seen}");
}

#[test]
fn its_work_is_shown_until_it_ends_or_is_dropped() {
    let daemon = start(setup());
    for (end, kept) in [("complete", "Digging"), ("fail", "Digging: rock"), ("drop", "given up")] {
        daemon.ok("guide work");
        daemon.ok("guide work on");
        let shown = daemon.json("progress json");
        assert_eq!(shown["events"][0]["message"], "Digging", "{shown}");
        assert!(daemon.ok("status").contains("Digging"));
        daemon.ok(&format!("guide work {end}"));
        eventually("the work ends", || {
            let shown = daemon.json("progress json");
            let last =
                shown["completed"].as_array().and_then(|all| all.last()?["message"].as_str());
            let ended = last.is_some_and(|message| message.ends_with(kept));
            if ended && shown["events"] == json!([]) { Ok(()) } else { Err(shown) }
        });
    }
}

#[test]
fn its_options_decide_where_its_log_goes() {
    let setup = setup();
    let file = setup.folder().join("daemon.log");
    let setup = setup.argument("--log-file").argument(&file);
    let daemon = start(setup);
    let read = |path: &std::path::Path| std::fs::read_to_string(path).unwrap_or_default();
    let await_in = |path: &std::path::Path, text: &str| {
        eventually(&format!("'{text}' in {}", path.display()), || {
            let log = read(path);
            if log.contains(text) { Ok(log) } else { Err(log) }
        })
    };
    daemon.ok("guide log first");
    let log = await_in(&file, "first error: ß");
    assert!(log.contains("first info colour=red") && !log.contains("first debug"), "{log}");
    assert!(log.contains("first warning") && log.contains("in two lines"), "{log}");
    daemon.ok("config set mgr mgr/guide/log_level debug");
    daemon.ok("guide log second");
    await_in(&file, "second debug");
    daemon.ctl("config set mgr mgr/guide/log_level").word("").run().ok();
    daemon.ok("config set mgr debug_mgr 1/5");
    daemon.ok("guide log third");
    let log = await_in(&file, "third error");
    assert!(log.contains("third warning") && !log.contains("third info"), "{log}");
    daemon.ok("config set mgr mgr/guide/log_to_file true");
    daemon.ok("config set mgr mgr/guide/log_level info");
    daemon.ok("guide log fourth");
    let own = file.with_file_name("daemon.guide.log");
    let log = await_in(&own, "fourth error: ß");
    assert!(log.contains("[WARN] [guide::commands] fourth warning\nin two lines\n"), "{log}");
    // The audit log has the command with its arguments there.
    assert!(!read(&file).contains("fourth error") && !read(&file).contains("fourth warning"));
    daemon.ok("config set mgr mgr/guide/log_to_file false");
    daemon.ok("config set mgr mgr/guide/log_to_cluster true");
    daemon.ok("config set mgr mgr/guide/log_to_cluster_level error");
    daemon.ok("guide log fifth");
    await_in(&file, "fifth error");
    eventually("the error is in the cluster log", || {
        let log = daemon.ok("log last 20 debug *");
        if log.contains("fifth error: ß") { Ok(()) } else { Err(log) }
    });
    let log = daemon.ok("log last 20 debug *");
    assert!(!log.contains("fifth warning") && log.contains("fifth was logged"), "{log}");
}

#[test]
fn a_module_that_cannot_run_says_why_and_is_not_enabled() {
    let setup = Setup::new().installed_binary("guide", "guide", &[]);
    let manifest = setup.modules().join("guide/module.toml");
    let text = std::fs::read_to_string(&manifest).unwrap();
    std::fs::write(&manifest, text + "\n[env]\nGUIDE_CANNOT_RUN = \"1\"\n").unwrap();
    let daemon = setup.start();
    let why = daemon.run("mgr module enable guide").fails(2);
    assert!(why.contains("there is no wormhole; dig one"), "{why}");
    daemon.ok("mgr module enable guide --force");
    daemon.await_state("guide", "cannot_run");
    assert!(daemon.ok("health detail").contains("there is no wormhole; dig one"));
}

#[test]
fn its_uri_is_published_and_a_program_without_a_host_says_what_is_missing() {
    let daemon = start(setup());
    eventually("the uri is published", || {
        let services = daemon.json("mgr services");
        if services["guide"] == "http://guide/" { Ok(()) } else { Err(services) }
    });
    let alone = Command::new(integration_tests::places::binary("guide"))
        .env_remove("MGRD_SOCKET")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&alone.stderr).into_owned();
    assert!(said.contains("MGRD_SOCKET is not set: modules are started by mgrd"), "{said}");
}

#[test]
fn its_standby_half_follows_the_active_manager() {
    let daemon = start(setup());
    let peer = daemon.start_manager("y");
    peer.await_log("level 3, active at 'http://guide/', store {}, tick 2");
    daemon.ok("config-key set mgr/guide/key value");
    daemon.ok("config set mgr mgr/guide/level 7");
    peer.await_log("level 7, active at 'http://guide/', store {\"key\": \"value\"}, tick 2");
}
