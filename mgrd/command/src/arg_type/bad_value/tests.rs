use mgrd_snapshots::assert_errors;

use super::*;
use crate::arg_type::{ArgType, Bounds, Choices};
use crate::char_class::CharClass;
use serde_json::json;

#[test]
fn texts() {
    let refused = |kind: ArgType, words: &[&str]| {
        words.iter().map(|word| kind.parse(word).unwrap_err()).collect::<Vec<_>>()
    };
    let choices = Choices::parse("on|off").unwrap();
    let lists = [(ArgType::Bool, json!(["on"])), (ArgType::Int(None), json!(true))];
    let all = [
        refused(ArgType::Int(Bounds::parse("1|5")), &["x", "6", "9223372036854775808"]),
        refused(ArgType::Float(Bounds::parse("0.5")), &["x", "0.25"]),
        refused(ArgType::String(CharClass::parse("[a-z]").ok()), &["a b", "a\u{1b}"]),
        refused(ArgType::Choices(choices), &["maybe"]),
        refused(ArgType::Bool, &["maybe"]),
        refused(ArgType::Pgid, &["1.x"]),
        refused(ArgType::Name, &["osd.x"]),
        refused(ArgType::OsdName, &["mon.a"]),
        refused(ArgType::IpAddr, &["x", "1.2.3.4:x", "[::1", "[x]", "[::1]x"]),
        refused(ArgType::EntityAddr, &["1.2.3.4:5/x"]),
        refused(ArgType::Uuid, &["x"]),
        refused(ArgType::FilePath, &["", "a\0b"]),
        refused(ArgType::Fragment, &["0x1"]),
        lists.iter().map(|(kind, value)| kind.check(value).unwrap_err()).collect(),
    ];
    assert_errors!(BadValue of all.concat());
}
