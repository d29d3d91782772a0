//! Values as people write them.

use super::*;

#[test]
fn values_are_read() {
    use Unit::{Bytes, Number, Percent, Time};
    let cases = [
        (Bytes, "0", Some(0)),
        (Bytes, "512", Some(512)),
        (Bytes, "512B", Some(512)),
        (Bytes, "1K", Some(1024)),
        (Bytes, "512M", Some(512 << 20)),
        (Bytes, "512Mi", None),
        (Bytes, "512MiB", Some(512 << 20)),
        (Bytes, "1.5G", Some(3 << 29)),
        (Bytes, "0.5K", Some(512)),
        (Bytes, "1.0000000001K", Some(1024)),
        (Bytes, "1m", Some(1 << 20)),
        (Bytes, "512mib", Some(512 << 20)),
        (Bytes, "512MB", Some(512 << 20)),
        (Bytes, "1q", None),
        (Bytes, "999999999999T", Some(u64::MAX)),
        (Bytes, "1.", None),
        (Bytes, ".5M", None),
        (Number, "7", Some(7)),
        (Number, "007", Some(7)),
        (Number, "1K", None),
        (Number, "18446744073709551616", Some(u64::MAX)),
        (Percent, "50%", Some(50)),
        (Percent, "50", Some(50)),
        (Percent, "0.5%", None),
        (Time, "30", Some(30_000)),
        (Time, "30s", Some(30_000)),
        (Time, "0.5", Some(500)),
        (Time, "1.5m", Some(90_000)),
        (Time, "250ms", Some(250)),
        (Time, "2h", Some(7_200_000)),
        (Time, "1d", Some(86_400_000)),
        (Time, "1y", None),
        (Time, "1h30m", None),
    ];
    for (unit, text, value) in cases {
        assert_eq!(unit.read(text), value, "{unit:?} {text}");
    }
}

#[test]
fn what_is_shown_can_be_read_again() {
    for unit in [Unit::Bytes, Unit::Number, Unit::Percent, Unit::Time] {
        for value in [0, 1, 5, 999, 1000, 1024, 1536, 90_000, 3 << 20, 5 << 40, 1 << 60] {
            let text = unit.show(value);
            assert_eq!(unit.read(&text), Some(value), "{unit:?} {text}");
        }
    }
    assert_eq!(Unit::Bytes.show(3 << 29), "1536M");
    assert_eq!(Unit::Time.show(90_000), "90s");
}
