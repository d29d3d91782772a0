use mgrd_snapshots::assert_errors;

use super::*;

#[test]
fn texts() {
    assert_errors!(BadArgument {
        NotAPair: BadArgument::NotAPair("oops".into());
        Twice: BadArgument::Twice("name".into());
        Missing: BadArgument::Missing("type");
        Name: BadArgument::Name("1st".into());
        Type: BadArgument::Type("CephText".into());
        Count: BadArgument::Count("0".into());
        Positional: BadArgument::Positional("maybe".into());
        Range: BadArgument::Range("5|1".into());
        Goodchars: BadArgument::Goodchars { class: "[".into(), source: CharClassError::Unclosed };
        Choices: BadArgument::Choices;
        Attribute:
            Argument::parse("name=a,type=CephInt,strings=b").unwrap_err(),
            Argument::parse("name=a,type=CephString,range=1").unwrap_err(),
            Argument::parse("name=a,type=CephBool,range=1").unwrap_err();
    });
}
