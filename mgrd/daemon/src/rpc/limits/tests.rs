use super::*;

#[test]
fn the_limits_of_connections_leave_descriptors_for_clients_and_for_other_things() {
    let fitted = |descriptors| {
        let limits = ConnectionLimits::default().within(descriptors);
        (limits.connections, limits.process_connections, limits.all_module_connections)
    };
    for (descriptors, expected) in [
        (u64::MAX, (512, 128, 4096)),
        (1 << 20, (512, 128, 4096)),
        (4096 + 512 + 256, (512, 128, 4096)),
        (4096, (512, 128, 3328)),
        (1024, (384, 128, 384)),
        (200, (75, 37, 75)),
        (0, (0, 0, 0)),
    ] {
        assert_eq!(fitted(descriptors), expected, "{descriptors}");
    }
}
