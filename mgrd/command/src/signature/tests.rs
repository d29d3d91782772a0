use super::*;
use mgrd_snapshots::assert_errors;
use proptest::prelude::*;

#[test]
fn a_descriptor_is_words_and_arguments() {
    let text = "fs  vol rename type=CephString,name=old name=n,type=CephInt,range=1|5,req=True \
                name=ids,type=CephString,n=N,req=nope,goodchars=[a-z=]";
    let signature = Signature::parse(text).unwrap();
    assert_eq!(signature.prefix(), "fs vol rename");
    assert_eq!(
        signature.to_string(),
        "fs vol rename name=old,type=CephString name=n,type=CephInt,range=1|5 \
         name=ids,type=CephString,goodchars=[a-z=],n=N,req=false"
    );
}

#[test]
fn an_error_is_named_with_its_position_and_what_is_allowed() {
    let table = [
        ("", "it must begin with a command word"),
        ("name=a,type=CephInt", "it must begin with a command word"),
        (
            "x name=a,type=Foo",
            "argument 1 'name=a,type=Foo': unknown type 'Foo'; known are CephInt,",
        ),
        ("x name=a,type=CephInt name=b", "argument 2 'name=b': it has no type"),
        ("x type=CephInt", "it has no name"),
        ("x name=a,type=CephInt name=a,type=CephInt", "two arguments are named 'a'"),
        ("x name=a-b,type=CephInt name=a_b,type=CephInt", "two arguments are named 'a_b'"),
        ("x name=a,type=CephString,range=1", "CephString has no attribute 'range'; allowed are"),
        ("x name=a,type=CephInt,range=5|1", "bad range '5|1'"),
        ("x name=a,type=CephInt,range=x", "bad range 'x'"),
        ("x name=a,type=CephInt,n=0", "bad n '0'; use N (one or more) or a number from 1"),
        ("x name=a,type=CephChoices", "CephChoices needs strings=a|b|c"),
        ("x name=a,type=CephChoices,strings=", "CephChoices needs strings=a|b|c"),
        ("x name=a,type=CephString,goodchars=[", "bad goodchars '['"),
        ("x name=a,type=CephInt,positional=maybe", "bad positional 'maybe'; use true or false"),
        ("x name=a,name=b,type=CephInt", "it has 'name' twice"),
        ("x name=a,type=CephInt,oops", "'oops' is not key=value"),
        ("x name=prefix,type=CephInt", "bad name 'prefix'"),
        ("x name=a!,type=CephInt", "bad name 'a!'"),
    ];
    for (descriptor, expected) in table {
        let error = Signature::parse(descriptor).unwrap_err().to_string();
        assert!(error.starts_with(&format!("command descriptor '{descriptor}': ")), "{error}");
        assert!(error.contains(expected), "{descriptor:?}: {error}");
    }
}

proptest! {
    #[test]
    fn parsing_never_panics_and_rendering_gives_the_same_signature(
        text in "\\PC{0,40}|(go )?(w|name=[a-z_]{0,3}|,|=|type=Ceph(Int|Float|String|Bool|Choices|Pgid)|\
                 ,range=[0-9|]{0,3}|,strings=[a-c|]{0,3}|,n=[N0-3]|,req=(true|false)|\
                 ,goodchars=\\[[a-z-]{0,4}\\]|,positional=false| ){0,12}"
    ) {
        if let Ok(signature) = Signature::parse(&text) {
            prop_assert_eq!(Signature::parse(&signature.to_string()), Ok(signature));
        }
    }
}

#[test]
fn texts() {
    assert_errors!(DescriptorError of [Signature::parse("name=a,type=CephInt").unwrap_err()]);
    assert_errors!(DescriptorProblem {
        NoWords: DescriptorProblem::NoWords;
        TwiceNamed: DescriptorProblem::TwiceNamed("a_b".into());
        Argument: Signature::parse("go name=a").unwrap_err().problem;
        Perm: DescriptorProblem::Perm("rx".into());
    });
}
