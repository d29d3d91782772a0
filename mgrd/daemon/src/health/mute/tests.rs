use mgrd_snapshots::assert_errors;

use super::*;

#[test]
fn texts() {
    assert_errors!(NotMuted {
        NotRaised: NotMuted::NotRaised("OSD_DOWN".into());
        CodeTooLong: NotMuted::CodeTooLong { bytes: 500_000, limit: CODE_BYTES };
        TooMany: NotMuted::TooMany { limit: MUTES };
    });
}

#[test]
fn codes_and_the_number_of_mutes_are_limited() {
    let most = "x".repeat(CODE_BYTES);
    assert!(NotMuted::check(&most, MUTES - 1).is_ok());
    assert!(matches!(NotMuted::check(&most, MUTES), Err(NotMuted::TooMany { .. })));
    assert!(matches!(NotMuted::check(&(most + "x"), 0), Err(NotMuted::CodeTooLong { .. })));
}
