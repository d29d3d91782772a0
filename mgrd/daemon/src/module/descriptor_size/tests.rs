use mgrd_command::Flags;
use mgrd_snapshots::assert_errors;

use super::*;

const LIMITS: fn() -> SessionLimits = || SessionLimits {
    descriptor_bytes: 90,
    word_bytes: 5,
    command_arguments: 2,
    argument_choices: 3,
    ..SessionLimits::default()
};

fn checked(descriptor: &str) -> Result<(), TooLarge> {
    let spec = CommandSpec::new("m", descriptor, "", "r", Flags::default()).unwrap();
    check(&spec, &LIMITS())
}

fn too_long() -> TooLarge {
    let command = DeclaredCommand {
        cmd: "go name=a…".to_owned(),
        too_long: Some(91),
        ..DeclaredCommand::default()
    };
    check_descriptor(&command, &LIMITS()).unwrap_err()
}

#[test]
fn a_command_up_to_each_limit_is_kept() {
    for fits in [
        "go there",
        "go name=a,type=CephInt name=b,type=CephInt",
        "go name=a,type=CephChoices,strings=x|y|z",
    ] {
        assert_eq!(checked(fits), Ok(()), "{fits}");
    }
}

#[test]
fn a_command_beyond_a_limit_is_refused_with_its_name_and_the_limit() {
    let three = "go name=a,type=CephInt name=b,type=CephInt name=c,type=CephInt";
    assert_errors!(TooLarge {
        Descriptor: too_long();
        Word: checked("go afield").unwrap_err();
        Arguments: checked(three).unwrap_err();
        Choices: checked("go name=a,type=CephChoices,strings=w|x|y|z").unwrap_err();
    });
}
