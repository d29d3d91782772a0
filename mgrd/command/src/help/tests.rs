use super::super::spec::{CommandSpec, Flags};
use super::*;

#[test]
fn two_columns_wrap_at_spaces() {
    let short = two_columns("mgr module disable <module>", "disable mgr module", 80);
    assert_eq!(short, format!("{:40}disable mgr module\n", "mgr module disable <module>"));
    let long = two_columns("mgr stat", "dump basic info about the mgr cluster state", 80);
    let expected =
        format!("{:40}dump basic info about the mgr cluster\n{:41}state\n", "mgr stat", "");
    assert_eq!(long, expected);
}

#[test]
fn nothing_is_lost_and_no_line_is_too_long() {
    let flags = "osd crush [--yes-i-really-mean-it] [--another-long-option] ".repeat(3);
    let word = "x".repeat(100);
    for width in [0, 20, 33, 80, 200] {
        let text = two_columns(&flags, &word, width);
        assert!(text.lines().all(|line| line.chars().count() <= width.max(20)), "{text}");
        assert_eq!(text.matches('x').count(), 100);
    }
    let wrapped = wrap(&flags, 39);
    assert!(wrapped.iter().all(|line| line.matches('[').count() == line.matches(']').count()));
}

#[test]
fn help_shows_each_overload() {
    let mut table = CommandTable::new();
    for (descriptor, help) in
        [("set name=b,type=CephInt", "by number"), ("set name=a,type=CephString", "by name")]
    {
        let spec = CommandSpec::new("m", descriptor, help, "r", Flags::default()).unwrap();
        table.register(spec).unwrap();
    }
    assert_eq!(
        table.help(&["set".into()], 40),
        "set <a>             by name\nset <b:int>         by number\n"
    );
}

#[test]
fn help_is_sorted_and_filtered_by_the_start_of_signatures() {
    let mut table = CommandTable::new();
    let commands = [
        ("mgr stat", "b", false),
        ("mgr dump", "a", false),
        ("mgr x", "", false),
        ("mgr y", "y", true),
        ("fs", "f", false),
    ];
    for (descriptor, help, hidden) in commands {
        let flags = Flags { hidden, ..Flags::default() };
        let spec = CommandSpec::new("m", descriptor, help, "r", flags).unwrap();
        table.register(spec).unwrap();
    }
    let help = table.help(&["mgr".into()], 22);
    assert_eq!(help, "mgr dump   a\nmgr stat   b\nmgr x\n");
    assert_eq!(table.help(&["mgr".into(), "st".into()], 22), "mgr stat   b\n");
    assert_eq!(table.help(&["mgr".into(), "x".into()], 22), "mgr x\n");
    assert_eq!(table.help(&["mgr".into(), "y".into()], 22), "");
    assert_eq!(table.help(&["nothing".into()], 22), "");
}
