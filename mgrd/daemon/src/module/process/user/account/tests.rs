use super::*;

fn look_up(wanted: &str) -> Result<Account, AccountError> {
    Account::look_up(&RunAs::read(wanted).unwrap())
}

#[test]
fn a_user_is_found_by_name_and_by_number_and_needs_no_name() {
    let root = look_up("root").unwrap();
    assert_eq!((root.uid, root.gid, root.name.as_str()), (0, 0, "root"));
    assert_eq!(look_up("0").unwrap(), root);
    let unnamed = look_up("4321:8765").unwrap();
    let expected = Account { name: "4321".into(), uid: 4321, gid: 8765, groups: vec![8765] };
    assert_eq!(unnamed, expected);
    assert_eq!(look_up("4321").unwrap().gid, 4321);
    assert_eq!(look_up("4321:root").unwrap().gid, 0);
}

#[test]
fn an_unknown_user_or_group_is_named() {
    for (wanted, part) in [
        ("no-such-user", "no user 'no-such-user'"),
        ("-1", "no user '-1'"),
        ("+1", "no user '+1'"),
        ("4294967295", "no user '4294967295'"),
        ("4294967296", "no user '4294967296'"),
        ("root:no-such-group", "no group 'no-such-group'"),
        ("root:4294967295", "no group '4294967295'"),
    ] {
        let why = look_up(wanted).unwrap_err().to_string();
        assert!(why.contains(part), "{wanted}: {why}");
    }
}

#[test]
fn the_user_that_runs_mgrd_needs_no_change() {
    let own = Uid::effective();
    let own_user = RunAs::read(&own.to_string()).unwrap();
    assert_eq!(Account::find(&own_user).unwrap(), None);
    let other = Account::find(&RunAs::read("4321").unwrap());
    match own.is_root() {
        true => assert_eq!(other.unwrap().unwrap().uid, 4321),
        false => assert!(matches!(other, Err(AccountError::NotRoot { .. }))),
    }
}
