//! Each limit has the same name in the file and in the documentation.

use serde_json::{Map, Value};

use super::*;

const DOCUMENTED: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/configuration.md"));

fn read(text: &str) -> Result<Limits, String> {
    toml::from_str(text).map_err(|why| why.to_string())
}

/// The limits of each table: those of `[limits]` itself come first, under an empty name.
fn tables(limits: &Limits) -> Vec<(String, Map<String, Value>)> {
    let Value::Object(all) = serde_json::to_value(limits).unwrap() else { unreachable!() };
    let (mut own, mut tables) = (Map::new(), Vec::new());
    for (name, value) in all {
        match value {
            Value::Object(limits) => tables.push((name, limits)),
            limit => drop(own.insert(name, limit)),
        }
    }
    tables.insert(0, (String::new(), own));
    tables
}

#[test]
fn an_unknown_limit_is_refused_by_name_with_the_known_ones() {
    let cases = [
        ("grace = 1", "grace", "shutdown_grace"),
        ("[module]\nin_fligt = 1", "in_fligt", "in_flight"),
        ("[feed]\ndokuments = 1", "dokuments", "documents"),
    ];
    for (text, unknown, known) in cases {
        let why = read(text).unwrap_err();
        for part in [unknown, known] {
            assert!(why.contains(&format!("`{part}`")), "{why:?} lacks {part:?}");
        }
    }
}

#[test]
fn an_invalid_value_is_shown_with_its_line() {
    let why = read("[module]\nin_flight = 1\nping_interval = 0\n").unwrap_err();
    assert!(why.contains("line 3") && why.contains("ping_interval = 0"), "{why}");
    let why = read("[client]\ninput_bytes = 67108865\n").unwrap_err();
    assert!(why.contains("at most 67108864"), "{why}");
    for (table, limit) in
        [("module", "in_flight"), ("module", "message_bytes"), ("connection", "streams")]
    {
        let why = read(&format!("[{table}]\n{limit} = 0\n")).unwrap_err();
        assert!(why.contains("at least 1"), "{limit}: {why}");
    }
}

/// A value for each limit whose default is no limit.
const INSTEAD: u32 = 77;

#[test]
fn every_limit_can_be_set() {
    let mut given = String::new();
    for (table, limits) in tables(&Limits::default()) {
        if !table.is_empty() {
            given.push_str(&format!("[{table}]\n"));
        }
        for (name, default) in limits {
            let other = match (default.as_i64(), default.as_f64()) {
                (Some(whole), _) => (whole - 1).to_string(),
                (None, Some(number)) => (number + 0.25).to_string(),
                // It has no limit.
                (None, None) => INSTEAD.to_string(),
            };
            given.push_str(&format!("{name} = {other}\n"));
        }
    }
    let arrived = tables(&read(&given).unwrap()).into_iter().zip(tables(&Limits::default()));
    for ((table, arrived), (_, defaults)) in arrived {
        for (name, default) in defaults {
            let (from, expected) = match default.as_f64() {
                None if name == "command_deadline" => (0.0, f64::from(INSTEAD) * 1000.0),
                None => (0.0, f64::from(INSTEAD)),
                Some(from) if default.is_i64() || default.is_u64() => (from, -1.0),
                Some(from) => (from, 0.25),
            };
            let moved = arrived[&name].as_f64().unwrap() - from;
            assert!((moved - expected).abs() < 1e-6, "{table} {name} moved by {moved}");
        }
    }
}

#[test]
fn an_absent_limit_keeps_its_default() {
    let given = read("[module]\nbusy_restart = \"never\"\n").unwrap();
    let mut module = ModuleLimits::default();
    module.modules.life.busy_restart = None;
    assert_eq!(given, Limits { module, ..Limits::default() });
}

#[test]
fn every_limit_is_documented_with_its_default() {
    let mut sections = DOCUMENTED.split("\n### ");
    for (table, limits) in tables(&Limits::default()) {
        let name = if table.is_empty() { "limits".to_owned() } else { format!("limits.{table}") };
        let title = format!("`[{name}]`\n");
        let section = sections.find(|section| section.starts_with(&title));
        let section = section.unwrap_or_else(|| panic!("no section {title:?}, or out of order"));
        let rows = section.lines().filter(|line| line.starts_with("| `")).count();
        assert_eq!(rows, limits.len(), "{title}");
        for (limit, default) in limits {
            let default = default.to_string();
            let row = format!("| `{limit}` | {} |", default.trim_end_matches(".0"));
            assert!(section.contains(&row), "the documentation lacks {row:?}");
        }
    }
}
