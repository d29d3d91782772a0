use mgrd_snapshots::assert_text;

use super::*;
use crate::builtin::tests::harness::{Terminal, shown};
use crate::module::tests::harness::Place;
use crate::module::tests::samples::{samples, work_failed};

#[test]
fn last_words_are_shown_once() {
    let ended = |text: &str, words: &[&str]| ModuleStatus {
        enabled: true,
        reason: work_failed(text),
        last_words: words.iter().map(|&line| line.to_owned()).collect(),
        ..ModuleStatus::default()
    };
    assert_eq!(
        reason(&ended("exited with status 1", &["a", "b"]), &[]),
        "exited with status 1; last words: b"
    );
    assert_eq!(reason(&ended("ValueError: b", &["a", "ValueError: b"]), &[]), "ValueError: b");
    assert_eq!(reason(&ended("exited with status 1", &[]), &[]), "exited with status 1");
}

#[test]
fn words_are_quoted_for_a_shell_only_if_they_must() {
    assert_eq!(quoted("/usr/bin/python3"), "/usr/bin/python3");
    assert_eq!(quoted("a b"), "'a b'");
    assert_eq!(quoted("it's"), "'it'\\''s'");
    assert_eq!(quoted(""), "''");
}

#[test]
fn texts_of_a_module_in_each_state() {
    let flaw = "module.py:12: command 'osd tree' is a command of mgrd".to_owned();
    let flaws = |module: &ModuleStatus| match module.name.as_str() {
        "running" => vec![flaw.clone()],
        _ => Vec::new(),
    };
    let samples = samples();
    let rows = samples.iter().map(|module| (module, reason(module, &flaws(module))));
    let text = table(rows);
    let users = samples.iter().cloned().map(|mut module| {
        module.run_as = (module.state == ModuleState::Running).then(|| "nobody".to_owned());
        module
    });
    let users: Vec<_> = users.collect();
    let with_users = table(users.iter().map(|module| (module, String::new())));
    assert_text!("module_ls_users", shown("mgr module ls", &Outcome::ok(with_users)));
    assert_text!("module_ls", shown("mgr module ls", &Outcome::ok(text)));
    assert_text!("module_ls_none", { shown("mgr module ls", &Outcome::ok(table([].into_iter()))) });
}

#[test]
fn texts_of_a_start_by_hand() {
    let pair = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    let start = ManualStart {
        environment: [("PATH", "/bin"), ("MGRD_SECRET_FILE", "/run/mgrd/debug-hello.secret")]
            .map(pair)
            .to_vec(),
        command: ["/usr/bin/python3", "-m", "mgrd.runner", "my module"].map(str::to_owned).to_vec(),
    };
    assert_text!("module_debug", shown("mgr module debug hello", &by_hand("hello", &start)));
}

#[tokio::test]
async fn texts_of_commands() {
    let place = Place::new();
    place.module("hello", "exec sleep 1000");
    place.module("broken", "echo 'no disk' >&2; exit 77");
    let modules = place.start(&[]).await;
    let mut terminal = Terminal::new(&modules, COMMANDS);
    for command in [
        "mgr module enable nope",
        "mgr module enable nope --force",
        "mgr module enable nope --force",
        "mgr module disable nope",
        "mgr module disable nope",
        "mgr module restart nope",
        "mgr module restart hello",
        "mgr module enable broken --force",
        "mgr module disable broken",
        "mgr module debug nope",
        "mgr module debug hello --end",
        "mgr module stacks nope",
        "mgr module reload hello",
    ] {
        terminal.types(command).await;
    }
    assert_text!("module", terminal.screen());
    modules.shutdown(place.limits.life.shutdown_grace).await;
}
