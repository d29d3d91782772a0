use super::*;

#[test]
fn a_call_is_named_or_numbered() {
    let futex = format!("{} 0x7f 0x80 0x0", libc::SYS_futex);
    let cases = [
        (futex.as_str(), Some("futex")),
        ("9999 0x0", Some("number 9999")),
        ("-1 0x7ffe 0x7f00", None),
        ("running", None),
        ("", None),
    ];
    for (file, name) in cases {
        assert_eq!(super::name(file).as_deref(), name, "{file}");
    }
}
