use mgrd_snapshots::assert_errors;

use super::*;

#[test]
fn texts() {
    let command = |cmd: &str, declared_at: &str| DeclaredCommand {
        cmd: cmd.to_owned(),
        declared_at: declared_at.to_owned(),
        ..DeclaredCommand::default()
    };
    let flaw = |at| spec("hello", &command("hello name=a", at)).unwrap_err();
    let taken = || Conflict::Taken { prefix: "go".into(), module: "b".into(), owner: "a".into() };
    let descriptor = || CommandSpec::new("m", "", "", "r", Flags::default()).unwrap_err();
    assert_errors!(LeftOut of [flaw(""), flaw("module.py:7")]);
    assert_errors!(Reason {
        Descriptor: Reason::Descriptor(descriptor());
        Conflict: Reason::Conflict(taken());
    });
}
