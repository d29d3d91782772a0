use super::*;

#[test]
fn names_are_read_and_shown() {
    for names in [&[][..], &["private_tmp"], &["read_only"], &["private_tmp", "read_only"]] {
        let sandbox = Sandbox::read(names.iter().copied()).unwrap();
        assert_eq!((sandbox.names(), sandbox.is_none()), (names.to_vec(), names.is_empty()));
        assert_eq!(sandbox.to_string(), names.join(", "));
    }
    mgrd_snapshots::assert_errors!(BadSandbox of [Sandbox::read(["PrivateTmp"]).unwrap_err()]);
}

#[test]
fn what_is_set_for_a_module_replaces_what_is_set_for_all() {
    let all = Sandbox { private_tmp: true, read_only: true };
    let own = BTreeMap::from([("a".to_owned(), Sandbox::default())]);
    let sandboxes = Sandboxes { all, own };
    assert_eq!((sandboxes.of("a"), sandboxes.of("b")), (Sandbox::default(), all));
}
