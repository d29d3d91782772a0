use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn accepts(kind: &ArgType, table: &[(&str, Value)]) {
    for (word, value) in table {
        assert_eq!(kind.parse(word).as_ref(), Ok(value), "{} {word:?}", kind.name());
    }
}

fn refuses(kind: &ArgType, words: &[&str]) {
    for word in words {
        assert!(kind.parse(word).is_err(), "{} {word:?}", kind.name());
    }
}

fn keeps(kind: &ArgType, words: &[&str]) {
    for word in words {
        assert_eq!(kind.parse(word), Ok(json!(word)), "{} {word:?}", kind.name());
    }
}

#[test]
fn int() {
    let kind = ArgType::Int(None);
    let table = [
        ("5", json!(5)),
        ("-1", json!(-1)),
        ("+7", json!(7)),
        ("0x1F", json!(31)),
        ("0o17", json!(15)),
        ("0b101", json!(5)),
        ("1_000", json!(1000)),
        (" 3 ", json!(3)),
        ("0", json!(0)),
        ("9223372036854775807", json!(i64::MAX)),
        ("-9223372036854775808", json!(i64::MIN)),
    ];
    accepts(&kind, &table);
    let bad =
        ["010", "1.0", "1e3", "", "5k", "x", "-", "0x", "1__0", "_1", "1_", "9223372036854775808"];
    refuses(&kind, &bad);
    assert_eq!(kind.parse("x").unwrap_err().reason, "x doesn't represent an int");
}

#[test]
fn a_number_out_of_range_counts_as_a_number() {
    let kind = ArgType::Int(Bounds::parse("1|5"));
    assert_eq!(kind.parse("5"), Ok(json!(5)));
    let expected = BadValue { reason: "6 not in range [1, 5]".into(), out_of_range: true };
    assert_eq!(kind.parse("6"), Err(expected));
    assert!(!kind.parse("x").unwrap_err().out_of_range);
    let open = ArgType::Float(Bounds::parse("0.5"));
    assert_eq!(open.parse("0.25").unwrap_err().reason, "0.25 not in range [0.5, inf]");
    assert_eq!(open.parse("1e9"), Ok(json!(1e9)));
}

#[test]
fn float() {
    let kind = ArgType::Float(None);
    accepts(
        &kind,
        &[(".5", json!(0.5)), ("5.", json!(5.0)), ("-1e3", json!(-1000.0)), ("2", json!(2.0))],
    );
    refuses(&kind, &["0x10", "1,5", "nan", "inf", "-infinity", "", "1e999"]);
}

#[test]
fn string() {
    keeps(&ArgType::String(None), &["", "a b", "tab\tline\n", "grüße", "日本"]);
    refuses(&ArgType::String(None), &["\0", "esc\x1b[0m", "\u{7f}"]);
    let narrow = ArgType::String(CharClass::parse("[a-z]").ok());
    keeps(&narrow, &["", "abc"]);
    assert_eq!(narrow.parse("a!B!").unwrap_err().reason, "invalid chars !B in a!B!");
}

#[test]
fn choices_are_exact() {
    let kind = ArgType::Choices(Choices::parse("rep|ec").unwrap());
    keeps(&kind, &["rep", "ec"]);
    refuses(&kind, &["EC", "e", "", "rep|ec"]);
    assert_eq!(kind.parse("x").unwrap_err().reason, "x not in rep|ec");
}

#[test]
fn boolean() {
    let kind = ArgType::Bool;
    accepts(
        &kind,
        &[("true", json!(true)), ("FALSE", json!(false)), ("1", json!(true)), ("0", json!(false))],
    );
    refuses(&kind, &["yes", "no", "on", "off", "2", ""]);
}

