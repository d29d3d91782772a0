use mgrd_snapshots::assert_errors;

use super::*;

#[test]
fn texts() {
    assert_errors!(CrashError {
        NotFound: CrashError::NotFound("2026-11-22T19:32:46.1Z_a".into());
        Malformed: CrashError::Malformed(PostError::Empty);
        TooLong: CrashError::TooLong { bytes: 99, limit: 10 };
        Full: CrashError::Full;
        Commit: CrashError::Commit(CommitError::Closed);
    });
}

#[test]
fn texts_of_posts() {
    assert_errors!(PostError {
        Empty: PostError::Empty;
        Json: PostError::Json(serde_json::from_str::<bool>("tru").unwrap_err());
        Missing: PostError::Missing("timestamp");
        Id: PostError::Id { limit: 128 };
        Timestamp: PostError::Timestamp("yesterday".into());
    });
}
