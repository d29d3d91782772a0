//! Configuration options.

use integration_tests::{TestManager, eventually};

use super::{evaluate, probing};

fn option(daemon: &TestManager, name: &str) -> String {
    evaluate(daemon, "probe", &format!("mgr.get_module_option('{name}')"))
}

/// The last line of a traceback: which exception, and why.
fn raised(daemon: &TestManager, source: &str) -> String {
    let said = evaluate(daemon, "probe", source);
    assert!(said.starts_with("Traceback"), "{source}: {said}");
    said.lines().last().unwrap_or_default().to_owned()
}

#[test]
fn values_have_the_declared_type_for_every_writer() {
    let daemon = probing(&["probe"]);
    for (name, value) in [
        ("number", "3"),
        ("mood", "'calm'"),
        ("ratio", "0.5"),
        ("wait", "60"),
        ("on", "True"),
        ("plain", "7"),
        ("bare", ""),
    ] {
        assert_eq!(option(&daemon, name), value, "{name}");
    }
    for (kind, given, read, stored) in [
        ("int", "'0x10'", "16", "16"),
        ("uint", "5", "5", "5"),
        ("size", "'4K'", "4096", "4096"),
        ("float", "'1e3'", "1000.0", "1000.000000"),
        ("secs", "'2h'", "7200.0", "7200"),
        ("millisecs", "1500", "1500.0", "1500"),
        ("bool", "False", "False", "false"),
        ("str", "'zwölf\\nlines'", "'zwölf\\nlines'", "zwölf\nlines"),
        ("addr", "'1.2.3.4:55'", "'v2:1.2.3.4:55/0'", "v2:1.2.3.4:55/0"),
    ] {
        evaluate(&daemon, "probe", &format!("mgr.set_module_option('a_{kind}', {given})"));
        assert_eq!(option(&daemon, &format!("a_{kind}")), read, "{kind}");
        let shown = daemon.ok(&format!("config get mgr mgr/probe/a_{kind}"));
        assert_eq!(shown, format!("{stored}\n"), "{kind}");
    }
    daemon.ok("config set mgr mgr/probe/wait 5m");
    assert_eq!(option(&daemon, "wait"), "300.0");
    evaluate(&daemon, "probe", "mgr.set_module_option('bare', '')");
    assert_eq!(option(&daemon, "bare"), "''");
    assert_eq!(evaluate(&daemon, "probe", "mgr.get_module_option('a_uuid', 'given')"), "'given'");
    assert_eq!(evaluate(&daemon, "probe", "mgr.get_module_option('number', 99)"), "3");
}

#[test]
fn an_undeclared_or_invalid_option_raises() {
    let daemon = probing(&["probe"]);
    for call in [
        "get_module_option('nope')",
        "set_module_option('nope', 1)",
        "get_localized_module_option('nope')",
        "set_localized_module_option('nope', 1)",
    ] {
        let why = raised(&daemon, &format!("mgr.{call}"));
        assert_eq!(why, "RuntimeError: Config option 'nope' is not in Probe.MODULE_OPTIONS");
    }
    for (name, value, why) in [
        ("number", "11", "Value '11' exceeds maximum 10"),
        ("number", "0", "Value '0' is below minimum 1"),
        ("least", "0", "Value '0' is below minimum 1"),
        ("mood", "sad", "'sad' is not one of the permitted values: calm, wild"),
        ("number", "many", "strict_si_cast: unit prefix not recognized"),
        ("ratio", "x", "strict_strtod: expected double, got: 'x'"),
        ("a_uuid", "x", "'x' is not a valid uuid"),
    ] {
        let call = format!("mgr.set_module_option('{name}', '{value}')");
        let help = format!("; option 'mgr/probe/{name}' takes ");
        let raised = raised(&daemon, &call);
        assert!(raised.contains(&format!("{why}{help}")), "{name}={value}: {raised}");
        let catch = format!("try:\n    {call}\nexcept ValueError:\n    print('ValueError')\n\n");
        assert_eq!(evaluate(&daemon, "probe", &catch), "ValueError");
        let refused = daemon.run(&format!("config set mgr mgr/probe/{name} {value}")).fails(22);
        let start = format!("Error EINVAL: error parsing value: {why}{help}");
        assert!(refused.starts_with(&start), "{refused}");
        assert!(refused.ends_with(&format!(", not '{value}'\n")), "{refused}");
    }
    let unknown = daemon.run("config set mgr mgr/probe/nope 1").fails(22);
    assert!(unknown.contains("unrecognized config option 'mgr/probe/nope'"), "{unknown}");
}