#[test]
fn names_in_a_cluster() {
    keeps(&ArgType::Pgid, &["0.0", "12.1f"]);
    refuses(&ArgType::Pgid, &["5", "1.", "a.1", "-1.0", "1.g"]);
    keeps(&ArgType::Name, &["*", "mon", "mgr", "osd.1", "osd.*", "mds.a", "client.admin"]);
    refuses(&ArgType::Name, &["osd", "mds", "osd.x", "osd.", "foo.1", ""]);
    accepts(&ArgType::OsdName, &[("*", json!("*")), ("3", json!(3)), ("osd.4", json!(4))]);
    refuses(&ArgType::OsdName, &["-1", "osd.*", "mon.1", "", "+1"]);
    keeps(&ArgType::PoolName, &["", "Müll", "a b"]);
}

#[test]
fn addresses() {
    let tagged = [("v1:1.2.3.4:5", json!("1.2.3.4:5")), ("any:::1", json!("::1"))];
    accepts(&ArgType::IpAddr, &tagged);
    keeps(&ArgType::IpAddr, &["1.2.3.4", "1.2.3.4:65535", "::1", "[::1]", "[fe80::2]:80"]);
    let bad =
        ["host", "1.2.3.4/24", "1.2.3.4:65536", "[::1]:x", "[::1", "1.2.3.4:abc", "a/b/c", ""];
    refuses(&ArgType::IpAddr, &bad);
    keeps(&ArgType::EntityAddr, &["v2:1.2.3.4:3300/0", "[::1]:6789/77", "1.2.3.4"]);
    refuses(&ArgType::EntityAddr, &["1.2.3.4/x", "1.2.3.4/", "1.2.3.4/-1"]);
}

#[test]
fn identifiers_and_paths() {
    let good = [
        "12345678-1234-1234-1234-123456789abc",
        "{12345678123412341234123456789ABC}",
        "urn:uuid:12345678123412341234123456789abc",
    ];
    keeps(&ArgType::Uuid, &good);
    refuses(&ArgType::Uuid, &["1234", "g2345678-1234-1234-1234-123456789abc", ""]);
    keeps(&ArgType::Fragment, &["0x1f/3", "0x0/0"]);
    refuses(&ArgType::Fragment, &["1/3", "0x/3", "0x1", "0x1/z"]);
    keeps(&ArgType::FilePath, &["/etc/hosts", "relative"]);
    refuses(&ArgType::SocketPath, &["", "a\0b"]);
}

#[test]
fn json_values_are_accepted_if_they_mean_the_same() {
    let table = [
        (ArgType::Int(None), json!("0x10"), Some(json!(16))),
        (ArgType::Int(None), json!(5), Some(json!(5))),
        (ArgType::Int(None), json!(5.5), None),
        (ArgType::Int(None), json!(u64::MAX), None),
        (ArgType::Int(None), json!(true), None),
        (ArgType::Int(Bounds::parse("1|5")), json!(9), None),
        (ArgType::Float(None), json!(5), Some(json!(5.0))),
        (ArgType::String(None), json!(5), Some(json!("5"))),
        (ArgType::String(None), json!(true), None),
        (ArgType::Bool, json!(1), Some(json!(true))),
        (ArgType::Bool, json!("False"), Some(json!(false))),
        (ArgType::String(None), json!({}), None),
        (ArgType::String(None), json!([]), None),
        (ArgType::String(None), json!(null), None),
    ];
    for (kind, value, expected) in table {
        assert_eq!(kind.check(&value).ok(), expected, "{} {value}", kind.name());
    }
}

proptest! {
    #[test]
    fn what_a_word_gives_is_accepted_again(word in "\\PC{0,20}|[-+0-9a-fx_.:/\\[\\]]{0,12}") {
        let class = CharClass::parse("[a-z0-9.]").ok();
        let kinds = [
            ArgType::Int(None), ArgType::Float(None), ArgType::String(class), ArgType::Bool,
            ArgType::Pgid, ArgType::Name, ArgType::OsdName, ArgType::PoolName, ArgType::IpAddr,
            ArgType::EntityAddr, ArgType::Uuid, ArgType::FilePath, ArgType::Fragment,
        ];
        for kind in kinds {
            if let Ok(value) = kind.parse(&word) {
                prop_assert_eq!(kind.check(&value), Ok(value), "{}", kind.name());
            }
        }
    }
}
