//! A module that evaluates expressions of a test, and the recorded answers of the real manager.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader};

use flate2::read::MultiGzDecoder;
use integration_tests::{Setup, TestManager, places};
use serde_json::Value;

const PROBE: &str = include_str!("modules/probe.py");

/// Expressions over `self`, a module, with a value for each.
pub(crate) type Answers = BTreeMap<String, Value>;

/// Installs the probe, which evaluates these expressions early, too.
pub(crate) fn probe(setup: Setup, early: &[&str]) -> Setup {
    let setup = setup.python("probe", PROBE);
    let asked = serde_json::to_vec(early).unwrap();
    std::fs::write(setup.modules().join("probe/expressions.json"), asked).unwrap();
    setup
}

/// The probe on the recorded cluster as it was at the start: at this pace nothing happens within
/// the 50 minutes after.
pub(crate) fn on_the_recorded_cluster(early: &[&str]) -> TestManager {
    start(Setup::new().replay(0.001), early)
}

/// The probe, running.
pub(crate) fn start(setup: Setup, early: &[&str]) -> TestManager {
    let daemon = probe(setup, early).start();
    daemon.await_running("probe");
    daemon
}

/// The value of an expression; what is no JSON comes as the nearest thing that is.
pub(crate) fn ask(daemon: &TestManager, expression: &str) -> Value {
    let text = daemon.ctl("probe ask -i -").input(expression).run().ok();
    serde_json::from_str(&text).unwrap_or_else(|why| panic!("{expression}: {why} in {text}"))
}

/// The value of an expression, as Python writes it.
pub(crate) fn show(daemon: &TestManager, expression: &str) -> String {
    daemon.ctl("probe show -i -").input(expression).run().ok().trim_end().to_owned()
}

/// The values of the early expressions, evaluated in `init`, `serve`, a `command` or a `thread`.
pub(crate) fn answers(daemon: &TestManager, place: &str) -> Answers {
    let text = daemon.ok(&format!("probe answers {place}"));
    serde_json::from_str(&text).unwrap()
}

/// The documents in the first lines of the recording, by name.
pub(crate) fn recorded_start() -> BTreeMap<String, Value> {
    let file = BufReader::new(MultiGzDecoder::new(File::open(places::recording()).unwrap()));
    let lines = file.lines().map(|line| serde_json::from_str::<Value>(&line.unwrap()).unwrap());
    let documents = lines.map_while(|line| {
        let name = line["doc"].as_str()?.to_owned();
        Some((name, line["value"].clone()))
    });
    documents.collect()
}

/// The paths at which two values differ, such as `/osds/0/up`; types count.
pub(crate) fn differences(one: &Value, other: &Value) -> Vec<String> {
    let mut found = Vec::new();
    differ(one, other, "", &mut found);
    found
}

fn differ(one: &Value, other: &Value, path: &str, found: &mut Vec<String>) {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            let names = one.keys().chain(other.keys().filter(|key| !one.contains_key(*key)));
            for name in names {
                let (one, other) = (one.get(name), other.get(name));
                let path = format!("{path}/{name}");
                match (one, other) {
                    (Some(one), Some(other)) => differ(one, other, &path, found),
                    _ => found.push(path),
                }
            }
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            for (at, (one, other)) in one.iter().zip(other).enumerate() {
                differ(one, other, &format!("{path}/{at}"), found);
            }
        }
        _ if one == other => {}
        _ => found.push(path.to_owned()),
    }
}
