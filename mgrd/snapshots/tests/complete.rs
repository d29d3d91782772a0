//! Every error type has a snapshot, and every snapshot has a test.
#![expect(clippy::unwrap_used, reason = "a panic in a test is the report")]

use std::path::{Path, PathBuf};

/// The files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> =
        entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect();
    files.sort();
    files
}

/// The files of all crates beside this one and of the Rust SDK, with this extension.
fn sources(extension: &str) -> Vec<PathBuf> {
    let all = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let crates = std::fs::read_dir(all).unwrap().map(|entry| entry.unwrap().path().join("src"));
    let sdk = all.parent().unwrap().join("sdk-rust/src");
    let files =
        crates.chain([sdk]).filter(|folder| folder.is_dir()).flat_map(|folder| files(&folder));
    files.filter(|file| file.extension().is_some_and(|found| found == extension)).collect()
}

/// The unit tests of `x.rs` are in `x/tests.rs`, those of `x/mod.rs` and `lib.rs` beside it.
fn tests_of(source: &Path) -> PathBuf {
    let folder = match source.file_stem().and_then(|stem| stem.to_str()) {
        Some("mod" | "lib") => source.parent().unwrap().to_owned(),
        _ => source.with_extension(""),
    };
    folder.join("tests.rs")
}

/// The names of the error types in a source.
fn error_types(text: &str) -> Vec<&str> {
    let words = |text| str::split(text, |c: char| !c.is_alphanumeric() && c != '_');
    let derived = text.split("thiserror::Error)]").skip(1).filter_map(|rest| {
        let mut words = words(rest);
        words.find(|word| matches!(*word, "enum" | "struct"))?;
        words.next()
    });
    let lines = text.lines().filter(|line| line.ends_with(" {}"));
    let written = lines.filter_map(|line| Some(line.split_once("Error for ")?.1));
    derived.chain(written.filter_map(|rest| words(rest).next())).collect()
}

#[test]
fn every_error_type_has_a_snapshot() {
    let mut missing = Vec::new();
    for source in sources("rs") {
        let text = std::fs::read_to_string(&source).unwrap();
        let tests = std::fs::read_to_string(tests_of(&source)).unwrap_or_default();
        for name in error_types(&text) {
            if !["{", "of"].iter().any(|it| tests.contains(&format!("assert_errors!({name} {it}")))
            {
                missing.push(format!("{}: {name}", tests_of(&source).display()));
            }
        }
    }
    assert!(missing.is_empty(), "use assert_errors! in these files:\n{}", missing.join("\n"));
}

#[test]
fn every_snapshot_has_a_test() {
    for snapshot in sources("snap") {
        let name = snapshot.file_stem().unwrap().to_str().unwrap();
        let beside = files(snapshot.parent().unwrap().parent().unwrap());
        let sources = beside.iter().filter(|file| file.extension().is_some_and(|e| e == "rs"));
        let mut texts = sources.map(|file| std::fs::read_to_string(file).unwrap());
        let uses = |text: String| {
            [format!("assert_errors!({name} "), format!("\"{name}\"")]
                .iter()
                .any(|it| text.contains(it))
        };
        assert!(texts.any(uses), "no test uses {}; remove it", snapshot.display());
    }
}
