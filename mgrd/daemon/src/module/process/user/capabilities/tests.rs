use super::*;

#[test]
fn what_is_missing_is_named() {
    let status = "Name:\tmgrd\nCapPrm:\t0000000000000000\nCapEff:\t00000000000000cb\n";
    assert_eq!(effective(status), Some(0xcb));
    for (own, missed) in [
        (0xeb, ""),
        (0xcb, "CAP_KILL"),
        (0x2a, "CAP_CHOWN, CAP_SETGID, CAP_SETUID"),
        (u64::MAX, ""),
    ] {
        assert_eq!(missing(own, &NEEDED), missed, "{own:x}");
    }
    for bad in ["", "CapEff:", "CapEff:\tx"] {
        assert_eq!(effective(bad), None);
    }
}
