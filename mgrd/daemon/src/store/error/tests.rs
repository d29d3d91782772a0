use mgrd_snapshots::assert_errors;

use super::*;
use crate::authority::Writer;

#[test]
fn texts() {
    let (module, key) = (|| "hello".to_owned(), || "names".to_owned());
    let (all, most) = (Writer::owner("hello").room(80), Writer::module("hello").room(80));
    let group = "keys outside of 'mgr/'";
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
        Full: StoreError::Full { module: module(), key: key(), bytes: 99, limit: all };
        TooManyKeys: StoreError::TooManyKeys { module: module(), key: key(), keys: 80, limit: all };
        OthersFull: StoreError::OthersFull { key: key(), group, bytes: 99, limit: all };
        TooManyOthers: StoreError::TooManyOthers { key: key(), group, keys: 70, limit: most };
        Commit: StoreError::Commit(CommitError::Closed);
    });
}
