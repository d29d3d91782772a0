use mgrd_snapshots::assert_text;

use super::*;

#[test]
fn values_of_own_options_are_completed_without_the_manager() {
    let words = |line: &str| line.split(' ').map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(option_values(&words("osd tree -f")), Some(&FORMATS[..]));
    assert_eq!(option_values(&words("osd tree -i")), Some(&[][..]));
    assert_eq!(option_values(&words("osd tree -s")), None);
    assert_eq!(option_values(&words("osd -- -f")), None);
    assert_eq!(option_values(&[]), None);
}

#[test]
fn texts() {
    let typed = |current: &str| {
        let found = lines(own(&[], current), true);
        format!("$ mgrctl --completion=described '{current}'\n{found}")
    };
    assert_text!("completion", ["", "-", "--watch-"].map(typed).join("\n"));
    let wrong = script(&["tcsh".to_owned()]).unwrap_err();
    assert_text!("completion_wrong", format!("$ mgrctl completion tcsh\n{wrong}"));
}
