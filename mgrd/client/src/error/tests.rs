use super::*;

#[test]
fn the_exit_status_is_the_errno_and_never_zero_for_a_failure() {
    for (retval, expected) in [(0, 0), (5, 0), (-22, 22), (-256, 1), (-257, 1), (i32::MIN, 1)] {
        assert_eq!(exit_status(retval), expected, "{retval}");
    }
}

#[test]
fn error_numbers_have_the_names_that_ceph_uses() {
    for (retval, name) in [
        (-2, "ENOENT"),
        (-95, "ENOTSUP"),
        (-11, "EAGAIN"),
        (-35, "EDEADLOCK"),
        (-9999, "Unknown"),
        (i32::MIN, "Unknown"),
    ] {
        assert_eq!(retval_name(retval), name);
    }
}
