use super::*;

#[test]
fn values_of_own_options_are_completed_without_the_daemon() {
    let words = |line: &str| line.split(' ').map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(option_values(&words("osd tree -f")), Some(&FORMATS[..]));
    assert_eq!(option_values(&words("osd tree -i")), Some(&[][..]));
    assert_eq!(option_values(&words("osd tree -s")), None);
    assert_eq!(option_values(&words("osd -- -f")), None);
    assert_eq!(option_values(&[]), None);
}
