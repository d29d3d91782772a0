use super::*;

#[test]
fn the_published_form_is_that_of_ceph() {
    let flags = Flags { poll: true, ..Flags::default() };
    let descriptor = "fs ls name=n,type=CephInt,range=0|9,req=false";
    let spec = CommandSpec::new("volumes", descriptor, "list\n  them", "r", flags).unwrap();
    let argument = json!({"name": "n", "type": "CephInt", "range": "0|9", "req": "false"});
    let expected = json!({
        "sig": ["fs", "ls", argument],
        "help": "list them", "module": "mgr", "perm": "r", "flags": 24,
    });
    assert_eq!(spec.to_json(), expected);
}

#[test]
fn permissions_are_letters_of_rwx() {
    for text in ["r", "w", "rw", "rwx", "x"] {
        assert_eq!(text.parse::<Perm>().unwrap().to_string(), text);
    }
    for text in ["", "rr", "a", "r w"] {
        let error = CommandSpec::new("m", "a b", "", text, Flags::default()).unwrap_err();
        let expected =
            format!("command descriptor 'a b': unknown perm '{text}'; use r, w, rw or rwx");
        assert_eq!(error.to_string(), expected);
    }
}
