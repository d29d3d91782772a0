use mgrd_snapshots::assert_errors;

use super::*;

fn found(program: &[&str], line: &str) -> Option<NoSdk> {
    let exec = program.iter().map(|&word| word.to_owned()).collect();
    NoSdk::found(&Manifest { exec, ..Manifest::default() }, &[line.to_owned(), String::new()])
}

const RUNNER: [&str; 4] = ["/usr/bin/python3", "-m", "mgrd.runner", "/m/hello"];

#[test]
fn only_an_interpreter_without_the_package_has_no_sdk() {
    let missing = "/usr/bin/python3: Error while finding module specification for 'mgrd.runner' \
                   (ModuleNotFoundError: No module named 'mgrd')";
    assert!(found(&RUNNER, missing).is_some());
    assert!(found(&RUNNER, "/usr/bin/python3: No module named mgrd").is_some());
    for (program, line) in [
        (&RUNNER[..], "ModuleNotFoundError: No module named 'mgrd.nope'"),
        (&RUNNER[..], "ModuleNotFoundError: No module named 'numpy'"),
        (&["./hello"][..], missing),
    ] {
        assert_eq!(found(program, line), None, "{line}");
    }
}

#[test]
fn texts() {
    assert_errors!(NoSdk of [found(&RUNNER, "No module named mgrd").unwrap()]);
}
