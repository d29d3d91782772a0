//! The tables of what is promised stay correct: every file and test that they name exists.

use std::path::PathBuf;

use integration_tests::places;

const TABLE: &str = include_str!("../../../docs/guide-coverage.md");
const ISOLATION: &str = include_str!("../../../docs/isolation.md");

/// Where a path of the table lies, as its introduction says.
fn place(path: &str) -> PathBuf {
    let root = places::repository();
    let candidates = match path.split_once('/') {
        Some(("scenarios" | "ceph_modules" | "pages", _)) => {
            vec![root.join("integration-tests/tests").join(path)]
        }
        Some(("tests", _)) => vec![root.join("sdk-python").join(path)],
        _ => vec![root.join("sdk-python/src").join(path), root.join(path)],
    };
    let first = candidates[0].clone();
    candidates.into_iter().find(|candidate| candidate.exists()).unwrap_or(first)
}

/// What stands between backticks and looks like a file, with the test in it if one is named.
fn named(text: &str) -> Vec<(&str, Option<&str>)> {
    let quoted = text.split('`').skip(1).step_by(2);
    let split = quoted.map(|name| match name.split_once("::") {
        Some((path, test)) => (path, Some(test)),
        None => (name, None),
    });
    let suffixes = [".rs", ".py", ".proto", ".toml"];
    let file =
        |path: &str| suffixes.iter().any(|suffix| path.ends_with(suffix)) && path != "module.py";
    split.filter(|(path, _)| file(path)).collect()
}

#[test]
fn every_file_and_test_that_the_tables_name_exists() {
    for (page, text, least) in [("guide-coverage", TABLE, 100), ("isolation", ISOLATION, 40)] {
        let named = named(text);
        assert!(named.len() > least, "docs/{page}.md names {}", named.len());
        for (path, test) in named {
            let text = std::fs::read_to_string(place(path));
            let text = text.unwrap_or_else(|why| panic!("{path} in docs/{page}.md: {why}"));
            let Some(test) = test else { continue };
            let words = ["fn ", "def "];
            let defined = words.iter().any(|word| text.contains(&format!("{word}{test}(")));
            assert!(defined, "docs/{page}.md names {path}::{test}, which is not there");
        }
    }
}

#[test]
fn every_row_names_a_promise_a_place_and_a_test() {
    let mut departures = 0;
    for line in TABLE.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| # ")) {
        let cells: Vec<_> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        assert_eq!(cells.len(), 4, "{line}");
        if cells[0].parse::<u32>().is_ok() {
            departures += 1;
            assert_eq!(cells[0], departures.to_string());
        }
        let shown = if cells[0].parse::<u32>().is_ok() { cells[3] } else { cells[2] };
        let honest = shown == "shown by" || shown == "not yet" || !named(shown).is_empty();
        assert!(honest && cells[..3].iter().all(|cell| !cell.is_empty()), "{line}");
    }
    assert_eq!(departures, 17);
}
