use super::*;

#[test]
fn every_kind_of_argument_has_its_form() {
    let table = [
        ("type=CephString", "<a_b>"),
        ("type=CephInt", "<a_b:int>"),
        ("type=CephFloat,req=false", "[<a_b:float>]"),
        ("type=CephChoices,strings=x|y", "x|y"),
        ("type=CephChoices,strings=--force,req=false", "[--force]"),
        ("type=CephBool,req=false", "[--a-b]"),
        ("type=CephName", "<type.id>"),
        ("type=CephOsdName,n=N", "<id|osd.id>..."),
        ("type=CephPoolname,n=N,req=false", "[<a_b>...]"),
        ("type=CephString,req=false,positional=false", "[--a-b <value>]"),
        ("type=CephInt,req=false,positional=false", "[--a-b <int>]"),
        ("type=CephChoices,strings=x|y,positional=false", "--a-b <x|y>"),
    ];
    for (attributes, expected) in table {
        let parsed = Signature::parse(&format!("go name=a_b,{attributes}")).unwrap();
        assert_eq!(signature(&parsed), format!("go {expected}"));
    }
}
