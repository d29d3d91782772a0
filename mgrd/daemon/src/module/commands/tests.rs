use mgrd_snapshots::assert_errors;

use super::*;

#[test]
fn texts() {
    let command = |cmd: &str, declared_at: &str| DeclaredCommand {
        cmd: cmd.to_owned(),
        declared_at: declared_at.to_owned(),
        ..DeclaredCommand::default()
    };
    let flaw =
        |at| spec("hello", &command("hello name=a", at), &SessionLimits::default()).unwrap_err();
    let taken = || Conflict::Taken { prefix: "go".into(), owner: "a".into() };
    let descriptor = || CommandSpec::new("m", "", "", "r", Flags::default()).unwrap_err();
    assert_errors!(LeftOut of [flaw(""), flaw("module.py:7")]);
    assert_errors!(Reason {
        Descriptor: Reason::Descriptor(descriptor());
        Conflict: Reason::Conflict(taken());
        TooLarge: Reason::TooLarge(TooLarge::Word { command: "go".into(), bytes: 257, limit: 256 });
    });
}

#[test]
fn a_command_that_is_too_large_costs_no_other() {
    let declared = [("go first", None), ("go 'too' long", Some(70_000)), ("go last", None)];
    let declared = declared.map(|(cmd, too_long)| DeclaredCommand {
        cmd: cmd.to_owned(),
        too_long,
        perm: "r".to_owned(),
        ..DeclaredCommand::default()
    });
    let commands = Commands::read("m", &declared, &SessionLimits::default());
    let kept: Vec<_> = commands.iter().map(|spec| spec.prefix()).collect();
    assert_eq!(kept, ["go first", "go last"]);
    assert_eq!(commands.left_out().len(), 1);
}