#[test]
fn writes_are_visible_to_all_at_once_and_none_deletes() {
    let daemon = probing(&["probe"]);
    let other_thread = "seen = []\nt = __import__('threading').Thread(target=lambda: \
                        seen.append(mgr.get_module_option('number')))\n\
                        mgr.set_module_option('number', 9)\nt.start()\nt.join()\nprint(seen)\n";
    assert_eq!(evaluate(&daemon, "probe", other_thread), "[9]");
    assert_eq!(daemon.ok("config get mgr mgr/probe/number"), "9\n");
    evaluate(&daemon, "probe", "mgr.told.clear()");
    daemon.ok("config set mgr mgr/probe/number 4");
    assert_eq!(option(&daemon, "number"), "4");
    eventually("config_notify read the new value", || {
        let told = evaluate(&daemon, "probe", "mgr.told");
        if told.starts_with("[4") { Ok(()) } else { Err(told) }
    });
    evaluate(&daemon, "probe", "mgr.set_module_option('number', None)");
    assert_eq!(option(&daemon, "number"), "3");
    daemon.ok("config set mgr mgr/probe/number 4");
    daemon.ok("config rm mgr mgr/probe/number");
    assert_eq!(option(&daemon, "number"), "3");
}

#[test]
fn a_localized_value_takes_precedence_and_so_does_a_narrower_section() {
    let daemon = probing(&["probe"]);
    let both = |daemon: &TestManager| {
        let read = "mgr.get_localized_module_option('number'), mgr.get_module_option('number')";
        evaluate(daemon, "probe", read)
    };
    daemon.ok("config set mgr mgr/probe/number 5");
    evaluate(&daemon, "probe", "mgr.set_localized_module_option('number', 8)");
    assert_eq!(both(&daemon), "(8, 5)");
    assert_eq!(daemon.ok("config get mgr mgr/probe/x/number"), "8\n");
    daemon.ok("config set mgr mgr/probe/x/number 2");
    daemon.ok("config set mgr mgr/probe/other/number 9");
    assert_eq!(both(&daemon), "(2, 5)");
    evaluate(&daemon, "probe", "mgr.set_localized_module_option('number', None)");
    assert_eq!(both(&daemon), "(5, 5)");
    daemon.ok("config rm mgr mgr/probe/number");
    assert_eq!(both(&daemon), "(3, 3)");
    for (section, value) in [("global", 1), ("mgr", 2), ("mgr.x", 4)] {
        daemon.ok(&format!("config set {section} mgr/probe/plain {value}"));
        assert_eq!(option(&daemon, "plain"), value.to_string());
    }
    daemon.ok("config set mgr.y mgr/probe/plain 6");
    assert_eq!(option(&daemon, "plain"), "4");
}

#[test]
fn options_of_other_modules_can_be_read_and_set_and_those_of_the_cluster_read() {
    let daemon = probing(&["probe", "other"]);
    let read = "mgr.get_module_option_ex('other', 'number'), \
                mgr.get_module_option_ex('other', 'number', 44), mgr.get_module_option_ex('no', 'x', 'd')";
    assert_eq!(evaluate(&daemon, "probe", read), "(None, 44, 'd')");
    evaluate(&daemon, "probe", "mgr.set_module_option_ex('other', 'number', 6)");
    assert_eq!(evaluate(&daemon, "other", "mgr.get_module_option('number')"), "6");
    assert_eq!(evaluate(&daemon, "probe", "mgr.get_module_option_ex('other', 'number')"), "6");
    assert!(
        raised(&daemon, "mgr.set_module_option_ex('other', 'number', 66)")
            .contains("exceeds maximum")
    );
    let read = "mgr.get_ceph_option('debug_mgr'), mgr.get_ceph_option('mgr_tick_period'), \
                mgr.get_ceph_option('mon_allow_pool_delete'), \
                mgr.get_foreign_ceph_option('osd.3', 'osd_memory_target')";
    assert_eq!(evaluate(&daemon, "probe", read), "('2/5', 2.0, False, 4294967296)");
    for call in [
        "get_ceph_option('nope')",
        "get_foreign_ceph_option('osd.3', 'nope')",
        "get_foreign_ceph_option('global', 'debug_mgr')",
    ] {
        let catch = format!(
            "try:\n    mgr.{call}\nexcept KeyError as why:\n    print('KeyError', why)\n\n"
        );
        assert!(evaluate(&daemon, "probe", &catch).starts_with("KeyError "), "{call}");
    }
}

#[test]
fn every_field_of_an_option_is_shown() {
    let daemon = probing(&["probe"]);
    let help = daemon.ok("config help mgr/probe/number");
    for part in [
        "mgr/probe/number - a number",
        "(int, basic)",
        "Default: 3",
        "Minimum: 1",
        "Maximum: 10",
        "more of it",
    ] {
        assert!(help.contains(part), "{help}");
    }
    let map = evaluate(
        &daemon,
        "probe",
        "__import__('json').dumps([m for m in mgr.get('mgr_map')\
                       ['available_modules'] if m['name'] == 'probe'][0]['module_options']['number'])",
    );
    for part in
        ["\"level\": \"basic\"", "\"tags\": [\"t\"]", "\"see_also\": [\"mood\"]", "\"flags\": 1"]
    {
        assert!(map.contains(part), "{map}");
    }
    for name in ["log_level", "log_to_file", "log_to_cluster", "log_to_cluster_level"] {
        assert!(daemon.ok("config ls").contains(&format!("mgr/probe/{name}\n")), "{name}");
    }
}
