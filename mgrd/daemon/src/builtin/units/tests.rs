use super::*;

#[test]
fn numbers_are_rounded_to_what_fits() {
    let sizes = [
        (0, "0 B"),
        (1023, "1023 B"),
        (1024, "1 KiB"),
        (1536, "1.5 KiB"),
        (429_719_576, "410 MiB"),
        (1_289_330_512, "1.2 GiB"),
        (3_221_225_472, "3 GiB"),
        (1023 << 20, "1023 MiB"),
        ((1 << 30) - 4096, "1.0 GiB"),
        (u64::MAX, "16 EiB"),
    ];
    sizes.into_iter().for_each(|(value, text)| assert_eq!(bytes(value), text));
    let counts = [(6580, "6.58k"), (22, "22"), (1_000_000, "1M"), (123_456, "123.46k")];
    counts.into_iter().for_each(|(value, text)| assert_eq!(count(value), text));
}

#[test]
fn times_are_read_as_ceph_writes_them() {
    let read = time("2026-11-22T19:27:32.191470+0000").unwrap();
    assert_eq!(read.to_string(), "2026-11-22T19:27:32.19147Z");
    assert_eq!((time("0.000000"), time("")), (None, None));
    assert_eq!(since("2999-11-22T19:27:32.191470+0000", Timestamp::now()), None);
}
