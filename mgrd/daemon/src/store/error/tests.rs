use mgrd_snapshots::assert_errors;

use super::*;

#[test]
fn texts() {
    let (module, key) = (|| "hello".to_owned(), || "names".to_owned());
    assert_errors!(StoreError {
        EmptyKey: StoreError::EmptyKey;
        Reserved: StoreError::Reserved {
            key: "mgrd/health_mutes".into(),
            instead: "use 'mgrctl health mute' or 'mgrctl health unmute'",
        };
        NotText: StoreError::NotText { key: key() };
        TooLarge: StoreError::TooLarge { key: key(), bytes: 70_000 };
        ValueTooLarge:
            StoreError::ValueTooLarge { module: module(), key: key(), bytes: 99, limit: 10 };
        Full: StoreError::Full { module: module(), key: key(), bytes: 99, limit: 10 };
        TooManyKeys: StoreError::TooManyKeys { module: module(), key: key(), keys: 10, limit: 10 };
        OthersFull: StoreError::OthersFull { key: key(), bytes: 99, limit: 10 };
        TooManyOthers: StoreError::TooManyOthers { key: key(), keys: 10, limit: 10 };
        Commit: StoreError::Commit(CommitError::Closed);
    });
}
